"""What articles are evidence of, in the store."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.audience import DEFAULTS
from bot.domain.evidence import BEARS, NOT_JUDGED, Bearing, Evidence, pack_evidence, unpack_evidence
from bot.ingest.unjudged import judge_stored
from bot.store import developments, unjudged
from bot.store import tables as t
from tests.support.context import Room

CUT = "House panel moves $180 million of Mexico police aid to the border wall"


@pytest.mark.parametrize(
    "evidence",
    [
        Evidence((Bearing("aid_moved", 3, "worse", "aid_changes"),), BEARS),
        Evidence(
            (Bearing("shelters", 2, "mixed", "shelter_full"), Bearing("traffickers", 1, "better", "x")), BEARS
        ),
        Evidence((), "opinion"),
    ],
)
def test_evidence_comes_back_as_it_was_packed(evidence: Evidence) -> None:
    assert unpack_evidence(pack_evidence(evidence)) == evidence


def test_a_row_without_evidence_was_not_judged() -> None:
    assert unpack_evidence(None) is NOT_JUDGED


def test_an_article_keeps_its_evidence_and_stands_under_its_questions_concern(here: Room) -> None:
    (feed,) = here.follow("Wire")
    here.bring(feed, CUT)
    here.group()
    (found,) = here.database.read_sync(developments.latest, DEFAULTS, concern="regional_security")
    (bearing, *_) = found.articles[0].evidence.bearings
    assert (bearing.question, bearing.direction) == ("aid_moved", "worse")
    assert "regional_security" in found.concerns


async def test_articles_of_before_are_judged_in_batches_and_counted(here: Room) -> None:
    (feed,) = here.follow("Wire")
    here.bring(feed, CUT, ago=timedelta(hours=1))
    here.group()
    here.database.write_sync(
        lambda session: (
            session.execute(t.article.update().values(evidence=None)),
            session.execute(
                t.article_concern.delete().where(t.article_concern.c.concern_id == "regional_security")
            ),
        )
    )
    assert len(here.database.read_sync(unjudged.waiting, 10)) == 1
    assert await judge_stored(here.context) == 1
    assert await judge_stored(here.context) == 0
    (found,) = here.database.read_sync(developments.latest, DEFAULTS, concern="regional_security")
    assert found.articles[0].evidence.reason == BEARS


def test_an_edit_is_judged_anew(here: Room) -> None:
    (feed,) = here.follow("Wire")
    here.bring(feed, CUT, url="https://wire.example/a")
    here.group()
    edited = "Senate restores $180 million in police aid to Mexico"
    here.bring(feed, edited, url="https://wire.example/a")
    (found,) = here.database.read_sync(developments.latest, DEFAULTS, concern="regional_security")
    assert found.articles[0].title == edited
    assert found.articles[0].evidence.bearings[0].direction == "better"

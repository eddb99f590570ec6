"""What becomes of entries between the feed and the store: their language, verdict and policies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.articles import Judged
from bot.domain.entry import Entry
from bot.domain.feeds import DOCUMENT, Feed
from bot.ingest.judge import judge_entries
from tests.support.context import Room, room

REPORT = Entry(
    guid="a",
    url="https://a.example/1",
    title="Remain in Mexico sends migrants back to Tijuana shelters",
    summary="Border Patrol returns asylum seekers to Mexico under the Migrant Protection Protocols.",
)

PORTUGUESE = replace(
    REPORT,
    title="Guerra do cartel de Sinaloa não para e deixa dez mortos em Culiacán",
    summary="O México enviou a Guarda Nacional à fronteira com os Estados Unidos, segundo as autoridades.",
)


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Room]:
    with room(tmp_path) as opened:
        opened.context.load_judges()
        yield opened


def judge(here: Room, entry: Entry, feed: Feed) -> Judged:
    context = here.context
    (judged,) = judge_entries(context.matcher, context.policy_names, context.evidence, [entry], feed)
    return judged


def test_a_report_has_its_policies_and_what_is_not_relevant_has_none(here: Room) -> None:
    (desk,) = here.follow("Desk")
    relevant = judge(here, REPORT, desk)
    assert relevant.match.relevant
    assert [one.policy for one in relevant.policies] == ["remain_in_mexico"]
    # Named all the same, but in a matter of other countries.
    named = replace(REPORT, title="Court hears USMCA dispute over Canadian dairy", summary="Quebec objects.")
    other = judge(here, named, desk)
    assert not other.match.relevant
    assert here.context.policy_names.named(named.title, named.summary, "en")
    assert other.policies == ()


def test_a_text_is_read_in_its_own_language_whatever_its_feed_says(here: Room) -> None:
    (desk,) = here.follow("Desk", language="en")
    spanish = replace(
        REPORT,
        title="Quédate en México: devuelven a migrantes a los albergues de Tijuana",
        summary="La Patrulla Fronteriza devolvió a los solicitantes de asilo a la ciudad fronteriza.",
    )
    assert judge(here, REPORT, desk).language == "en"
    assert judge(here, spanish, desk).language == "es"
    # Three words of a headline say little: then the feed's language holds.
    assert judge(here, replace(REPORT, title="Tijuana", summary=""), desk).language == "en"


@pytest.mark.parametrize("declared", ["es", "en"])
def test_a_text_in_a_third_language_is_left_out(here: Room, declared: str) -> None:
    (desk,) = here.follow("Desk", language=declared)
    judged = judge(here, PORTUGUESE, desk)
    assert (judged.language, judged.match.reason) == ("pt", "other_language")


def test_a_feed_may_be_declared_to_be_in_a_third_language(here: Room) -> None:
    (desk,) = here.follow("Desk", language="pt-BR")
    judged = judge(here, PORTUGUESE, desk)
    assert judged.match.relevant
    assert judged.evidence.reason != "other_language"


def test_a_document_takes_its_step_from_its_purpose_and_a_report_from_its_headline(here: Room) -> None:
    (desk,) = here.follow("Desk")
    order = replace(
        REPORT,
        title="Termination of the Migrant Protection Protocols Program",
        summary="The Secretary terminates the program that returned asylum seekers to Mexico.",
    )
    as_report = judge(here, order, desk)
    as_document = judge(here, order, replace(desk, kind=DOCUMENT))
    assert as_report.policies != as_document.policies

"""Verdicts given anew: what is kept, left out and taken up, and what stands whatever the rules say."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from bot.domain.articles import Article
from bot.domain.audience import Member
from bot.domain.evidence import Evidence
from bot.store import facts, rejudge
from bot.store import tables as t
from bot.store.database import Database
from bot.store.rejudge import Rejudged
from tests.store.making import NOW, ago, defaults, group, judged, match_of, save

NONE = Evidence((), "no_rule")


def verdict(*topics: str) -> Rejudged:
    return Rejudged(match_of(*topics), NONE)


def stored(database: Database) -> dict[str, Article]:
    return {one.title: one for one in database.read_sync(rejudge.articles_after, 0, 100)}


def rows(database: Database, table, *columns) -> list[tuple]:
    return database.read_sync(
        lambda session: [tuple(row) for row in session.execute(select(*(table.c[name] for name in columns)))]
    )


def give(database: Database, verdicts: dict[str, Rejudged]) -> None:
    known = stored(database)
    pairs = [(known[title], new) for title, new in verdicts.items()]
    database.write_sync(rejudge.keep_articles, pairs, mark="rules articles 2", now=NOW)


@pytest.fixture
def two(database: Database) -> Database:
    """Two placed articles of one day, and an entry that was left out."""
    (alpha,) = defaults(database, "alpha")
    save(database, alpha, judged("wall", "border_security"), judged("cake"), judged("sword", "migration"))
    group(database)
    return database


def test_a_verdict_moves_an_article_to_other_concerns_and_counts(two: Database) -> None:
    before = rows(two, t.concern_span, "concern_id", "articles")
    give(two, {"wall": verdict("organized_crime")})
    assert stored(two)["wall"].topics == ("organized_crime",)
    concerns = {
        name for name, title in rows(two, t.article_concern, "concern_id", "article_id") if title == 1
    }
    assert concerns == {"organized_crime"}
    after = dict(rows(two, t.concern_span, "concern_id", "articles"))
    assert after["organized_crime"] == 1 and dict(before) != after
    assert two.read_sync(facts.recall, rejudge.MARK) == "rules articles 2"


def test_what_is_no_longer_relevant_is_left_out_with_its_reason(two: Database) -> None:
    give(two, {"wall": verdict("organized_crime")})
    give(two, {"wall": verdict(), "sword": verdict("migration")})
    assert set(stored(two)) == {"sword"}
    assert ("wall", "no_nexus") in rows(two, t.fingerprint, "title", "reason")
    assert two.read_sync(lambda session: session.scalar(select(func.count()).select_from(t.story))) == 1
    assert dict(rows(two, t.concern_span, "concern_id", "articles"))["organized_crime"] == 0


def test_what_a_reader_was_told_stays(two: Database) -> None:
    known = stored(two)
    told = {"reader": Member(7), "story_id": known["wall"].story_id, "revision": 1, "told_at": NOW}

    def decide(session) -> None:
        session.execute(t.ledger.insert().values(told))

    two.write_sync(decide)
    give(two, {"wall": verdict(), "sword": verdict()})
    assert set(stored(two)) == {"wall"}


def test_what_an_admin_decided_on_stays(two: Database) -> None:
    pin = {"one": 1, "other": 2, "together": False, "added_by": Member(7), "at": NOW}
    two.write_sync(lambda session: session.execute(t.pin.insert().values(pin)))
    give(two, {"wall": verdict(), "sword": verdict()})
    assert set(stored(two)) == {"wall", "sword"}


def test_an_article_edited_since_it_was_read_is_left_alone(two: Database) -> None:
    known = stored(two)
    old = replace(known["wall"], summary="what it said before")
    two.write_sync(rejudge.keep_articles, [(old, verdict())], mark="m", now=NOW)
    assert "wall" in stored(two)


def test_an_entry_left_out_for_its_language_is_not_judged_anew(two: Database) -> None:
    two.write_sync(lambda session: session.execute(t.fingerprint.update().values(reason="other_language")))
    assert not two.read_sync(rejudge.entries_after, 0, 10)


def test_a_remembered_entry_is_taken_up_as_of_its_day(two: Database) -> None:
    def age(session) -> None:
        session.execute(t.fingerprint.update().values(seen_at=ago(days=3), published_at=None))

    two.write_sync(age)
    entries = two.read_sync(rejudge.entries_after, 0, 10)
    assert [one.title for one in entries] == ["cake"]
    pairs = [(one, verdict("migration")) for one in entries]
    two.write_sync(rejudge.take_up, pairs, mark="m", now=NOW)
    taken = stored(two)["cake"]
    assert taken.published_at == ago(days=3) and taken.topics == ("migration",)
    assert not two.read_sync(rejudge.entries_after, 0, 10)
    two.write_sync(rejudge.take_up, pairs, mark="m", now=NOW)  # again, after a kill before the mark was read
    assert len(stored(two)) == 3

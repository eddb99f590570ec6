"""Splits and merges: what is counted, what is told, and what grouping is told of it."""

from __future__ import annotations

import tempfile
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.audience import DEFAULTS, TERMINAL, DirectMessage, Member, Reader
from bot.domain.digests import OutboxDraft
from bot.store import (
    articles,
    developments,
    guilds,
    housekeeping,
    news,
    outbox,
    rollup,
    story_overrides,
)
from bot.store import tables as t
from bot.store.database import Database
from bot.stories.document import Placement
from bot.stories.story_overrides import MergeConstraint
from tests.store.making import NOW, ago, defaults, group, judged, save

MEMBER = Member(42)
OPERATOR = Member(9)


def split(database: Database, story: int, *moved: int, now: datetime = NOW) -> int:
    return database.write_sync(story_overrides.split_story, story, moved, by=OPERATOR, now=now)


def merge(database: Database, kept: int, gone: int, *, now: datetime = NOW) -> story_overrides.Merged:
    return database.write_sync(story_overrides.merge_stories, kept, gone, by=OPERATOR, now=now)


def take(
    database: Database, now: datetime = NOW, reader: Reader = MEMBER
) -> list[tuple[int, bool, list[int]]]:
    """Which stories are told: number, whether it is new, and which articles said what is."""
    found = database.write_sync(news.unread, reader, DEFAULTS, now=now, limit=50)
    database.write_sync(news.mark_read, reader, DEFAULTS, found.receipt, now=now)
    return [
        (one.development.story_id, one.new, [revision.article_id for revision in one.unread.revisions])
        for one in found.stories
    ]


def members(database: Database) -> dict[int, set[int]]:
    """The articles of each story."""
    found: dict[int, set[int]] = {}
    for document, story in database.read_sync(articles.window, NOW - timedelta(400)):
        found.setdefault(story, set()).add(document.id)
    return found


def rollups(session: Session) -> list[tuple[object, ...]]:
    spans = t.concern_span.c
    query = select(*spans).where(spans.articles > 0).order_by(spans.concern_id, spans.span, spans.start)
    return [tuple(row) for row in session.execute(query)]


def rebuilt(session: Session) -> list[tuple[object, ...]]:
    rollup.rebuild(session)
    return rollups(session)


def whole(database: Database) -> None:
    """What is counted is what there is."""
    of = members(database)
    rows = database.read_sync(lambda session: session.execute(select(t.story)).all())
    assert {row.id: row.articles for row in rows if row.articles} == {
        story: len(ids) for story, ids in of.items()
    }
    assert {row.id for row in rows if row.merged_into is None} == set(of)
    for row in rows:
        assert row.merged_into is not None or row.lead_article_id in of[row.id]
    placed = database.read_sync(
        lambda session: session.execute(
            select(t.article_concern.c.story_id, t.article.c.story_id).join(
                t.article, t.article.c.id == t.article_concern.c.article_id
            )
        ).all()
    )
    assert all(copied == story for copied, story in placed)
    shown = database.read_sync(developments.latest, DEFAULTS, limit=1000)
    assert {one.story_id: {article.id for article in one.articles} for one in shown} == of
    assert database.read_sync(rollups) == database.write_sync(rebuilt)


def grown(database: Database) -> tuple[int, list[int]]:
    """A story of three articles, of which the second added nothing and the third a fact."""
    (alpha,) = defaults(database, "alpha")
    ids = []
    for count, name in enumerate(("one", "same", "more")):
        save(database, alpha, judged(name, "migration", at=ago(hours=5 - count)))
        facts = ("12",) if name == "more" else ()
        story = group(database, {name: "one"}, now=ago(hours=5 - count), facts=facts)
        ids.append(max(document.id for document, _ in database.read_sync(articles.window, ago(days=9))))
    return story["one"], ids


def test_a_split_gives_the_articles_a_story_of_their_own(database: Database) -> None:
    story, (one, same, more) = grown(database)
    founded = split(database, story, same, more)
    assert members(database) == {story: {one}, founded: {same, more}}
    assert founded in (same, more), "a story has the number of one of its articles"
    whole(database)
    assert [r.article_id for r in database.read_sync(developments.revisions, founded)] == [more]
    assert [r.article_id for r in database.read_sync(developments.revisions, story)] == [one]


def test_what_was_told_stays_told_on_both_sides(database: Database) -> None:
    story, (one, _, more) = grown(database)
    assert take(database) == [(story, True, [one, more])]
    founded = split(database, story, more)
    assert take(database) == []
    other = Member(6)
    assert sorted(take(database, reader=other)) == sorted([(story, True, [one]), (founded, True, [more])])
    merge(database, story, founded)
    assert take(database) == [] and take(database, reader=other) == []
    whole(database)


def test_what_was_untold_is_told_where_it_went(database: Database) -> None:
    (alpha,) = defaults(database, "alpha")
    save(database, alpha, judged("one", "migration"))
    story = group(database)["one"]
    assert take(database) == [(story, True, [story])]
    save(database, alpha, judged("more", "migration"))
    group(database, {"more": "one"}, facts=("12",))
    (more,) = members(database)[story] - {story}
    founded = split(database, story, more)
    assert take(database) == [(founded, True, [more])]
    assert take(database) == []


def test_a_half_that_said_nothing_of_its_own_is_told_once(database: Database) -> None:
    story, (_, same, _) = grown(database)
    take(database)
    founded = split(database, story, same, now=NOW + timedelta(minutes=1))
    later = NOW + timedelta(minutes=2)
    assert take(database, later) == [(founded, True, [same])]
    assert take(database, later) == []
    changed = database.read_sync(developments.changed_between, DEFAULTS, NOW, later)
    assert [one.story_id for one in changed] == [founded], "and so does the digest"


def test_the_founder_may_leave(database: Database) -> None:
    story, (one, same, more) = grown(database)
    founded = split(database, story, one)
    assert members(database) == {story: {same, more}, founded: {one}}
    assert founded >= 1 << 40, "its own number is the story's"
    whole(database)
    third = split(database, story, more)
    assert third == more
    assert database.read_sync(developments.story, story, DEFAULTS) is not None
    assert split_again(database, founded, third) > founded
    whole(database)


def split_again(database: Database, kept: int, gone: int) -> int:
    """Merge two, and split what came off again: its number was a story's before."""
    made = merge(database, kept, gone)
    return database.write_sync(story_overrides.undo_merge, made.decision, by=OPERATOR, now=NOW)


def test_a_digest_does_not_tell_again_what_was_moved(database: Database) -> None:
    story, (_, _, more) = grown(database)
    cut = ago(hours=4)
    assert [
        d.story_id for d in database.read_sync(developments.changed_between, DEFAULTS, ago(days=1), cut)
    ] == [story]
    founded = split(database, story, more)
    changed = database.read_sync(developments.changed_between, DEFAULTS, cut, NOW)
    assert [one.story_id for one in changed] == [founded], "told with the story that says it now"
    changed = database.read_sync(developments.changed_between, DEFAULTS, NOW, NOW + timedelta(days=1))
    assert changed == []


def test_a_message_on_its_way_tells_of_the_new_story_too(database: Database) -> None:
    story, (_, _, more) = grown(database)
    draft = OutboxDraft(DirectMessage(42), "alert", date(2026, 3, 2), 0, "body", NOW, told=((story, 2),))
    database.write_sync(outbox.enqueue, [draft], now=NOW)
    founded = split(database, story, more)
    (message,) = database.write_sync(outbox.claim, now=NOW, owner="me", lease=timedelta(minutes=1), limit=5)
    database.write_sync(outbox.mark_sent, message.id, owner="me", now=NOW, message_id=1)
    assert take(database) == [], founded


def test_links_lead_to_the_story_that_is_left(database: Database) -> None:
    (alpha,) = defaults(database, "alpha")
    save(database, alpha, *(judged(name, "migration") for name in ("one", "two", "three")))
    one, two, three = (document.id for document in database.read_sync(articles.ungrouped))
    also = [
        (one, Placement(None, "new")),
        (two, Placement(None, "new", 0.2, also=((one, 0.2),))),
        (three, Placement(None, "new", 0.3, also=((two, 0.2),))),
    ]
    database.write_sync(articles.place, also, now=NOW)
    merge(database, one, two)
    assert [link.story_id for link in database.read_sync(developments.links, one)] == [three]
    assert [link.story_id for link in database.read_sync(developments.links, three)] == [one]


def test_the_last_decision_on_two_articles_stands(database: Database) -> None:
    story, (one, same, more) = grown(database)
    assert database.read_sync(story_overrides.decisions) == 0
    founded = split(database, story, more)
    assert database.read_sync(story_overrides.constraints) == (
        MergeConstraint(one, more, False),
        MergeConstraint(same, more, False),
    )
    made = merge(database, founded, story)
    assert database.read_sync(story_overrides.constraints) == (
        MergeConstraint(one, more, True),
        MergeConstraint(same, more, True),
    )
    database.write_sync(story_overrides.undo_merge, made.decision, by=OPERATOR, now=NOW)
    assert {pin.together for pin in database.read_sync(story_overrides.constraints)} == {False}
    assert database.read_sync(story_overrides.decisions) == 3
    entries = database.read_sync(guilds.audit_of, TERMINAL)
    assert [entry.action for entry in entries] == [
        story_overrides.SPLIT,
        story_overrides.MERGED,
        story_overrides.SPLIT,
    ]
    assert all(entry.by == OPERATOR for entry in entries)


def test_what_makes_no_sense_changes_nothing(database: Database) -> None:
    story, (one, same, more) = grown(database)
    for code, call in (
        ("no_such_story", lambda: split(database, 999, one)),
        ("not_in_story", lambda: split(database, story, 999)),
        ("not_in_story", lambda: split(database, story)),
        ("nothing_left", lambda: split(database, story, one, same, more)),
        ("no_such_story", lambda: merge(database, story, 999)),
        ("same_story", lambda: merge(database, story, story)),
        (
            "no_such_story",
            lambda: database.write_sync(story_overrides.undo_merge, 999, by=OPERATOR, now=NOW),
        ),
    ):
        with pytest.raises(story_overrides.InvalidOverride) as told:
            call()
        assert told.value.code == code
    assert members(database) == {story: {one, same, more}}
    assert (
        database.read_sync(story_overrides.decisions) == 0
        and database.read_sync(story_overrides.constraints) == ()
    )


def test_pins_go_with_their_articles(database: Database) -> None:
    story, (_, _, more) = grown(database)
    split(database, story, more)
    later = NOW + timedelta(days=30)
    assert database.write_sync(housekeeping.retire_articles, later, now=later) == 3
    assert database.read_sync(story_overrides.constraints) == ()


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("story"), st.sampled_from(["migration", "trade_leverage"]), st.none()),
        st.tuples(st.just("fact"), st.integers(0, 9), st.none()),
        st.tuples(st.just("repeat"), st.integers(0, 9), st.none()),
        st.tuples(st.just("ask"), st.integers(0, 1), st.none()),
        st.tuples(st.just("wait"), st.sampled_from([1, 50, 70, 60 * 24]), st.none()),
        st.tuples(st.just("merge"), st.integers(0, 9), st.integers(0, 9)),
        st.tuples(st.just("split"), st.integers(0, 9), st.integers(1, 2**6)),
        st.tuples(st.just("undo"), st.none(), st.none()),
    ),
    max_size=30,
)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
def test_whatever_is_split_and_merged_nothing_is_told_twice_and_nothing_is_lost(
    steps: list[tuple[str, object, object]], sqlite_template: Path
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "own.db"
        file.write_bytes(sqlite_template.read_bytes())
        database = Database.open(f"sqlite:///{file}")
        (alpha,) = defaults(database, "alpha")
        now = NOW
        said: set[int] = set()  # articles that made a revision, or stand for a half that had none
        heard: list[list[int]] = [[], []]
        decided: list[int] = []
        for reader in (0, 1):
            take(database, now, Member(reader))

        def hear(reader: int) -> bool:
            found = take(database, now, Member(reader))
            for _, _, ids in found:
                heard[reader] += ids
            return bool(found)

        def revised() -> set[int]:
            query = select(t.story_revision.c.article_id, t.story_revision.c.reason)
            rows = database.read_sync(lambda session: session.execute(query).all())
            assert len(rows) == len({row.article_id for row in rows}), "each article says one thing"
            return {row.article_id for row in rows}

        for count, (step, one, other) in enumerate(steps):
            now += timedelta(seconds=1)
            known = sorted(members(database).items())
            match step:
                case "wait":
                    now += timedelta(minutes=int(str(one)))
                case "ask":
                    hear(int(str(one)))
                case "merge" if known:
                    kept, gone = (known[int(str(x)) % len(known)][0] for x in (one, other))
                    if kept != gone:
                        decided.append(merge(database, kept, gone, now=now).decision)
                case "split" if known:
                    story, ids = known[int(str(one)) % len(known)]
                    moved = [id for place, id in enumerate(sorted(ids)) if int(str(other)) >> (place % 6) & 1]
                    if moved and len(moved) < len(ids):
                        split(database, story, *moved, now=now)
                case "undo" if decided:
                    try:
                        database.write_sync(story_overrides.undo_merge, decided.pop(), by=OPERATOR, now=now)
                    except story_overrides.InvalidOverride:
                        continue
                case _ if step == "story" or (known and step in ("fact", "repeat")):
                    topic = str(one) if step == "story" else "migration"
                    save(database, alpha, judged(f"e{count}", topic, at=now), now=now)
                    (document,) = database.read_sync(articles.ungrouped, 10)
                    target = None if step == "story" else known[int(str(one)) % len(known)][0]
                    facts = (str(count),) if step == "fact" else ()
                    placement = Placement(target, "x", facts=facts)
                    database.write_sync(articles.place, [(document.id, placement)], now=now)
            said |= revised()
            assert said == revised(), "what was said once stays said"
        for reader in (0, 1):
            while hear(reader):
                now += timedelta(minutes=1)
            assert sorted(heard[reader]) == sorted(said)
        whole(database)
        database.close()

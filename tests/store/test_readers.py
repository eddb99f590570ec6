from __future__ import annotations

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.store import developments, feeds, readers
from bot.store.database import Database
from bot.store.views import Change
from tests.store.making import NOW, added, ago, defaults, group, judged, save

MEMBER = readers.member(42)
LONG_AGO = ago(days=400)


def untold(database: Database, reader: str = MEMBER, guild_id: int | None = None, **more) -> list[Change]:
    return database.read_sync(readers.untold, reader, guild_id, **({"since": LONG_AGO} | more))


def tell(database: Database, changes: list[Change], reader: str = MEMBER) -> None:
    told = [(one.development.story_id, one.development.revision) for one in changes]
    database.write_sync(readers.tell, reader, told, NOW)


def test_a_reader_is_told_of_new_stories_and_then_of_new_facts_only(database: Database) -> None:
    (alpha,) = defaults(database, "alpha")
    save(database, alpha, judged("one", "migration"), judged("two", "organized_crime"))
    group(database)
    first = untold(database)
    assert [(one.development.articles[0].title, one.new) for one in first] == [("two", True), ("one", True)]
    tell(database, first)
    assert untold(database) == []
    save(database, alpha, judged("same", "migration"))
    group(database, {"same": "one"})
    assert untold(database) == []
    save(database, alpha, judged("more", "migration"))
    group(database, {"more": "one"}, facts=("12 dead",))
    (change,) = untold(database)
    assert (change.told, change.new, [one.added for one in change.revisions]) == (1, False, [("12 dead",)])
    assert len(untold(database, readers.member(43))) == 2
    assert untold(database, concerns=("organized_crime",)) == []
    assert untold(database, since=NOW) == []


def test_an_older_revision_does_not_undo_what_was_told(database: Database) -> None:
    database.write_sync(readers.tell, MEMBER, [(7, 3), (7, 2)], NOW)
    database.write_sync(readers.tell, MEMBER, [(7, 1)], NOW)
    database.write_sync(readers.tell, MEMBER, [], NOW)
    ledger = database.read_sync(lambda session: session.execute(readers.t.ledger.select()).one())
    assert ledger.revision == 3


def test_facts_from_a_feed_that_the_server_does_not_read_are_no_news_there(database: Database) -> None:
    (alpha,) = defaults(database, "alpha")
    own = added(database, 5, "own")
    save(database, alpha, judged("one", "migration"))
    group(database)
    tell(database, untold(database))
    save(database, own, judged("more", "migration", publisher="Own"))
    group(database, {"more": "one"}, facts=("12 dead",))
    assert untold(database) == []
    assert len(untold(database, guild_id=5)) == 1
    database.write_sync(feeds.remove_feed, 5, alpha.id, now=NOW)
    (change,) = untold(database, readers.member(9), guild_id=5)
    assert [one.title for one in change.development.articles] == ["more"]


def test_a_look_is_noted_for_each_concern(database: Database) -> None:
    assert database.write_sync(readers.look, MEMBER, ago(days=2)) is None
    assert database.write_sync(readers.look, MEMBER, ago(days=1), "trade_leverage") is None
    assert database.write_sync(readers.look, MEMBER, NOW) == ago(days=2)
    assert database.read_sync(readers.last_look, MEMBER, "trade_leverage") == ago(days=1)


def test_a_reader_can_be_forgotten(database: Database) -> None:
    (alpha,) = defaults(database, "alpha")
    save(database, alpha, judged("one", "migration"))
    group(database)
    other = readers.member(4)
    for reader in (MEMBER, other):
        tell(database, untold(database, reader), reader)
        database.write_sync(readers.look, reader, NOW)
    database.write_sync(readers.forget_reader, MEMBER)
    assert len(untold(database)) == 1
    assert database.read_sync(readers.last_look, MEMBER) is None
    assert untold(database, other) == []


_steps = st.lists(
    st.tuples(st.sampled_from(["new", "facts", "same", "tell", "late"]), st.integers(0, 5)), max_size=20
)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=_steps)
def test_nothing_is_told_twice_and_nothing_is_lost(database: Database, steps) -> None:
    """Whatever comes in whatever order: what was told and what is untold are all revisions, once each."""
    (alpha,) = defaults(database, "alpha")
    reader = f"m:{id(steps)}"
    while known := untold(database, reader):
        tell(database, known, reader)
    made: list[str] = []
    seen: list[tuple[int, int]] = []
    expected = 0
    moment = NOW
    for number, (what, which) in enumerate(steps):
        moment += timedelta(seconds=1)
        if what == "tell":
            changes = untold(database, reader)
            seen += [(one.development.story_id, step.number) for one in changes for step in one.revisions]
            tell(database, changes, reader)
            continue
        name = f"{reader}-{number}"
        at = ago(days=30) if what == "late" else NOW
        save(database, alpha, judged(name, "migration", at=at))
        target = made[which % len(made)] if made and what in ("facts", "same") else ""
        group(database, {name: target}, now=moment, facts=("x",) if what == "facts" else ())
        expected += what != "same" or not target
        made.append(name)
    changes = untold(database, reader)
    seen += [(one.development.story_id, step.number) for one in changes for step in one.revisions]
    assert len(seen) == len(set(seen)) == expected


def test_stories_are_given_in_the_order_asked_for(database: Database) -> None:
    (alpha,) = defaults(database, "alpha")
    save(database, alpha, *(judged(f"s{n}", "migration") for n in range(3)))
    ids = group(database)
    wanted = [ids["s1"], ids["s2"], ids["s0"], 999]
    found = database.read_sync(developments.stories, wanted, None)
    assert [one.story_id for one in found] == wanted[:3]

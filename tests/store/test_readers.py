from __future__ import annotations

from bot.domain.audience import DEFAULTS, Member
from bot.store import developments, readers
from bot.store import tables as t
from bot.store.database import Database
from tests.store.making import NOW, ago, defaults, group, judged, save

MEMBER = Member(42)


def test_an_older_revision_does_not_undo_what_was_told(database: Database) -> None:
    database.write_sync(readers.mark_read, MEMBER, [(7, 3), (7, 2)], NOW)
    database.write_sync(readers.mark_read, MEMBER, [(7, 1)], NOW)
    database.write_sync(readers.mark_read, MEMBER, [], NOW)
    ledger = database.read_sync(lambda session: session.execute(t.ledger.select()).one())
    assert ledger.revision == 3


def test_a_look_is_noted_for_each_concern(database: Database) -> None:
    assert database.write_sync(readers.look, MEMBER, ago(days=2)) is None
    assert database.write_sync(readers.look, MEMBER, ago(days=1), "trade_leverage") is None
    assert database.write_sync(readers.look, MEMBER, NOW) == ago(days=2)
    assert database.read_sync(readers.last_look, MEMBER, "trade_leverage") == ago(days=1)


def test_a_reader_can_be_forgotten(database: Database) -> None:
    other = Member(4)
    for reader in (MEMBER, other):
        database.write_sync(readers.mark_read, reader, [(7, 1)], NOW)
        database.write_sync(readers.look, reader, NOW)
    database.write_sync(readers.forget_reader, MEMBER)
    kept = database.read_sync(lambda session: session.execute(t.ledger.select()).all())
    assert [row.reader for row in kept] == [other]
    assert database.read_sync(readers.last_look, MEMBER) is None
    assert database.read_sync(readers.last_look, other) == NOW


def test_stories_are_given_in_the_order_asked_for(database: Database) -> None:
    (alpha,) = defaults(database, "alpha")
    save(database, alpha, *(judged(f"s{n}", "migration") for n in range(3)))
    ids = group(database)
    wanted = [ids["s1"], ids["s2"], ids["s0"], 999]
    found = database.read_sync(developments.stories, wanted, DEFAULTS)
    assert [one.story_id for one in found] == wanted[:3]

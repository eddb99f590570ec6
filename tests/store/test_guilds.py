from __future__ import annotations

from sqlalchemy import func, select

from bot.domain.audience import Member, Server
from bot.store import articles, digests, feeds, guilds, outbox, readers
from bot.store import tables as t
from bot.store.database import Database
from tests.store.making import NOW, added, ago, defaults
from tests.store.test_outbox import draft, subscribe
from tests.support.audience import spot


def test_settings_are_what_was_chosen_and_else_what_the_operator_set(database: Database) -> None:
    assert database.read_sync(guilds.settings_of, Server(1)) is None
    database.write_sync(guilds.set_settings, Server(1), language="es", by=Member(7), now=NOW)
    chosen = database.read_sync(guilds.settings_of, Server(1), language="en", timezone="America/Tijuana")
    assert chosen is not None
    assert (chosen.language, chosen.timezone) == ("es", "America/Tijuana")
    database.write_sync(guilds.set_settings, Server(1), timezone="UTC", now=NOW)
    database.write_sync(guilds.set_settings, Server(1), now=NOW)
    assert database.read_sync(guilds.settings_of, Server(1)).timezone == "UTC"
    newest, oldest = database.read_sync(guilds.audit_of, Server(1))
    assert (oldest.action, oldest.by, oldest.detail) == (
        "settings",
        Member(7),
        {"changed": {"language": [None, "es"]}},
    )
    assert [one.id for one in database.read_sync(guilds.audit_of, Server(1), before_id=newest.id)] == [
        oldest.id
    ]


def test_what_is_set_as_it_was_is_not_noted(database: Database) -> None:
    for channel in (2**60 + 1, 2**60 + 1, None, None):
        database.write_sync(guilds.set_settings, Server(1), timezone="UTC", now=NOW)
        database.write_sync(guilds.set_notices_channel, Server(1), channel, now=NOW)
    gone, set_, first = database.read_sync(guilds.audit_of, Server(1))
    was = str(2**60 + 1)
    assert first.detail == {"changed": {"timezone": [None, "UTC"]}}
    assert set_.detail == {"changed": {"alerts_channel": [None, was]}}
    assert gone.detail == {"changed": {"alerts_channel": [was, None]}}


def test_a_server_that_leaves_and_comes_back_keeps_its_settings(database: Database) -> None:
    assert database.write_sync(guilds.joined, Server(1), ago(days=9))
    assert not database.write_sync(guilds.joined, Server(1), ago(days=8))
    database.write_sync(guilds.set_settings, Server(1), language="es", now=ago(days=8))
    database.write_sync(guilds.left, Server(1), ago(days=3))
    database.write_sync(guilds.left, Server(1), ago(days=1))
    assert database.read_sync(guilds.gone_since, ago(days=2)) == [Server(1)]
    assert database.write_sync(guilds.joined, Server(1), NOW)
    assert database.read_sync(guilds.gone_since, NOW) == []
    assert database.read_sync(guilds.settings_of, Server(1)).language == "es"


def test_a_server_that_is_forgotten_leaves_nothing(database: Database) -> None:
    defaults(database, "alpha")
    for guild in (4, 11):
        database.write_sync(guilds.set_settings, Server(guild), language="es", now=NOW)
        subscribe(database, guild)
        added(database, guild, "own")
        database.write_sync(outbox.enqueue, [draft(guild)], now=NOW)
        channel = spot(guild, 10)
        database.write_sync(readers.mark_read, channel, [(7, 1)], NOW)
        database.write_sync(readers.look, channel, NOW)
    database.write_sync(guilds.forget, Server(4))
    for table in (t.guild, t.guild_feed, t.digest, t.outbox, t.audit):
        kept = select(func.distinct(table.c.guild_id))
        (owner,) = database.read_sync(lambda session, q=kept: session.scalars(q).all())
        assert owner in (11, Server(11))
    for table in (t.ledger, t.reader_look):
        kept = select(table.c.reader)
        assert database.read_sync(lambda session, q=kept: session.scalars(q).all()) == [spot(11, 10)]
    assert database.read_sync(digests.subscriptions_of, Server(4)) == []
    assert len(database.read_sync(feeds.feeds_of, Server(11))) == 2
    assert database.read_sync(articles.ungrouped) == []

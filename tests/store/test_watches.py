"""Watches: proposed, looked at, confirmed, found at each look once, and only for the server that has them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.audience import Member, Server
from bot.store import guilds, watches, watching
from bot.store.database import Database
from bot.store.feeds.changing import REMOVE, change_feeds
from tests.store.making import NOW, added, ago, defaults, group, judged, save

MONTH = timedelta(days=30)
GUILD, OTHER = 7, 8


def propose(database: Database, *phrases: str, guild: int = GUILD, name: str = "own") -> watches.Watch:
    found = database.write_sync(
        watches.propose,
        Server(guild),
        name=name,
        concern="border_security",
        phrases=phrases,
        by=Member(1),
        now=NOW,
    )
    assert found is not None
    return found


def confirm(database: Database, watch: watches.Watch) -> watches.Watch | None:
    past = database.read_sync(watches.past_hits, watch, NOW - MONTH)
    return database.write_sync(watches.confirm, watch.owner, watch.token, past, by=Member(1), now=NOW)


def look(database: Database, now=NOW) -> int:  # type: ignore[no-untyped-def]
    looked = database.read_sync(watching.scan, now, most_behind=MONTH)
    return database.write_sync(watching.keep, looked)


def titles(database: Database, guild: int = GUILD, concern: str | None = None) -> list[str]:
    found = database.read_sync(watches.hits, Server(guild), concern=concern, since=NOW - MONTH, limit=50)
    return [hit.title for hit in found]


def test_a_dry_run_tells_what_would_be_found_and_changes_nothing(database: Database) -> None:
    (feed,) = defaults(database, "alpha")
    save(
        database,
        feed,
        judged("wall at Suchiate", "border_security", at=ago(days=2)),
        judged("tariff talk on the Suchiate", "trade_leverage", at=ago(days=3)),
        judged("RIO SUCHIATE rises", at=ago(days=4)),
        judged("rain", summary="the río Suchiate", at=ago(days=5)),
        judged("nothing here"),
    )
    save(database, feed, judged("old Suchiate", "border_security"), now=ago(days=40))
    group(database)
    run = database.read_sync(
        watching.dry_run, Server(GUILD), ["río Suchiate", "suchiate"], "border_security", since=NOW - MONTH
    )
    assert (run.looked_at, run.found, run.shown, run.elsewhere, run.before) == (5, 4, 1, 1, 1)
    assert run.added == 3
    assert run.samples[-1].title == "wall at Suchiate"
    assert {sample.title for sample in run.samples[:3]} == {
        "tariff talk on the Suchiate",
        "RIO SUCHIATE rises",
        "rain",
    }
    assert titles(database) == []


def test_a_dry_run_counts_both_kinds_by_when_they_came(database: Database) -> None:
    """A new feed's old articles came today as much as its old entries that are none."""
    (feed,) = defaults(database, "alpha")
    for number in range(30):
        save(database, feed, judged(f"before {number}", "migration"), now=ago(days=60))
    long_ago = [
        judged("Suchiate falls", "border_security", at=ago(days=80)),
        judged("Suchiate", at=ago(days=80)),
    ]
    save(database, feed, *long_ago)
    group(database)
    run = database.read_sync(
        watching.dry_run, Server(GUILD), ["suchiate"], "border_security", since=NOW - MONTH
    )
    assert (run.looked_at, run.found, run.shown, run.before) == (2, 2, 1, 1)
    assert run.by_phrase == (("suchiate", 2),)
    assert [sample.at for sample in run.samples] == [NOW, ago(days=80)]


def test_a_dry_run_sees_the_server_s_own_feeds_only(database: Database) -> None:
    alpha, beta = defaults(database, "alpha", "beta")
    own = added(database, GUILD, "own")
    for feed in (alpha, beta, own):
        save(database, feed, judged(f"Suchiate of {feed.title}", publisher=feed.publisher))
    database.write_sync(change_feeds, Server(GUILD), [beta.id], REMOVE, now=NOW)
    count = {
        guild: database.read_sync(
            watching.dry_run, Server(guild), ["suchiate"], None, since=NOW - MONTH
        ).found
        for guild in (GUILD, OTHER)
    }
    assert count == {GUILD: 2, OTHER: 2}
    titles = [
        sample.title
        for sample in database.read_sync(
            watching.dry_run, Server(GUILD), ["suchiate"], None, since=NOW - MONTH
        ).samples
    ]
    assert sorted(titles) == ["Suchiate of alpha feed", "Suchiate of own"]


def test_a_candidate_finds_nothing_until_it_is_confirmed(database: Database) -> None:
    (feed,) = defaults(database, "alpha")
    watch = propose(database, "Suchiate")
    save(database, feed, judged("Suchiate rises"))
    assert look(database) == 0
    assert titles(database) == []
    confirmed = confirm(database, watch)
    assert confirmed is not None and confirmed.confirmed_at == NOW
    assert titles(database) == ["Suchiate rises"], "the past month comes along"


def test_what_comes_later_is_found_once(database: Database) -> None:
    (feed,) = defaults(database, "alpha")
    confirm(database, propose(database, "Suchiate"))
    assert look(database) == 0
    later = NOW + timedelta(minutes=5)
    save(database, feed, judged("Suchiate rises"), judged("nothing"), now=later)
    assert look(database, later) == 1
    assert look(database, later) == 0
    assert look(database, later + timedelta(minutes=1)) == 0
    assert titles(database) == ["Suchiate rises"]


def test_a_poll_that_is_committed_late_is_not_missed(database: Database) -> None:
    (feed,) = defaults(database, "alpha")
    confirm(database, propose(database, "Suchiate"))
    assert look(database, NOW + timedelta(minutes=3)) == 0
    save(database, feed, judged("Suchiate rises"), judged("wall", "migration", summary="Suchiate"))
    assert look(database, NOW + timedelta(minutes=4)) == 2


def test_only_the_server_that_watches_sees_it(database: Database) -> None:
    (feed,) = defaults(database, "alpha")
    confirm(database, propose(database, "Suchiate"))
    confirm(database, propose(database, "Usumacinta", guild=OTHER))
    save(database, feed, judged("Suchiate rises"), judged("Usumacinta falls"))
    look(database)
    assert titles(database, GUILD) == ["Suchiate rises"]
    assert titles(database, OTHER) == ["Usumacinta falls"]


def test_another_server_s_feed_is_not_looked_at(database: Database) -> None:
    defaults(database, "alpha")
    theirs = added(database, OTHER, "theirs")
    confirm(database, propose(database, "Suchiate"))
    save(database, theirs, judged("Suchiate rises", publisher=theirs.publisher))
    look(database)
    assert titles(database) == []


def test_a_feed_that_is_removed_takes_its_hits_out_of_sight(database: Database) -> None:
    (feed,) = defaults(database, "alpha")
    save(database, feed, judged("Suchiate rises"))
    confirm(database, propose(database, "Suchiate"))
    database.write_sync(change_feeds, Server(GUILD), [feed.id], REMOVE, now=NOW)
    assert titles(database) == []


def test_articles_are_told_under_a_concern_that_they_are_not_under(database: Database) -> None:
    (feed,) = defaults(database, "alpha")
    save(
        database,
        feed,
        judged("tariffs and Suchiate", "trade_leverage"),
        judged("wall at Suchiate", "border_security"),
        judged("Suchiate rises", at=ago(hours=1)),
    )
    group(database)
    confirm(database, propose(database, "Suchiate"))
    assert titles(database) == ["Suchiate rises"]
    assert sorted(titles(database, concern="border_security")) == ["Suchiate rises", "tariffs and Suchiate"]
    assert titles(database, concern="trade_leverage") == []


def test_a_hit_that_becomes_an_article_is_one_hit(database: Database) -> None:
    (feed,) = defaults(database, "alpha")
    confirm(database, propose(database, "Suchiate"))
    save(database, feed, judged("same", title="Suchiate rises"))
    look(database)
    save(database, feed, judged("same", "migration", title="Migrants cross the Suchiate"))
    group(database)
    look(database)
    assert titles(database) == [], "it is a development now"


def test_two_watches_that_find_one_entry_tell_it_once(database: Database) -> None:
    (feed,) = defaults(database, "alpha")
    save(database, feed, judged("Suchiate at Tecún Umán"))
    confirm(database, propose(database, "Suchiate", name="one"))
    confirm(database, propose(database, "tecun uman", name="two"))
    assert titles(database) == ["Suchiate at Tecún Umán"]
    counted = database.read_sync(watches.of_guild, Server(GUILD), NOW - MONTH)
    assert [(watch.name, watch.found) for watch in counted] == [("one", 1), ("two", 1)]


def test_a_name_in_force_is_taken_and_a_candidate_is_replaced(database: Database) -> None:
    first = propose(database, "Suchiate")
    second = propose(database, "Usumacinta")
    assert database.read_sync(watches.by_token, Server(GUILD), first.token) is None
    assert database.read_sync(watches.by_token, Server(GUILD), second.token) == second
    assert database.read_sync(watches.by_token, Server(OTHER), second.token) is None
    confirm(database, second)
    values = {"concern": "migration", "phrases": ["x y z"], "by": Member(1), "now": NOW}
    assert database.write_sync(watches.propose, Server(GUILD), name="own", **values) is None
    assert database.write_sync(watches.propose, Server(OTHER), name="own", **values) is not None


@pytest.mark.parametrize("token", ["", "-", "x", "1-", "9" * 40, "1-0000000000", "٣-00"])
def test_a_wrong_token_means_nothing(database: Database, token: str) -> None:
    propose(database, "Suchiate")
    assert database.read_sync(watches.by_token, Server(GUILD), token) is None


def test_what_is_removed_can_be_brought_back(database: Database) -> None:
    (feed,) = defaults(database, "alpha")
    save(database, feed, judged("Suchiate rises"))
    watch = propose(database, "Suchiate")
    confirm(database, watch)
    removed = database.write_sync(watches.remove, Server(GUILD), watch.id, by=Member(1), now=NOW)
    assert removed is not None and titles(database) == []
    assert database.write_sync(watches.remove, Server(GUILD), watch.id, by=Member(1), now=NOW) is None
    confirm(database, watch)
    assert titles(database) == ["Suchiate rises"]
    actions = [entry.action for entry in database.read_sync(guilds.audit_of, Server(GUILD))]
    assert actions == ["watch_added", "watch_removed", "watch_added"]


def test_another_server_cannot_confirm_or_remove_it(database: Database) -> None:
    watch = propose(database, "Suchiate")
    values = {"by": Member(1), "now": NOW}
    assert database.write_sync(watches.confirm, Server(OTHER), watch.token, [], **values) is None
    confirm(database, watch)
    assert database.write_sync(watches.remove, Server(OTHER), watch.id, **values) is None


def test_old_candidates_and_old_hits_are_forgotten(database: Database) -> None:
    (feed,) = defaults(database, "alpha")
    candidate = propose(database, "Usumacinta", name="candidate")
    confirm(database, propose(database, "Suchiate"))
    save(database, feed, judged("Suchiate rises"))
    look(database)
    look(database, NOW + watching.HIT_LIFE + timedelta(days=1))
    assert titles(database) == []
    assert database.read_sync(watches.by_id, Server(GUILD), candidate.id) is None


@pytest.mark.parametrize("guild", [GUILD])
def test_a_server_that_is_forgotten_leaves_nothing(database: Database, guild: int) -> None:
    (feed,) = defaults(database, "alpha")
    save(database, feed, judged("Suchiate rises"))
    watch = propose(database, "Suchiate", guild=guild)
    confirm(database, watch)
    database.write_sync(guilds.forget, Server(guild))
    assert titles(database) == []
    assert database.read_sync(watches.by_id, Server(guild), watch.id) is None


def test_a_server_has_so_many_watches_and_no_more(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watches, "MOST_WATCHES", 2)
    one, two, three = (propose(database, f"town{n}", name=f"n{n}") for n in range(3))
    assert confirm(database, one) and confirm(database, two)
    with pytest.raises(watches.WatchLimit):
        confirm(database, three)
    with pytest.raises(watches.WatchLimit):
        propose(database, "town9", name="n9")
    assert confirm(database, two), "what is in force stays so"
    assert [watch.name for watch in database.read_sync(watches.of_guild, Server(GUILD), NOW)] == ["n0", "n1"]

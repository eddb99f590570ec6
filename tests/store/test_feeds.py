from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from bot.domain.audience import DEFAULTS, Server
from bot.domain.feed_state import FeedState
from bot.store import feeds
from bot.store.database import Database
from bot.store.feeds.changing import PAUSE, REMOVE, RESUME, change_feeds
from tests.store.making import NOW, OWNER, added, defaults, source

LEASE = timedelta(minutes=3)


def claim(database: Database, owner: str = OWNER, now=NOW, limit: int = 100) -> list[str]:
    found = database.write_sync(feeds.claim_due, now=now, owner=owner, lease=LEASE, limit=limit)
    return [feed.publisher for feed in found]


def learn(database: Database, *polls: feeds.PollResult) -> set[int]:
    return database.write_sync(feeds.save_polls, polls, now=NOW, owner=OWNER)


def test_a_new_default_feed_is_due_at_once_and_claimed_by_one_owner(database: Database) -> None:
    defaults(database, "alpha", "beta")
    assert database.read_sync(feeds.count_due, NOW) == 2
    assert claim(database) == ["Alpha", "Beta"]
    assert claim(database, "worker-2") == []
    assert claim(database, "worker-2", NOW + LEASE) == ["Alpha", "Beta"]


def test_several_processes_that_start_at_once_make_the_list_once(store_url: str) -> None:
    sources = [source(f"paper{number}") for number in range(50)]
    databases = [Database.open(store_url) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        made = [pool.submit(one.write_sync, feeds.sync_catalog, sources, NOW) for one in databases]
    assert [one.result() for one in made] == [None] * 4
    assert len(databases[0].read_sync(feeds.feeds_of, DEFAULTS)) == 50
    for database in databases:
        database.close()


def test_one_feed_of_each_host_comes_before_a_second_of_any(database: Database) -> None:
    sources = [source("big", url=f"https://big.example/{n}", publisher=f"Big {n}") for n in range(4)]
    database.write_sync(feeds.sync_catalog, [*sources, source("small")], NOW)
    claimed = database.write_sync(feeds.claim_due, now=NOW, owner=OWNER, lease=LEASE, limit=10)
    assert [feed.host for feed in claimed] == ["big.example", "small.example", *["big.example"] * 3]


def test_a_host_that_is_polled_or_held_is_passed_over(database: Database) -> None:
    sources = [source("big", url=f"https://big.example/{n}", publisher=f"Big {n}") for n in range(2)]
    database.write_sync(feeds.sync_catalog, [*sources, source("small")], NOW)
    assert claim(database, limit=1) == ["Big 0"]
    database.write_sync(feeds.hold_host, "small.example", NOW + timedelta(hours=1))
    database.write_sync(feeds.hold_host, "small.example", NOW + timedelta(minutes=1))
    for owner in (OWNER, "worker-2"):
        assert claim(database, owner, NOW + timedelta(minutes=2)) == []
    assert claim(database, "worker-2", NOW + timedelta(hours=1)) == ["Big 0", "Small", "Big 1"]


def test_what_a_poll_taught_is_kept_and_its_lease_ends(database: Database) -> None:
    (feed,) = defaults(database, "alpha")
    claim(database)
    due = NOW + timedelta(minutes=30)
    state = FeedState(etag='"x"', health="fresh", polls=1, last_success_at=NOW, next_due_at=due)
    assert learn(database, feeds.PollResult(feed.id, state, slot=7, status="ok", new_items=2)) == {feed.id}
    kept = database.read_sync(feeds.feed_by_id, feed.id, DEFAULTS)
    assert kept is not None
    assert (kept.state, kept.health, kept.next_due_at) == (state, "fresh", due)
    assert claim(database) == []
    assert claim(database, now=due) == ["Alpha"]


def test_a_poll_whose_lease_was_lost_changes_nothing_and_those_beside_it_are_kept(database: Database) -> None:
    lost, kept = defaults(database, "alpha", "beta")
    claim(database)
    database.write_sync(feeds.release, [lost.id], OWNER)
    assert claim(database, "worker-2", NOW + timedelta(minutes=1)) == ["Alpha"]
    state = FeedState(health="failing")
    polls = [feeds.PollResult(feed.id, state, slot=7, status="timeout") for feed in (lost, kept)]
    assert learn(database, *polls) == {kept.id}
    assert learn(database, *polls) == set(), "a second time"
    assert database.read_sync(feeds.feed_by_id, lost.id, DEFAULTS).health == "new"
    assert database.read_sync(feeds.feed_by_id, kept.id, DEFAULTS).health == "failing"
    assert claim(database, "worker-3", NOW + timedelta(minutes=2)) == [], "worker-2 has it still"


def test_a_feed_that_was_removed_or_switched_off_while_it_was_polled_stays_so(database: Database) -> None:
    alpha, beta = defaults(database, "alpha", "beta")
    own = added(database, 5, "own")
    claim(database)
    database.write_sync(feeds.sync_catalog, [source("beta")], NOW)
    database.write_sync(change_feeds, Server(5), [own.id], REMOVE, now=NOW)
    ids = [alpha.id, beta.id, own.id]
    state = FeedState(health="fresh", next_due_at=NOW)
    polls = [feeds.PollResult(feed, state, slot=7, status="not_modified") for feed in (*ids, 999)]
    assert learn(database, *polls) == set(ids)
    assert claim(database) == ["Beta"]


def test_the_catalogue_is_followed_without_losing_a_feed(database: Database) -> None:
    alpha, _ = defaults(database, "alpha", "beta")
    later = NOW + timedelta(hours=1)
    changed = source("alpha", url="http://alpha.example/feed/", title="Alpha, renamed")
    off = source("gamma", enabled=False, reason="dead since May")
    database.write_sync(feeds.sync_catalog, [changed, off], later)
    known = {feed.publisher: feed for feed in database.read_sync(feeds.feeds_of, DEFAULTS)}
    assert known["Alpha"].id == alpha.id
    assert known["Alpha"].title == "Alpha, renamed"
    assert (known["Beta"].active, known["Beta"].disabled_reason) == (False, feeds.NOT_LISTED)
    assert (known["Gamma"].active, known["Gamma"].disabled_reason) == (False, "dead since May")
    assert claim(database, now=later) == ["Alpha"]
    defaults(database, "alpha", "beta", now=later)
    assert {feed.publisher for feed in database.read_sync(feeds.feeds_of, DEFAULTS) if feed.active} == {
        "Alpha",
        "Beta",
    }


def test_a_server_adds_pauses_and_removes_feeds_of_its_own(database: Database) -> None:
    defaults(database, "alpha")
    own = added(database, 5, "own")
    assert added(database, 6, "own").id == own.id

    def scopes(guild_id: int) -> dict[str, str]:
        return {feed.publisher: feed.scope for feed in database.read_sync(feeds.feeds_of, Server(guild_id))}

    assert scopes(5) == {"Alpha": "default", "Own": "added"}
    assert scopes(7) == {"Alpha": "default"}
    database.write_sync(change_feeds, Server(5), [own.id], PAUSE, now=NOW)
    assert scopes(5)["Own"] == "paused"
    assert scopes(6)["Own"] == "added"
    database.write_sync(change_feeds, Server(5), [own.id], REMOVE, now=NOW)
    assert "Own" not in scopes(5)
    database.write_sync(change_feeds, Server(5), [own.id], RESUME, now=NOW)
    assert scopes(5)["Own"] == "added"


def test_a_default_feed_that_a_server_removed_comes_back_when_followed(database: Database) -> None:
    (alpha,) = defaults(database, "alpha")
    database.write_sync(change_feeds, Server(5), [alpha.id], REMOVE, now=NOW)
    removed = database.read_sync(feeds.feed_by_id, alpha.id, Server(5))
    assert (removed.scope, removed.active) == ("removed", False)
    database.write_sync(change_feeds, Server(5), [alpha.id], RESUME, now=NOW)
    assert database.read_sync(feeds.feed_by_id, alpha.id, Server(5)).scope == "default"
    assert database.write_sync(change_feeds, Server(5), [999], REMOVE, now=NOW).count == 0


def test_a_feed_that_no_server_reads_any_more_is_not_polled(database: Database) -> None:
    own = added(database, 5, "own")
    assert database.read_sync(feeds.count_due, NOW) == 1
    database.write_sync(change_feeds, Server(5), [own.id], REMOVE, now=NOW)
    assert database.read_sync(feeds.count_due, NOW) == 0


def test_health_is_counted_over_the_feeds_that_the_server_reads(database: Database) -> None:
    alpha, beta = defaults(database, "alpha", "beta")
    added(database, 5, "own")
    claim(database)
    state = FeedState(health="failing", failures=3, last_reason="timeout", next_due_at=NOW)
    learn(database, feeds.PollResult(alpha.id, state, slot=1, status="timeout"))
    database.write_sync(change_feeds, Server(6), [beta.id], REMOVE, now=NOW)
    here = database.read_sync(feeds.health_counts, Server(5))
    assert (here.total, here.failing, here.never_polled) == (3, 1, 2)
    there = database.read_sync(feeds.health_counts, Server(6))
    assert (there.total, there.failing, there.by_health) == (1, 1, {"failing": 1})
    failing = database.read_sync(feeds.feed_by_id, alpha.id, DEFAULTS)
    assert failing.failure == "timeout"


def test_a_feed_that_moved_is_polled_at_its_new_address_unless_another_has_it(database: Database) -> None:
    alpha, beta = defaults(database, "alpha", "beta")
    assert database.write_sync(feeds.move_feed, alpha.id, "https://new.example/feed")
    assert not database.write_sync(feeds.move_feed, alpha.id, beta.url)
    assert database.read_sync(feeds.feed_by_url, "http://new.example/feed/", DEFAULTS).id == alpha.id
    assert database.read_sync(feeds.feed_by_id, alpha.id, DEFAULTS).host == "new.example"


def known(database: Database) -> dict[str, tuple[int, bool]]:
    """Every feed by its address: its id, and whether it is polled."""
    return {feed.url: (feed.id, feed.active) for feed in database.read_sync(feeds.feeds_of, DEFAULTS)}


OLD, NEW, NEWER = "https://alpha.example/feed", "https://new.example/feed", "https://newer.example/feed"


def test_a_default_feed_that_moved_is_the_same_feed_at_the_next_start(database: Database) -> None:
    (alpha,) = defaults(database, "alpha")
    for moved in (NEW, NEWER):
        assert database.write_sync(feeds.move_feed, alpha.id, moved)
        defaults(database, "alpha")
        assert known(database) == {moved: (alpha.id, True)}


def test_the_list_may_follow_a_feed_that_moved(database: Database) -> None:
    (alpha,) = defaults(database, "alpha")
    database.write_sync(feeds.move_feed, alpha.id, NEW)
    followed = [source("alpha", url=NEW)]
    for moved in (NEW, NEWER):
        database.write_sync(feeds.move_feed, alpha.id, moved)
        database.write_sync(feeds.sync_catalog, followed, NOW)
        assert known(database) == {moved: (alpha.id, True)}


def test_a_feed_that_moved_leaves_the_list_and_comes_back(database: Database) -> None:
    alpha, beta = defaults(database, "alpha", "beta")
    database.write_sync(feeds.move_feed, alpha.id, NEW)
    defaults(database, "beta")
    assert known(database) == {NEW: (alpha.id, False), beta.url: (beta.id, True)}
    defaults(database, "alpha", "beta")
    assert known(database)[NEW] == (alpha.id, True)


def test_an_old_and_a_new_address_that_are_both_listed_are_two_feeds(database: Database) -> None:
    (alpha,) = defaults(database, "alpha")
    database.write_sync(feeds.move_feed, alpha.id, NEW)
    both = [source("alpha"), source("alpha2", url=NEW)]
    for _ in range(2):
        database.write_sync(feeds.sync_catalog, both, NOW)
        found = known(database)
        assert found[NEW] == (alpha.id, True)
        assert found[OLD][1] and len(found) == 2


def test_a_feed_whose_old_address_another_has_taken_is_not_meant_by_it(database: Database) -> None:
    (alpha,) = defaults(database, "alpha")
    database.write_sync(feeds.move_feed, alpha.id, NEW)
    other = added(database, 5, "alpha")
    defaults(database, "alpha")
    assert known(database) == {NEW: (alpha.id, False), OLD: (other.id, True)}
    database.write_sync(feeds.move_feed, other.id, NEWER)
    defaults(database, "alpha")
    assert known(database) == {NEW: (alpha.id, False), NEWER: (other.id, True)}


def test_claims_that_were_not_used_are_given_back(database: Database) -> None:
    (alpha,) = defaults(database, "alpha")
    claim(database)
    database.write_sync(feeds.release, [alpha.id], "worker-2")
    assert claim(database, "worker-2") == []
    database.write_sync(feeds.release, [alpha.id], OWNER)
    assert claim(database, "worker-2") == ["Alpha"]

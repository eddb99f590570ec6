from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from bot.domain.audience import TERMINAL, DirectMessage, Member, Server
from bot.domain.digests import OutboxDraft, OutboxMessage
from bot.domain.schedule import due_moment, local_day, next_due
from bot.store import digest_plans, digests, guilds, outbox
from bot.store import tables as t
from bot.store.database import Database
from bot.store.digest_plans import DigestPlanned
from bot.store.feeds.changing import REMOVE, change_feeds
from bot.store.visibility import distinct_views
from tests.store.making import NOW, ago, defaults
from tests.support.audience import spot

LEASE = timedelta(seconds=60)
DAY = date(2026, 3, 2)
#: blake2b of "3|1|daily|2026-03-02|0", 8 bytes: what is in an outbox of an earlier version.
NONCE_OF_3_1 = hashlib.blake2b(b"3|1|daily|2026-03-02|0", digest_size=8).hexdigest()


def draft(server: int = 4, part: int = 0, kind: str = "daily", **more: object) -> OutboxDraft:
    values = {"local_date": DAY, "body": f"body {part}", "due_at": NOW} | more
    return OutboxDraft(spot(server, 10), kind=kind, part=part, **values)  # type: ignore[arg-type]


def enqueue(database: Database, *drafts: OutboxDraft) -> int:
    return database.write_sync(outbox.enqueue, drafts, now=NOW)


def claim(database: Database, owner: str = "a", now: datetime = NOW, **more: object) -> list[OutboxMessage]:
    return database.write_sync(outbox.claim, now=now, owner=owner, lease=LEASE, **more)  # type: ignore[arg-type]


def states(database: Database) -> dict[str, int]:
    return database.read_sync(outbox.counts)


def test_a_message_is_planned_once_and_given_to_one_sender(database: Database) -> None:
    assert enqueue(database, draft()) == 1
    assert enqueue(database, draft(body="another text")) == 0
    (message,) = claim(database)
    assert (message.body, message.attempts, message.first_attempt_at) == ("body 0", 1, NOW)
    assert len(message.nonce) == 16
    assert claim(database, "b") == []
    assert database.write_sync(outbox.mark_sent, message.id, owner="a", now=NOW, message_id=77)
    assert not database.write_sync(outbox.mark_sent, message.id, owner="a", now=NOW, message_id=78)
    assert states(database) == {"sent": 1}


def test_after_a_crash_another_sender_gets_the_same_request(database: Database) -> None:
    enqueue(database, draft())
    (first,) = claim(database)
    later = NOW + LEASE
    (second,) = claim(database, "b", later)
    assert (second.nonce, second.body) == (first.nonce, first.body)
    assert (second.attempts, second.first_attempt_at) == (2, NOW)
    # The first sender was only slow: what it says of the world is still true.
    assert not database.write_sync(outbox.mark_failed, first.id, owner="a", now=later, error="x")
    assert database.write_sync(outbox.mark_sent, first.id, owner="a", now=later, message_id=1)


def test_every_identity_has_a_nonce_of_its_own() -> None:
    nonces = {
        outbox.nonce(spot(server, channel), kind, day, part)
        for server in (3, 4)
        for channel in (1, 2)
        for kind in ("daily", "weekly")
        for day in (DAY, date(2026, 3, 3))
        for part in (0, 1)
    }
    assert len(nonces) == 32
    assert outbox.nonce(spot(3, 1), "daily", DAY, 0) in nonces
    assert outbox.nonce(spot(3, 1), "daily", DAY, 0) == NONCE_OF_3_1, "a stored message keeps its nonce"


def test_parts_come_in_order_even_to_several_senders(database: Database) -> None:
    enqueue(database, *(draft(part=part) for part in range(3)))
    (first,) = claim(database, limit=1)
    assert claim(database, "b") == []
    database.write_sync(outbox.mark_sent, first.id, owner="a", now=NOW, message_id=1)
    second, third = claim(database, "b")
    assert [second.part, third.part] == [1, 2]
    wait = NOW + timedelta(minutes=5)
    assert database.write_sync(outbox.postpone, second.id, owner="b", until=wait)
    assert claim(database, "c", NOW + LEASE) == []
    assert [one.part for one in claim(database, "c", wait)] == [1, 2]


def test_a_refusal_starts_the_nonces_clock_anew_and_a_doubt_does_not(database: Database) -> None:
    enqueue(database, draft(1), draft(2))
    refused, doubtful = claim(database)
    soon = NOW + timedelta(seconds=5)
    database.write_sync(outbox.postpone, refused.id, owner="a", until=soon)
    database.write_sync(outbox.postpone, doubtful.id, owner="a", until=soon, surely_unsent=False)
    firsts = {one.id: one.first_attempt_at for one in claim(database, "b", soon)}
    assert firsts == {refused.id: soon, doubtful.id: NOW}


@pytest.mark.parametrize(
    ("settle", "state"), [(outbox.mark_failed, "failed"), (outbox.mark_skipped, "skipped")]
)
def test_what_cannot_be_posted_takes_its_later_parts_along(database: Database, settle, state: str) -> None:
    enqueue(database, draft(1), draft(1, 1), draft(2))
    first, *_ = claim(database)
    assert not database.write_sync(settle, first.id, owner="b", now=NOW, error="403")
    assert database.write_sync(settle, first.id, owner="a", now=NOW, error="403" * 1000)
    assert states(database) == {state: 2, "pending": 1}


def test_an_unknown_outcome_is_settled_and_not_sent_again(database: Database) -> None:
    enqueue(database, draft())
    (one,) = claim(database)
    assert database.write_sync(outbox.mark_unknown, one.id, owner="a", now=NOW, error="no_history")
    assert claim(database, "b", NOW + timedelta(days=1)) == []


def test_what_is_not_due_waits_and_the_terminal_takes_its_own_alone(database: Database) -> None:
    here, there = draft(), draft()._replace(to=DirectMessage(5))
    printed = draft()._replace(to=TERMINAL)
    enqueue(database, here, there, printed, draft(5, due_at=NOW + LEASE))
    assert [one.to for one in claim(database, terminal=True)] == [TERMINAL]
    assert {one.to for one in claim(database)} == {here.to, there.to}
    assert [one.to for one in claim(database, "b", NOW + LEASE, limit=1)] == [here.to]


def test_the_same_text_for_many_servers_is_kept_once(database: Database) -> None:
    enqueue(database, *(draft(server, body="the day's news") for server in range(4, 104)))
    bodies = select(func.count()).select_from(t.outbox_body)
    assert database.read_sync(lambda session: session.scalar(bodies)) == 1


def test_eight_senders_send_each_message_once(database: Database) -> None:
    enqueue(database, *(draft(server, part) for server in range(4, 64) for part in range(2)))

    def sender(owner: str) -> list[int]:
        sent: list[int] = []
        for _ in range(200):
            for message in claim(database, owner, limit=3):
                database.write_sync(outbox.mark_sent, message.id, owner=owner, now=NOW, message_id=None)
                sent.append(message.id)
            if not states(database).get("pending"):
                break
        return sent

    with ThreadPoolExecutor(8) as pool:
        sent = [id for ids in pool.map(sender, "abcdefgh") for id in ids]
    assert len(sent) == len(set(sent)) == 120


def subscribe(database: Database, server: int = 4, **more: object) -> None:
    """A digest that is due at NOW, which is 04:00 in Tijuana, unless ``more`` says otherwise."""
    values = {"minute_of_day": 240, "zone": "America/Tijuana", "language": "es", "now": ago(days=1)} | more
    database.write_sync(digests.set_subscription, spot(server, 10), **values)  # type: ignore[arg-type]


def test_a_digest_is_set_changed_paused_resumed_and_removed(database: Database) -> None:
    subscribe(database, concerns=("border_security",), options={"role": 5})
    subscribe(database, minute_of_day=600, days=0b0011111)
    (one,) = database.read_sync(digests.subscriptions_of, Server(4))
    assert (one.minute_of_day, one.days, one.concerns, one.empty_day) == (600, 31, (), "line")
    assert database.write_sync(digests.pause, one.id, reason="forbidden", now=NOW)
    assert not database.write_sync(digests.pause, one.id, reason="forbidden", now=NOW)
    assert database.read_sync(digests.due, NOW) == []
    again = database.write_sync(digests.resume, one.id, now=NOW)
    assert again == datetime(2026, 3, 2, 18, 0, tzinfo=UTC)
    assert [known.id for known in database.read_sync(digests.due, again)] == [one.id]
    assert database.write_sync(digests.remove_subscription, one.id, by=Member(3), now=NOW)
    assert not database.write_sync(digests.remove_subscription, one.id, by=Member(3), now=NOW)
    assert database.write_sync(digests.resume, one.id, now=NOW) is None
    actions = [entry.action for entry in database.read_sync(guilds.audit_of, Server(4))]
    assert actions == ["digest_removed", "digest_resumed", "digest_paused", "digest_set", "digest_set"]


def test_planning_a_digest_twice_posts_it_once(database: Database) -> None:
    subscribe(database)
    (one,) = database.read_sync(digests.due, NOW)
    planned = DigestPlanned(one, NOW + timedelta(days=1), (draft(), draft(part=1)), covered_until=NOW)
    stale = DigestPlanned(one, ago(days=1), (draft(body="other"),), covered_until=ago(days=2))
    assert database.write_sync(digest_plans.plan, [planned], now=NOW) == 2
    assert database.write_sync(digest_plans.plan, [planned, stale], now=NOW) == 0
    (kept,) = database.read_sync(digests.subscriptions_of, Server(4))
    assert (kept.next_due_at, kept.covered_until) == (NOW + timedelta(days=1), NOW)
    assert database.read_sync(digests.due, NOW) == []
    skipped = DigestPlanned(one, NOW + timedelta(days=2), (), covered_until=None)
    assert database.write_sync(digest_plans.plan, [skipped], now=NOW) == 0
    assert database.read_sync(digests.subscriptions_of, Server(4))[0].covered_until == NOW


def test_ten_thousand_due_digests_are_found_in_pieces(database: Database) -> None:
    for number in range(5):
        subscribe(database, 4 + number, minute_of_day=(4 - number) * 60)
    assert [one.owner for one in database.read_sync(digests.due, NOW, limit=3)] == [*map(Server, (8, 7, 6))]
    assert database.read_sync(digests.due, NOW, terminal=True) == []


def test_a_server_that_moves_keeps_its_hour(database: Database) -> None:
    subscribe(database)
    (one,) = database.write_sync(digests.move_zone, Server(4), "America/Mexico_City", now=ago(days=1))
    assert (one.zone, one.next_due_at) == ("America/Mexico_City", datetime(2026, 3, 2, 10, 0, tzinfo=UTC))
    assert database.write_sync(digests.move_zone, Server(4), "America/Mexico_City", now=ago(days=1)) == []
    assert database.write_sync(digests.move_zone, Server(5), "UTC", now=NOW) == []


def test_a_digest_whose_hour_is_changed_while_it_is_planned_comes_at_the_new_one(database: Database) -> None:
    subscribe(database)
    (before,) = database.read_sync(digests.due, NOW)
    subscribe(database, minute_of_day=300, now=NOW)
    planned = DigestPlanned(before, NOW + timedelta(days=1), (draft(),), covered_until=NOW)
    assert database.write_sync(digest_plans.plan, [planned], now=NOW) == 1
    (after,) = database.read_sync(digests.due, NOW)
    assert (after.covered_until, after.minute_of_day) == (NOW, 300)
    again = DigestPlanned(after, NOW + timedelta(days=1, hours=1), (draft(),), covered_until=NOW)
    assert database.write_sync(digest_plans.plan, [again], now=NOW) == 0
    assert database.read_sync(digests.due, NOW) == []


def test_a_clock_that_was_set_ahead_and_back_costs_a_digest_nothing(database: Database) -> None:
    """Its next time and the end of what it told lie a year ahead: until then it would be silent."""
    subscribe(database)
    (one,) = database.read_sync(digests.due, NOW)
    ahead = NOW + timedelta(days=365)
    planned = DigestPlanned(one, ahead + timedelta(days=1), (), covered_until=ahead)
    database.write_sync(digest_plans.plan, [planned], now=ahead)
    assert database.read_sync(digests.too_far, NOW) == 1
    assert database.write_sync(digests.reschedule_too_far, NOW) == 1
    (right,) = database.read_sync(digests.subscriptions_of, Server(4))
    assert NOW < right.next_due_at <= NOW + timedelta(days=1)
    assert right.covered_until == NOW
    assert database.write_sync(digests.reschedule_too_far, NOW) == 0


def test_a_digest_whose_day_is_taken_moves_nothing_on(database: Database) -> None:
    subscribe(database)
    (one,) = database.read_sync(digests.due, NOW)
    enqueue(database, draft(body="posted before"))
    planned = DigestPlanned(one, NOW + timedelta(days=1), (draft(),), covered_until=NOW)
    assert database.write_sync(digest_plans.plan, [planned], now=NOW) == 0
    (kept,) = database.read_sync(digests.subscriptions_of, Server(4))
    assert (kept.next_due_at, kept.covered_until) == (NOW + timedelta(days=1), None)


def test_servers_with_feeds_of_their_own_are_told_apart(database: Database) -> None:
    (alpha,) = defaults(database, "alpha")
    database.write_sync(change_feeds, Server(5), [alpha.id], REMOVE, now=NOW)
    assert database.read_sync(distinct_views) == {Server(5): Server(5)}


@pytest.mark.parametrize(
    ("zone", "day", "minute", "expected"),
    [
        # Clocks skip 02:00–03:00: the post comes by the shifted clock, once.
        ("America/Tijuana", date(2026, 3, 8), 150, "2026-03-08T10:30"),
        ("Europe/Madrid", date(2026, 3, 29), 150, "2026-03-29T01:30"),
        # 01:30 comes twice: the first of them.
        ("America/Tijuana", date(2026, 11, 1), 90, "2026-11-01T08:30"),
        # Mexico has had no summer time since October 2022; its border cities follow the United States.
        ("America/Mexico_City", date(2026, 7, 1), 480, "2026-07-01T14:00"),
    ],
)
def test_an_hour_is_due_once_a_day_whatever_the_clocks_do(zone, day, minute, expected: str) -> None:
    due = due_moment(day, minute, zone)
    assert due.strftime("%Y-%m-%dT%H:%M") == expected
    assert next_due(due - timedelta(seconds=1), minute, zone) == due
    following = next_due(due, minute, zone)
    assert local_day(following, zone) - day == timedelta(days=1)


def test_only_the_weekdays_that_are_asked_for_count() -> None:
    weekdays = 0b0011111
    friday = datetime(2026, 3, 6, 9, 0, tzinfo=UTC)
    assert next_due(friday, 480, "UTC", weekdays) == datetime(2026, 3, 9, 8, 0, tzinfo=UTC)
    assert next_due(friday, 480, "UTC", 0b0010000) == datetime(2026, 3, 13, 8, 0, tzinfo=UTC)
    with pytest.raises(ValueError, match="at least one day"):
        next_due(friday, 480, "UTC", 0)

"""What is new: nothing twice, nothing lost, whatever happens in between."""

from __future__ import annotations

import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update
from sqlalchemy.orm import Session

from bot.domain.audience import Member, Reader, Server
from bot.store import articles, news
from bot.store import tables as t
from bot.store.database import Database
from bot.store.feeds.changing import REMOVE, change_feeds
from bot.store.news import Receipt, UnreadNews
from bot.stories.document import Placement
from tests.store.making import NOW, added, ago, defaults, group, judged, save
from tests.support.audience import whose

READER = Member(5)


def ask(
    database: Database,
    now: datetime = NOW,
    *,
    guild: int | None = 7,
    concern: str | None = None,
    limit: int = 8,
    reader: Reader = READER,
) -> UnreadNews:
    """What is new, told."""
    found = database.write_sync(news.unread, reader, whose(guild), now=now, concern=concern, limit=limit)
    receipt = Receipt.parse(found.receipt.text())
    database.write_sync(news.mark_read, reader, whose(guild), receipt, now=now, concern=concern)
    return found


def told(found: UnreadNews) -> list[tuple[str, int, int]]:
    return [
        (change.development.articles[-1].title, len(change.unread.known), change.development.revision)
        for change in found.stories
    ]


def later(**span: float) -> datetime:
    return NOW + timedelta(**span)


def add_fact(database: Database, title: str, story: str, now: datetime) -> None:
    (alpha,) = defaults(database, "alpha")
    save(database, alpha, judged(title, "migration", at=now), now=now)
    group(database, {title: story}, now=now, facts=("12",))


def test_the_first_ask_is_of_the_last_week(database: Database) -> None:
    (alpha,) = defaults(database, "alpha")
    save(database, alpha, judged("old", "migration"), now=ago(days=8))
    group(database, now=ago(days=8))
    save(database, alpha, judged("young", "migration"), now=ago(days=6))
    group(database, now=ago(days=6))
    found = ask(database)
    assert told(found) == [("young", 0, 1)]
    assert found.asked_at is None and found.since == NOW - news.FIRST_SPAN
    again = ask(database, later(minutes=1))
    assert told(again) == [] and again.asked_at == NOW


def test_a_new_feeds_old_entries_are_not_news(database: Database) -> None:
    (alpha,) = defaults(database, "alpha")
    ask(database)
    old = [judged(f"old{days}", "migration", at=ago(days=days)) for days in (8, 60, 200)]
    save(database, alpha, *old, judged("late", "migration", at=ago(days=2)))
    group(database)
    assert told(ask(database, later(minutes=1))) == [("late", 0, 1)]


def test_the_first_ask_is_told_what_was_published_in_the_last_week(database: Database) -> None:
    (alpha,) = defaults(database, "alpha")
    entries = [judged("nine", "migration", at=ago(days=9)), judged("five", "migration", at=ago(days=5))]
    save(database, alpha, *entries, now=ago(days=4))
    group(database, now=ago(days=4))
    away, first = Member(6), Member(7)
    database.write_sync(news._move, away, Server(7), None, ago(days=20))
    assert told(ask(database, reader=first)) == [("five", 0, 1)]
    both = [title for title, _, _ in told(ask(database, reader=away))]
    assert both == ["five", "nine"], "who was away for longer is told of what is older"


def test_an_answer_that_was_not_shown_is_given_again(database: Database) -> None:
    (alpha,) = defaults(database, "alpha")
    save(database, alpha, *(judged(f"s{number}", "migration", at=ago(hours=number)) for number in range(5)))
    group(database, now=ago(hours=2))
    unseen, other = (
        database.write_sync(news.unread, READER, Server(7), now=later(seconds=second), limit=3)
        for second in (0, 1)
    )
    assert [title for title, _, _ in told(unseen)] == ["s0", "s1", "s2"] == [one for one, _, _ in told(other)]
    for receipt in (other.receipt, unseen.receipt, other.receipt):
        database.write_sync(news.mark_read, READER, Server(7), receipt, now=later(seconds=2))
    assert [title for title, _, _ in told(ask(database, later(minutes=1)))] == ["s3", "s4"]
    lost = database.write_sync(news.unread, READER, Server(7), now=later(days=3))
    assert told(lost) == []
    add_fact(database, "twelve dead", "s4", later(days=4))
    assert len(ask(database, later(days=5)).stories) == 1


def test_a_story_is_told_again_only_with_new_facts(database: Database) -> None:
    (alpha,) = defaults(database, "alpha")
    save(database, alpha, judged("nine dead", "migration"))
    group(database)
    ask(database)
    save(database, alpha, judged("same", "migration"))
    group(database, {"same": "nine dead"}, now=later(minutes=1))
    assert told(ask(database, later(minutes=2))) == [], "another voice, nothing new"
    add_fact(database, "twelve dead", "nine dead", later(minutes=3))
    found = ask(database, later(minutes=4))
    assert [(one, two) for _, one, two in told(found)] == [(1, 2)]
    assert not found.stories[0].new and found.stories[0].facts == ("12",)
    assert told(ask(database, later(minutes=5))) == []


def test_what_did_not_fit_comes_next_time(database: Database) -> None:
    (alpha,) = defaults(database, "alpha")
    for number in range(5):
        save(database, alpha, judged(f"s{number}", "migration"))
        group(database, now=ago(days=6 - number))
    first = ask(database, limit=2)
    assert ([title for title, _, _ in told(first)], first.left) == (["s4", "s3"], 3)
    assert ask(database, later(days=5), limit=2).left == 1, "the week does not move on under the reader"
    assert [title for title, _, _ in told(ask(database, later(days=6)))] == ["s0"]
    assert told(ask(database, later(days=7))) == []


def test_a_revision_that_is_committed_late_is_told(database: Database) -> None:
    (alpha,) = defaults(database, "alpha")
    ask(database)
    save(database, alpha, judged("slow", "migration"))
    group(database, now=ago(minutes=5))
    assert [title for title, _, _ in told(ask(database, later(minutes=1)))] == ["slow"]


def test_concerns_and_all_share_what_was_told(database: Database) -> None:
    (alpha,) = defaults(database, "alpha")
    save(database, alpha, judged("wall", "border_security"), judged("tariff", "trade_leverage"))
    group(database)
    assert [title for title, _, _ in told(ask(database, concern="trade_leverage"))] == ["tariff"]
    assert [title for title, _, _ in told(ask(database))] == ["wall"]
    assert told(ask(database, later(days=20), concern="border_security")) == []


def test_the_newest_report_comes_first_whenever_we_came_to_know_of_it(database: Database) -> None:
    (alpha,) = defaults(database, "alpha")
    save(database, alpha, *(judged(f"s{day}", "migration", at=ago(days=day)) for day in (3, 1, 2)))
    group(database)
    assert [title for title, _, _ in told(ask(database))] == ["s1", "s2", "s3"]


def test_skipping_counts_everything_as_told(database: Database) -> None:
    (alpha,) = defaults(database, "alpha")
    for number in range(12):
        save(database, alpha, judged(f"s{number}", "migration"))
    group(database)
    assert ask(database, limit=2).left == 10
    assert database.write_sync(news.mark_all_read, READER, Server(7), now=NOW) == 10
    assert told(ask(database, later(minutes=1))) == []
    add_fact(database, "more", "s3", later(minutes=2))
    found = ask(database, later(minutes=3))
    assert [(change.new, len(change.unread.known)) for change in found.stories] == [(False, 1)]


def merge(database: Database, gone: int, kept: int) -> None:
    """As an admin's merge leaves the store: articles move, revisions keep their chain."""

    def write(session: Session) -> None:
        session.execute(update(t.story).where(t.story.c.id == gone).values(merged_into=kept))
        session.execute(update(t.article).where(t.article.c.story_id == gone).values(story_id=kept))

    database.write_sync(write)


def test_merged_stories_are_told_once_and_lose_nothing(database: Database) -> None:
    (alpha,) = defaults(database, "alpha")
    save(database, alpha, judged("one", "migration", at=ago(hours=5)))
    save(database, alpha, judged("two", "migration", at=ago(hours=4)))
    save(database, alpha, judged("three", "migration", at=ago(hours=3)))
    ids = group(database)
    ask(database, limit=1)  # "three" is told
    merge(database, ids["two"], ids["one"])
    merge(database, ids["one"], ids["three"])
    found = ask(database, later(minutes=1))
    assert [(change.new, change.development.story_id) for change in found.stories] == [(False, ids["three"])]
    assert len(found.stories[0].unread.revisions) == 2
    assert told(ask(database, later(minutes=2))) == []
    add_fact(database, "more", "three", later(minutes=3))
    assert len(ask(database, later(minutes=4)).stories) == 1
    assert told(ask(database, later(minutes=5))) == []


def test_a_merge_of_what_was_told_is_no_news(database: Database) -> None:
    (alpha,) = defaults(database, "alpha")
    save(database, alpha, judged("one", "migration"), judged("two", "migration"))
    ids = group(database)
    assert len(ask(database).stories) == 2
    merge(database, ids["two"], ids["one"])
    assert told(ask(database, later(minutes=1))) == []


def test_readers_do_not_disturb_each_other(database: Database) -> None:
    (alpha,) = defaults(database, "alpha")
    save(database, alpha, judged("wall", "migration"))
    group(database)
    assert len(ask(database).stories) == 1
    assert len(ask(database, reader=Member(6)).stories) == 1


def test_a_server_with_its_own_feeds_has_its_own_horizon(database: Database) -> None:
    (alpha,) = defaults(database, "alpha")
    own = added(database, 8, "own")
    save(database, alpha, judged("common", "migration"))
    save(database, own, judged("theirs", "migration", publisher=own.publisher))
    group(database, now=ago(hours=3))
    assert [title for title, _, _ in told(ask(database, guild=7))] == ["common"]
    assert [title for title, _, _ in told(ask(database, later(hours=2), guild=8))] == ["theirs"]
    database.write_sync(change_feeds, Server(7), [alpha.id], REMOVE, now=NOW)
    assert told(ask(database, later(hours=3), guild=7)) == []


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("story"), st.sampled_from(["migration", "trade_leverage"])),
        st.tuples(st.just("fact"), st.integers(0, 9)),
        st.tuples(st.just("repeat"), st.integers(0, 9)),
        st.tuples(st.just("ask"), st.sampled_from([None, "border_security", "trade_leverage"])),
        st.tuples(st.just("wait"), st.sampled_from([1, 50, 70, 60 * 24, 60 * 24 * 9])),
        st.tuples(st.just("restart"), st.none()),
    ),
    max_size=30,
)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=STEPS, limit=st.integers(1, 4))
def test_nothing_is_told_twice_and_nothing_is_lost(steps: list[tuple[str, object]], limit: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'own.db'}"
        database = Database.open(url)
        (alpha,) = defaults(database, "alpha")
        now = NOW
        stories: list[int] = []
        revision: dict[int, int] = {}
        heard: dict[int, int] = {}
        ask(database, now)

        def hear(concern: str | None) -> int:
            found = ask(database, now, concern=concern, limit=limit)
            for change in found.stories:
                id = change.development.story_id
                assert len(change.unread.known) == heard.get(id, 0), "old facts are told as old"
                assert change.development.revision > heard.get(id, 0), "nothing twice"
                heard[id] = change.development.revision
            return len(found.stories)

        for count, (step, value) in enumerate(steps):
            match step:
                case "wait":
                    now += timedelta(minutes=int(str(value)))
                case "restart":
                    database.close()
                    database = Database.open(url)
                case "ask":
                    hear(value if value is None else str(value))
                case _ if step == "story" or stories:
                    topic = str(value) if step == "story" else "migration"
                    save(database, alpha, judged(f"e{count}", topic, at=now), now=now)
                    (document,) = database.read_sync(articles.ungrouped, 10)
                    target = None if step == "story" else stories[int(str(value)) % len(stories)]
                    facts = (str(count),) if step == "fact" else ()
                    placed = database.write_sync(
                        articles.place, [(document.id, Placement(target, "x", facts=facts))], now=now
                    )
                    if step == "story":
                        stories.append(placed[document.id])
                    if step != "repeat":
                        revision[placed[document.id]] = revision.get(placed[document.id], 0) + 1
        while hear(None):
            now += timedelta(minutes=1)
        assert heard == revision
        database.close()

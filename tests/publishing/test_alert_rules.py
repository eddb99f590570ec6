"""Which follows are touched, and when a reader is told. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.articles import Article
from bot.domain.audience import DirectMessage, Member, Server
from bot.domain.stories import Change, Development, StoryRevision
from bot.jobs import periodic
from bot.publishing import alert_rules
from bot.publishing.alert_rules import MOST_A_DAY, by_reader, follows_with_news, is_quiet, slot_of, waiting
from bot.store.follows import Follow
from tests.support.context import room
from tests.support.learned import learned

MORE = learned("Gunmen attack a convoy near Nogales, 9 dead", "Gunmen attack a convoy near Nogales: 12 dead")
NOON = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)  # in Mexico City


def follow(id_: int = 1, kind: str = "concern", target: str = "border_security", **more: object) -> Follow:
    values: dict = {
        "reader": Member(5),
        "view": Server(77),
        "to": DirectMessage(5),
        "language": "en",
        "zone": "America/Mexico_City",
        "since": NOON - timedelta(hours=1),
        "paused_at": None,
        "pause_reason": None,
    }
    return Follow(id=id_, kind=kind, target=target, **{**values, **more})


def change(
    story: int = 10,
    *,
    concerns: tuple[str, ...] = ("border_security",),
    title: str = "Shelters are full",
    revisions: tuple[tuple[int, float], ...] = ((1, 0.5),),
    added: tuple[str, ...] = (),
) -> Change:
    """A story whose revisions came so many hours before noon."""
    article = Article(
        id=story,
        feed_id=1,
        url="https://desk.example/1",
        title=title,
        summary="",
        language="en",
        publisher="Desk",
        kind="news",
        published_at=NOON,
        first_seen_at=NOON,
        story_id=story,
        topics=(),
    )
    made = tuple(
        StoryRevision(story, number, NOON - timedelta(hours=ago), story, "new", added)
        for number, ago in revisions
    )
    return Change(Development(story, None, concerns, (article,), made[-1].number), made)


def stories(
    follows: list[Follow], changes: list[Change], told: dict | None = None
) -> list[tuple[int, list[int]]]:
    return [
        (one.follow.id, [news.story_id for news in one.news])
        for one in follows_with_news(follows, changes, told or {}, {})
    ]


def test_a_concern_is_told_of_its_new_stories() -> None:
    changes = [change(10), change(11, concerns=("trade_leverage",)), change(12)]
    assert stories([follow()], changes) == [(1, [10, 12])]


def test_what_became_known_before_the_follow_does_not_count() -> None:
    assert stories([follow()], [change(revisions=((1, 2.0),))]) == []


def test_a_story_that_the_reader_knows_is_not_told_again_under_its_concern() -> None:
    assert stories([follow()], [change(10)], {Member(5): {10: {10: 1}}}) == []
    assert stories([follow()], [change(10)], {Member(6): {10: {10: 1}}}) == [(1, [10])]


@pytest.mark.parametrize("kind", ["concern", "phrase"])
def test_what_was_taken_back_is_told_to_whoever_was_told_of_it(kind: str) -> None:
    mine = follow(kind=kind, target="border_security" if kind == "concern" else "shelters")
    known = {Member(5): {10: {10: 1}}}
    corrected = change(10, revisions=((1, 3.0), (2, 0.5)), added=("corrected:10",))
    (touched,) = follows_with_news([mine], [corrected], known, {})
    assert touched.news[0].update.facts == ("corrected:10",)
    assert stories([mine], [change(10, revisions=((1, 3.0), (2, 0.5)), added=MORE)], known) == []


def test_a_followed_story_is_told_at_each_new_fact() -> None:
    mine = follow(kind="story", target="10")
    grown = change(10, revisions=((1, 3.0), (2, 0.5)), added=MORE)
    (touched,) = follows_with_news([mine], [grown], {Member(5): {10: {10: 1}}}, {})
    assert (touched.news[0].marks, touched.news[0].update.facts) == (((10, 2),), MORE)
    assert stories([mine], [grown], {Member(5): {10: {10: 2}}}) == []


def test_a_followed_story_that_was_merged_is_followed_on() -> None:
    mine = follow(kind="story", target="9")
    assert len(follows_with_news([mine], [change(10)], {}, {9: 10})) == 1


def test_phrases_are_looked_for_in_what_is_new() -> None:
    mine = follow(kind="phrase", target="migrant shelter")
    assert stories([mine], [change(title="Migrant shelters in Tijuana"), change(11)]) == [(1, [10])]


def test_a_story_is_told_once_under_what_says_most_about_it() -> None:
    follows = [follow(1), follow(2, "phrase", "shelter"), follow(3, "story", "11")]
    changes = [
        change(10, title="Tunnel"),
        change(11, title="A shelter closes"),
        change(12, title="The shelter"),
    ]
    assert stories(follows, changes) == [(3, [11]), (2, [12]), (1, [10])]


def test_two_readers_are_told_each() -> None:
    follows = [follow(1), follow(2, reader=Member(6))]
    assert stories(follows, [change(10)]) == [(1, [10]), (2, [10])]


def test_a_reader_in_two_servers_is_told_once() -> None:
    mine = follow(1)
    touched = follows_with_news([mine], [change(10)], {}, {}) + follows_with_news(
        [mine], [change(10)], {}, {}
    )
    assert sum(len(one.news) for one in by_reader(touched)[Member(5)]) == 1


@pytest.mark.parametrize(
    ("hour", "quiet"), [(0, True), (6, True), (7, False), (12, False), (21, False), (22, True)]
)
def test_the_night_is_the_readers_own(hour: int, quiet: bool) -> None:
    at = datetime(2026, 3, 2, hour, 30, tzinfo=UTC) + timedelta(hours=6)
    assert is_quiet(at, "America/Mexico_City") is quiet
    assert waiting(follows_with_news([follow()], [change()], {}, {}), {}, at) == (
        "quiet_hours" if quiet else ""
    )


def test_there_are_only_so_many_alerts_a_day() -> None:
    touched = follows_with_news([follow()], [change()], {}, {})
    place = DirectMessage(5)
    assert waiting(touched, {place: MOST_A_DAY - 1}, NOON) == ""
    assert waiting(touched, {place: MOST_A_DAY}, NOON) == "enough_today"


@pytest.mark.parametrize("minutes", [5, 15, 20, 60])
def test_slots_and_ticks_are_of_one_length(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, minutes: int
) -> None:
    for module in (alert_rules, periodic):
        monkeypatch.setattr(module, "ALERT_INTERVAL", timedelta(minutes=minutes))
    day = [NOON.replace(hour=0) + timedelta(minutes=minute) for minute in range(24 * 60)]
    assert len({slot_of(at) for at in day}) == 24 * 60 // minutes
    with room(tmp_path) as made:
        jobs = {job.name: job.seconds for job in periodic.periodic_jobs(made.context)}
    assert jobs["alerts"] == minutes * 60


@given(st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)))
def test_a_day_has_96_slots(at: datetime) -> None:
    slot = slot_of(at)
    assert len(slot) == 4 and int(slot[2:]) in (0, 15, 30, 45)
    assert slot_of(at + timedelta(minutes=15)) != slot

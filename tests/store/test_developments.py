from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.domain.audience import DEFAULTS, Server
from bot.domain.stories import Cursor
from bot.store import articles, developments, follows, important, rollup, search, timelines
from bot.store import tables as t
from bot.store.database import Database
from bot.store.feeds.changing import PAUSE, REMOVE, RESUME, change_feeds
from bot.store.recency import NEWS_AGE
from tests.store.making import NOW, added, ago, defaults, group, judged, save
from tests.support.audience import whose

CONCERN = "border_security"


def titles(found) -> list[str]:
    return [one.articles[0].title for one in found]


def test_developments_are_newest_first_and_each_story_once(database: Database) -> None:
    (alpha,) = defaults(database, "alpha")
    entries = [judged(f"s{n}", "migration", at=ago(hours=n)) for n in range(6)]
    save(database, alpha, *entries)
    group(database, {"s2": "s3", "s0": "s5"})
    found = database.read_sync(developments.latest, DEFAULTS)
    assert titles(found) == ["s0", "s1", "s2", "s4"]
    assert [len(one.articles) for one in found] == [2, 1, 2, 1]
    assert (found[0].first_at, found[0].last_at) == (ago(hours=5), ago(hours=0))


@pytest.mark.parametrize("concern", [None, CONCERN])
def test_pages_follow_each_other_without_gap_or_repeat(database: Database, concern: str | None) -> None:
    (alpha,) = defaults(database, "alpha")
    # Three entries of each second, every third in one story with the one 21 places on.
    entries = [judged(f"s{n:02}", "migration", at=ago(seconds=n // 3)) for n in range(60)]
    save(database, alpha, *entries)
    group(database, {f"s{n:02}": f"s{n + 21:02}" for n in range(0, 36, 3)})
    whole = database.read_sync(developments.latest, DEFAULTS, concern=concern, limit=100)
    paged = []
    before: Cursor | None = None
    while page := database.read_sync(developments.latest, DEFAULTS, concern=concern, before=before, limit=7):
        paged += page
        before = Cursor.parse(page[-1].cursor.text())
    assert [one.story_id for one in paged] == [one.story_id for one in whole]
    assert len({one.story_id for one in whole}) == len(whole) == 48


def test_a_page_may_also_begin_at_a_moment(database: Database) -> None:
    (alpha,) = defaults(database, "alpha")
    save(database, alpha, *(judged(f"s{n}", "migration", at=ago(hours=n)) for n in range(4)))
    group(database)
    assert titles(database.read_sync(developments.latest, DEFAULTS, before=ago(hours=1))) == ["s2", "s3"]


def test_conditions_narrow_both_the_stories_and_their_articles(database: Database) -> None:
    (alpha,) = defaults(database, "alpha")
    save(
        database,
        alpha,
        judged("old", "migration", at=ago(days=9)),
        judged("wall", "migration", at=ago(hours=2)),
        judged("muro", "organized_crime", at=ago(hours=1), language="es"),
    )
    group(database, {"muro": "wall"})
    week = ago(days=7)
    (both,) = database.read_sync(developments.latest, DEFAULTS, since=week)
    assert (titles([both]), both.languages, both.concerns) == (
        ["muro"],
        ("es", "en"),
        ("border_security", "organized_crime"),
    )
    (english,) = database.read_sync(developments.latest, DEFAULTS, since=week, language="en")
    assert titles([english]) == ["wall"]
    (crime,) = database.read_sync(developments.latest, DEFAULTS, concern="organized_crime", language="es")
    assert titles([crime]) == ["muro"]
    assert database.read_sync(developments.latest, DEFAULTS, concern="organized_crime", language="en") == []
    assert titles(database.read_sync(important.candidates, DEFAULTS, week, NOW)) == ["muro"]
    assert titles(database.read_sync(important.candidates, DEFAULTS, week, NOW)) == ["muro"]
    assert len(database.read_sync(important.candidates, DEFAULTS, ago(days=30), NOW)) == 2


def test_a_server_sees_what_its_own_feeds_carried_everywhere(database: Database) -> None:
    alpha, beta = defaults(database, "alpha", "beta")
    own = added(database, 5, "own")
    save(database, alpha, judged("wall", "migration", at=ago(hours=3)))
    save(database, beta, judged("fence", "migration", publisher="Beta", at=ago(hours=2)))
    save(database, own, judged("river", "migration", publisher="Own", at=ago(hours=1)))
    group(database, {"river": "fence"})
    database.write_sync(change_feeds, Server(6), [beta.id], REMOVE, now=NOW)
    database.write_sync(change_feeds, Server(7), [beta.id], PAUSE, now=NOW)
    seen_by = {None: ["fence", "wall"], 5: ["river", "wall"], 6: ["wall"], 7: ["wall"], 8: ["fence", "wall"]}
    story = database.read_sync(developments.latest, Server(5))[0].story_id
    for server, expected in seen_by.items():
        assert titles(database.read_sync(developments.latest, whose(server))) == expected
        assert titles(database.read_sync(developments.latest, whose(server), concern=CONCERN)) == expected
        best = database.read_sync(important.candidates, whose(server), ago(days=1), NOW, CONCERN)
        assert sorted(titles(best)) == expected
        found = [
            word
            for word in ("wall", "fence", "river")
            if database.read_sync(search.search, whose(server), word).best
        ]
        voices = {5: ["wall", "fence", "river"], 6: ["wall"], 7: ["wall"]}
        assert found == voices.get(server, ["wall", "fence"])
        (day,) = database.read_sync(timelines.timeline, whose(server), CONCERN, ago(days=1), NOW)
        assert (day.articles, day.stories) == (len(found), len(expected))
        one = database.read_sync(developments.story, story, whose(server))
        assert (one is None) == (server in (6, 7))
        changed = database.read_sync(developments.changed_between, whose(server), ago(days=1), NOW)
        assert titles(changed) == expected
        telling = database.read_sync(timelines.most_reported_by_day, whose(server), CONCERN, ago(days=1), NOW)
        assert len(telling) == 1
        allowed = database.read_sync(articles.by_url, "https://site.example/river", whose(server))
        if server is not None:
            assert (allowed is not None) == (server == 5)
    database.write_sync(change_feeds, Server(6), [beta.id], RESUME, now=NOW)
    assert titles(database.read_sync(developments.latest, Server(6))) == ["fence", "wall"]


def test_what_changed_is_asked_by_when_we_came_to_know(database: Database) -> None:
    (alpha,) = defaults(database, "alpha")
    save(database, alpha, judged("one", "migration", at=ago(days=5)))
    group(database, now=ago(hours=2))
    save(database, alpha, judged("two", "migration", at=ago(days=6)), judged("same", "migration"))
    group(database, {"same": "one"}, now=ago(hours=1))
    changed = lambda since, until: titles(  # noqa: E731
        database.read_sync(developments.changed_between, DEFAULTS, since, until)
    )
    assert changed(ago(hours=3), ago(hours=2)) == ["same"]
    assert changed(ago(hours=2), ago(hours=1)) == ["two"]
    assert changed(ago(hours=1), NOW) == []


def test_what_was_old_when_it_became_known_is_listed_and_not_news(database: Database) -> None:
    (alpha,) = defaults(database, "alpha")
    late, old = NEWS_AGE - timedelta(hours=1), NEWS_AGE + timedelta(hours=1)
    entries = [judged("late", "migration", at=NOW - late), judged("old", "migration", at=NOW - old)]
    save(database, alpha, *entries, judged("undated", "migration", at=None))
    group(database)
    told = database.read_sync(developments.changed_between, DEFAULTS, ago(days=1), NOW)
    assert titles(told) == ["undated", "late"]
    known = [change.development for change in database.read_sync(follows.changed, DEFAULTS, ago(days=1), NOW)]
    assert sorted(titles(known)) == ["late", "undated"]
    assert titles(database.read_sync(developments.latest, DEFAULTS, since=ago(days=30))) == [
        "undated",
        "late",
        "old",
    ]
    # A young report makes news of an old story.
    save(database, alpha, judged("again", "migration"))
    group(database, {"again": "old"}, facts=("12",))
    told = database.read_sync(developments.changed_between, DEFAULTS, ago(days=1), NOW)
    assert [len(one.articles) for one in told if titles([one]) == ["again"]] == [2]


def test_another_servers_own_feed_is_no_news_to_this_one(database: Database) -> None:
    (alpha,) = defaults(database, "alpha")
    private = added(database, 5, "private")
    save(database, alpha, judged("wall", "migration", at=ago(hours=9)))
    group(database, now=ago(hours=9))
    save(database, private, judged("informant", "migration", publisher="Private"))
    group(database, {"informant": "wall"}, now=ago(hours=1), facts=("name:Marina Avila",))
    since = ago(hours=2)
    for server, expected in ((5, ["informant"]), (8, []), (None, [])):
        assert titles(database.read_sync(developments.changed_between, whose(server), since, NOW)) == expected
        changes = database.read_sync(follows.changed, whose(server), since, NOW)
        assert titles([change.development for change in changes]) == expected


def test_days_and_weeks_are_counted_with_distinct_stories(database: Database) -> None:
    (alpha,) = defaults(database, "alpha")
    # NOW is a Monday: the days before it are in the week before.
    save(database, alpha, *(judged(f"s{n}", "migration", at=ago(days=n)) for n in range(4)))
    group(database, {"s2": "s3"})
    ask = lambda span: [  # noqa: E731
        (str(one.start), one.articles, one.stories)
        for one in database.read_sync(timelines.timeline, DEFAULTS, CONCERN, ago(days=10), NOW, span=span)
    ]
    assert ask(1) == [
        ("2026-02-27", 1, 1),
        ("2026-02-28", 1, 1),
        ("2026-03-01", 1, 1),
        ("2026-03-02", 1, 1),
    ]
    assert ask(7) == [("2026-02-23", 3, 2), ("2026-03-02", 1, 1)]


def test_the_most_reported_story_tells_a_day(database: Database) -> None:
    (alpha,) = defaults(database, "alpha")
    names = {"a": 2, "b": 2, "c": 2, "d": 1}
    save(database, alpha, *(judged(name, "migration", at=ago(days=day)) for name, day in names.items()))
    group(database, {"c": "b", "d": "b"})
    told = database.read_sync(timelines.most_reported_by_day, DEFAULTS, CONCERN, ago(days=9), NOW)
    assert [one.articles[-1].title for _, one in told] == ["b", "a"]
    assert (
        len(database.read_sync(timelines.most_reported_by_day, DEFAULTS, CONCERN, ago(days=9), NOW, limit=1))
        == 1
    )


_days = st.integers(0, 40)
_reports = st.lists(
    st.tuples(_days, st.booleans(), st.booleans(), st.integers(0, 5)), min_size=1, max_size=25
)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(reports=_reports)
def test_the_ready_counts_are_those_of_the_articles(database: Database, reports) -> None:
    (alpha,) = defaults(database, "alpha")
    own = added(database, 5, "own")
    run = f"{id(reports)}-{len(database.read_sync(articles.window, ago(days=400)))}"
    joins = {}
    for number, (day, default, crime, other) in enumerate(reports):
        topics = ("migration", "organized_crime") if crime else ("migration",)
        name = f"{run}-{number}"
        save(database, alpha if default else own, judged(name, *topics, at=ago(days=day)))
        joins[name] = f"{run}-{number - other}" if other else ""
        if number % 7 == 3:
            group(database, joins)
        if number % 5 == 4:
            save(database, alpha, judged(f"{run}-{number - 2}", "migration", at=NOW))
    group(database, joins)
    everything = select(t.concern_span).where(t.concern_span.c.articles > 0)
    kept = database.read_sync(lambda session: set(map(tuple, session.execute(everything))))
    assert kept == counted(database)
    database.write_sync(rollup.rebuild)
    assert database.read_sync(lambda session: set(map(tuple, session.execute(everything)))) == kept
    added(database, 6, "silent")
    asked = (CONCERN, ago(days=60), NOW)
    plain, own_feeds = (
        database.read_sync(timelines.most_reported_by_day, whose(guild), *asked) for guild in (None, 6)
    )
    assert plain == own_feeds


def counted(database: Database) -> set[tuple[str, int, int, int, int, int]]:
    """The counts of every day and week, by hand."""
    concerns = select(t.article_concern).where(t.article_concern.c.common.is_(True))
    stories: dict[tuple[str, int, int], list[int]] = {}
    for row in database.read_sync(lambda session: session.execute(concerns).all()):
        for span in rollup.spans_of(row.concern_id, row.published_at):
            stories.setdefault(span, []).append(row.story_id)
    return {
        (*span, len(found), len(set(found)), max(found, key=lambda one: (found.count(one), one)))
        for span, found in stories.items()
    }

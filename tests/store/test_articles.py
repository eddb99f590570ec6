from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import func, select

from bot.domain.articles import Judged
from bot.domain.audience import DEFAULTS, Server
from bot.feeds.identity import entry_keys
from bot.store import articles, developments, feeds, search, timelines
from bot.store import tables as t
from bot.store.database import Database
from bot.store.known_entries import Status, unseen
from bot.stories.document import Placement
from bot.stories.headlines import lead_article
from tests.store.making import NOW, added, ago, defaults, group, judged, match_of, save, source


def status(database: Database, feed, *entries) -> list[Status]:
    known = database.read_sync(unseen, feed.id, [one.keys for one in entries])
    return [one.status for one in known]


def count(database: Database, table) -> int:
    return database.read_sync(
        lambda session: session.execute(select(func.count()).select_from(table)).scalar()
    )


def reworded(one, title: str):
    entry = replace(one.entry, title=title)
    return replace(one, entry=entry, keys=entry_keys(entry, "Alpha"))


def test_what_matches_becomes_an_article_and_what_does_not_a_fingerprint(database: Database) -> None:
    (alpha,) = defaults(database, "alpha")
    wall, cake = judged("wall", "border_security"), judged("cake")
    assert status(database, alpha, wall, cake) == [Status.NEW, Status.NEW]
    saved = save(database, alpha, wall, cake)
    assert (saved.fresh, saved.matched, saved.edited, saved.sighted) == (2, 1, 0, 0)
    assert status(database, alpha, wall, cake) == [Status.SEEN, Status.SEEN]
    article = database.read_sync(articles.by_url, wall.entry.url)
    assert article is not None
    assert (article.title, article.publisher, article.topics) == ("wall", "Alpha", ("border_security",))
    assert article.match == wall.match
    trace = database.read_sync(articles.trace, cake.entry.url)
    assert trace is not None
    assert (trace.reason, trace.nearest, trace.nearest_score) == ("no_nexus", "migration", 0.3)


def test_saving_again_stores_nothing_new(database: Database) -> None:
    (alpha,) = defaults(database, "alpha")
    entries = [judged(f"story {n}", *(["migration"] if n % 2 else [])) for n in range(20)]
    assert save(database, alpha, *entries).fresh == 20
    again = save(database, alpha, *entries)
    assert (again.fresh, again.matched, again.edited) == (0, 0, 0)
    assert count(database, t.article) == 10
    assert count(database, t.fingerprint) == 10


def test_an_entry_that_a_feed_lists_twice_is_one(database: Database) -> None:
    (alpha,) = defaults(database, "alpha")
    one = judged("wall", "migration")
    other_guid = judged("other", "migration", url=one.entry.url)
    assert save(database, alpha, one, one, other_guid).matched == 1


def test_a_changed_guid_at_the_same_address_is_known(database: Database) -> None:
    (alpha,) = defaults(database, "alpha")
    one = judged("wall", "migration", title="Wall")
    save(database, alpha, one)
    assert status(database, alpha, judged("renamed", url=one.entry.url, title="Wall")) == [Status.SEEN]


def test_an_edit_is_a_revision_and_not_news(database: Database) -> None:
    (alpha,) = defaults(database, "alpha")
    first = judged("wall", "border_security", title="Wall begun")
    save(database, alpha, first)
    group(database)
    edited = reworded(first, "Wall halted")
    assert status(database, alpha, edited) == [Status.EDITED]
    saved = save(database, alpha, edited, now=NOW + timedelta(hours=1))
    assert (saved.fresh, saved.matched, saved.edited) == (0, 0, 1)
    (development,) = database.read_sync(developments.latest, DEFAULTS)
    assert development.articles[0].title == "Wall halted"
    assert development.articles[0].first_seen_at == NOW
    assert development.revision == 1
    assert [hit.article.title for hit in database.read_sync(search.search, DEFAULTS, "halted").best] == [
        "Wall halted"
    ]
    assert database.read_sync(search.search, DEFAULTS, "begun").best == ()
    before = database.read_sync(lambda session: session.execute(select(t.article_revision)).one())
    assert (before.title, before.number) == ("Wall begun", 1)


def test_a_guid_that_is_used_again_loses_neither_article(database: Database) -> None:
    """Sites number their items; the new first item is not the old one, and both can be edited later."""
    (alpha,) = defaults(database, "alpha")
    one = judged("wall", "migration", title="Governor begins a border wall", url="https://site.example/101")
    two = judged("aid", "migration", title="Senate votes on police aid", url="https://site.example/102")

    def first_item(judged_entry: Judged, title: str = "") -> Judged:
        old = judged_entry.entry
        entry = replace(old, guid="1", title=title or old.title)
        return replace(judged_entry, entry=entry, keys=entry_keys(entry, "Alpha"))

    save(database, alpha, first_item(one))
    assert save(database, alpha, first_item(two)).matched == 1
    assert status(database, alpha, first_item(one), first_item(two)) == [Status.SEEN, Status.SEEN]
    assert save(database, alpha, first_item(two, "Senate votes down police aid")).edited == 1
    titles = {database.read_sync(articles.by_url, one.entry.url).title for one in (one, two)}
    assert titles == {"Governor begins a border wall", "Senate votes down police aid"}


def test_an_edit_that_would_not_match_keeps_the_article_and_its_topics(database: Database) -> None:
    (alpha,) = defaults(database, "alpha")
    first = judged("wall", "border_security")
    save(database, alpha, first)
    save(database, alpha, replace(reworded(first, "Cake"), match=match_of()))
    article = database.read_sync(articles.by_url, first.entry.url)
    assert article.topics == ("border_security",)
    assert article.match.topic_ids == ("border_security",)
    assert article.match.topics[0].findings == ()


def test_a_feed_that_changes_an_entry_at_each_poll_does_not_fill_the_disk(database: Database) -> None:
    (alpha,) = defaults(database, "alpha")
    first = judged("wall", "border_security")
    for number in range(30):
        save(database, alpha, reworded(first, f"Wall {number}"))
    assert count(database, t.article_revision) == 20
    assert database.read_sync(articles.by_url, first.entry.url).title == "Wall 29"


def test_an_entry_that_did_not_match_is_judged_again_when_its_text_changed(database: Database) -> None:
    (alpha,) = defaults(database, "alpha")
    first = judged("cake")
    save(database, alpha, first)
    changed = replace(reworded(first, "Cake thrown at the wall"), match=match_of("border_security"))
    assert status(database, alpha, changed) == [Status.CHANGED]
    saved = save(database, alpha, changed)
    assert (saved.fresh, saved.matched) == (0, 1)
    assert count(database, t.fingerprint) == 0
    still_not = reworded(judged("pie"), "Pie")
    save(database, alpha, judged("pie"))
    save(database, alpha, replace(still_not, match=match_of()))
    assert count(database, t.fingerprint) == 1


def test_each_feeds_own_cut_of_an_entry_is_judged_once(database: Database) -> None:
    """Two feeds of one publisher that cut the same text at different lengths: neither undoes the other."""
    whole, *sections = defaults(database, "Whole", "Metro", "Border")
    long = judged("Chile harvest begins with a festival in Hatch")
    cuts = {whole.id: long} | {
        feed.id: reworded(long, f"Chile harvest begins {feed.publisher}") for feed in sections
    }
    for feed in (whole, *sections):
        save(database, feed, cuts[feed.id])
    for feed in (whole, *sections):
        assert status(database, feed, cuts[feed.id]) == [Status.SEEN]
        assert status(database, feed, reworded(long, "Chile harvest ends")) == [Status.CHANGED]
    assert count(database, t.fingerprint) == 1


def test_an_article_that_a_second_feed_carries_is_sighted_and_not_doubled(database: Database) -> None:
    alpha, beta = defaults(database, "alpha", "beta")
    one = judged("wall", "migration")
    save(database, alpha, one)
    shorter = reworded(one, "Wa…")
    assert status(database, beta, shorter) == [Status.ELSEWHERE]
    saved = save(database, beta, shorter)
    assert (saved.fresh, saved.edited, saved.sighted) == (0, 0, 1)
    assert status(database, beta, shorter) == [Status.SEEN]
    assert database.read_sync(articles.by_url, one.entry.url).title == "wall"


def test_dates_in_the_future_and_missing_ones_are_the_time_of_arrival(database: Database) -> None:
    (alpha,) = defaults(database, "alpha")
    late = judged("late", "migration", at=NOW + timedelta(days=400))
    none = judged("none", "migration", at=None)
    save(database, alpha, late, none, judged("old", "migration", at=ago(days=3)))
    group(database)
    found = database.read_sync(developments.latest, DEFAULTS)
    assert {one.articles[0].title: one.last_at for one in found} == {
        "late": NOW,
        "none": NOW,
        "old": ago(days=3),
    }


def test_text_that_an_engine_cannot_keep_is_kept_without_what_it_cannot(database: Database) -> None:
    (alpha,) = defaults(database, "alpha")
    hostile = judged("h", "migration", title="a\0b \ud800 ñ 🌮 ' \" ; DROP", summary="x" * 500_000)
    assert save(database, alpha, hostile, judged("n\0o", title="\udfff")).fresh == 2
    group(database)
    (found,) = database.read_sync(search.search, DEFAULTS, "drop ñ").best
    assert found.article.title == "ab ? ñ 🌮 ' \" ; DROP"


def test_a_backlog_is_grouped_in_the_order_of_its_publishing(database: Database) -> None:
    alpha, beta = defaults(database, "alpha", "beta")
    save(database, alpha, judged("four", "migration"), judged("two", "migration", at=ago(hours=2)))
    more = [judged("three", "migration", at=ago(hours=1)), judged("one", "migration", at=ago(hours=3))]
    save(database, beta, *more)
    assert [one.title for one in database.read_sync(articles.ungrouped)] == ["one", "two", "three", "four"]


def test_grouping_gives_stories_their_founders_id_and_is_safe_to_repeat(database: Database) -> None:
    alpha, beta = defaults(database, "alpha", "beta")
    save(database, alpha, judged("one", "migration", at=ago(hours=3)), judged("two", "migration"))
    save(database, beta, judged("uno", "migration", "organized_crime", publisher="Beta", language="es"))
    first, second, third = database.read_sync(articles.ungrouped)
    assert [one.title for one in (first, second, third)] == ["one", "two", "uno"]
    assert first.concepts == ("wall", "tijuana")
    batch = [
        (first.id, Placement(None, "new")),
        (second.id, Placement(None, "new", also=((first.id, 0.2),), score=0.3)),
        (third.id, Placement(first.id, "cross_language", facts=("12 dead",))),
    ]
    placed = database.write_sync(articles.place, batch, now=NOW)
    assert placed == {first.id: first.id, second.id: second.id, third.id: first.id}
    assert database.write_sync(articles.place, batch, now=NOW) == placed
    assert database.read_sync(articles.ungrouped) == []
    assert [(one.id, story) for one, story in database.read_sync(articles.window, ago(days=1))] == [
        (first.id, first.id),
        (second.id, second.id),
        (third.id, first.id),
    ]
    development = database.read_sync(developments.story, first.id, DEFAULTS)
    assert development.concerns == ("border_security", "organized_crime")
    assert (development.publishers, development.languages) == (("Beta", "Alpha"), ("es", "en"))
    assert lead_article(development, "en").title == "one"
    assert [one.title for one in development.other_outlets(lead_article(development, "en"))] == ["uno"]
    assert [
        (one.number, one.reason, one.added) for one in database.read_sync(developments.revisions, first.id)
    ] == [
        (1, "new", ()),
        (2, "cross_language", ("12 dead",)),
    ]
    assert [one.story_id for one in database.read_sync(developments.links, first.id)] == [second.id]


def test_a_story_that_repeats_what_is_known_has_no_new_revision(database: Database) -> None:
    alpha, _ = defaults(database, "alpha", "beta")
    save(database, alpha, judged("one", "migration"), judged("two", "migration"))
    group(database, {"two": "one"})
    (development,) = database.read_sync(developments.latest, DEFAULTS)
    assert (len(development.articles), development.revision) == (2, 1)


def test_placing_into_a_story_that_is_not_there_founds_one(database: Database) -> None:
    (alpha,) = defaults(database, "alpha")
    save(database, alpha, judged("one", "migration"))
    (document,) = database.read_sync(articles.ungrouped)
    placed = database.write_sync(articles.place, [(document.id, Placement(12345, "same_event"))], now=NOW)
    assert placed == {document.id: document.id}
    assert database.write_sync(articles.place, [(999, Placement(None, "new"))], now=NOW) == {}


def test_what_an_added_feed_brought_becomes_common_when_a_default_feed_carries_it(database: Database) -> None:
    (alpha,) = defaults(database, "alpha")
    own = added(database, 5, "own")
    one = judged("wall", "migration")
    save(database, own, one)
    group(database)
    assert database.read_sync(developments.latest, DEFAULTS) == []
    assert len(database.read_sync(developments.latest, Server(5))) == 1
    save(database, alpha, one)
    assert len(database.read_sync(developments.latest, DEFAULTS)) == 1
    (day,) = database.read_sync(timelines.timeline, DEFAULTS, "border_security", ago(days=1), NOW)
    assert (day.articles, day.stories) == (1, 1)


def test_a_feed_that_becomes_a_default_brings_its_articles_along(database: Database) -> None:
    own = added(database, 5, "own")
    save(database, own, judged("wall", "migration"))
    group(database)
    assert database.read_sync(developments.latest, Server(6)) == []
    database.write_sync(feeds.sync_catalog, [source("own")], NOW)
    assert len(database.read_sync(developments.latest, Server(6))) == 1

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from bot.domain.audience import DEFAULTS, Member
from bot.store import articles, developments, housekeeping, important, news, rollup, stories
from bot.store import tables as t
from bot.store.database import Database
from bot.stories.document import Placement
from tests.store.making import NOW, ago, defaults, group, judged, save

MEMBER = Member(42)


def three(database: Database) -> tuple[int, int, int]:
    """Three stories of one article each, a day apart."""
    (alpha,) = defaults(database, "alpha")
    names = ("one", "two", "three")
    save(database, alpha, *(judged(name, "migration", at=ago(days=day)) for day, name in enumerate(names)))
    ids = group(database, now=ago(hours=2))
    return ids["one"], ids["two"], ids["three"]


def take(database: Database) -> news.UnreadNews:
    found = database.write_sync(news.unread, MEMBER, DEFAULTS, now=NOW)
    database.write_sync(news.mark_read, MEMBER, DEFAULTS, found.receipt, now=NOW)
    return found


def test_a_merged_story_has_the_articles_and_the_dates_of_both(database: Database) -> None:
    one, two, three_ = three(database)
    assert database.write_sync(stories.merge, one, two) == one
    assert database.write_sync(stories.merge, one, two) == one
    assert database.write_sync(stories.merge, two, three_) == one
    whole = database.read_sync(developments.story, two, DEFAULTS)
    assert whole == database.read_sync(developments.story, three_, DEFAULTS)
    assert [article.title for article in whole.articles] == ["one", "two", "three"]
    row = database.read_sync(
        lambda session: session.execute(select(t.story).where(t.story.c.id == one)).one()
    )
    assert (row.articles, row.first_at, row.last_at) == (3, ago(days=2), NOW)
    assert database.read_sync(stories.current, three_) == one
    assert len(database.read_sync(developments.latest, DEFAULTS, concern="border_security")) == 1
    assert {story for _, story in database.read_sync(articles.window, ago(days=9))} == {one}
    assert database.write_sync(stories.merge, one, 999) is None


def test_a_story_begins_with_its_earliest_report_also_if_that_comes_later(database: Database) -> None:
    (alpha,) = defaults(database, "alpha")
    save(database, alpha, judged("one", "migration", at=ago(hours=2)))
    group(database)
    save(database, alpha, judged("two", "migration", at=ago(hours=9)), judged("three", "migration"))
    group(database, {"two": "one", "three": "one"})
    times = select(t.story.c.first_at, t.story.c.last_at)
    assert database.read_sync(lambda session: tuple(session.execute(times).one())) == (ago(hours=9), NOW)


def test_counts_follow_a_merge(database: Database) -> None:
    _, two, three_ = three(database)
    database.write_sync(stories.merge, three_, two)
    spans = select(t.concern_span)
    kept = database.read_sync(lambda session: set(map(tuple, session.execute(spans))))
    database.write_sync(rollup.rebuild)
    assert database.read_sync(lambda session: set(map(tuple, session.execute(spans)))) == kept
    found = database.read_sync(important.candidates, DEFAULTS, ago(days=9), NOW, "border_security")
    assert len(found) == 2


def test_nobody_is_told_again_of_what_was_merged_and_nothing_untold_is_lost(database: Database) -> None:
    one, two, _ = three(database)
    assert len(take(database).stories) == 3
    database.write_sync(stories.merge, one, two)
    assert take(database).stories == ()
    alpha = defaults(database, "alpha")[0]
    save(database, alpha, judged("late", "migration"))
    late = group(database)["late"]
    database.write_sync(stories.merge, one, late)
    (change,) = take(database).stories
    assert change.development.story_id == one
    assert take(database).stories == ()


def test_what_was_learned_before_a_merge_is_in_the_digest_after_it(database: Database) -> None:
    one, two, _ = three(database)
    alpha = defaults(database, "alpha")[0]
    save(database, alpha, judged("more", "migration"))
    group(database, {"more": "two"}, now=ago(hours=1), facts=("12 dead",))
    database.write_sync(stories.merge, one, two)
    changed = database.read_sync(developments.changed_between, DEFAULTS, ago(minutes=90), NOW)
    assert [development.story_id for development in changed] == [one]
    assert [one.added for one in database.read_sync(developments.revisions, one)] == [(), (), ("12 dead",)]


def test_an_article_that_shows_two_stories_to_be_one_merges_them(database: Database) -> None:
    one, two, three_ = three(database)
    alpha = defaults(database, "alpha")[0]
    save(
        database, alpha, judged("four", "migration"), judged("five", "migration"), judged("six", "migration")
    )
    four, five, six = (document.id for document in database.read_sync(articles.ungrouped))
    batch = [
        (four, Placement(None, "new")),
        (five, Placement(one, "same_event", merges=(two, four, one))),
        (six, Placement(two, "same_event", merges=(three_, 999))),
    ]
    assert database.write_sync(articles.place, batch, now=NOW) == {four: one, five: one, six: one}
    whole = database.read_sync(developments.story, three_, DEFAULTS)
    assert {article.id for article in whole.articles} == {one, two, three_, four, five, six}
    assert database.write_sync(articles.place, batch, now=NOW) == {four: one, five: one, six: one}


def test_a_retired_story_takes_those_along_that_were_merged_into_it(database: Database) -> None:
    one, two, _ = three(database)
    database.write_sync(stories.merge, one, two)
    take(database)
    later = NOW + timedelta(days=30)
    assert database.write_sync(housekeeping.retire_articles, later, now=later) == 3
    for table in (t.story, t.story_revision, t.ledger, t.article_concern, t.sighting):
        left = select(table)
        assert database.read_sync(lambda session, q=left: session.execute(q).all()) == []

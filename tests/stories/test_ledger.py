from __future__ import annotations

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.stories.ledger import Chain, Revision, Story, find_unread, merge, split


def story(id: int, *articles: int) -> Story:
    revisions = tuple(Revision(n, article, (f"term:{article}",)) for n, article in enumerate(articles, 1))
    return Story(id, (Chain(id, revisions, len(revisions)),))


def test_new_then_changed_then_nothing() -> None:
    first = find_unread([story(1, 10)], {})
    assert [one.story_id for one in first.new] == [1] and not first.changed
    second = find_unread([story(1, 10, 11)], first.marks)
    assert not second.new
    assert [r.article_id for r in second.changed[0].revisions] == [11]
    assert [r.article_id for r in second.changed[0].known] == [10]
    third = find_unread([story(1, 10, 11)], {**first.marks, **second.marks})
    assert (third.new, third.changed, dict(third.marks)) == ((), (), {})


def test_a_merge_repeats_nothing_and_loses_nothing() -> None:
    one, other = story(1, 10, 11), story(2, 20, 21)
    told = {1: 1, 2: 2}
    news = find_unread([merge(one, other)], told)
    assert [r.article_id for r in news.changed[0].revisions] == [11]


def test_a_split_repeats_nothing_and_loses_nothing() -> None:
    stays, goes, (marks,) = split(story(1, 10, 11, 12, 13), {11, 13}, {10, 12}, [99], [{1: 2}])
    news = find_unread([stays, goes], marks)
    assert [r.article_id for one in (*news.new, *news.changed) for r in one.revisions] == [12, 13]


def test_a_half_without_revisions_gets_one() -> None:
    stays, goes, (marks,) = split(story(1, 10), {11}, {10}, [99], [{1: 1}])
    assert [(one.story_id, one.revisions[0].reason) for one in find_unread([stays, goes], marks).new] == [
        (99, "split")
    ]
    stays, goes, (marks,) = split(story(1, 10), {10}, {11}, [99], [{1: 1}])
    news = find_unread([stays, goes], marks)
    assert [r.article_id for one in (*news.new, *news.changed) for r in one.revisions] == [11]


def test_a_split_wants_articles_and_free_ids() -> None:
    with pytest.raises(ValueError, match="articles"):
        split(story(1, 10), {10}, set(), [99])
    with pytest.raises(ValueError, match="free id"):
        split(story(1, 10, 11), {10}, {11}, [1])


class Readers(RuleBasedStateMachine):
    """Articles, merges and splits in any order, readers who ask at any time, restarts between any two."""

    @initialize()
    def start(self) -> None:
        self.next = 1
        self.stories: dict[int, Story] = {}
        self.articles: dict[int, set[int]] = {}
        self.marks: list[dict[int, int]] = [{}, {}, {}]
        self.told: list[list[tuple[int, str]]] = [[], [], []]
        self.made: set[tuple[int, str]] = set()

    def fresh(self) -> int:
        self.next += 1
        return self.next

    @rule()
    def new_story(self) -> None:
        id = self.fresh()
        self.stories[id] = story(id, id)
        self.articles[id] = {id}
        self.made.add((id, ""))

    @precondition(lambda self: self.stories)
    @rule(data=st.data(), news=st.booleans())
    def article(self, data: st.DataObject, news: bool) -> None:
        id = data.draw(st.sampled_from(sorted(self.stories)))
        article = self.fresh()
        self.articles[id].add(article)
        if news:
            own, *rest = self.stories[id].chains
            grown = Chain(own.id, (*own.revisions, Revision(own.last + 1, article)), own.last + 1)
            self.stories[id] = Story(id, (grown, *rest))
            self.made.add((article, ""))

    @precondition(lambda self: len(self.stories) > 1)
    @rule(data=st.data())
    def merge_two(self, data: st.DataObject) -> None:
        kept, gone = data.draw(st.permutations(sorted(self.stories)))[:2]
        self.stories[kept] = merge(self.stories[kept], self.stories.pop(gone))
        self.articles[kept] |= self.articles.pop(gone)

    @precondition(lambda self: any(len(articles) > 1 for articles in self.articles.values()))
    @rule(data=st.data())
    def split_one(self, data: st.DataObject) -> None:
        id = data.draw(st.sampled_from([i for i, a in sorted(self.articles.items()) if len(a) > 1]))
        articles = sorted(self.articles[id])
        moved = set(
            data.draw(
                st.lists(st.sampled_from(articles), min_size=1, max_size=len(articles) - 1, unique=True)
            )
        )
        rest = set(articles) - moved
        ids = [self.fresh() for _ in self.stories[id].chains]
        stays, goes, marks = split(self.stories[id], moved, rest, ids, self.marks)
        self.stories[id], self.stories[goes.id] = stays, goes
        self.articles[id], self.articles[goes.id] = rest, moved
        self.marks = [dict(one) for one in marks]
        self.made |= {(r.article_id, r.reason) for s in (stays, goes) for c in s.chains for r in c.revisions}

    @precondition(lambda self: self.stories)
    @rule(reader=st.integers(0, 2), data=st.data())
    def ask(self, reader: int, data: st.DataObject) -> None:
        """A reader asks about some stories: a concern, say."""
        some = data.draw(st.lists(st.sampled_from(sorted(self.stories)), unique=True))
        self._tell(reader, [self.stories[id] for id in some])

    def _tell(self, reader: int, stories: list[Story]) -> None:
        news = find_unread(stories, self.marks[reader])
        self.told[reader] += [
            (revision.article_id, revision.reason)
            for one in (*news.new, *news.changed)
            for revision in one.revisions
        ]
        self.marks[reader].update(news.marks)

    @invariant()
    def nothing_is_told_twice(self) -> None:
        for told in self.told:
            plain = [one for one in told if one[1] == ""]
            assert len(plain) == len(set(plain))

    def teardown(self) -> None:
        if not hasattr(self, "stories"):
            return
        standing = {
            (r.article_id, r.reason) for s in self.stories.values() for c in s.chains for r in c.revisions
        }
        for reader, told in enumerate(self.told):
            self._tell(reader, list(self.stories.values()))
            assert standing <= set(told)
            plain = [one for one in told if one[1] == ""]
            assert len(plain) == len(set(plain))


Readers.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestReaders = Readers.TestCase

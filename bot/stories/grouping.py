"""Streaming grouping of articles by event. Pure: it holds a window of articles in memory and opens nothing.

The method, and where its constants come from: docs/method-stories.md. What a grouper remembers depends only
on which articles belong to which stories, not on the order in which it was told nor on what it forgot in
between: one rebuilt after a restart decides as the old one would have.
"""

from __future__ import annotations

import heapq
from bisect import bisect_left, insort
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.stories import cues, evidence, forms, joining
from bot.stories.claims import Earlier, mark, new_steps, new_voice
from bot.stories.conflict import conflict, one_pattern, same_amount, same_toll, tally, tells_count
from bot.stories.document import Document, Placement
from bot.stories.evidence import insert, remove, shared_evidence
from bot.stories.features import Features, features
from bot.stories.following import surely_follows
from bot.stories.grams import gram_similarity
from bot.stories.joining import Decision, Likeness, decide, rivalry
from bot.stories.novelty import Known, facts
from bot.stories.reading import bare_title
from bot.stories.story_overrides import MergeConstraint, StoryOverrides
from bot.stories.turns import next_turn
from bot.stories.vectors import add, damped, likeness, overlap
from bot.stories.window import WindowArticle, WindowQuery, WindowStory

#: Share of words and of names and figures in the likeness; measured on ECB+ (pair F1 .842 and .846 alone,
#: .871 together).
TERMS_SHARE, NAMES_SHARE = 0.65, 0.35
#: Two stories that one article could join are one if they are this alike themselves, and if no more than
#: these days lie between the middle reports of both: merging fixes what the order of arrival tore apart, and
#: a report that looks back on Sunday's threat and Thursday's order must not make one event of both.
MERGE, MERGE_GAP_DAYS = 0.16, 1.0
#: Share of the matcher's concepts and of the titles' cognates on top, where the languages differ.
CONCEPTS_SHARE, COGNATES_SHARE = 0.1, 0.1
#: What reports of two outlets must share to be one event in spite of titles of one pattern: two rare words.
PARAPHRASE_OWN = 5.0
#: What two reports share by one toll of one place, and how much liker that or one amount makes them, told
#: within ``conflict.TOLL_DAYS``.
TOLL_EVIDENCE, COUNT_LIKENESS = 2.0, 0.1
#: Headlines alone: letter pieces' cosine at which two are one event.
GRAMS_JOIN = 0.45
#: Equal titles are one text from this many words on; shorter ones may be a column's name.
SAME_TITLE_WORDS = 5
#: … and within this many days: "What we know so far" comes back.
SAME_TITLE_DAYS = 3
#: Articles whose stories are compared in full: with ``evidence.POSTINGS_READ`` it bounds the work of a
#: placement, whatever the window holds.
CANDIDATES = 24
#: Words by which they are looked up, the weightiest: a long summary's other words find nothing more.
CANDIDATE_WORDS = 20
#: Reports of a story that a new one is held against for what it corrects or adds, the newest.
EARLIER_READ = 30

_DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class _Verdict:
    story: int
    nearest: int
    score: float
    reason: str
    pair: Likeness


class Grouper:
    """Places articles into stories, among those of its window.

    ``constraints`` are what admins decided, ``apart`` the pairs of stories that follow from it.
    """

    def __init__(
        self, constraints: Iterable[MergeConstraint] = (), apart: Iterable[tuple[int, int]] = ()
    ) -> None:
        self._articles: dict[int, WindowArticle] = {}
        self._stories: dict[int, WindowStory] = {}
        self._postings: dict[str, list[int]] = {}
        self._titles: dict[str, list[int]] = {}
        self._terms_spread: dict[str, int] = {}
        self._names_spread: dict[str, int] = {}
        self._overrides = StoryOverrides(constraints, apart)

    def __len__(self) -> int:
        """Articles in the window."""
        return len(self._articles)

    # What is remembered

    def add(self, document: Document, story_id: int) -> None:
        """Remember that ``document`` belongs to ``story_id``; said again, it replaces what was said."""
        if document.id in self._articles:
            self._drop(document.id)
        found = features(document)
        article = WindowArticle(
            document, story_id, document.at.timestamp(), found.short, found.form == forms.DIGEST
        )
        self._articles[document.id] = article
        self._count(article, found, 1)
        for word in _indexed(found):
            insert(self._postings.setdefault(word, []), document.id)
        insert(self._titles.setdefault(found.title_key, []), document.id)

    def move(self, article_id: int, story_id: int) -> None:
        """Put an article of the window into another story. One that is not in the window stays unknown."""
        if article := self._articles.get(article_id):
            found = features(article.document)
            self._count(article, found, -1)
            article.story = story_id
            self._count(article, found, 1)

    def merge(self, kept: int, gone: int) -> None:
        """Put every article of story ``gone`` into ``kept``."""
        for article_id in sorted(self._stories[gone].articles) if gone in self._stories else ():
            self.move(article_id, kept)
        self._overrides.story_merged(kept, gone)

    def forget_before(self, moment: datetime) -> int:
        """Drop the articles published before ``moment``; how many they were."""
        limit = moment.timestamp()
        old = [article_id for article_id, article in self._articles.items() if article.at < limit]
        for article_id in old:
            self._drop(article_id)
        return len(old)

    def _drop(self, article_id: int) -> None:
        article = self._articles.pop(article_id)
        found = features(article.document)
        for word in _indexed(found):
            remove(self._postings, word, article_id)
        remove(self._titles, found.title_key, article_id)
        self._count(article, found, -1)

    def _count(self, article: WindowArticle, found: Features, sign: int) -> None:
        """Add an article to its story's sums, or take it away; a story without articles is no more."""
        story = self._stories.setdefault(article.story, WindowStory())
        story.terms_square += add(story.terms, found.terms, sign, self._terms_spread)
        story.names_square += add(story.names, found.names, sign, self._names_spread)
        tally(story.languages, (found.language,), sign)
        story.tally.count(found, sign)
        story.official += sign * article.document.official
        if sign > 0:
            story.articles.add(article.document.id)
            insort(story.times, article.at)
        else:
            story.articles.remove(article.document.id)
            del story.times[bisect_left(story.times, article.at)]
            if not story.articles:
                del self._stories[article.story]

    # What is decided

    def place(self, document: Document) -> Placement:
        """Where ``document`` belongs. Changes nothing.

        A document of the window may be placed again (after an edit): it is compared with the others.
        """
        for partner in self._overrides.partners(document.id):
            if (pinned := self._articles.get(partner)) is not None:
                added = self._added(document, features(document), pinned.story)
                return Placement(pinned.story, "pinned", 1.0, partner, facts=added)
        if (known := self._articles.get(document.id)) is not None:
            self._count(known, features(known.document), -1)
            placement = self._placed(document)
            self._count(known, features(known.document), 1)
            return placement
        return self._placed(document)

    def followed(self, document: Document) -> int | None:
        """The article whose story a document that is not relevant by itself surely goes on with."""
        query = self._query(document)
        if (same := self._same_title(query)) is not None:
            return same.document.id
        best = next((one for one in self._verdicts(query) if one.reason in joining.JOINING), None)
        return best.nearest if best is not None and surely_follows(best.pair) else None

    def _placed(self, document: Document) -> Placement:
        query = self._query(document)
        found = query.features
        if (same := self._same_title(query)) is not None:
            added = self._added(document, found, same.story)
            return Placement(same.story, "same_title", 1.0, same.document.id, facts=added)
        verdicts = self._verdicts(query)
        joins = [v for v in verdicts if v.reason in joining.JOINING]
        links = tuple((v.story, round(v.score, 3)) for v in verdicts if v.reason == "also")
        if not joins:
            if not verdicts:
                return Placement(None, "new")
            best = verdicts[0]
            reason = "conflict" if best.reason == "conflict" else "new"
            return Placement(None, reason, round(best.score, 3), best.nearest, links)
        best = joins[0]
        told = [v for v in joins[1:] if min(v.pair.own, best.pair.own) >= joining.LEAST_OWN]
        first = features(self._articles[best.nearest].document)
        told = [v for v in told if not one_pattern(first, features(self._articles[v.nearest].document))]
        one = [best.story, *(v.story for v in told if self._mergeable(best.story, v.story))]
        # The oldest story's number stands, so that links and what readers were told stay good.
        kept = min(one)
        return Placement(
            kept,
            best.reason,
            round(best.score, 3),
            best.nearest,
            also=tuple(link for link in links if link[0] not in one),
            facts=self._added(document, found, best.story),
            merges=tuple(sorted(story for story in one if story != kept)),
        )

    def _query(self, document: Document) -> WindowQuery:
        found = features(document)
        return WindowQuery(
            document,
            found,
            damped(found.terms, self._terms_spread),
            damped(found.names, self._names_spread),
            document.at.timestamp(),
            frozenset(document.concepts),
        )

    def _added(self, document: Document, found: Features, story_id: int) -> tuple[str, ...]:
        story = self._stories[story_id]
        known = Known(
            terms=story.terms,
            names=story.names,
            killed=story.tally.tolls,
            hurt=story.tally.hurt,
            languages=story.languages,
            official=story.official > 0,
        )
        earlier = self._earlier(document, story)
        marked, steps = mark(document, found, earlier), new_steps(document, found, earlier)
        return facts(document, found, known, marked, steps, new_voice(found, earlier))

    def _earlier(self, document: Document, story: WindowStory) -> list[Earlier]:
        """The newest reports of a story published before ``document``, oldest first."""
        own = (self._articles[one].document for one in story.articles if one != document.id)
        before = sorted((one for one in own if one.at <= document.at), key=lambda one: (one.at, one.id))
        return [(one, features(one)) for one in before[-EARLIER_READ:]]

    def _same_title(self, query: WindowQuery) -> WindowArticle | None:
        """The newest article with the very title, if it is long enough to be no column's name."""
        key = query.features.title_key
        if key.count(" ") + 1 < SAME_TITLE_WORDS:
            return None
        for article_id in reversed(self._titles.get(key, ())):
            article = self._articles[article_id]
            if article_id == query.document.id:
                continue
            if abs(article.at - query.at) > SAME_TITLE_DAYS * _DAY:
                continue
            if not self._overrides.apart(query.document.id, self._stories[article.story].articles):
                return article
        return None

    def _verdicts(self, query: WindowQuery) -> list[_Verdict]:
        """A verdict on each story near the query, best first."""
        near = self._candidates(query)
        found = shared_evidence(query.features, near, self._postings, self._terms_spread, self._names_spread)
        nearest: dict[int, int] = {}
        shared: dict[int, list[tuple[float, ...]]] = {}
        for article_id in near:
            story = self._articles[article_id].story
            nearest.setdefault(story, article_id)
            shared.setdefault(story, []).append(tuple(found[article_id]))
        pairs = {}
        for story, article_id in nearest.items():
            if self._overrides.apart(query.document.id, self._stories[story].articles):
                continue
            whole = evidence.of_story(shared[story], len(self._stories[story].articles))
            pairs[story] = self._compared(query, self._articles[article_id], whole)
        verdicts = []
        for story in pairs:
            decision = self._decided(story, pairs)
            verdicts.append(_Verdict(story, nearest[story], decision.score, decision.reason, pairs[story]))
        return sorted(verdicts, key=lambda v: (-v.score, -v.nearest))

    def _decided(self, story: int, pairs: dict[int, Likeness]) -> Decision:
        """What becomes of a report beside ``story``, seeing how like it is to the other stories.

        A story that should be one with this is no other: what the order of arrival tore apart comes together.
        """
        alone = decide(pairs[story])
        if not alone.joins or len(pairs) == 1:
            return alone
        own = pairs[story]
        others = sorted((-rivalry(own, pair), other) for other, pair in pairs.items() if other != story)
        decision = decide(replace(pairs[story], rival=-others[0][0]))
        if decision.joins:
            return decision
        rival = next((-score for score, other in others if not self._mergeable(story, other)), 0.0)
        return decide(replace(pairs[story], rival=rival))

    def _candidates(self, query: WindowQuery) -> list[int]:
        """Articles that share the weightiest words, best first."""
        hits: dict[int, float] = {}
        shares = ((weight * query.features.terms[word], word) for word, weight in query.terms.items())
        for share, word in heapq.nlargest(CANDIDATE_WORDS, shares):
            for hit in self._postings.get(word, ())[-evidence.POSTINGS_READ :]:
                hits[hit] = hits.get(hit, 0.0) + share
        hits.pop(query.document.id, None)
        best = heapq.nlargest(CANDIDATES, zip(hits.values(), hits, strict=True))
        return [hit for _, hit in best]

    def _compared(self, query: WindowQuery, article: WindowArticle, shared: tuple[float, ...]) -> Likeness:
        """How a report compares with the story of ``article``, the nearest to it."""
        story = self._stories[article.story]
        score = TERMS_SHARE * likeness(query.terms, story.terms, story.terms_square)
        score += NAMES_SHARE * likeness(query.names, story.names, story.names_square)
        found = query.features
        cross = found.language not in story.languages
        if cross and score >= joining.LINK / 2:  # with less, what follows would not make a link of it
            score += COGNATES_SHARE * _grams(query.document, article.document)
            score += CONCEPTS_SHARE * overlap(query.concepts, frozenset(article.document.concepts))
        elif not cross and (found.short or article.short):
            grams = _grams(query.document, article.document)
            score = max(score, grams * joining.JOIN / GRAMS_JOIN) if grams >= GRAMS_JOIN else score
        own, acts, places = shared
        title = other_title = 0.0
        turn = False
        # Reading another report costs most where the window is large: for few, and for what may come of it.
        if score >= joining.LEAST_JOIN - COUNT_LIKENESS * tells_count(found):
            other, days = features(article.document), abs(query.at - article.at) / _DAY
            if same_toll(found, other, days):
                own += TOLL_EVIDENCE
                score += COUNT_LIKENESS
            elif same_amount(found, other, days):
                score += COUNT_LIKENESS  # that both share it is in the evidence
        corrects = query.corrects(article)
        if score >= joining.LEAST_JOIN or corrects:
            other = features(article.document)
            turn = next_turn(found, other)
            title, other_title = evidence.title_shared(found, other), evidence.title_shared(other, found)
        return Likeness(
            score,
            own,
            acts,
            places,
            story.seconds_from(query.at) / _DAY,
            cross=cross,
            short=found.short or article.short,
            loose=story.looseness,
            corrects=corrects,
            title=title,
            other_title=other_title,
            same_outlet=query.same_outlet(article),
            takes_back=query.takes_back,
            turn=turn,
            follows=bool(found.title_cues & cues.FOLLOWING or found.cues & cues.CORRECTING),
            conflict=self._conflict(query, article, story, score, own),
            form=forms.DIGEST if article.digest else found.form,
        )

    def _conflict(
        self, query: WindowQuery, article: WindowArticle, story: WindowStory, score: float, own: float
    ) -> str:
        """What keeps a report out of a story that it is like enough to be compared with in full."""
        if score < joining.LEAST_JOIN:
            return ""
        # Two outlets that fill one pattern with other words on one day, and share more, tell one event.
        day = abs(query.at - article.at) <= _DAY
        paraphrases = day and own >= PARAPHRASE_OWN and query.other_outlet(article)
        other = features(article.document)
        return conflict(
            query.features, story.tally, story.terms, other, paraphrases=paraphrases, same_day=day
        )

    def _mergeable(self, one: int, other: int) -> bool:
        if one == other or self._overrides.stories_apart(one, other):
            return False
        small, large = self._stories[one], self._stories[other]
        if (len(small.terms), one) > (len(large.terms), other):
            small, large = large, small
        if self._overrides.any_apart(small.articles, large.articles):
            return False
        if abs(small.middle - large.middle) > MERGE_GAP_DAYS * _DAY:
            return False
        # Sorted, because a story's own order hangs on the order in which its articles came.
        terms = damped(dict(sorted(small.terms.items())), self._terms_spread)
        names = damped(dict(sorted(small.names.items())), self._names_spread)
        alike = TERMS_SHARE * likeness(terms, large.terms, large.terms_square)
        return alike + NAMES_SHARE * likeness(names, large.names, large.names_square) >= MERGE


def _indexed(found: Features) -> set[str]:
    """The words and figures by which an article is found."""
    return {*found.terms, *found.evidence}


def _grams(one: Document, other: Document) -> float:
    return gram_similarity(
        bare_title(one.title), one.language[:2], bare_title(other.title), other.language[:2]
    )

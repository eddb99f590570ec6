"""Events with their official documents: reports make the event, and a document joins it without changing it.

A document is never a report. Its words do not become the story's, it draws no reports together, and two
events that speak of one order stay two. So it is held apart from what ``Grouper`` compares: it is attached
to the story that tells of it, or stands alone until a report of it comes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.sources.numbers import numbers_in, shown_number
from bot.stories.document import Document, Placement
from bot.stories.grouping import Grouper
from bot.stories.pairing import Pairing, paired
from bot.stories.reading import bare_title, title_key
from bot.stories.story_overrides import MergeConstraint

#: Two documents of one title are one document in two places, as an order on its signer's site and in the
#: register.
SAME_TITLE_WORDS = 5


@dataclass(slots=True)
class _Held:
    document: Document
    story: int


class EventGrouper(Grouper):
    """As ``Grouper``, with official documents (``Document.primary``) beside the reports."""

    def __init__(
        self, constraints: Iterable[MergeConstraint] = (), apart: Iterable[tuple[int, int]] = ()
    ) -> None:
        super().__init__(constraints, apart)
        self._held: dict[int, _Held] = {}
        self._numbered: dict[str, set[int]] = {}

    def __len__(self) -> int:
        """Reports and documents in the window."""
        return super().__len__() + len(self._held)

    def add(self, document: Document, story_id: int) -> None:
        """Remember that ``document`` belongs to ``story_id``; said again, it replaces what was said."""
        if document.primary:
            self._held[document.id] = _Held(document, story_id)
            return
        super().add(document, story_id)
        for number in _numbers(document):
            self._numbered.setdefault(number, set()).add(document.id)

    def move(self, article_id: int, story_id: int) -> None:
        """Put an article of the window into another story. One that is not in the window stays unknown."""
        if (held := self._held.get(article_id)) is not None:
            held.story = story_id
        else:
            super().move(article_id, story_id)

    def merge(self, kept: int, gone: int) -> None:
        """Put every article of story ``gone`` into ``kept``."""
        super().merge(kept, gone)
        for held in self._held.values():
            if held.story == gone:
                held.story = kept

    def forget_before(self, moment: datetime) -> int:
        """Drop the articles published before ``moment``; how many they were."""
        old = [id for id, held in self._held.items() if held.document.at < moment]
        for id in old:
            del self._held[id]
        dropped = super().forget_before(moment)
        if dropped:
            left = ((number, ids & self._articles.keys()) for number, ids in self._numbered.items())
            self._numbered = {number: ids for number, ids in left if ids}
        return dropped + len(old)

    def place(self, document: Document) -> Placement:
        """Where ``document`` belongs. Changes nothing."""
        if document.primary:
            return self._of_document(document)
        return self._with_waiting(document, super().place(document))

    def _of_document(self, document: Document) -> Placement:
        for partner in self._overrides.partners(document.id):
            story = self._story_of(partner)
            if story is not None:
                return Placement(story, "pinned", 1.0, partner)
        story, nearest, found = self._story_told_of(document)
        if story is None:
            return Placement(None, "new")
        first = not any(one.story == story for one in self._held.values() if one.document.id != document.id)
        name = shown_number(f"{document.title}\n{document.summary}") or document.publisher
        return Placement(
            story, "document", round(found.score, 3), nearest, facts=(f"document:{name}",) if first else ()
        )

    def _story_told_of(self, document: Document) -> tuple[int | None, int | None, Pairing]:
        """The story that tells of a document, by its nearest report, or that holds the same document."""
        best: tuple[int | None, int | None, Pairing] = (None, None, Pairing(0.0))
        near = set(self._candidates(self._query(document)))
        for number in _numbers(document):
            near |= self._numbered.get(number, set())
        for id in sorted(near):
            article = self._articles[id]
            found = paired(document, article.document, self._terms_spread)
            if found.score > best[2].score and self._may_join(document.id, article.story):
                best = article.story, id, found
        if best[0] is not None:
            return best
        for id, held in sorted(self._held.items()):
            if id != document.id and _same_document(document, held.document):
                return held.story, id, Pairing(1.0, "number")
        return best

    def _with_waiting(self, report: Document, placement: Placement) -> Placement:
        """``placement`` with the documents that stand alone and that ``report`` tells of."""
        told = [
            (found.score, id, held.story)
            for id, held in self._held.items()
            if held.story not in self._stories
            and (found := paired(held.document, report, self._terms_spread)).score > 0
            and not self._overrides.apart(report.id, {id})
        ]
        if not told:
            return placement
        score, nearest, _ = max(told)
        stories = {story for _, _, story in told} | {placement.story} - {None}
        kept = min(one for one in stories if one is not None)
        gone = {one for one in (*stories, *placement.merges) if one is not None and one != kept}
        if placement.story is None:
            # The first report of a document that stood alone is news, whatever it says.
            facts = (f"reported:{report.publisher}",)
            placement = replace(
                placement, reason="document", score=round(score, 3), nearest=nearest, facts=facts
            )
        return replace(placement, story=kept, merges=tuple(sorted(gone)))

    def _story_of(self, article_id: int) -> int | None:
        if (held := self._held.get(article_id)) is not None:
            return held.story
        article = self._articles.get(article_id)
        return article.story if article is not None else None

    def _may_join(self, document_id: int, story: int) -> bool:
        return not self._overrides.apart(document_id, self._stories[story].articles)


def _numbers(document: Document) -> tuple[str, ...]:
    return numbers_in(f"{document.title}\n{document.summary}")


def _same_document(one: Document, other: Document) -> bool:
    """Whether two documents are one, published in two places: one title, or an order's or law's number."""
    key = title_key(bare_title(one.title))
    if key.count(" ") + 1 >= SAME_TITLE_WORDS and key == title_key(bare_title(other.title)):
        return one.language == other.language
    same = set(_numbers(one)) & set(_numbers(other))
    return any(number.startswith(("eo:", "proclamation:", "law:", "fr:")) for number in same)

"""How many independent sources report a story: families of publishers and news agencies, not feeds. Pure.

One agency's text in five papers is one source, and so are two feeds of one house and two papers of one owner
(``publishers.yaml``). In a set of 13,000 claims
of corroboration a third was of this kind (docs/method-stories.md).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from bot.stories.document import Document
from bot.stories.features import features
from bot.stories.publishers import family_of, known_publishers
from bot.stories.reading import title_key

#: How an agency's text is signed.
_CREDIT = (
    r"(?:\((?:{0})\)|[-–—]\s*(?:{0})\s*[-–—]|^(?:{0})\s*[-–—:.]|[/|]\s*(?:{0})\s*$|"
    r"\s[-–—]\s(?:{0})\s*$|(?i:con información de|información de|vía|agencia|por|by(?: the)?|"
    r"from(?: the)?|courtesy of)\s+(?:{0})\b)"
)


@cache
def _signed() -> dict[str, re.Pattern[str]]:
    lent = {**known_publishers().wires, **known_publishers().syndicated}
    return {name: re.compile(_CREDIT.format(forms), re.MULTILINE) for name, forms in lent.items()}


#: Share of words that two texts have in common from which they are one text, slightly edited.
SAME_TEXT = 0.75


@dataclass(frozen=True, slots=True)
class IndependentSource:
    """Who reports: an agency (``wire``) or a ``publisher``, and the articles that carry it."""

    name: str
    kind: str
    article_ids: tuple[int, ...]


def agency(document: Document) -> str:
    """The agency or other lender that signs a text, or whose own it is; empty for any other paper's own."""
    for name, signed in _signed().items():
        if document.publisher.casefold() == name.casefold() or any(
            signed.search(text) for text in (document.publisher, document.title, document.summary)
        ):
            return name
    return ""


def independent_sources(documents: Sequence[Document]) -> tuple[IndependentSource, ...]:
    """The independent sources of a story, most articles first, then by name.

    Articles with one text count as one source, though different papers print it and none signs it; the
    source has the name of the first.
    """
    ordered = sorted(documents, key=lambda d: (d.at, d.id))
    leaders: list[tuple[Document, str, frozenset[str]]] = []
    names: dict[int, tuple[str, str]] = {}
    for document in ordered:
        wire = agency(document)
        name = family_of(wire or document.publisher)
        kind = "wire" if wire in known_publishers().wires else "publisher"
        text = frozenset(features(document).terms)
        for leader, title, terms in leaders:
            if not wire and (title == title_key(document.title) or _shared(terms, text) >= SAME_TEXT):
                name, kind = names[leader.id]
                break
        names[document.id] = (name, kind)
        leaders.append((document, title_key(document.title), text))
    grouped: dict[tuple[str, str], list[int]] = {}
    for document in ordered:
        grouped.setdefault(names[document.id], []).append(document.id)
    printed = {document.id: document.publisher for document in ordered}
    found = []
    for (name, kind), ids in grouped.items():
        names_of_papers = {printed[id] for id in ids if family_of(printed[id]) == name}
        # A family has its own name only where several of it report.
        shown = names_of_papers.pop() if kind == "publisher" and len(names_of_papers) == 1 else name
        found.append(IndependentSource(shown, kind, tuple(ids)))
    return tuple(sorted(found, key=lambda source: (-len(source.article_ids), source.name)))


def _shared(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other) if one and other else 0.0

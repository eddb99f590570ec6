"""Which step of a policy a headline may tell of, by its words of status. A person decides whether it does."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from unicodedata import normalize

from bot.record import STATUS_AFTER
from bot.topics.checks import TaxonomyError, a_list, known_keys, mapping, read_yaml
from bot.topics.fold import fold, fold_phrase

ACTS = Path(__file__).with_name("policy_acts.yaml")
LANGUAGES = ("en", "es")
#: The statuses that a court gives, of all that headlines tell.
RULINGS = ("enjoined", "upheld", "struck_down")
DOCUMENT_READ = 600
"""Characters of a document's summary: further down it tells the history of what it changes."""

#: "Two years (after)": a length of time belongs to the background that it opens.
_SPAN = re.compile(r"(?:\w+ )?(?:years?|months?|weeks?|days?|hours?|anos?|mes|meses|semanas?|dias?|horas?)")

#: "(Remain in Mexico) to (resume)": what is still to come.
_INTENT = re.compile(r"\bto $")


class StepWords:
    """The words of status in headlines, ready to be found. Holds no state between headlines."""

    def __init__(self, raw: Any) -> None:
        top = mapping(raw, ACTS.name)
        known_keys(
            top, {"courts", "open", "asked", "background", "statuses", "court", "documents"}, ACTS.name
        )
        self._courts = _pattern(_words(top["courts"], "courts"))
        self._open = _pattern(_words(top["open"], "open"))
        asked = "|".join(str(word) for word in a_list(top["asked"], f"{ACTS.name}.asked"))
        self._asked = re.compile(rf"\b(?:{asked})\b", re.IGNORECASE)
        self._background = _pattern(_words(top["background"], "background"))
        self._plain = _by_status(top["statuses"], "statuses")
        self._of_courts = _by_status(top["court"], "court")
        self._of_documents = _by_status(top["documents"], "documents")

    @classmethod
    def load(cls) -> StepWords:
        """The words that ship with the package. Raises TaxonomyError with the key at fault."""
        return cls(read_yaml(ACTS))

    def proposed(self, title: str) -> str | None:
        """The status of the step that ``title`` tells, or None: no word of status, or of several, or a doubt.

        Where a court is named, its words come first: what a court suspends is blocked, and not suspended.
        """
        if "?" in title or "¿" in title or self._asked.search(normalize("NFC", title)):
            return None
        text = self._act(title)
        if self._open.search(text):
            return None
        found = _found(self._of_courts, text) if self._courts.search(text) else {}
        taken = list(found.values())
        for status, span in _found(self._plain, text).items():
            # A word that a court's act has taken tells nothing else.
            if not any(_within(span, other) for other in taken):
                found[status] = span
        # "Lifts block" is not also "lifts".
        own = {
            status: span
            for status, span in found.items()
            if not any(span != other and _within(span, other) for other in found.values())
        }
        if len(own) != 1 or any(_INTENT.search(text, 0, start) for start, _ in own.values()):
            return None
        return next(iter(own))

    def _act(self, title: str) -> str:
        """What a headline tells first, folded and without its background.

        "Title 42 ends after three years" ends before "after"; "After ruling, Title 42 ends" begins behind the
        comma.
        """
        text = " ".join(fold(title).text.split())
        background = self._background.search(text)
        if background is None:
            return text
        first = text[: background.start()].strip()
        if first and not _SPAN.fullmatch(first):
            return first
        return " ".join(fold(title.partition(",")[2]).text.split())

    def of_document(self, title: str, summary: str) -> str | None:
        """The status of the step that an official document is: by its title, else by its first lines.

        None where neither has a word of status, or one has words of several.
        """
        for text in (title, summary[:DOCUMENT_READ]):
            found = _found(self._of_documents, " ".join(fold(text).text.split()))
            if found:
                return next(iter(found)) if len(found) == 1 else None
        return None


def _found(patterns: Mapping[str, re.Pattern[str]], text: str) -> dict[str, tuple[int, int]]:
    """The statuses of which ``text`` has a word, each with where its first one stands."""
    hits = {status: pattern.search(text) for status, pattern in patterns.items()}
    return {status: hit.span() for status, hit in hits.items() if hit}


def _within(inner: tuple[int, int], outer: tuple[int, int]) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def _by_status(raw: Any, key: str) -> dict[str, re.Pattern[str]]:
    block = mapping(raw, f"{ACTS.name}.{key}")
    for status in block:
        if status not in STATUS_AFTER:
            raise TaxonomyError(f"{ACTS.name}.{key}.{status}", "is no status of a step")
    return {status: _pattern(_words(words, f"{key}.{status}")) for status, words in block.items()}


def _words(raw: Any, key: str) -> list[str]:
    block = mapping(raw, f"{ACTS.name}.{key}")
    known_keys(block, set(LANGUAGES), f"{ACTS.name}.{key}")
    return [
        str(word) for language in LANGUAGES for word in a_list(block.get(language, []), f"{key}.{language}")
    ]


def _pattern(words: Iterable[str]) -> re.Pattern[str]:
    """Any of the words as whole words of a folded text, the longest first."""
    folded = sorted({" ".join(fold_phrase(word)) for word in words}, key=len, reverse=True)
    return re.compile(r"\b(?:" + "|".join(map(re.escape, folded)) + r")\b")

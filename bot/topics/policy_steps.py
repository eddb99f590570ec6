"""Which step of a policy a headline may tell of, by its words of status. A person decides whether it does."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from bot.record import STATUS_AFTER
from bot.topics.checks import TaxonomyError, a_list, known_keys, mapping, read_yaml
from bot.topics.fold import fold, fold_phrase

ACTS = Path(__file__).with_name("policy_acts.yaml")
LANGUAGES = ("en", "es")
DOCUMENT_READ = 600
"""Characters of a document's summary: further down it tells the history of what it changes."""


class StepWords:
    """The words of status in headlines, ready to be found. Holds no state between headlines."""

    def __init__(self, raw: Any) -> None:
        top = mapping(raw, ACTS.name)
        known_keys(top, {"courts", "open", "statuses", "court", "documents"}, ACTS.name)
        self._courts = _pattern(_words(top["courts"], "courts"))
        self._open = _pattern(_words(top["open"], "open"))
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
        if "?" in title or "¿" in title:
            return None
        text = " ".join(fold(title).text.split())
        if self._open.search(text):
            return None
        found = _found(self._of_courts, text) if self._courts.search(text) else {}
        taken = set(found.values())
        for status, words in _found(self._plain, text).items():
            # A word that a court's act has taken tells nothing else.
            if words not in taken:
                found[status] = words
        return next(iter(found)) if len(found) == 1 else None

    def of_document(self, title: str, summary: str) -> str | None:
        """The status of the step that an official document is: by its title, else by its first lines.

        None where neither has a word of status, or one has words of several.
        """
        for text in (title, summary[:DOCUMENT_READ]):
            found = _found(self._of_documents, " ".join(fold(text).text.split()))
            if found:
                return next(iter(found)) if len(found) == 1 else None
        return None


def _found(patterns: Mapping[str, re.Pattern[str]], text: str) -> dict[str, str]:
    """The statuses of which ``text`` has a word, each with the word."""
    hits = {status: pattern.search(text) for status, pattern in patterns.items()}
    return {status: hit[0] for status, hit in hits.items() if hit}


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

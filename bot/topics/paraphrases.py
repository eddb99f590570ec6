"""Find the policies that a headline tells of without their names: words that together mean one policy."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.topics.checks import TaxonomyError, a_list, known_keys, mapping, read_yaml
from bot.topics.fold import fold_phrase

PARAPHRASES = Path(__file__).with_name("policy_paraphrases.yaml")
LANGUAGES = ("en", "es")
#: The mark of a word that stands for every word that begins so.
BEGINNING = "*"
#: Letters by which the words of a title are held against those of all paraphrases before any is looked for.
HEAD = 3
#: The mark of the name of a set, which stands for all of its words.
SET = "$"


@dataclass(frozen=True, slots=True)
class Paraphrase:
    """A headline tells of ``policy`` where each of ``groups`` is found in it and ``never`` is not.

    ``heads`` are for each group the first ``HEAD`` letters of its options.
    """

    policy: str
    groups: tuple[re.Pattern[str], ...]
    heads: tuple[frozenset[str], ...]
    never: re.Pattern[str] | None

    def span(self, text: str) -> tuple[int, int] | None:
        """From the first of its words in a folded text to the last, or None where one is missing."""
        starts, ends = [], []
        for group in self.groups:
            if (hit := group.search(text)) is None:
                return None
            starts.append(hit.start())
            ends.append(hit.end())
        if self.never is not None and self.never.search(text):
            return None
        return min(starts), max(ends)


def load_paraphrases(path: Path = PARAPHRASES) -> dict[str, tuple[Paraphrase, ...]]:
    """The paraphrases of all policies by language. Raises TaxonomyError with the key at fault."""
    found: dict[str, list[Paraphrase]] = {language: [] for language in LANGUAGES}
    whole = dict(mapping(read_yaml(path), path.name))
    words = _Words(mapping(whole.pop("sets", {}), f"{path.name}.sets"))
    for policy, raw in whole.items():
        block = mapping(raw, f"{path.name}.{policy}")
        known_keys(block, set(LANGUAGES), f"{path.name}.{policy}")
        for language, patterns in block.items():
            key = f"{path.name}.{policy}.{language}"
            for index, pattern in enumerate(a_list(patterns, key)):
                found[language].append(_paraphrase(policy, pattern, words, f"{key}[{index}]"))
    return {language: tuple(patterns) for language, patterns in found.items()}


def find_paraphrases(paraphrases: tuple[Paraphrase, ...], words: list[str]) -> Iterator[tuple[int, int, str]]:
    """Each policy that the folded words of a headline tell of: its first word, one past its last, its id."""
    text = " ".join(words)
    begun = {word[:HEAD] for word in words}
    for paraphrase in paraphrases:
        heads = paraphrase.heads
        if heads[0].isdisjoint(begun) or any(map(begun.isdisjoint, heads)):
            continue
        if (span := paraphrase.span(text)) is not None:
            yield text.count(" ", 0, span[0]), text.count(" ", 0, span[1]) + 1, paraphrase.policy


class _Words:
    """Reads lists of words, some of them by the name of a set."""

    def __init__(self, sets: Mapping[str, Any]) -> None:
        self._sets = sets

    def any_of(self, raw: Any, key: str) -> tuple[re.Pattern[str], frozenset[str]]:
        """Any of the words between commas, as whole words of a folded text, and the heads of these words.

        The comma of a figure ("10,000") divides nothing.
        """
        options = {self._option(word, key) for word in self._words(raw, key)}
        heads = frozenset(option.split(r"\ ")[0].removesuffix(r"\w*")[:HEAD] for option in options)
        return re.compile(rf"\b(?:{'|'.join(sorted(options, key=len, reverse=True))})\b"), heads

    def _words(self, raw: Any, key: str) -> Iterator[str]:
        for word in re.split(r",\s+", str(raw)):
            if not word.startswith(SET) or word[1:2].isdigit():
                yield word
            elif word[1:] in self._sets:
                yield from re.split(r",\s+", str(self._sets[word[1:]]))
            else:
                raise TaxonomyError(key, f"{word} is the name of no set")

    @staticmethod
    def _option(word: str, key: str) -> str:
        folded = " ".join(fold_phrase(word.replace(BEGINNING, "")))
        if not folded:
            raise TaxonomyError(key, f"{word!r} holds no letter")
        if not word.endswith(BEGINNING):
            return re.escape(folded)
        if len(folded) < HEAD:
            raise TaxonomyError(key, f"{word!r} is too short a beginning")
        return re.escape(folded) + r"\w*"


def _paraphrase(policy: str, raw: Any, words: _Words, key: str) -> Paraphrase:
    block = mapping(raw, key)
    known_keys(block, {"all", "none"}, key)
    groups = [words.any_of(group, f"{key}.all") for group in a_list(block.get("all", []), f"{key}.all")]
    if not groups:
        raise TaxonomyError(f"{key}.all", "missing")
    patterns, heads = tuple(found for found, _ in groups), tuple(begun for _, begun in groups)
    never = words.any_of(block["none"], f"{key}.none")[0] if "none" in block else None
    return Paraphrase(policy, patterns, heads, never)

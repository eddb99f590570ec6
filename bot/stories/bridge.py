"""One key for a word and its partner in the other language."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources

from bot.stories.stems import stem

Forms = tuple[dict[str, str], dict[str, str]]


def parse(text: str) -> dict[str, Forms]:
    """Language → (whole word → key, prefix → key), from lines ``name: English forms | Spanish forms``.

    The first line that lists a form keeps it. Raises ValueError for a line without both halves.
    """
    tables: dict[str, Forms] = {"en": ({}, {}), "es": ({}, {})}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        name, colon, forms = line.partition(":")
        english, bar, spanish = forms.partition("|")
        if not (colon and bar):
            raise ValueError(f"bridge line {number}: wanted 'name: English | Spanish'")
        for language, half in (("en", english), ("es", spanish)):
            whole, prefixes = tables[language]
            for form in half.split():
                target = prefixes if form.endswith("*") else whole
                target.setdefault(form.rstrip("*"), f"={name.strip()}")
    return tables


@lru_cache(maxsize=1)
def _tables() -> dict[str, Forms]:
    return parse(resources.files("bot.stories").joinpath("bridge.txt").read_text("utf-8"))


def meanings() -> dict[str, dict[str, tuple[str, ...]]]:
    """Each key's forms by language, as they are listed: whole words, and ``begin*`` for any ending."""
    found: dict[str, dict[str, list[str]]] = {}
    for language, (whole, prefixes) in _tables().items():
        for form, name in (*whole.items(), *((f"{prefix}*", name) for prefix, name in prefixes.items())):
            found.setdefault(name, {"en": [], "es": []})[language].append(form)
    return {name: {tongue: tuple(forms) for tongue, forms in one.items()} for name, one in found.items()}


#: No prefix in the list is shorter: three letters would catch words of other meanings.
_SHORTEST_PREFIX = 3


def key(word: str, language: str) -> str:
    """The key of a folded word: ``=name`` of its meaning, else its stem.

    A word of a third language is looked up nowhere and keeps its own form.
    """
    tables = _tables().get(language)
    if tables is not None:
        whole, prefixes = tables
        if found := whole.get(word):
            return found
        for length in range(len(word), _SHORTEST_PREFIX - 1, -1):
            if found := prefixes.get(word[:length]):
                return found
    return stem(word, language)

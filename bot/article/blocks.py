"""Blocks of YAML keys, read strictly: every fault is collected and named by the path of its key."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import yaml

from bot.article.brief import Bilingual

LANGUAGES = ("en", "es")
ID = re.compile(r"[a-z][a-z0-9_]*")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class KeyFault:
    """One thing that is wrong: ``key`` is its path, such as ``concerns[1].questions[0].es``."""

    key: str
    problem: str

    def __str__(self) -> str:
        return f"{self.key}: {self.problem}"


class Faults:
    """The faults of one reading, in the order in which they were found."""

    def __init__(self) -> None:
        self.found: list[KeyFault] = []

    def add(self, key: str, problem: str) -> None:
        """Note a fault, unless it lies in a block that is itself missing or at fault."""
        if not any(key.startswith(f"{fault.key}.") for fault in self.found):
            self.found.append(KeyFault(key, problem))


def load_strictly(text: str) -> object:
    """What the YAML in ``text`` holds. Raises yaml.YAMLError, also for a key that is given twice."""
    return yaml.load(text, Loader=_StrictLoader)


if TYPE_CHECKING:
    _Loader = yaml.SafeLoader
else:
    # PyYAML's reader in C, several times as fast, where its wheel has it; it limits how deep blocks may nest.
    _Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _StrictLoader(_Loader):
    """A safe loader that refuses a key given twice, which YAML forbids and PyYAML lets pass.

    A date stays the text that it is, so that it need not stand in quotation marks.
    """

    yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, object]:
        seen = set()
        for key_node, _ in node.value:
            key = key_node.value if isinstance(key_node, yaml.ScalarNode) else None
            if key is None or key in seen:
                problem = f"the key “{key}” is given twice" if key else "a key is not plain text"
                raise yaml.constructor.ConstructorError(None, None, problem, key_node.start_mark)
            seen.add(key)
        return super().construct_mapping(node, deep)


class Block:
    """A block of keys at a path. Asking for a key marks it as known; ``close`` refuses the others."""

    def __init__(self, raw: object, path: str, faults: Faults) -> None:
        self.path = path
        self.faults = faults
        self._known: set[str] = set()
        self._raw: dict[str, object] = {}
        if isinstance(raw, dict):
            self._raw = {str(key): value for key, value in raw.items()}
        else:
            faults.add(path, "missing" if raw is None else "should be a block of keys")

    def key(self, name: str) -> str:
        """The path of the key ``name`` of this block."""
        return f"{self.path}.{name}" if self.path else name

    def has(self, name: str) -> bool:
        """Whether the key is there and holds something."""
        self._known.add(name)
        return self._raw.get(name) is not None

    def is_text(self, name: str, text: str) -> bool:
        """Whether the key holds just this text."""
        return self.has(name) and self._raw[name] == text

    def text(self, name: str, longest: int | None = None) -> str:
        """One line or paragraph of text; empty after a fault."""
        if not self.has(name):
            self.faults.add(self.key(name), "missing")
            return ""
        value = self._raw[name]
        if not isinstance(value, str):
            self.faults.add(self.key(name), "should be text (put it in quotation marks)")
            return ""
        text = " ".join(value.split())
        if not text:
            self.faults.add(self.key(name), "empty")
        if longest is not None and len(text) > longest:
            self.faults.add(self.key(name), f"has {len(text)} characters; at most {longest} fit")
        return text

    def perhaps_text(self, name: str, longest: int | None = None) -> str:
        """A text, or an empty one where the key is left out."""
        return self.text(name, longest) if self.has(name) else ""

    def number(self, name: str) -> int:
        """A whole number above zero; zero after a fault."""
        value = self._raw.get(name) if self.has(name) else None
        if isinstance(value, bool) or not isinstance(value, int) or value <= 0:
            self.faults.add(
                self.key(name), "missing" if value is None else "should be a whole number above 0"
            )
            return 0
        return value

    def both(self, name: str, longest: int | None = None) -> Bilingual:
        """A text in both languages."""
        return both(self.block(name), longest)

    def perhaps_both(self, name: str, longest: int | None = None) -> Bilingual | None:
        """A text in both languages, or None where the key is left out."""
        return self.both(name, longest) if self.has(name) else None

    def block(self, name: str) -> Block:
        """The block of keys under ``name``."""
        self._known.add(name)
        return Block(self._raw.get(name), self.key(name), self.faults)

    def blocks(self, name: str, make: Callable[[Block], T]) -> tuple[T, ...]:
        """A list with at least one block in it, each made into a value."""
        made = []
        for index, item in enumerate(self._items(name)):
            block = Block(item, f"{self.key(name)}[{index}]", self.faults)
            if isinstance(item, dict):
                made.append(make(block))
                block.close()
        return tuple(made)

    def choice(self, name: str, known: Iterable[str]) -> str:
        """A text that is one of ``known``."""
        value = self.text(name)
        if value and value not in known:
            self.faults.add(self.key(name), f"“{value}” is none of {', '.join(known)}")
        return value

    def words(self, name: str, pattern: re.Pattern[str], known: Iterable[str] | None) -> tuple[str, ...]:
        """A list of ids, each of them in ``known`` where that is given."""
        items = self._items(name)
        for index, item in enumerate(items):
            key = f"{self.key(name)}[{index}]"
            if not isinstance(item, str) or not pattern.fullmatch(item):
                self.faults.add(key, f"“{item}” is not an id (small letters, digits and _)")
            elif known is not None and item not in known:
                self.faults.add(key, f"“{item}” is none of {', '.join(known)}")
        return tuple(str(item) for item in items)

    def texts(self, name: str, longest: int) -> tuple[str, ...]:
        """A list of texts, none of them empty; an empty list where the key is left out."""
        if not self.has(name):
            return ()
        items = self._items(name)
        for index, item in enumerate(items):
            if not isinstance(item, str) or not 0 < len(item.strip()) <= longest:
                self.faults.add(f"{self.key(name)}[{index}]", f"should be text of 1 to {longest} characters")
        return tuple(" ".join(str(item).split()) for item in items)

    def close(self) -> None:
        """Refuse the keys that nothing asked for."""
        for name in self._raw:
            if name not in self._known:
                self.faults.add(self.key(name), "unknown key")

    def _items(self, name: str) -> list[object]:
        items = self._raw.get(name)
        self._known.add(name)
        if isinstance(items, list) and items:
            return items
        self.faults.add(self.key(name), "missing" if items is None else "should be a list")
        return []


def both(block: Block, longest: int | None = None) -> Bilingual:
    """The text in both languages that a block of ``en`` and ``es`` holds."""
    text = Bilingual(*(block.text(language, longest) for language in LANGUAGES))
    block.close()
    return text

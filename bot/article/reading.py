"""Reading ``brief.yaml``: strict, and every fault named by the key at fault."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TypeVar

import yaml

from bot.article.brief import (
    CONCERN_OF_TOPIC,
    CONCERNS,
    ArticleSource,
    Bilingual,
    Brief,
    Concern,
    DatedEvent,
    Institution,
    Person,
    Question,
    Reference,
    Section,
)

LANGUAGES = ("en", "es")
ORIGINS = ("author", "background")
INSTITUTION_KINDS = ("institution", "programme", "agreement", "actor")

#: Discord shows at most 100 characters of a select's label and of the line under it.
_LABEL = 100
_ID = re.compile(r"[a-z][a-z0-9_]*")
_WAY = re.compile(rf"{_ID.pattern}(?: [|+] {_ID.pattern})*")
_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
_LINES = 5

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class BriefFault:
    """One thing that is wrong: ``key`` is its path, such as ``concerns[1].questions[0].es``."""

    key: str
    problem: str

    def __str__(self) -> str:
        return f"{self.key}: {self.problem}"


class BriefError(Exception):
    """The brief cannot be used; ``faults`` names each key at fault."""

    code = "brief_faults"

    def __init__(self, faults: Iterable[BriefFault]) -> None:
        self.faults = tuple(faults)
        super().__init__(self.faults)

    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults)


@cache
def load_brief() -> Brief:
    """The brief that comes with the bot, read once. Raises BriefError if it is at fault."""
    return read_brief(files("bot.article").joinpath("brief.yaml").read_text(encoding="utf-8"))


def read_brief(text: str) -> Brief:
    """The brief in ``text``, which is YAML. Raises BriefError with all faults."""
    try:
        raw = yaml.load(text, Loader=_StrictLoader)
    except yaml.YAMLError as error:
        raise BriefError([BriefFault("brief.yaml", " ".join(str(error).split()))]) from error
    if not isinstance(raw, dict):
        raise BriefError([BriefFault("brief.yaml", "should be a block of keys")])
    reading = _Reading()
    brief = reading.brief(_Block(raw, "", reading))
    if reading.faults:
        raise BriefError(reading.faults)
    return brief


class _StrictLoader(yaml.SafeLoader):
    """A safe loader that refuses a key given twice, which YAML forbids and PyYAML lets pass."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, object]:
        seen = set()
        for key_node, _ in node.value:
            key = key_node.value if isinstance(key_node, yaml.ScalarNode) else None
            if key is None or key in seen:
                problem = f"the key “{key}” is given twice" if key else "a key is not plain text"
                raise yaml.constructor.ConstructorError(None, None, problem, key_node.start_mark)
            seen.add(key)
        return super().construct_mapping(node, deep)


class _Block:
    """A block of keys at a path. Asking for a key marks it as known; ``close`` refuses the others."""

    def __init__(self, raw: object, path: str, reading: _Reading) -> None:
        self.path = path
        self._reading = reading
        self._known: set[str] = set()
        self._raw: dict[str, object] = {}
        if isinstance(raw, dict):
            self._raw = {str(key): value for key, value in raw.items()}
        else:
            reading.fault(path, "missing" if raw is None else "should be a block of keys")

    def key(self, name: str) -> str:
        return f"{self.path}.{name}" if self.path else name

    def has(self, name: str) -> bool:
        self._known.add(name)
        return self._raw.get(name) is not None

    def text(self, name: str, longest: int | None = None) -> str:
        """One line or paragraph of text; empty after a fault."""
        if not self.has(name):
            self._reading.fault(self.key(name), "missing")
            return ""
        value = self._raw[name]
        if not isinstance(value, str):
            self._reading.fault(self.key(name), "should be text (put it in quotation marks)")
            return ""
        text = " ".join(value.split())
        if not text:
            self._reading.fault(self.key(name), "empty")
        if longest is not None and len(text) > longest:
            self._reading.fault(self.key(name), f"has {len(text)} characters; at most {longest} fit")
        return text

    def both(self, name: str, longest: int | None = None) -> Bilingual:
        """A text in both languages."""
        return _both(self.block(name), longest)

    def perhaps_both(self, name: str) -> Bilingual | None:
        """A text in both languages, or None where the key is left out."""
        return self.both(name) if self.has(name) else None

    def block(self, name: str) -> _Block:
        """The block of keys under ``name``."""
        self._known.add(name)
        return _Block(self._raw.get(name), self.key(name), self._reading)

    def blocks(self, name: str, make: Callable[[_Block], T]) -> tuple[T, ...]:
        """A list with at least one block in it, each made into a value."""
        items = self._raw.get(name)
        self._known.add(name)
        if not isinstance(items, list) or not items:
            self._reading.fault(self.key(name), "missing" if items is None else "should be a list")
            return ()
        made = []
        for index, item in enumerate(items):
            block = _Block(item, f"{self.key(name)}[{index}]", self._reading)
            if isinstance(item, dict):
                made.append(make(block))
                block.close()
        return tuple(made)

    def choice(self, name: str, known: Iterable[str]) -> str:
        """A text that is one of ``known``."""
        value = self.text(name)
        if value and value not in known:
            self._reading.fault(self.key(name), f"“{value}” is none of {', '.join(known)}")
        return value

    def words(self, name: str, pattern: re.Pattern[str], known: Iterable[str] | None) -> tuple[str, ...]:
        """A list of ids, each of them in ``known`` where that is given."""
        items = self._raw.get(name)
        self._known.add(name)
        if not isinstance(items, list) or not items:
            self._reading.fault(self.key(name), "missing" if items is None else "should be a list")
            return ()
        for index, item in enumerate(items):
            key = f"{self.key(name)}[{index}]"
            if not isinstance(item, str) or not pattern.fullmatch(item):
                self._reading.fault(key, f"“{item}” is not an id (small letters, digits and _)")
            elif known is not None and item not in known:
                self._reading.fault(key, f"“{item}” is none of {', '.join(known)}")
        return tuple(str(item) for item in items)

    def close(self) -> None:
        for name in self._raw:
            if name not in self._known:
                self._reading.fault(self.key(name), "unknown key")


def _way(line: str) -> tuple[frozenset[str], ...]:
    """The parts of ``a + b | c``: a, and either b or c."""
    return tuple(frozenset(name.strip() for name in part.split("|")) for part in line.split("+"))


def _both(block: _Block, longest: int | None = None) -> Bilingual:
    text = Bilingual(*(block.text(language, longest) for language in LANGUAGES))
    block.close()
    return text


class _Reading:
    """One reading of a brief: collects faults, and remembers ids so that none is used twice."""

    def __init__(self) -> None:
        self.faults: list[BriefFault] = []
        self._ids: dict[tuple[str, str], str] = {}

    def fault(self, key: str, problem: str) -> None:
        # A block that is missing or no block at all is told once, not once for each key in it.
        if not any(key.startswith(f"{fault.key}.") for fault in self.faults):
            self.faults.append(BriefFault(key, problem))

    def brief(self, block: _Block) -> Brief:
        source = block.block("source")
        read_source = ArticleSource(source.text("title"), source.both("date"), source.both("where"))
        source.close()
        lines = block.blocks("lines", _both)
        if lines and len(lines) != _LINES:
            self.fault("lines", f"should be {_LINES} lines, but there are {len(lines)}")
        sections = block.blocks("sections", self._section)
        concerns = block.blocks("concerns", self._concern)
        if concerns and tuple(concern.id for concern in concerns) != CONCERNS:
            self.fault("concerns", f"should be {', '.join(CONCERNS)}, in this order")
        known = [section.id for section in sections]
        brief = Brief(
            source=read_source,
            lines=lines,
            sections=sections,
            concerns=concerns,
            people=block.blocks("people", self._person),
            institutions=block.blocks("institutions", self._institution),
            dates=tuple(
                sorted(block.blocks("dates", lambda item: self._event(item, known)), key=lambda e: e.date)
            ),
            references=block.blocks("references", self._reference),
        )
        block.close()
        return brief

    def _id(self, block: _Block, family: str) -> str:
        value = block.text("id")
        key = block.key("id")
        if value and not _ID.fullmatch(value):
            self.fault(key, f"“{value}” is not an id (small letters, digits and _)")
        elif value and (family, value) in self._ids:
            self.fault(key, f"“{value}” is taken by {self._ids[family, value]}")
        else:
            self._ids[family, value] = block.path
        return value

    def _section(self, block: _Block) -> Section:
        return Section(
            id=self._id(block, "section"),
            title=block.both("title", _LABEL),
            paragraphs=block.blocks("paragraphs", _both),
        )

    def _concern(self, block: _Block) -> Concern:
        concern_id = self._id(block, "concern")
        return Concern(
            id=concern_id,
            origin=block.choice("origin", ORIGINS),
            name=block.both("name", _LABEL),
            summary=block.both("summary", _LABEL),
            says=block.both("says"),
            questions=block.blocks("questions", self._question),
            topics=tuple(topic for topic, concern in CONCERN_OF_TOPIC.items() if concern == concern_id),
        )

    def _question(self, block: _Block) -> Question:
        return Question(
            id=self._id(block, "question"),
            text=block.both("text"),
            topics=block.words("topics", _ID, CONCERN_OF_TOPIC),
            bears=tuple(_way(line) for line in block.words("bears", _WAY, None))
            if block.has("bears")
            else (),
        )

    def _person(self, block: _Block) -> Person:
        return Person(
            id=self._id(block, "person"),
            name=block.text("name"),
            role=block.both("role"),
            part=block.both("part"),
            note=block.perhaps_both("note"),
        )

    def _institution(self, block: _Block) -> Institution:
        return Institution(
            id=self._id(block, "institution"),
            kind=block.choice("kind", INSTITUTION_KINDS),
            name=block.both("name"),
            part=block.both("part"),
            acronym=block.perhaps_both("acronym"),
            note=block.perhaps_both("note"),
        )

    def _event(self, block: _Block, sections: list[str]) -> DatedEvent:
        date = block.text("date")
        if date and not _DATE.fullmatch(date):
            self.fault(block.key("date"), f"“{date}” is not YYYY, YYYY-MM or YYYY-MM-DD")
        return DatedEvent(
            id=self._id(block, "date"),
            date=date,
            section=block.choice("section", sections),
            when=block.both("when"),
            text=block.both("text"),
            note=block.perhaps_both("note"),
        )

    def _reference(self, block: _Block) -> Reference:
        return Reference(
            id=self._id(block, "reference"),
            entry=block.text("entry"),
            backs=block.both("backs"),
            url=block.text("url") if block.has("url") else "",
            note=block.perhaps_both("note"),
        )

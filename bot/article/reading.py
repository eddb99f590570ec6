"""Reading ``brief.yaml``: strict, and every fault named by the key at fault."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

import yaml

from bot.article.blocks import ID, Block, Faults, KeyFault, both, load_strictly
from bot.article.brief import (
    CONCERN_OF_TOPIC,
    CONCERNS,
    ArticleSource,
    Brief,
    Concern,
    DatedEvent,
    Institution,
    Person,
    Question,
    Reference,
    Section,
)

ORIGINS = ("author", "background")
INSTITUTION_KINDS = ("institution", "programme", "agreement", "actor")

#: Discord shows at most 100 characters of a select's label and of the line under it.
_LABEL = 100
#: A question's subject stands in a line beside others.
_SHORT = 50
_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")


class BriefError(Exception):
    """The brief cannot be used; ``faults`` names each key at fault."""

    code = "brief_faults"

    def __init__(self, faults: Iterable[KeyFault]) -> None:
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
        raw = load_strictly(text)
    except yaml.YAMLError as error:
        raise BriefError([KeyFault("brief.yaml", " ".join(str(error).split()))]) from error
    if not isinstance(raw, dict):
        raise BriefError([KeyFault("brief.yaml", "should be a block of keys")])
    faults = Faults()
    brief = _Reading(faults).brief(Block(raw, "", faults))
    if faults.found:
        raise BriefError(faults.found)
    return brief


class _Reading:
    """One reading of a brief: remembers ids so that none is used twice."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._ids: dict[tuple[str, str], str] = {}

    def brief(self, block: Block) -> Brief:
        source = block.block("source")
        read_source = ArticleSource(source.text("title"), source.both("date"), source.both("where"))
        source.close()
        sections = block.blocks("sections", self._section)
        concerns = block.blocks("concerns", self._concern)
        if concerns and tuple(concern.id for concern in concerns) != CONCERNS:
            self._faults.add("concerns", f"should be {', '.join(CONCERNS)}, in this order")
        known = [section.id for section in sections]
        brief = Brief(
            source=read_source,
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

    def _id(self, block: Block, family: str) -> str:
        value = block.text("id")
        key = block.key("id")
        if value and not ID.fullmatch(value):
            self._faults.add(key, f"“{value}” is not an id (small letters, digits and _)")
        elif value and (family, value) in self._ids:
            self._faults.add(key, f"“{value}” is taken by {self._ids[family, value]}")
        else:
            self._ids[family, value] = block.path
        return value

    def _section(self, block: Block) -> Section:
        return Section(
            id=self._id(block, "section"),
            title=block.both("title", _LABEL),
            paragraphs=block.blocks("paragraphs", both),
        )

    def _concern(self, block: Block) -> Concern:
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

    def _question(self, block: Block) -> Question:
        return Question(
            id=self._id(block, "question"),
            text=block.both("text"),
            short=block.both("short", _SHORT),
            topics=block.words("topics", ID, CONCERN_OF_TOPIC),
            asked_in_article=block.has("asked_by") and block.choice("asked_by", ("author",)) == "author",
        )

    def _person(self, block: Block) -> Person:
        return Person(
            id=self._id(block, "person"),
            name=block.text("name"),
            role=block.both("role"),
            part=block.both("part"),
            note=block.perhaps_both("note"),
        )

    def _institution(self, block: Block) -> Institution:
        return Institution(
            id=self._id(block, "institution"),
            kind=block.choice("kind", INSTITUTION_KINDS),
            name=block.both("name"),
            part=block.both("part"),
            acronym=block.perhaps_both("acronym"),
            note=block.perhaps_both("note"),
        )

    def _event(self, block: Block, sections: list[str]) -> DatedEvent:
        date = block.text("date")
        if date and not _DATE.fullmatch(date):
            self._faults.add(block.key("date"), f"“{date}” is not YYYY, YYYY-MM or YYYY-MM-DD")
        return DatedEvent(
            id=self._id(block, "date"),
            date=date,
            section=block.choice("section", sections),
            when=block.both("when"),
            text=block.both("text"),
            note=block.perhaps_both("note"),
        )

    def _reference(self, block: Block) -> Reference:
        return Reference(
            id=self._id(block, "reference"),
            entry=block.text("entry"),
            backs=block.both("backs"),
            url=block.text("url") if block.has("url") else "",
            note=block.perhaps_both("note"),
        )

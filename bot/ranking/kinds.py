"""What kind of act a headline tells, from a decision in force down to an explainer, and who acts. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from bot.stories import cues
from bot.stories.features import victims_of
from bot.stories.forms import BACKGROUND, NEWS, form_of
from bot.stories.words import fold, words

#: What each kind of act is worth to a reader of the article, most first: what is decided changes an answer,
#: what is announced may, a figure measures it; a statement by itself changes nothing. A headline that tells
#: none of them is an event.
WORTH = {
    "decided": 1.0,
    "announced": 0.8,
    "figure": 0.8,
    "mass": 0.7,
    "verdict": 0.7,
    "proposed": 0.6,
    "case": 0.5,
    "event": 0.4,
    "statement": 0.2,
    "background": 0.0,
}
#: Kinds that hold even where somebody is quoted on them: "record crossings, DHS says".
_HOLDS_QUOTED = ("figure", "mass")
#: A column or an interview is headed by a name: "Ana Pérez: the long night". What is in it is said, not done.
_HEADED = re.compile(r"(?:[A-ZÁÉÍÓÚÑ][\w.áéíóúñü-]+\s+){1,3}[A-ZÁÉÍÓÚÑ][\w.áéíóúñü-]+:\s")
#: A video, a reporter's notes, or an explainer behind a colon: they tell no news by themselves.
_TO_WATCH = re.compile(
    r"^(?:watch|video|mira|en vivo|live)\b|: (?:watch|en vivo)\b|notebook$|"
    r": ¿?(?:c[oó]mo|as[ií]|por qu[eé]|qui[eé]n|qu[eé]|cu[aá]\w+|how|why|what|who) ",
    re.IGNORECASE,
)
#: A country within so many words of the title's beginning is who acts; further on, what is acted on.
_HEAD = 4
#: An act of which no national authority is named counts so much: it is a town's, a candidate's, a company's.
_OF_OTHERS = 0.6
#: From so many dead on, an attack or an accident is a mass event.
_MANY_VICTIMS = 5
#: Titles remembered: those of the lists that are asked for all day.
_REMEMBERED = 8_192


@dataclass(frozen=True, slots=True)
class Kind:
    """The kind of act that a headline tells, a key of ``WORTH``, and whether a national authority acts.

    ``form`` is the report's form as ``bot.stories.forms`` has it: news, opinion, background and so on.
    """

    name: str
    by_authority: bool
    form: str

    @property
    def worth(self) -> float:
        """How much such an act counts, 0 to 1."""
        theirs = self.by_authority or self.name not in ("decided", "announced", "proposed")
        return WORTH[self.name] * (1.0 if theirs else _OF_OTHERS)


@lru_cache(maxsize=_REMEMBERED)
def kind_of(title: str, language: str, publisher: str = "") -> Kind:
    """The kind of act in a headline; in a language other than English and Spanish it is an event."""
    form = form_of(title, publisher)
    cues_found = _book(language).find([fold(word) for word in words(title)])
    found = {cue.name for cue in cues_found}
    at_the_head = any(cue.name == "country" and cue.start < _HEAD for cue in cues_found)
    by_authority = "authority" in found or at_the_head
    if form == BACKGROUND or _TO_WATCH.search(title):
        return Kind("background", by_authority, form)
    if (victims_of(title, language).killed or 0) >= _MANY_VICTIMS:
        found = found - {"figure"} | {"mass"}
    if "remembrance" in found:
        found -= {"mass", "figure", "decided"}
    told = [name for name in WORTH if name in found]
    if "decided" in told and not {"verdict", "case"}.isdisjoint(told):
        told.remove("decided")
    if "statement" in found or "?" in title or _HEADED.match(title):
        told = [name for name in told if name in _HOLDS_QUOTED] or ["statement"]
    return Kind(told[0] if told else "event", by_authority, form)


def is_news(kind: Kind) -> bool:
    """Whether a report tells news or explains it: not opinion, an anniversary, or a digest of subjects."""
    return kind.form in (NEWS, BACKGROUND)


@lru_cache(maxsize=1)
def _books() -> dict[str, cues.CueBook]:
    return cues.parse(resources.files("bot.ranking").joinpath("kinds.txt").read_text("utf-8"))


def _book(language: str) -> cues.CueBook:
    return _books().get(language[:2]) or cues.CueBook()

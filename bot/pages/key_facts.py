"""What a headline in the other language tells, in the reader's: acts, subjects, places, figures.

Nothing is translated by guess: acts, subjects and what is counted are those of ``key_facts.txt``, and all of
them have a name in both languages. An act is told only where the headline says that it was done: not what is
asked for, planned, imagined or denied. Places stand as they are written. A number is told only with what it
counts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from bot.domain.articles import Article
from bot.locale import Translator, message
from bot.pages.wording import topic_name
from bot.stories import cues
from bot.stories.features import victims_of
from bot.stories.reading import StoryReading, is_year, read_text

#: What readers call the acts of ``key_facts.txt``, as messages.
_ACTS = {
    "arrested": message("arrest"),
    "charged": message("charges"),
    "sentenced": message("sentence"),
    "freed": message("release"),
    "found": message("rescue"),
    "bodies": message("bodies found"),
    "kidnapped": message("kidnapping"),
    "passed": message("approval"),
    "signed": message("signature"),
    "in_force": message("start"),
    "ended": message("end"),
    "canceled": message("cancellation"),
    "suspended": message("suspension"),
    "resumed": message("reopening"),
    "imposed": message("order or ban"),
    "closed": message("closure"),
    "sanctioned": message("sanctions"),
    "sued": message("lawsuit"),
    "sent": message("deployment"),
    "seized": message("seizure"),
    "stopped": message("migrants stopped by the authorities"),
    "extradited": message("extradition"),
    "deported": message("deportation"),
    "resigned": message("resignation"),
    "appointed": message("appointment"),
    "agreed": message("agreement"),
    "denied": message("denial"),
}
#: Names that are neither the place nor the force in them.
_OTHER_NAMES = re.compile(
    r"\b(?:the )?(?:new york|los angeles|washington) (?:times|post)\b|\bej[eé]rcito zapatista\b",
    re.IGNORECASE,
)
#: What readers call the subjects of ``key_facts.txt``.
_SUBJECTS = {
    "caravan": message("caravan"),
    "migrants": message("migrants"),
    "asylum": message("asylum"),
    "shelter": message("shelter"),
    "smugglers": message("people smugglers"),
    "cartel": message("cartels"),
    "fuel": message("stolen fuel"),
    "fentanyl": message("fentanyl"),
    "drugs": message("drugs"),
    "weapons": message("weapons"),
    "homicides": message("homicides"),
    "missing": message("missing people"),
    "grave": message("mass grave"),
    "shooting": message("shooting"),
    "extortion": message("extortion"),
    "blockade": message("blockade"),
    "corruption": message("corruption"),
    "army": message("the army"),
    "navy": message("the navy"),
    "guard": message("National Guard"),
    "police": message("police"),
    "border_patrol": message("Border Patrol"),
    "cbp": message("U.S. customs officers (CBP)"),
    "inm": message("Mexico’s migration institute"),
    "comar": message("Mexico’s refugee commission"),
    "court": message("a court"),
    "congress": message("a congress"),
    "white_house": message("the White House"),
    "prosecutors": message("prosecutors"),
    "governor": message("a governor"),
    "mayor": message("a mayor"),
    "journalist": message("a journalist"),
    "wall": message("border barrier"),
    "bridge": message("border crossing or customs"),
    "tariffs": message("tariffs"),
    "treaty": message("the trade agreement"),
    "aid": message("aid"),
    "tunnel": message("tunnel"),
    "train": message("train"),
    "truck": message("truck"),
    "elections": message("elections"),
    "terrorists": message("terrorism"),
}
#: What numbers count. The number is told in front.
_COUNTED = {
    "n_migrants": message("{n} migrants"),
    "n_people": message("{n} people"),
    "n_children": message("{n} children"),
    "n_troops": message("{n} troops"),
    "n_police": message("{n} police officers"),
    "n_homicides": message("{n} homicides"),
    "n_missing": message("{n} missing"),
    "n_arrests": message("{n} detained"),
    "n_weapons": message("{n} weapons"),
    "n_kilos": message("{n} kilos"),
    "n_tons": message("{n} metric tons"),
    "n_pounds": message("{n} pounds"),
    "n_pills": message("{n} pills"),
    "n_percent": message("{n} percent"),
    "n_dollars": message("{n} dollars"),
    "n_pesos": message("{n} pesos"),
    "n_years_in_prison": message("{n} years in prison"),
}
#: What a counted number says already: "40 migrants" needs no "migrants".
_SAID_BY = {
    "n_migrants": "migrants",
    "n_police": "police",
    "n_homicides": "homicides",
    "n_missing": "missing",
    "n_weapons": "weapons",
}
#: Words between a number and what it counts: "9,500 more troops", but not "2 camps of migrants".
_FILLERS = frozenset(
    [
        "de",
        "mas",
        "otros",
        "otras",
        "nuevos",
        "nuevas",
        "more",
        "other",
        "new",
        "illegal",
        "undocumented",
        "mexican",
        "american",
        "central",
    ]
)
#: Words between one that says an act was not done and the act: "busca prohibir", "no fue rescate".
_UNDONE_WITHIN = 4
#: A number of these is a share, and counts nothing.
_SHARE = re.compile(r"(\d{1,9}(?:[.,]\d{1,3})?)\s?%")
#: Acts that take another's place: who was found dead was not rescued, who leaves prison is not arrested.
_RATHER = {"bodies": "found", "stopped": "seized", "denied": "agreed", "freed": "arrested"}
#: Of each kind so many are told: a line of a phone.
_ACTS_TOLD, _SUBJECTS_TOLD, _PLACES_TOLD, _FIGURES_TOLD = 2, 2, 2, 2


@dataclass(frozen=True, slots=True)
class _Told:
    acts: tuple[str, ...]
    subjects: tuple[str, ...]
    places: tuple[str, ...]
    counted: tuple[tuple[str, float], ...]
    killed: int | None
    hurt: int | None


def key_facts(t: Translator, article: Article) -> str:
    """A line of what an article in another language tells: "seizure · drugs · San Ysidro · 42,000 pills".

    Its topic is told where the line has no subject and the article bears on no question, which lists say by
    themselves. Empty where it tells nothing.
    """
    told = _told(article.title, article.language)
    said = {_SAID_BY.get(unit) for unit, _ in told.counted}
    subjects = [t(_SUBJECTS[name]) for name in told.subjects if name not in said]
    if not (subjects or said or article.evidence.bearings) and article.topics:
        subjects = [topic_name(t, article.topics[0])]
    parts = [
        *(t(_ACTS[act]) for act in told.acts),
        *subjects[:_SUBJECTS_TOLD],
        *told.places,
        t.many("{n} dead", "{n} dead", told.killed) if told.killed else "",
        t.many("{n} wounded", "{n} wounded", told.hurt) if told.hurt else "",
        *(t(_COUNTED[unit], n=t.number(value)) for unit, value in told.counted),
    ]
    facts = " · ".join(dict.fromkeys(part for part in parts if part))
    return t("Key facts: {facts}", facts=facts) if facts else ""


@lru_cache(maxsize=2_048)
def _told(title: str, language: str) -> _Told:
    """The acts, subjects, places and counted numbers of a title."""
    reading = read_text(_OTHER_NAMES.sub(" ", title), "", language)
    folded = [token.folded for token in reading.tokens]
    found = _books()[reading.language].find(folded) if reading.language in _books() else ()
    acts = dict.fromkeys(_acts_done(found))
    subjects = dict.fromkeys(_subjects_named(found))
    places = dict.fromkeys(
        " ".join(token.text for token in reading.tokens[start:end]) for _, start, end in reading.places
    )
    counted, ages = _numbers(reading, found, _shares(title))
    victims = victims_of(title, language)
    killed, hurt = (None if number in ages else number for number in (victims.killed, victims.hurt))
    return _Told(
        tuple(acts)[:_ACTS_TOLD],
        tuple(subjects),
        tuple(places)[:_PLACES_TOLD],
        tuple(one for one in counted if one[1] not in (killed, hurt))[:_FIGURES_TOLD],
        killed,
        hurt,
    )


def _subjects_named(found: Sequence[cues.Cue]) -> list[str]:
    """The names of the subjects, in the text's order; "CBP officers" are no police, though officers are."""
    named = [cue for cue in found if cue.name in _SUBJECTS]
    return [
        cue.name
        for cue in named
        if not any(
            one.start <= cue.start and cue.end <= one.end and one.end - one.start > cue.end - cue.start
            for one in named
        )
    ]


def _acts_done(found: Sequence[cues.Cue]) -> list[str]:
    """The names of the acts that were done, in the text's order."""
    undone = [cue for cue in found if cue.name == "not_done"]
    taken = {at for cue in found if cue.name == "look_alike" for at in range(cue.start, cue.end)}
    done = [
        cue.name
        for cue in found
        if cue.name in _ACTS
        and cue.start not in taken
        and not any(0 <= cue.start - one.end < _UNDONE_WITHIN for one in undone)
    ]
    instead = {_RATHER[name] for name in done if name in _RATHER}
    return [name for name in done if name not in instead]


def _shares(title: str) -> set[float]:
    return {float(text.replace(",", mark)) for text in _SHARE.findall(title) for mark in ("", ".")}


def _numbers(
    reading: StoryReading, found: tuple[cues.Cue, ...], shares: set[float]
) -> tuple[list[tuple[str, float]], set[float]]:
    """The numbers that count something, each with what, and those that are ages."""
    counted: list[tuple[str, float]] = []
    ages: set[float] = set()
    folded = [token.folded for token in reading.tokens]
    imagined = {cue.end for cue in found if cue.name == "imagined"}
    for value, first, end in reading.figures:
        start = end
        while start < len(folded) and folded[start] in _FILLERS:
            start += 1
        units = [cue for cue in found if cue.start == start and cue.name in _COUNTED]
        if first in imagined:
            continue
        if any(cue.name == "age" and cue.start == end for cue in found) and not units:
            ages.add(value)
        elif units and not is_year(value) and value > 1 and value not in shares:
            counted.append((max(units, key=lambda cue: cue.end).name, value))
    return counted, ages


@lru_cache(maxsize=1)
def _books() -> dict[str, cues.CueBook]:
    return cues.parse(resources.files("bot.pages").joinpath("key_facts.txt").read_text("utf-8"))

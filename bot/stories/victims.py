"""How many were killed and hurt, as a text says. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from bot.stories import bridge
from bot.stories.reading import Token, is_year


@dataclass(frozen=True, slots=True)
class Victims:
    """How many were killed and hurt, as a text says; None where it does not."""

    killed: int | None = None
    hurt: int | None = None


#: How far from a figure its victims' word may stand: "39 people were killed", "killed at least 40"; and how
#: far before it a *death toll* or *cifra de muertos*: "Death toll in Laredo trailer rises to 12".
_AFTER, _BEFORE, _TOLL_BEFORE = 5, 4, 9


def _label(keys: list[str], span: range, taken: set[int]) -> str:
    """The first word of ``span`` that says killed or hurt, up to another figure or an *and*."""
    for at in span:
        if at in taken or keys[at] in ("and", "y"):
            return ""
        if keys[at] in ("=kill", "=wound"):
            return keys[at]
    return ""


#: Words beside a figure that add it to a count: "mueren otras dos", "three more dead".
_ADDING = frozenset(bridge.key(word, "en") for word in ("another", "more", "additional")) | frozenset(
    bridge.key(word, "es") for word in ("otro", "otra", "otros", "otras", "mas")
)


def _adds(keys: list[str], start: int, end: int) -> bool:
    """Whether a figure is added to a count and is no count itself; *more than* is one."""
    if keys[end : end + 1] and keys[end] in _ADDING:
        return keys[end + 1 : end + 2] not in (["than"], ["de"])
    return start > 0 and keys[start - 1] in _ADDING and keys[start - 2 : start - 1] != ["no"]


_TOLL_WORDS = frozenset((bridge.key("toll", "en"), bridge.key("cifra", "es")))


def _toll(before: list[str]) -> str:
    """That the words before a figure speak of a toll of deaths."""
    return "=kill" if "=kill" in before and (_TOLL_WORDS & set(before)) else ""


def _toll_keys(tokens: list[Token], keys: list[str]) -> list[str]:
    """The keys of words, "asesinan a 12" taken for a toll: a homicide is a statistic as a rule."""
    return [
        "=kill" if token.folded.startswith(_MURDERING) else key
        for token, key in zip(tokens, keys, strict=True)
    ]


#: What is one murder or many, and no statistic.
_MURDERING = ("asesinad", "asesinan", "asesinaron", "asesinat", "murdered", "murders", "massacr", "masacr")


def victims_in(tokens: list[Token], keys: list[str], figures: list[tuple[float, int, int]]) -> Victims:
    """How many victims words tell of, whose keys and figures are given."""
    keys = _toll_keys(tokens, keys)
    counts: dict[str, list[int]] = {"=kill": [], "=wound": []}
    taken = {at for _, start, end in figures for at in range(start, end)}
    for value, start, end in figures:
        if is_year(value) or not value.is_integer() or value > 100_000 or _adds(keys, start, end):
            continue
        label = (
            _label(keys, range(start - 1, max(start - 1 - _BEFORE, -1), -1), taken)
            or _label(keys, range(end, min(end + _AFTER, len(keys))), taken)
            or _toll(keys[max(start - _TOLL_BEFORE, 0) : start])
        )
        if label:
            counts[label].append(int(value))
    # The first figure given is the event's own; later ones are often of earlier events.
    return Victims(*(values[0] if values else None for values in counts.values()))

"""Where and when a report was written, before its first sentence: "WASHINGTON (AP) —". Pure.

A dash alone proves nothing: "the U.S.-Mexico border", "Texas – Mexico crossings" and "Mexico — the country
— said" have one too. What stands before it must be a place by its form and bring a proof of its own: an
agency, a date, capitals throughout, or a full stop that ends no abbreviation. In doubt nothing is cut: a
dateline that is quoted is true, half a sentence is not.
"""

from __future__ import annotations

import re

from bot.patterns import late_pattern
from bot.topics.abbreviations import ABBREVIATIONS, CAPITAL_ABBREVIATIONS, dotted

#: A dateline is never longer, in characters.
LONGEST = 110
#: A shorter rest, in characters, is no sentence.
SHORTEST_REST = 20
#: Fewer letters in capitals are an acronym more often than a place: NATO, ICE, CBP.
SHORTEST_CAPITALS = 5

_WORD = r"[A-ZÁÉÍÓÚÑÜ][\w'’.]*(?:-\w+)*"
_WORDS = rf"{_WORD}(?:\s(?:de|del|la|las|los|el|y|of|{_WORD})){{0,4}}"
_MONTH = (
    r"(?:(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|ene|abr|ago|dic)\.?|january|february|march|april|may|"
    r"june|july|august|september|october|november|december|enero|febrero|marzo|abril|mayo|junio|julio|agosto|"
    r"septiembre|octubre|noviembre|diciembre)"
)
_AGENCY = (
    r"(?:AP|EFE|AFP|Reuters|Notimex|Xinhua|EP|Europa\sPress|ANSA|DPA|UPI|CNN|Apro|El\sUniversal|Agencias?|"
    r"Agencia\sReforma|Proceso|Nexstar|Border\sReport)"
)
_DATELINE = late_pattern(
    rf"""(?:
        (?P<place>{_WORDS})
        (?P<region>(?:,\s*{_WORDS}){{0,2}}?)
        (?P<date>,?\s+(?:\d{{1,2}}[ºo°]?\s(?:de\s)?(?i:{_MONTH})|(?i:{_MONTH})\s\d{{1,2}})
            (?:,?\s(?:del?\s)?\d{{4}})?)?
        (?:\s*(?:,\s*)?\((?:(?P<agency>(?i:{_AGENCY}))|[^()\n]{{2,40}})\))?
      | \((?P<lone>(?i:{_AGENCY}))\)
    )
    (?P<separator>\s?\.\s?[—–-]+|\s?[—–]+|\s--?(?=\s)|(?<=\))\s*(?:[—–:.-])+)
    (?P<space>\s*)""",
    re.VERBOSE,
)
#: Capitalized words that open a sentence or name a day, never a place.
_NO_PLACE = late_pattern(
    rf"(?:The|A|An|In|On|At|By|For|From|To|En|Por|Desde|Un|Una|\w+day|lunes|martes|mi[ée]rcoles|jueves|viernes|"
    rf"s[áa]bado|domingo|{_MONTH})\b",
    re.IGNORECASE,
)
_COUNTRIES = frozenset({"u.s", "u.s.a", "u.k", "u.n", "ee.uu", "e.u", "e.u.a", "uu", "ee"})
_ASIDE = late_pattern(r"—|\s[–-]+\s")


def dateline_length(sentence: str) -> int:
    """Characters of ``sentence`` that are a dateline, with the dash and the space behind it; 0 for none."""
    found = _DATELINE.match(sentence)
    if found is None or found.end() > LONGEST:
        return 0
    rest = sentence[found.end() :]
    if len(rest) <= SHORTEST_REST or rest[0].islower():
        return 0
    if found["lone"]:
        return found.end()
    if _NO_PLACE.match(found["place"]):
        return 0
    named = found["agency"] is not None or found["date"] is not None
    if found["separator"].lstrip().startswith(".") and not found["agency"]:
        proved = named or _ends_in_full_stop(found)
    elif _capitals(found["place"]):
        first = rest.split(maxsplit=1)[0]
        proved = named or not (
            _ASIDE.search(rest) or (len(first) > 1 and first.isalpha() and first.isupper())
        )
    else:
        proved = named and _ASIDE.search(rest) is None
    return found.end() if proved else 0


def _capitals(place: str) -> bool:
    return place.isupper() and sum(letter.isalpha() for letter in place) >= SHORTEST_CAPITALS


def _ends_in_full_stop(found: re.Match[str]) -> bool:
    """Whether the stop before the dash ends more than an abbreviation: "Reynosa.- …", not "U.S.-Mexico"."""
    before = found["region"] or found["place"]
    last = before.split()[-1].strip(",.").lower()
    if last in _COUNTRIES:
        return False
    short = dotted(last) or last in ABBREVIATIONS or last in CAPITAL_ABBREVIATIONS or len(last) < 4
    if found["space"]:
        # "Tijuana, B.C.- Elementos …"
        return not short or bool(found["region"])
    return not short or (bool(found["region"]) and _capitals(found["place"]))

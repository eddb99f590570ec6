"""Abbreviations of news texts, English and Spanish: stops that end no sentence, and short forms of names."""

from __future__ import annotations

import re

from bot.topics.fold import word_set

#: After these a full stop ends no sentence, in either language. Lower case, without the stop.
ABBREVIATIONS = word_set(
    # titles and forms of address
    "mr mrs ms dr drs dra sr sra srta srs sres jr lic ing arq mtro mtra prof profa gral cnel cap capt "
    "cmdt lt tte sgt sgto cmdr cdte cpl pvt brig maj adm supt insp atty rep reps sens gov govs gob rev "
    "hon pdte st sta sto ft mt fr hno hna ej "
    # streets, companies, places
    "av avda blvd calz cd edo mpio fracc cía cia corp ltd bros depto aprox apdo vs ee uu ariz calif "
    "chih tamps coah gto gro hgo nte pte q.roo n.l b.c s.a c.v d.c "
    # Latin and clerical
    "al i.e e.g p.ej etc cf cit"
)
#: Words in their own right too: abbreviations where they are written with a capital.
CAPITAL_ABBREVIATIONS = word_set(
    "gen col sen pres gov ave inc co dept tex ala fla wash ore tenn okla mass conn nev mex méx mich minn son"
)
#: Abbreviations where a figure follows.
BEFORE_FIGURE = word_set(
    "no nos núm num art arts pág págs pag pags p pp fig vol c tel sec jan feb mar apr jun jul aug sep "
    "sept oct nov dec ene abr ago dic km"
)
#: Short forms of words inside the names of places, countries and offices, folded. Each is read as the
#: long form wherever a phrase of several words has it: "Cd. Juárez", "frontera con EE. UU.".
SHORT_FORMS: tuple[tuple[tuple[str, ...], tuple[tuple[str, ...], ...]], ...] = (
    (("estados", "unidos"), (("ee", "uu"), ("eeuu",), ("eua",), ("eu",), ("e", "u"), ("e", "u", "a"))),
    (("united", "states"), (("u", "s"), ("us",), ("usa",), ("u", "s", "a"))),
    (("ciudad",), (("cd",),)),
    (("general",), (("gral",), ("gen",))),
    (("santa",), (("sta",),)),
    (("fort",), (("ft",),)),
    (("saint",), (("st",),)),
    (("gobernador",), (("gob",),)),
    (("governor",), (("gov",),)),
)

#: How far back the word before a stop is looked for: looking from the sentence's start each time would be
#: quadratic in text such as "A. A. A. …", which hostile feeds can bring.
_LONGEST_WORD = 40
_LAST_WORD = re.compile(r"([^\s/–—\-\"'“‘«(\[]+)$")
_FIGURE = re.compile(r"\s*\d")
_FUNCTION_WORD = re.compile(
    r"\s+[\"“«¿¡]?(?:The|A|An|In|On|At|It|He|She|They|We|But|And|This|That|These|Those|There|Since|After|Under|"
    r"El|La|Los|Las|Un|Una|En|Por|Con|Para|Pero|Y|Según|Desde|Tras|Este|Esta|Esto|Estos|Ese|Esa|Su|Sus|De|"
    r"Ante|Sin|Durante|Además|Mientras|Aunque|Cuando)\b"
)


def word_before(text: str, stop: int, start: int = 0) -> str:
    """The word that stands right before the position ``stop``, looked for no further back than ``start``."""
    found = _LAST_WORD.search(text, max(start, stop - _LONGEST_WORD), stop)
    return found.group(1) if found else ""


def abbreviates(text: str, stop: int, after: int, start: int = 0, end: int | None = None) -> bool:
    """Whether the full stop at ``stop`` belongs to an abbreviation or an initial and ends no sentence.

    ``after`` is where the next word or its space begins; ``start`` and ``end`` bound what is looked at.
    """
    word = word_before(text, stop, start)
    bare = word.lower().strip(".,;:")
    if not bare:
        return False
    limit = len(text) if end is None else end
    if bare in BEFORE_FIGURE and _FIGURE.match(text, after, limit):
        return True
    if len(bare) == 1 and bare.isalpha() and word[0].isupper():
        return True  # an initial: "Pablo H. Ruiz"
    if bare in CAPITAL_ABBREVIATIONS and word[0].isupper():
        return _FUNCTION_WORD.match(text, after, limit) is None
    # "in the U.S. The" ends; "the U.S. Border Patrol" does not: only a word that often opens decides.
    if dotted(word) or bare in ("ee", "uu"):
        return _FUNCTION_WORD.match(text, after, limit) is None
    return bare in ABBREVIATIONS


def dotted(word: str) -> bool:
    """Whether ``word`` is letters between stops: U.S, EE.UU, a.m."""
    parts = word.split(".")
    return len(parts) > 1 and all(0 < len(part) <= 2 and part.isalpha() for part in parts)

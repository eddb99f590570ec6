"""Abbreviations of English and Spanish news: after them a full stop does not end a sentence. Pure.

All are in lower case, without the stop.
"""

from __future__ import annotations

from bot.stories.words import word_set

ABBREVIATIONS = word_set(
    # titles and forms of address
    "mr mrs ms dr drs dra sr sra srta srs sres lic ing arq mtro mtra prof profa gral cnel cap capt cmdt lt "
    "tte sgt sgto cmdr cdte cpl pvt brig maj adm supt insp atty rep reps sens gov govs gob rev hon st sto ft "
    "mt fr hno hna "
    # streets, companies, places
    "av avda blvd calz cd edo mpio fracc cía cia corp ltd bros depto aprox apdo vs ee uu ariz calif chih "
    "tamps coah gto gro nte pte q.roo n.l b.c s.a c.v d.c "
    # Latin and clerical
    "al i.e e.g p.ej etc cf cit"
)
#: Words in their own right too: abbreviations where they are written with a capital.
CAPITAL_ABBREVIATIONS = word_set(
    "gen col sen pres gov ave inc co dept tex ala fla wash ore tenn okla mass conn nev mex méx mich minn"
)
#: Abbreviations where a figure follows.
BEFORE_FIGURE = word_set(
    "no nos núm num art arts pág págs pag pags p pp fig vol c tel sec jan feb mar apr jun jul aug sep sept "
    "oct nov dec ene abr ago dic km"
)


def dotted(word: str) -> bool:
    """Whether ``word`` is letters between stops: U.S, EE.UU, a.m."""
    parts = word.split(".")
    return len(parts) > 1 and all(0 < len(part) <= 2 and part.isalpha() for part in parts)

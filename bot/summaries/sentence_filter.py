"""Which sentences may stand for a report, away from the text around them. Pure; rules of both languages.

Never quoted: captions, which say what a picture shows; abuse, which says what an author feels; questions and
teasers, which say nothing; and what a feed cut, before its first letter or within a figure. Quoted for want
of better: what refers to a sentence before it, or addresses the reader.
"""

from __future__ import annotations

import re

from bot.patterns import late_pattern
from bot.stories.words import word_set

_MONTHS = (
    r"(?:(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]*\.?|enero|febrero|marzo|abril|mayo|junio|"
    r"julio|agosto|septiembre|octubre|noviembre|diciembre)"
)
#: Where and when a picture was taken: "… in Culiacán, Mexico, September 21, 2024.", "… en Culiacán, 21 de
#: septiembre de 2024." News has a preposition before its date.
_TAKEN = late_pattern(
    rf",\s*(?:{_MONTHS}\s+\d+,|\d+\s+de\s+{_MONTHS}\s+de)\s*(?:19|20)\d\d\.?$", re.IGNORECASE
)
#: "Drones seized in Tamaulipas, 2025." is a caption; "in April, 2025" and "on May 4, 2025" end news.
_PLACE_AND_YEAR = late_pattern(r"(?<!\S)(\S+),\s*(?:19|20)\d\d\.?$")
_DATE = late_pattern(rf"(?:{_MONTHS}|\w*day|\d+(?:st|nd|rd|th)?)$", re.IGNORECASE)
_CREDIT = late_pattern(
    r"\b(?:ap photo|photo by|photo courtesy|courtesy photo|getty images|file photo|cuartoscuro|foto de|"
    r"foto cortes[ií]a|fotograf[ií]a de)\b[^.]{0,60}\)?\.?$",
    re.IGNORECASE,
)
_PICTURE = late_pattern(
    r"(?:file photo|file\s*[-–—]|\(?l-r\)?|from left\b|left to right|pictured\b|(?:a )?screenshot|"
    r"in this (?:undated )?(?:photo|image|picture)|archivo\b|de izquierda a derecha|captura de pantalla|"
    r"(?:imagen|foto) de archivo|en (?:la|esta) (?:imagen|foto|fotograf[ií]a)\b)",
    re.IGNORECASE,
)
#: "Border Patrol video posted online showing migrants in a tunnel." says nothing: it has no verb of its own.
_SHOWING = late_pattern(
    r"(?:\S+\s+){0,8}(?:video|footage|photos?|images?|fotos?|im[aá]genes|imagen)\s+(?:posted|taken|released|"
    r"shared|provided|published|difundid[ao]s?|publicad[ao]s?|tomad[ao]s?)\b(?!.*\b(?:shows?|showed|captures?d?|"
    r"depicts?|muestran?|mostraron|captan?)\b).*\b(?:showing|mostrando|donde)\b",
    re.IGNORECASE,
)

_ABUSE = late_pattern(
    r"\b(?:bullshit|shit\w*|crap\w*|fuck\w*|goddamn|damn(?:ed)?|assholes?|dumbass\w*|bastards?|moron\w*|idiot\w*|"
    r"imbeciles?|stupid\w*|pathetic\w*|pitiful\w*|disgusting\w*|hilarious\w*|laughable|clowns?|scumbags?|"
    r"mierda\w*|pendej\w*|cabr[oó]n\w*|put[ao]s?|chingad\w*|imb[eé]cil\w*|est[uú]pid\w*|pat[eé]tic\w*|"
    r"asqueros\w*|payas[oa]s?|hilarantes?|risibles?)\b",
    re.IGNORECASE,
)
#: What is quoted is another's word, and may be the news itself.
_QUOTATION = late_pattern(r"[\"“«][^\"”»]*[\"”»]|(?<!\w)[‘'][^’']*[’'](?!\w)")
#: "¿Quién ganó?" and "Here is what to know" promise a text that is not here.
_ASKS = late_pattern(r"^[^\"“«‘']*\?[\"”»’')]*\s*$")
_TEASER = late_pattern(
    r"^(?:here(?:'|’)?s (?:what|how|why|everything)|here (?:is|are) (?:what|how|why|the|five|\d)|"
    r"what (?:to|you need to) know\b|read (?:more|also|the full)|click here|find out|stay tuned|sign up|"
    r"subscribe|watch (?:live|the|this)|"
    r"(?:aquí|acá) te (?:decimos|contamos|explicamos|presentamos|dejamos)|"
    r"te (?:decimos|contamos|explicamos|presentamos|compartimos)|conoce(?:\s|:)|entérate|descubre\b|checa\b|"
    r"mira (?:el|la|los|las|cómo)|sigue leyendo|lee (?:también|más|aquí|la nota)|leer (?:también|más)|"
    r"te puede interesar|te recomendamos|no te pierdas|esto (?:es lo que )?sabemos|esto es lo que|suscríbete|"
    r"haz clic|da clic)",
    re.IGNORECASE,
)
#: "… a record of 2." was "2.4 million", which a feed took for the end of a sentence.
_CUT_FIGURE = late_pattern(
    r"\b(?:de|of|por|con|with|by|to|los|las|unos|unas|some|about)\s+(?:US)?\$?\d{1,3}\.$"
)
_READER = late_pattern(r"\b(?:you|your|yours|yourself|usted|ustedes|tú|ti|contigo|tu|tus)\b", re.IGNORECASE)

#: Openings that refer to the sentence before, as written: *él* is not *el*.
_TAKES_UP = word_set(
    "he she they it his her their its those these such both others another then later earlier instead still "
    "yet so but and however also meanwhile moreover nonetheless nevertheless therefore "
    "él ella ellos ellas esto eso ello aquello su sus ambos ambas otros otras pero y e luego después "
    "entonces así además también asimismo dicho dicha dichos dichas "
    "dijo añadió agregó señaló explicó afirmó aseguró indicó precisó detalló sostuvo comentó expuso "
    "subrayó recordó apuntó puntualizó advirtió reiteró concluyó"
)
_PHRASES = (
    "since then", "until then", "as a result", "because of this", "because of that", "among them",
    "in addition", "in response", "by contrast", "on the other hand", "for his part", "for her part",
    "sin embargo", "no obstante", "aun así", "por su parte", "por otra parte", "por otro lado", "por ello",
    "por eso", "por lo que", "en tanto", "mientras tanto", "entre ellos", "entre ellas", "desde entonces",
    "hasta entonces", "a su vez", "al respecto", "de ahí", "en respuesta", "en ese", "en esa", "lo anterior",
)  # fmt: skip
_POINTS = word_set("this that este esta estos estas ese esa esos esas aquel aquella")
#: "This week …" and "Este lunes …" point at the calendar and lean on nothing.
_CALENDAR = word_set(
    "week weekend month year morning afternoon evening time monday tuesday wednesday thursday friday "
    "saturday sunday lunes martes miércoles jueves viernes sábado domingo semana fin mes año mañana tarde "
    "noche madrugada"
)
#: "The flight comes just days after …", "El hecho ocurre a días de …"
_DANGLES = late_pattern(
    r"(?:the|el|la|los|las) \w+ (?:comes?|came|follows|followed|ocurre|ocurrió|sucede|sucedió|se da|se dio|"
    r"se produce|se produjo)\b.*\b(?:after|as|amid|ahead|tras|luego|después|días|horas|semanas|en medio)\b"
)


def quotable(text: str) -> bool:
    """Whether a sentence may be quoted at all: it is whole, says something, and abuses nobody."""
    if text[:1].islower() or _ASKS.match(text) or _TEASER.match(text) or _CUT_FIGURE.search(text):
        return False
    dated = _PLACE_AND_YEAR.search(text)
    caption = (
        (dated and not _DATE.match(dated.group(1)))
        or _TAKEN.search(text)
        or _CREDIT.search(text)
        or _PICTURE.match(text)
        or _SHOWING.match(text)
    )
    return not caption and not _ABUSE.search(_QUOTATION.sub("", text))


def depends_on_context(text: str) -> bool:
    """Whether a sentence refers to the one before it: "His comments follow …", "Sin embargo, …"."""
    opening = text.lower()
    first, _, rest = opening.partition(" ")
    if first.rstrip(",") in _TAKES_UP or opening.startswith(_PHRASES) or _DANGLES.match(opening):
        return True
    return first in _POINTS and rest.split(" ", 1)[0].strip(",.") not in _CALENDAR


def stands_alone(text: str) -> bool:
    """Whether a sentence is understood by itself: it refers to no other and does not address the reader."""
    return not (depends_on_context(text) or _READER.search(_QUOTATION.sub("", text)))

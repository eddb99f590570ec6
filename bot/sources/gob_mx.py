"""gob.mx: press archives of Mexican federal agencies, which have no feed.

Publisher: Gobierno de México (SRE, Defensa, Marina, SSPC, Presidencia, INM, COMAR), Mexico.
Gives: title, address and time of the newest press releases (a web page with a list).
Validators: none are known; asked once a day, or more often where a list goes by within two days.
Empty: a page with the list's place and no release in it, as at the beginning of a government.
Known faults: the site answers many robots with a check of the browser instead of the page; the list may come
    as a script with its marks escaped; dates are of Mexico City without saying so.
Proof: tests/sources/fixtures/gob_mx.html, after public code that reads these archives
    (sre/es/archivo/prensa: article, time with datetime, h2, a.small-link; escaped marks; cnbv, May 2026:
    date in words, h3, "Continuar leyendo").
Default: off: nobody here has seen it answer; an operator should look with /feeds preview first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from html import unescape
from itertools import pairwise
from zoneinfo import ZoneInfo

from bot.domain.entry import Entry
from bot.feeds.clean import clean_entry
from bot.feeds.dates import read_date
from bot.feeds.errors import NotAFeed
from bot.feeds.form import DocumentForm
from bot.feeds.parsed import ParsedFeed
from bot.feeds.survey import MAX_ENTRIES
from bot.feeds.text import plain_text
from bot.locale import message
from bot.sources.source import OfficialSource, QualityCard, facts_line, require_readable

SITE = "https://www.gob.mx"
MEXICO = ZoneInfo("America/Mexico_City")
AGENCIES = {
    "sre": "Secretaría de Relaciones Exteriores",
    "sedena": "Secretaría de la Defensa Nacional",
    "defensa": "Secretaría de la Defensa Nacional",
    "semar": "Secretaría de Marina",
    "sspc": "Secretaría de Seguridad y Protección Ciudadana",
    "presidencia": "Presidencia de la República",
    "inm": "Instituto Nacional de Migración",
    "comar": "Comisión Mexicana de Ayuda a Refugiados",
}
_LONGEST_ITEM = 20_000  # characters of one release in a list; a real one has a thousand

# Each looks at a bounded piece, and no pattern can take more than one way through it.
_ITEM = re.compile(r"<article\b")
_LINK = re.compile(r"""<a\b[^>]*?\bhref=["']?(?P<address>/?[^"'\s>]*/(?:prensa|articulos)/[^"'\s>?#]+)""")
_TITLE = re.compile(r"<h[1-5]\b[^>]*>(?P<title>.*?)</h[1-5]>", re.DOTALL)
_NAMED = re.compile(r"""\b(?:title|alt)=["'](?P<title>[^"']{12,})["']""")
_TIME = re.compile(r"""\bdatetime=["'](?P<time>[^"']{8,40})["']""")
_WORDS = re.compile(r"\b\d{1,2} de [a-zñ]{4,10} de \d{4}(?!\d)", re.IGNORECASE)
_LEAD = re.compile(r"<p\b[^>]*>(?P<text>.*?)</p>", re.DOTALL)
_PLACE = re.compile(r"""\bid=["']?(?:prensa|articulos)\b|\bclass=["'][^"']*\b(?:archivo|archive)\b""")
_CHECK = re.compile(
    rb"just a moment|incapsula|cf-chl|challenge|access denied|pardon our interruption|captcha",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"\b(?:comunicado|boletín|tarjeta informativa)\s+(?:conjunto\s+)?(?:no\.?|núm\.?|n°)?\s?\d{1,4}\b",
    re.IGNORECASE,
)


def read(body: bytes, url: str, now: datetime) -> ParsedFeed:
    """The press releases in a page of an archive.

    Raises ``NotAFeed``: ``challenge_page`` for a check of the browser, ``changed_form`` where neither
    releases nor the place of the list are found.
    """
    page = _text(body)
    pieces = list(_pieces(page))
    if len(pieces) > MAX_ENTRIES:
        raise NotAFeed("too_many_entries", limit=MAX_ENTRIES)
    entries = tuple(entry for piece in pieces if (entry := _entry(piece, url, now)) is not None)
    if not entries:
        if _CHECK.search(body):
            raise NotAFeed("challenge_page")
        if pieces or not _PLACE.search(page):
            raise NotAFeed("changed_form")
    require_readable(len(entries), len(pieces))
    return ParsedFeed(_agency(url), url, "es", "gob-mx", entries)


def _text(body: bytes) -> str:
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = body.decode("cp1252", "replace")
    if '\\"' in text:  # the list as a script that puts it into the page
        text = text.replace('\\"', '"').replace("\\'", "'").replace("\\/", "/").replace("\\n", "\n")
    return text


def _pieces(page: str) -> Iterator[str]:
    """What stands between one release's beginning and its end."""
    starts = [found.start() for found in _ITEM.finditer(page)]
    for start, following in pairwise([*starts, len(page)]):
        piece = page[start : min(following, start + _LONGEST_ITEM)]
        yield piece.partition("</article>")[0]


def _entry(piece: str, url: str, now: datetime) -> Entry | None:
    link = _LINK.search(piece)
    heading = _TITLE.search(piece) or _NAMED.search(piece)
    title = plain_text(heading["title"], 300) if heading else ""
    if link is None and not title:
        return None
    address = unescape(link["address"]) if link else ""
    if not title:
        title = address.rsplit("/", 1)[-1].replace("-", " ").capitalize()
    lead = next((one["text"] for one in _LEAD.finditer(piece) if len(one["text"]) > 40), "")
    number = _NUMBER.search(plain_text(piece, 2_000))
    facts = facts_line((_agency(address) or _agency(url), number[0] if number else ""))
    return clean_entry(
        guid=address,
        links=(address,),
        base=SITE,
        title=title,
        texts=(f"<p>{lead}</p><p>{facts}</p>",),
        published=_moment(piece, now),
        updated=None,
    )


def _moment(piece: str, now: datetime) -> datetime | None:
    """When it was published; a time without a zone is Mexico City's."""
    stamp = _TIME.search(piece)
    words = _WORDS.search(plain_text(piece, 2_000))
    text = stamp["time"] if stamp else words[0] if words else ""
    found = read_date(text, now)
    if found is None or re.search(r"[+-]\d\d:?\d\d$|Z$|\b[A-Z]{3}$", text):
        return found
    return min(found.replace(tzinfo=MEXICO).astimezone(now.tzinfo), now)


def _agency(address: str) -> str:
    parts = address.removeprefix(SITE).split("/")
    return next((AGENCIES[part] for part in parts if part in AGENCIES), "")


SOURCE = OfficialSource(
    kind="gob_mx",
    card=QualityCard(
        publisher="Gobierno de México",
        country="MX",
        gives=message("Press releases of SRE, Defensa, Marina, SSPC, Presidencia, INM and COMAR."),
        validators=message("None are known."),
        empty=message("A page with an empty list, as at the beginning of a government."),
        faults=message("Many robots get a check of the browser instead of the page."),
        proof="tests/sources/fixtures/gob_mx.html · public code of these archives, newest 2026-05",
        default=message("Off: try it with /feeds preview first."),
    ),
    addresses=re.compile(
        r"https?://www\.gob\.mx/(?:sre|sedena|defensa|semar|sspc|presidencia|inm|comar)/(?:es/)?archivo/(?:prensa|articulos)"
    ),
    form=DocumentForm(reader="gob_mx"),
)

"""Diario Oficial de la Federación: laws, decrees, agreements and notices of Mexico, day by day.

Publisher: Secretaría de Gobernación, Mexico.
Gives: title, issuing body and number of each text of a day's editions (JSON, one address for each day); the
    text is one link away.
Validators: none; a day is asked for until it was answered after it had ended. A day that cannot be had does
    not hold up the next ones, and a working day that was answered with nothing is asked for again: once a
    day, for a week.
Empty: 200 with empty lists, on Saturdays, Sundays and holidays.
Known faults: the service loses days and answers for them as for a holiday; headings of sections stand among
    the texts without a title; in notices of tenders the title is the agency; it refuses to be asked for JSON
    alone.
Proof: tests/sources/fixtures/dof.json, after the documentation of dofjson 0.5.0 (PyPI, 2026-10) and public
    code that reads the service (fields codNota, titulo, fecha, codOrgaDos, nombreCodOrgaUno, 2026-08).
Default: on.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.entry import Entry
from bot.domain.feed_state import FeedState
from bot.feeds.clean import clean_entry
from bot.feeds.errors import NotAFeed
from bot.feeds.form import DocumentForm
from bot.feeds.parsed import ParsedFeed
from bot.feeds.survey import MAX_ENTRIES
from bot.locale import message
from bot.sources.json_form import JsonObject, load_object, text_at
from bot.sources.source import OfficialSource, QualityCard, facts_line, require_readable

SITE = "https://sidof.segob.gob.mx"
MEXICO = ZoneInfo("America/Mexico_City")
EDITIONS = ("NotasMatutinas", "NotasVespertinas", "NotasExtraordinarias")
MOST_DAYS_BACK = 7
"""Days that are made up for: one is asked at each poll, and older ones are no news."""

_DAY = re.compile(r"/(\d{2})-(\d{2})-(\d{4})/?$")
#: Judicial notices and tenders: more than half of the gazette, and none of it policy.
_PASSED_OVER = re.compile(r"AVISOS JUDICIALES|CONVOCATORIAS", re.IGNORECASE)
_SATURDAY = 6
_CAPITALS = 0.9  # share of capitals from which a title was set in capitals


def address(url: str, state: FeedState, now: datetime) -> str:
    """The address of the day to ask for now: the oldest that was not answered after its end, or today.

    After a failure the others and today have their turns. When none waits and today was asked, a working day
    that was answered with nothing is asked for again, one a day.
    """
    today = now.astimezone(MEXICO).date()
    known = _days(state, today)
    waiting = [day for day in _ended(today) if day not in known]
    if waiting:
        turns = [*waiting, today]
        wanted = turns[state.failures % len(turns)]
    elif _day_of(state.validators_url or "") == today and not state.failures and today not in known.values():
        empty = [(asked, day) for day, asked in known.items() if asked is not None]
        wanted = min(empty)[1] if empty else today
    else:
        wanted = today
    return f"{url.rstrip('/')}/{wanted:%d-%m-%Y}"


def answered(asked: str, state: FeedState, now: datetime) -> FeedState:
    """``state`` with the day of the address that was answered, if it had ended by then."""
    today, day = now.astimezone(MEXICO).date(), _day_of(asked)
    known = _days(state, today)
    if day is not None and day < today:
        known[day] = today if not state.entries and day.isoweekday() < _SATURDAY else None
    ended = {day: known[day] for day in _ended(today) if day in known}
    # Never empty: that would say that nothing was asked so far.
    ended = ended or {today - timedelta(days=MOST_DAYS_BACK + 1): None}
    return replace(state, days=tuple(f"{day}?{empty}" if empty else f"{day}" for day, empty in ended.items()))


def _ended(today: date) -> list[date]:
    """The days before today that are made up for, the oldest first."""
    return [today - timedelta(days=back) for back in range(MOST_DAYS_BACK, 0, -1)]


def _days(state: FeedState, today: date) -> dict[date, date | None]:
    """The ended days that were answered, and of those that were empty when they were last asked.

    What was published before the first poll is not made up for.
    """
    if state.days:
        parts = (text.partition("?") for text in state.days)
        return {date.fromisoformat(day): date.fromisoformat(at) if at else None for day, _, at in parts}
    last, at = _day_of(state.validators_url or ""), state.last_success_at
    if last is None or at is None or last > today:
        return dict.fromkeys(_ended(today))
    over = at.astimezone(MEXICO).date() > last
    return {day: None for day in _ended(today) if day < last or (over and day == last)}


def read(body: bytes, url: str, now: datetime) -> ParsedFeed:
    """The texts of a day's editions.

    Raises ``NotAFeed``: as ``load_object``, ``changed_form``, and ``too_many_entries``.
    """
    answer = load_object(body)
    lists = [answer[name] for name in EDITIONS if name in answer]
    if not lists or not all(isinstance(one, list) for one in lists):
        raise NotAFeed("changed_form")
    items = [one for notes in lists for one in notes]
    if len(items) > MAX_ENTRIES:
        raise NotAFeed("too_many_entries", limit=MAX_ENTRIES)
    known = [one for one in items if isinstance(one, dict)]
    require_readable(sum("titulo" in one and "codNota" in one for one in known), len(items))
    entries = tuple(entry for one in known if (entry := _entry(one, url, now)) is not None)
    return ParsedFeed("Diario Oficial de la Federación", SITE, "es", "dof", entries)


def _entry(note: JsonObject, url: str, now: datetime) -> Entry | None:
    number = text_at(note, "codNota")
    title = _as_written(text_at(note, "titulo"))
    issuer, body = text_at(note, "codOrgaDos"), text_at(note, "nombreCodOrgaUno")
    if not title or _PASSED_OVER.search(f"{issuer}\n{body}"):
        return None
    of_number = f"DOF {number}" if number else ""
    facts = facts_line((_as_written(issuer) or _as_written(body), of_number, text_at(note, "codSeccion")))
    day = _day_of(f"/{text_at(note, 'fecha')}") or _day_of(url)
    published = datetime.combine(day, time(6), MEXICO).astimezone(UTC) if day else None
    return clean_entry(
        guid=of_number,
        links=(f"{SITE}/notas/{number}",) if number else (),
        base=SITE,
        title=title,
        texts=(facts,),
        published=published if published is None or published <= now else now,
        updated=None,
    )


def _day_of(text: str) -> date | None:
    found = _DAY.search(text)
    try:
        return date(int(found[3]), int(found[2]), int(found[1])) if found else None
    except ValueError:
        return None


def _as_written(text: str) -> str:
    """A text set in capitals in small letters: the gazette sets both ways, and names are found in either."""
    letters = [sign for sign in text if sign.isalpha()]
    if len(letters) < 8 or sum(sign.isupper() for sign in letters) < _CAPITALS * len(letters):
        return text
    return text[:1] + text[1:].lower()


SOURCE = OfficialSource(
    kind="dof",
    card=QualityCard(
        publisher="Diario Oficial de la Federación",
        country="MX",
        gives=message("Laws, decrees and agreements of each day: title, issuing body and number."),
        validators=message(
            "None: each day is asked for until it is over, and an empty working day again for a week."
        ),
        empty=message("Empty lists, on weekends and holidays; that is no fault."),
        faults=message("The service loses days and answers for them as for a holiday."),
        proof="tests/sources/fixtures/dof.json · dofjson 0.5.0 (PyPI, 2026-10), public code 2026-08",
        default=message("On."),
    ),
    addresses=re.compile(r"https?://sidof\.segob\.gob\.mx/dof/sidof/notas/?$"),
    form=DocumentForm(reader="dof", address=address, answered=answered),
)

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.dates import EARLIEST, LATEST_AHEAD, read_date

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("Mon, 05 Jan 2026 10:00:00 GMT", "2026-01-05T10:00"),
        ("Mon, 05 Jan 2026 10:00:00 -0600", "2026-01-05T16:00"),
        ("5 Jan 26 10:00 CST", "2026-01-05T16:00"),
        ("Mon, 05 Jan 2026 10:00:00 GMT-0600 (Central Standard Time)", "2026-01-05T16:00"),
        ("Mon, 05 Jan 2026 10:00:00 MST", "2026-01-05T17:00"),
        ("2026-01-05T10:00:00Z", "2026-01-05T10:00"),
        ("2026-01-05T10:00:00.123-06:00", "2026-01-05T16:00"),
        ("2026-01-05 10:00:00", "2026-01-05T10:00"),
        ("2026-01-05 10:00 America/Mexico_City", "2026-01-05T16:00"),
        ("2026-01-05", "2026-01-05T00:00"),
        ("lun, 05 ene 2026 10:00:00 -0600", "2026-01-05T16:00"),
        ("Lunes, 5 de enero de 2026 10:00", "2026-01-05T10:00"),
        ("5 de enero del 2026 a las 10:30 p.m.", "2026-01-05T22:30"),
        ("12 sept. 2025", "2025-09-12T00:00"),
        ("Jan 5, 2026 10:00 AM", "2026-01-05T10:00"),
        ("January 5th, 2026 at 12:15 am", "2026-01-05T00:15"),
        ("Monday, July 28, 2025 - 15:30", "2025-07-28T15:30"),
        ("1767607200", "2026-01-05T10:00"),
        ("1767607200000", "2026-01-05T10:00"),
        ("Mon, 05 Jan 2026 23:59:60 GMT", "2026-01-05T23:59:59"),
        ("2026/01/05 18:30:00", "2026-01-05T18:30"),
        ("2026.01.05 18:30", "2026-01-05T18:30"),
        ("20260105T183000Z", "2026-01-05T18:30"),
        ("20260105", "2026-01-05T00:00"),
        ("20260105183000", "2026-01-05T18:30"),
        ("2026-01-05T1830Z", "2026-01-05T18:30"),
        ("2026-01-05T18Z", "2026-01-05T18:00"),
        ("2026-01-05T24:00:00Z", "2026-01-06T00:00"),
        ("Mon, 05 Jan 2026 24:00:00 GMT", "2026-01-06T00:00"),
        ("2026-01-05T12:30:00[America/Mexico_City]", "2026-01-05T18:30"),
        ("2026-01-05T12:30:00-06:00[America/Mexico_City]", "2026-01-05T18:30"),
        ("1767637800.5", "2026-01-05T18:30"),
        ("2026-Jan-05", "2026-01-05T00:00"),
        ("2026 ene 05", "2026-01-05T00:00"),
        ("Jan-05-2026", "2026-01-05T00:00"),
        ("25 / 01 / 2026", "2026-01-25T00:00"),
        ("1o. de febrero de 2026", "2026-02-01T00:00"),
        ("Publicado: 25/01/2026 18:30", "2026-01-25T18:30"),
        ("5 de enero de 2026 12:30 (tiempo del centro de México)", "2026-01-05T18:30"),
        ("5 de enero de 2026, 12:30 horas, tiempo del centro", "2026-01-05T18:30"),
        ("Mon , 05 Jan 2026 10:00:00 GMT", "2026-01-05T10:00"),
        ("2026-1-5", "2026-01-05T00:00"),
        ("2026-01-05Z", "2026-01-05T00:00"),
        ("2026-01-05T18:30:00-06", "2026-01-06T00:30"),
        ("2026-01-05 18:30:00 +0000 UTC", "2026-01-05T18:30"),
        ("25/01/2026 18:30", "2026-01-25T18:30"),
        ("25-01-2026", "2026-01-25T00:00"),
        ("25.01.2026, 18:30 h", "2026-01-25T18:30"),
        ("01/25/2026 6:30 PM", "2026-01-25T18:30"),
        ("02/02/2026", "2026-02-02T00:00"),
        ("25/ene/2026 18:30 hrs.", "2026-01-25T18:30"),
        ("25-Jan-2026 18:30:00", "2026-01-25T18:30"),
        ("Mon Jan  5 10:00:00 2026", "2026-01-05T10:00"),
        ("Mon Jan 05 10:00:00 CST 2026", "2026-01-05T16:00"),
        ("Mon, 05 Jan 2026 12:30:00 America/Mexico_City", "2026-01-05T18:30"),
        ("Mon, 05 Jan 2026 12:30 pm America/Mexico_City", "2026-01-05T18:30"),
        ("Mon, 05 Jan 2026 12:30:00 GMT-6", "2026-01-05T18:30"),
        ("Mon, 05 Jan 2026 12:30:00 UTC−06:00", "2026-01-05T18:30"),
        ("Mon, 05 Jan 2026 12:30:00 -0600 (CST)", "2026-01-05T18:30"),
        ("Mon, 05 Jan 2026 12:30:00 Central Standard Time", "2026-01-05T18:30"),
        ("January 5, 2026 12:30 p.m. ET", "2026-01-05T17:30"),
        ("July 5, 2025 12:30 p.m. ET", "2025-07-05T16:30"),
        ("January 5, 2026 1 PM", "2026-01-05T13:00"),
        ("5 de enero de 2026, 12:30 horas (hora del centro)", "2026-01-05T18:30"),
        ("lunes, 5 de enero de 2026 - 18:30", "2026-01-05T18:30"),
        ("lun., 5 ene. 2026 18h30", "2026-01-05T18:30"),
        ("Enero 5 de 2026", "2026-01-05T00:00"),
        ("1º de enero de 2026", "2026-01-01T00:00"),
        ("5 de enero de 2026 a las 6:30 p. m.", "2026-01-05T18:30"),
    ],
)
def test_dates_as_feeds_write_them(text: str, moment: str) -> None:
    assert read_date(text, NOW) == datetime.fromisoformat(moment).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "yesterday",
        "5 de enero",
        "31 Feb 2026",
        "2026-13-45T99:99:99Z",
        "2026-01-05T25:61:61Z",
        "2026-01-05T10:00:00+99:99",
        "2026-01-05 10:00 America/Nowhere",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z",
        "2050-01-01T00:00:00Z",
        "99999999-01-01",
        "-2026-01-05",
        "2026-W02-1",
        "1",
        "Mon, 05 Jan 2026 10:00:00 XYZ",
        "05/06/2025",
        "13/13/2025",
        "2026/01/05 or so",
        "2026/01",
        "5 de enero de 2026 a las",
        "5 de nadie de 2026",
        "Mon, 05 Jan 2026 10:00:00 GMT trailing words",
        "20260105123",
        "9" * 5_000,
        "Sat, 01 Jan 0000 00:00:00 GMT",
        "Tue, 03 Mar 2026 16:00:00 GMT",
    ],
)
def test_dates_that_cannot_be_believed(text: str | None) -> None:
    assert read_date(text, NOW) is None


@given(st.integers(int(EARLIEST.timestamp()), int(NOW.timestamp())), st.integers(-12, 14))
def test_both_standards_are_read_exactly(seconds: int, hours: int) -> None:
    moment = datetime.fromtimestamp(seconds, UTC)
    local = moment.astimezone(timezone(timedelta(hours=hours)))
    assert read_date(format_datetime(local), NOW) == moment
    assert read_date(local.isoformat(), NOW) == moment


@given(st.text(max_size=200))
def test_any_text_gives_a_believable_date_or_none(text: str) -> None:
    moment = read_date(text, NOW)
    assert moment is None or (EARLIEST <= moment <= NOW + LATEST_AHEAD and moment.tzinfo is UTC)

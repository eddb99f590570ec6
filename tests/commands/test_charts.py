"""The timeline and the trend, from a real store, in both languages."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.commands.charts import period_of, weeks_until
from bot.commands.faults import UserFault
from bot.domain.audience import TERMINAL, TERMINAL_USER
from bot.domain.page import Picture
from bot.pages.timeline import Period
from tests.pages.making import links, words
from tests.support.context import Room, button, reader

TODAY = date(2026, 3, 2)
WALL = "Border Patrol agents seize the border wall in Texas, Mexico says"


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        (None, None, Period(date(2026, 2, 1), TODAY)),
        ("7", None, Period(date(2026, 2, 23), TODAY)),
        ("2026-02-20", "2026-02-25", Period(date(2026, 2, 20), date(2026, 2, 25))),
        ("20260220", "3", None),
        (None, "2030-01-01", Period(date(2026, 2, 1), TODAY)),
        ("0", "0", Period(TODAY, TODAY)),
        ("2001-01-01", None, Period(TODAY - timedelta(days=365), TODAY)),
    ],
)
def test_days_by_date_or_by_number(since: str | None, until: str | None, expected: Period | None) -> None:
    if expected is None:
        assert period_of(since, until, TODAY).since == date(2026, 2, 20)
    else:
        assert period_of(since, until, TODAY) == expected


@pytest.mark.parametrize(
    ("since", "until"),
    [
        ("yesterday", None),
        ("-3", None),
        ("٣", None),
        ("99999", None),
        ("1999-12-31", None),
        ("2026-13-01", None),
        ("2026-03-01", "2026-02-01"),
        ("1" * 400, None),
    ],
)
def test_days_that_make_no_sense(since: str | None, until: str | None) -> None:
    with pytest.raises(UserFault):
        period_of(since, until, TODAY)


def test_weeks_begin_on_monday_and_end_with_the_present_one() -> None:
    assert weeks_until(date(2026, 3, 4), 3) == (date(2026, 2, 16), date(2026, 2, 23), date(2026, 3, 2))


@pytest.mark.parametrize(
    ("language", "title", "more"),
    [
        ("en", "Timeline · Border security", "1 more story that day"),
        ("es", "Cronología · Seguridad fronteriza", "1 novedad más ese día"),
    ],
)
async def test_a_timeline_has_one_line_a_day_oldest_first(
    here: Room, language: str, title: str, more: str
) -> None:
    alpha, beta = here.follow("Alpha", "Beta")
    here.bring(alpha, f"{WALL}: first", ago=timedelta(days=5), url="https://alpha.example/first")
    (first,) = here.group()
    here.bring(beta, f"{WALL}: first too", ago=timedelta(days=5), url="https://beta.example/first")
    here.group(first)
    here.bring(alpha, f"{WALL}: beside it", ago=timedelta(days=5), url="https://alpha.example/beside")
    here.bring(alpha, f"{WALL}: later", ago=timedelta(days=2), url="https://alpha.example/later")
    here.group()
    page = await here.ask("/timeline border_security", reader(language))
    assert page.title == title
    assert [url.rpartition("/")[2] for url in links(page)] == ["first", "later"]
    assert more in words(page)
    earlier = await here.press(page, {"en": "Earlier", "es": "Antes"}[language], reader(language))
    assert links(earlier) == []


async def test_a_timeline_of_chosen_days(here: Room) -> None:
    (alpha,) = here.follow("Alpha")
    for days in (1, 4, 8):
        here.bring(alpha, f"{WALL} {days}", ago=timedelta(days=days))
    here.group()
    page = await here.ask("/timeline border_security since:2026-02-25 until:2")
    assert "February 25, 2026 to February 28, 2026" in words(page)
    assert [line for line in words(page).splitlines() if WALL in line] == [f"Feb 26, 2026 · {WALL} 4"]


async def test_many_days_keep_the_most_reported(here: Room) -> None:
    alpha, beta = here.follow("Alpha", "Beta")
    for days in range(1, 21):
        here.bring(alpha, f"{WALL} {days}", ago=timedelta(days=days))
        (story,) = here.group()
        if days == 20:
            here.bring(beta, f"{WALL} as well", ago=timedelta(days=days))
            here.group(story)
    page = await here.ask("/timeline border_security")
    lines = [line for line in words(page).splitlines() if WALL in line]
    assert len(lines) == 4
    assert lines[0].startswith("Feb 10, 2026")
    assert "4 of 20 days with reports" in words(page)
    shorter = await here.press(page, "Shorter, with more days")
    text = words(shorter)
    assert "of 15 days" not in text
    assert len([line for line in text.splitlines() if WALL in line]) == 4


async def test_an_empty_timeline_says_so(here: Room) -> None:
    here.follow("Alpha")
    assert "Nothing was reported under this concern" in words(await here.ask("/timeline trade_leverage"))


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Border security: 2 in the first week, 2 in the last whole one, 2 at most"),
        ("es", "Seguridad fronteriza: 2 en la primera semana, 2 en la última completa, 2 como máximo"),
    ],
)
async def test_a_trend_is_a_picture_with_its_words(here: Room, language: str, said: str) -> None:
    pytest.importorskip("matplotlib")
    (alpha,) = here.follow("Alpha")
    here.bring(alpha, f"{WALL} one", ago=timedelta(days=3))
    here.bring(alpha, f"{WALL} two", ago=timedelta(days=4))
    here.bring(alpha, f"{WALL} now")
    here.group()
    page = await here.ask("/trend border_security weeks:4", reader(language))
    (picture,) = [block for block in page.blocks if isinstance(block, Picture)]
    assert picture.png.startswith(b"\x89PNG") and len(picture.png) < 200_000
    assert said in picture.alt and len(picture.alt) <= 1024
    assert button(page, {"en": "8 weeks", "es": "8 semanas"}[language]).request.arguments == {
        "concern": "border_security",
        "weeks": "8",
    }


@pytest.mark.parametrize("language", ["en", "es"])
async def test_all_concerns_fit_in_the_words_of_one_picture(here: Room, language: str) -> None:
    pytest.importorskip("matplotlib")
    (alpha,) = here.follow("Alpha")
    here.bring(alpha, WALL)
    here.group()
    page = await here.ask("/trend weeks:104", reader(language))
    (picture,) = [block for block in page.blocks if isinstance(block, Picture)]
    assert 100 < len(picture.alt) <= 1024


@pytest.mark.parametrize(
    ("language", "row"), [("en", "Feb 23 ████████████████ 2"), ("es", " 23 feb ████████████████ 2")]
)
async def test_without_matplotlib_there_are_bars_of_text(
    here: Room, language: str, row: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    (alpha,) = here.follow("Alpha")
    here.bring(alpha, f"{WALL} one", ago=timedelta(days=3))
    here.bring(alpha, f"{WALL} two", ago=timedelta(days=4))
    here.bring(alpha, f"{WALL} now")
    here.group()
    page = await here.ask("/trend border_security weeks:3", reader(language))
    assert not any(isinstance(block, Picture) for block in page.blocks)
    assert row.strip() in words(page)


async def test_the_terminal_gets_bars_and_sparklines(here: Room) -> None:
    (alpha,) = here.follow("Alpha")
    here.bring(alpha, WALL, ago=timedelta(days=3))
    here.group()
    page = await here.ask("/trend weeks:3", replace(reader(), user=TERMINAL_USER, view=TERMINAL))
    assert "·█▁ 1 event in all · 0 in the present week" in words(page)
    assert words(page).count("in all") == 5
    assert "Of the weeks before the first reading there are no data." in words(page)

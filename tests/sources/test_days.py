"""The Diario Oficial is asked day by day: none is missed, and none is asked for ever."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from bot.domain.feed_state import FeedState
from bot.sources import dof, gob_mx
from tests.sources.cases import CASES, NOW

URL = "https://sidof.segob.gob.mx/dof/sidof/notas"


def _state(asked: str, answered: datetime) -> FeedState:
    return FeedState(validators_url=f"{URL}/{asked}", last_success_at=answered)


@pytest.mark.parametrize(
    ("state", "day"),
    [
        (FeedState(), "28-11-2026"),
        (_state("28-11-2026", NOW - timedelta(hours=3)), "28-11-2026"),  # the evening edition is to come
        (_state("27-11-2026", datetime(2026, 11, 27, 18, tzinfo=UTC)), "27-11-2026"),  # asked before its end
        (_state("27-11-2026", datetime(2026, 11, 28, 5, tzinfo=UTC)), "27-11-2026"),  # still the 27th there
        (_state("27-11-2026", datetime(2026, 11, 28, 7, tzinfo=UTC)), "28-11-2026"),
        (_state("24-11-2026", datetime(2026, 11, 26, tzinfo=UTC)), "25-11-2026"),  # after an outage
        (_state("01-03-2026", datetime(2026, 3, 2, tzinfo=UTC)), "21-11-2026"),  # a week is made up for
        (_state("30-11-2026", NOW), "28-11-2026"),  # a clock that was wrong
        (_state("99-99-2026", NOW), "28-11-2026"),
    ],
)
def test_the_day_that_is_asked_for(state: FeedState, day: str) -> None:
    assert dof.address(URL, state, NOW) == f"{URL}/{day}"


def test_every_day_is_asked_for_until_it_is_over() -> None:
    state, now = FeedState(), NOW
    last_asked: dict[str, datetime] = {}
    for _ in range(60):
        address = dof.address(URL, state, now)
        last_asked[address] = now
        state = replace(state, validators_url=address, last_success_at=now)
        now += timedelta(hours=11)
    days = [datetime.strptime(address[-10:], "%d-%m-%Y").replace(tzinfo=dof.MEXICO) for address in last_asked]
    assert all(after - before == timedelta(days=1) for before, after in pairwise(days))
    asked = list(last_asked.values())
    assert all(at >= day + timedelta(days=1) for day, at in zip(days[:-1], asked[:-1], strict=True))


def test_a_press_archive_that_comes_as_a_script() -> None:
    case = next(one for one in CASES if one.kind == "gob_mx")
    start, end = case.body.index(b"<article"), case.body.rindex(b"</article>") + len(b"</article>")
    articles = case.body[start:end].decode()
    escaped = articles.replace('"', '\\"').replace("/", "\\/").replace("\n", "\\n")
    script = f'<div id="prensa"></div><script>$("#prensa").append("{escaped}");</script>'
    found = gob_mx.read(script.encode(), case.url, NOW).entries
    assert [entry.title for entry in found] == [entry.title for entry in case.read(case.body).entries]


def test_a_press_archive_with_the_date_in_words_and_in_latin_1() -> None:
    page = (
        '<div id="prensa"><article><div>16 de noviembre de 2026<span>Fecha</span></div><h3>México envía a la '
        'Guardia Nacional a Nogales</h3><a href="/inm/prensa/guardia">Continuar leyendo</a></article></div>'
    )
    found = gob_mx.read(page.encode("latin-1"), "https://www.gob.mx/inm/es/archivo/prensa", NOW).entries
    assert found[0].title == "México envía a la Guardia Nacional a Nogales"
    assert found[0].published == datetime(2026, 11, 16, 6, tzinfo=UTC)

"""The Diario Oficial is asked day by day: none is missed, and none is asked for ever."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
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


class Service:
    """Answers for each day with so many texts, and with an error for the days in ``down``; notes what it was
    asked for.
    """

    def __init__(self, texts: int = 3) -> None:
        self.state, self.now, self.texts = FeedState(), NOW, texts
        self.empty: set[str] = set()
        self.down: set[str] = set()
        self.asked: list[tuple[str, datetime]] = []

    def poll(self, times: int, hours: float) -> None:
        for _ in range(times):
            address = dof.address(URL, self.state, self.now)
            day = address.rsplit("/", 1)[-1]
            self.asked.append((day, self.now))
            if day in self.down or "all" in self.down:
                self.state = replace(self.state, failures=self.state.failures + 1)
            else:
                entries = 0 if day in self.empty else self.texts
                answered = replace(
                    self.state, failures=0, entries=entries, validators_url=address, last_success_at=self.now
                )
                stored = FeedState.load(dof.answered(address, answered, self.now).dump())
                self.state = stored
            self.now += timedelta(hours=hours)

    def times(self, day: str) -> int:
        return sum(asked == day for asked, _ in self.asked)

    def last(self, day: str) -> datetime:
        return max(at for asked, at in self.asked if asked == day)


def test_every_day_is_asked_for_until_it_is_over() -> None:
    service = Service()
    service.poll(60, hours=11)
    last_asked = dict(service.asked)
    days = [datetime.strptime(day, "%d-%m-%Y").replace(tzinfo=dof.MEXICO) for day in last_asked]
    assert all(after - before == timedelta(days=1) for before, after in pairwise(days))
    asked = list(last_asked.values())
    assert all(at >= day + timedelta(days=1) for day, at in zip(days[:-1], asked[:-1], strict=True))


def test_a_day_that_cannot_be_had_does_not_hold_up_the_next_and_is_made_up_for() -> None:
    service = Service()
    service.poll(4, hours=6)  # the 28th, a Saturday, and the morning of the 29th
    service.down = {"30-11-2026"}
    service.poll(16, hours=6)
    assert {"01-12-2026", "02-12-2026"} <= {day for day, _ in service.asked}
    service.down = set()
    service.poll(2, hours=6)
    assert "2026-11-30" in service.state.days
    asked = service.times("30-11-2026")
    service.poll(20, hours=6)
    assert service.times("30-11-2026") == asked


def test_a_day_that_stays_away_is_given_up_after_a_week() -> None:
    service = Service()
    service.poll(4, hours=6)
    service.down = {"30-11-2026"}
    service.poll(80, hours=6)
    assert service.last("30-11-2026") < datetime(2026, 12, 9, tzinfo=UTC)
    assert service.last("07-12-2026") > datetime(2026, 12, 8, 6, tzinfo=UTC)  # after its end, as always


def test_after_an_outage_each_day_is_made_up_for() -> None:
    service = Service()
    service.poll(4, hours=6)
    service.down = {"all"}
    service.poll(16, hours=6)
    service.down = set()
    service.poll(6, hours=3)
    assert {"2026-11-29", "2026-11-30", "2026-12-01", "2026-12-02"} <= set(service.state.days)


def test_an_empty_working_day_is_asked_for_again_once_a_day_and_for_a_week() -> None:
    service = Service()
    service.empty = {"28-11-2026", "29-11-2026", "01-12-2026", "02-12-2026"}  # a weekend and two lost days
    service.poll(16, hours=3)  # two days
    weekend = service.times("29-11-2026")
    service.poll(40, hours=3)  # five more
    assert service.times("29-11-2026") == weekend
    again = [
        at for day, at in service.asked if day == "01-12-2026" and at > datetime(2026, 12, 3, tzinfo=UTC)
    ]
    assert again
    service.empty.discard("01-12-2026")  # the service finds what it had lost
    service.poll(16, hours=3)
    assert "2026-12-01" in service.state.days
    service.poll(80, hours=3)
    assert service.last("02-12-2026") < datetime(2026, 12, 10, 6, tzinfo=UTC)
    late = Counter(at.astimezone(dof.MEXICO).date() for day, at in service.asked if day == "02-12-2026")
    del late[date(2026, 12, 2)]  # until it was over it was asked for as every day is
    assert len(late) >= 5 and set(late.values()) == {1}


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

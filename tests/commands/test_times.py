"""Time zones and hours as people write them, stored zones that are unknown, and a clock that was ahead."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from bot.clock import known_zones, offset_words, zone_name
from bot.commands.asking import complete
from bot.commands.faults import UserFault
from bot.commands.hours import minute_of_day
from bot.commands.lookup import find
from bot.commands.spec import Asker, Parameter
from bot.commands.zones import matching_zones, zone_named
from bot.domain.audience import Member, Server
from bot.publishing.digests import DigestPlanner
from bot.store import condition, digests
from bot.store import tables as t
from tests.pages.making import words
from tests.support.context import GUILD, Room

ZONE = Parameter("zone", "Which zone")
ADMIN = Asker(user=Member(9), view=Server(GUILD), language="en", admin=True, channel_id=41)
NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("GMT-6", "Etc/GMT+6"), ("GMT+1", "Etc/GMT-1"), ("UTC−6", "Etc/GMT+6"), ("utc-06:00", "Etc/GMT+6"),
        ("UTC -0600", "Etc/GMT+6"), ("-7", "Etc/GMT+7"), ("UTC", "UTC"), ("UTC+0", "UTC"),
        ("CDMX", "America/Mexico_City"), ("Ciudad de México", "America/Mexico_City"),
        ("D.F.", "America/Mexico_City"), ("mexico", "America/Mexico_City"), ("El Paso", "America/Denver"),
        ("El Paso, Texas", "America/Denver"), ("Reynosa", "America/Matamoros"),
        ("Reynosa, Tamaulipas", "America/Matamoros"), ("San Diego", "America/Los_Angeles"),
        ("Juárez", "America/Ciudad_Juarez"), ("cd. juarez", "America/Ciudad_Juarez"),
        ("Nuevo Laredo", "America/Matamoros"), ("Laredo", "America/Chicago"), ("McAllen", "America/Chicago"),
        ("Nogales, Sonora", "America/Hermosillo"), ("nogales (arizona)", "America/Phoenix"),
        ("Mexicali", "America/Tijuana"), ("Tapachula", "America/Mexico_City"), ("Tepic", "America/Mazatlan"),
        ("Chetumal", "America/Cancun"), ("Saltillo", "America/Monterrey"), ("Toluca", "America/Mexico_City"),
        ("Ciudad de Guatemala", "America/Guatemala"), ("San Salvador", "America/El_Salvador"),
        ("Managua", "America/Managua"), ("Washington, D.C.", "America/New_York"),
        ("america/tijuana", "America/Tijuana"), ("America/Ojinaga", "America/Ojinaga"),
    ],
)  # fmt: skip
def test_a_place_or_hours_from_utc_are_a_zone(typed: str, zone: str) -> None:
    assert zone_named(ZONE, typed) == zone


def test_hours_from_utc_are_what_people_mean_by_them() -> None:
    for hours in (*range(-12, 0), *range(1, 15)):
        zone = zone_named(ZONE, f"GMT{hours:+d}")
        assert offset_words(zone, NOW) == f"UTC{hours:+d}"
        assert zone_name(zone) == offset_words(zone, NOW)


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("Nogales", {"America/Hermosillo", "America/Phoenix"}),
        ("La Paz", {"America/La_Paz", "America/Mazatlan"}),
        ("CST", {"America/Mexico_City", "America/Matamoros", "America/Chicago", "America/Monterrey"}),
        ("EST", {"America/New_York", "America/Cancun"}),
        ("hora del Pacífico", {"America/Tijuana", "America/Los_Angeles"}),
        *(
            (typed, set())
            for typed in ("localtime", "Factory", "posixrules", "posix/America/Tijuana", "GMT-13")
        ),
        *((typed, set()) for typed in ("GMT+5:30", "UTC+99", "nowhere", "", "/etc/passwd", "..", "America/")),
    ],
)
def test_what_is_no_zone_or_several_is_asked_back(typed: str, offered: set[str]) -> None:
    with pytest.raises(UserFault) as fault:
        zone_named(ZONE, typed)
    choices = set(str(fault.value.values["choices"]).split(", "))
    assert offered <= choices <= known_zones()
    if offered:
        assert choices == offered


@given(st.text(max_size=30) | st.sampled_from(sorted(known_zones())))
def test_any_text_is_a_zone_or_a_sentence(typed: str) -> None:
    with suppress(UserFault):
        assert zone_named(ZONE, typed) in known_zones()
    assert set(matching_zones(typed)) <= known_zones()


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("8 a.m.", "08:00"), ("8 a. m.", "08:00"), ("8:30 p.m.", "20:30"), ("8 AM", "08:00"),
        ("20:00 hrs", "20:00"), ("20:00 hrs.", "20:00"), ("20 horas", "20:00"), ("20h", "20:00"),
        ("20h30", "20:30"), ("20.30", "20:30"), ("0800", "08:00"), ("0800 hrs", "08:00"), ("2030", "20:30"),
        ("830pm", "20:30"), ("08:00:00", "08:00"), ("8 de la noche", "20:00"), ("7 de la mañana", "07:00"),
        ("a las 8", "08:00"), ("las 20:15", "20:15"), ("12 am", "00:00"), ("12 pm", "12:00"),
        ("12 de la noche", "00:00"), ("noon", "12:00"), ("mediodía", "12:00"), ("medianoche", "00:00"),
        ("8 o'clock", "08:00"), ("8", "08:00"), ("１２：３０", "12:30"),
    ],
)  # fmt: skip
def test_an_hour_is_read_as_people_write_it(typed: str, expected: str) -> None:
    minutes = minute_of_day(typed)
    assert f"{minutes // 60:02d}:{minutes % 60:02d}" == expected


@pytest.mark.parametrize(
    "typed", ["25", "8:60", "0 pm", "13 am", "8 am pm", "", "noonish", "-8", "٨", "8:5", "260", "24:00"]
)
def test_what_is_no_hour_is_told_as_such(typed: str) -> None:
    with pytest.raises(UserFault):
        minute_of_day(typed)


@given(st.text(max_size=30))
def test_any_text_is_an_hour_or_a_sentence(typed: str) -> None:
    with suppress(UserFault):
        assert 0 <= minute_of_day(typed) < 24 * 60


@pytest.mark.parametrize(
    "line", ["/settings timezone zone:GMT-6", "/setup zone:GMT-6", "/follow zone:GMT-6 phrase:Yuma"]
)
@pytest.mark.parametrize("language", ["en", "es"])
async def test_a_zone_is_confirmed_with_its_present_hour(here: Room, line: str, language: str) -> None:
    hour = (here.clock.now() - timedelta(hours=6)).strftime("%H:%M")
    page = await here.ask(line, Asker(Member(9), Server(GUILD), language, admin=True, channel_id=41))
    assert "UTC-6" in words(page)
    assert hour in words(page)


async def test_a_zone_is_offered_with_its_hours_from_utc(here: Room) -> None:
    offered = await complete(
        here.context, ADMIN, find("settings timezone"), find("settings timezone").parameters[0], "reyn"
    )
    assert offered[0] == ("America/Matamoros (UTC-6)", "America/Matamoros")


async def test_a_stored_zone_that_is_unknown_stops_nothing(here: Room) -> None:
    await here.ask("/settings timezone zone:America/Tijuana", ADMIN)
    await here.ask("/digest set time:07:30", ADMIN)
    for table, column in ((t.digest, "zone"), (t.guild, "timezone")):
        values = {column: "America/Atlantis"}
        here.database.write_sync(
            lambda session, table=table, values=values: session.execute(update(table).values(values))
        )
    assert here.database.read_sync(condition.clock_faults, here.clock.now()).zones == ("America/Atlantis",)
    for line in ("/digest status", "/digest set quiet:yes", "/settings show", "/setup", "/digest preview"):
        page = await here.ask(line, ADMIN)
        assert page.tone != "problem"
        assert "America/Atlantis" in words(page) or line == "/digest preview"
    _advance_to_digest(here)
    assert await DigestPlanner(here.context).plan_due() == 1
    await here.ask("/settings timezone zone:UTC", ADMIN)
    assert here.database.read_sync(condition.clock_faults, here.clock.now()).zones == ()
    assert "Atlantis" not in words(await here.ask("/digest status", ADMIN))


async def test_a_clock_that_is_ahead_for_a_tick_costs_no_digest(here: Room) -> None:
    await here.ask("/settings timezone zone:UTC", ADMIN)
    await here.ask("/digest set time:12:00", ADMIN)
    planner = DigestPlanner(here.context)
    _advance_to_digest(here)
    assert await planner.plan_due() == 1
    right = here.clock.now()
    for ahead in (timedelta(days=365), timedelta(days=364, hours=20)):
        here.clock.advance(seconds=ahead.total_seconds())
        await planner.plan_due()
        here.clock.advance(seconds=(right - here.clock.now()).total_seconds())
        far = here.database.read_sync(condition.clock_faults, here.clock.now())
        assert far.digests == 1
        await planner.plan_due()
        (one,) = here.database.read_sync(digests.subscriptions_of, Server(GUILD))
        assert one.next_due_at is not None and one.next_due_at - right < timedelta(days=2)
    _advance_to_digest(here)
    assert await planner.plan_due() == 1


def _advance_to_digest(here: Room) -> None:
    (one,) = here.database.read_sync(digests.subscriptions_of, Server(GUILD))
    assert one.next_due_at is not None
    here.clock.advance(seconds=(one.next_due_at - here.clock.now()).total_seconds() + 20)

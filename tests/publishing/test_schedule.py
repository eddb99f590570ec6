"""When a digest is due: zones, gaps and overlaps of the clock, and periods that touch."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.schedule import (
    FIRST_SPAN,
    LONGEST_SPAN,
    due_moment,
    is_late,
    local_day,
    next_due,
    span_of,
    too_late,
)

ZONES = ["America/Mexico_City", "America/Tijuana", "America/Ciudad_Juarez", "Europe/Madrid", "UTC"]


def test_mexico_city_keeps_one_offset_all_year() -> None:
    winter = due_moment(date(2026, 1, 15), 8 * 60, "America/Mexico_City")
    summer = due_moment(date(2026, 7, 15), 8 * 60, "America/Mexico_City")
    assert (winter.hour, summer.hour) == (14, 14)


def test_tijuana_follows_the_clocks_of_california() -> None:
    winter = due_moment(date(2026, 1, 15), 8 * 60, "America/Tijuana")
    summer = due_moment(date(2026, 7, 15), 8 * 60, "America/Tijuana")
    assert (winter.hour, summer.hour) == (16, 15)


def test_an_hour_that_is_skipped_is_shifted_forward() -> None:
    # Clocks jump from 02:00 to 03:00 on March 8, 2026.
    assert due_moment(date(2026, 3, 8), 150, "America/Tijuana") == datetime(2026, 3, 8, 10, 30, tzinfo=UTC)


def test_an_hour_that_comes_twice_is_the_first_of_the_two() -> None:
    first = due_moment(date(2026, 11, 1), 90, "America/Tijuana")
    assert first == datetime(2026, 11, 1, 8, 30, tzinfo=UTC)
    assert next_due(first, 90, "America/Tijuana") == datetime(2026, 11, 2, 9, 30, tzinfo=UTC)


@given(
    st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),
    st.integers(0, 24 * 60 - 1),
    st.sampled_from(ZONES),
    st.integers(1, 127),
)
def test_the_next_due_moment_is_later_and_on_a_chosen_day(
    after: datetime, minute: int, zone: str, days: int
) -> None:
    due = next_due(after, minute, zone, days)
    assert after < due <= after + timedelta(days=9)
    assert days >> local_day(due, zone).weekday() & 1


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),
    st.integers(0, 24 * 60 - 1),
    st.sampled_from(ZONES),
)
def test_each_local_day_has_exactly_one_digest(start: datetime, minute: int, zone: str) -> None:
    days = []
    moment = start
    for _ in range(40):
        moment = next_due(moment, minute, zone)
        days.append(local_day(moment, zone))
    assert days == [days[0] + timedelta(days=n) for n in range(40)]


def test_a_week_without_days_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one day"):
        next_due(datetime(2026, 1, 1, tzinfo=UTC), 0, "UTC", 0)


def test_stretches_of_two_digests_touch() -> None:
    first_due = datetime(2026, 5, 1, 14, tzinfo=UTC)
    second_due = first_due + timedelta(days=1)
    first = span_of(None, first_due)
    second = span_of(first[1], second_due)
    assert first == (first_due - FIRST_SPAN, first_due)
    assert second == (first[1], second_due)


def test_after_a_long_absence_a_digest_tells_of_a_week_at_most() -> None:
    due = datetime(2026, 5, 1, 14, tzinfo=UTC)
    assert span_of(due - timedelta(days=90), due) == (due - LONGEST_SPAN, due)


def test_late_and_too_late() -> None:
    due = datetime(2026, 5, 1, 14, tzinfo=UTC)
    assert not is_late(due, due + timedelta(minutes=2))
    assert is_late(due, due + timedelta(hours=1)) and not too_late(due, due + timedelta(hours=1))
    assert too_late(due, due + timedelta(hours=7))

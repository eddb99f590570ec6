"""Requests survive the trip into a custom id and back."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.custom_id import (
    BUTTON,
    FORM,
    LONGEST,
    SELECT,
    SHARE,
    Keeper,
    Target,
    TooLong,
    Unreadable,
    decode,
    encode,
    key_in,
    utf16_length,
    with_kept,
)
from bot.domain.page import Request

names = st.text(min_size=1, max_size=20)
requests = st.builds(Request, names, st.dictionaries(names, st.text(max_size=30), max_size=4))
targets = st.one_of(
    st.builds(Target, st.sampled_from([BUTTON, SHARE, FORM]), requests),
    st.builds(Target, st.just(SELECT), requests, names),
)


@given(targets, st.integers(0, 35))
def test_any_target_comes_back_or_is_refused(target: Target, place: int) -> None:
    try:
        made = encode(target, place)
    except TooLong:
        return
    assert utf16_length(made) <= LONGEST
    assert (made == made.strip() and made.isprintable()) or not made.isascii()
    assert decode(made) == target


@given(st.text(max_size=120))
def test_any_text_is_read_or_called_unreadable(text: str) -> None:
    with contextlib.suppress(Unreadable):
        decode(text)


def test_the_form_is_short_and_plain() -> None:
    target = Target(
        BUTTON, Request("latest", {"concern": "border_security", "days": "7", "before": "1769904000"})
    )
    assert encode(target, 0) == "1b0:latest?concern=border_security&days=7&before=1769904000"
    select = Target(SELECT, Request("latest", {"days": "7"}), "concern")
    assert encode(select, 3) == "1s3:latest>concern?days=7"


def test_marks_of_the_form_and_spaces_in_values_are_kept() -> None:
    target = Target(SHARE, Request("feeds add", {"address": "https://a.example/?q=a&b=100% sí\n"}))
    made = encode(target, 1)
    assert " " not in made and "\n" not in made
    assert decode(made) == target


def test_equal_requests_in_two_places_have_two_ids() -> None:
    target = Target(BUTTON, Request("latest"))
    assert encode(target, 0) != encode(target, 1)


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(TooLong):
        encode(Target(BUTTON, Request("search", {"words": "frontera " * 20})), 0)


@pytest.mark.parametrize(
    "old", ["", "latest", "0b0:latest", "2b0:latest", "1q0:latest", "1b0:latest?broken", "1b:x"]
)
def test_other_forms_are_unreadable(old: str) -> None:
    with pytest.raises(Unreadable):
        decode(old)


@given(targets, st.integers(0, 35))
def test_any_target_has_a_custom_id_and_comes_back(target: Target, place: int) -> None:
    keeper = Keeper()
    made = keeper.custom_id(target, place)
    assert utf16_length(made) <= LONGEST
    key = key_in(made)
    assert (key is not None) == bool(keeper.kept)
    if key is not None:
        with pytest.raises(Unreadable):
            decode(made)
        made = with_kept(made, keeper.kept[key])
    assert decode(made) == target

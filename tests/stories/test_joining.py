from __future__ import annotations

from dataclasses import replace

import pytest

from bot.stories.joining import ALONE, Likeness, bar_among_others, decide, rivalry

#: A report whose likeness rests on two rare words; its title says something else.
ALIKE = Likeness(0.3, own=6.0, acts=1.0, places=0.0, apart=0.2, title=0.3, other_title=0.3)


def test_rare_words_join_where_no_other_story_has_them() -> None:
    assert decide(ALIKE).joins
    assert decide(replace(ALIKE, rival=ALONE / 2)).joins


def test_among_like_stories_rare_words_are_the_subjects() -> None:
    assert decide(replace(ALIKE, rival=0.25)).reason == "new"


def test_among_like_stories_a_report_joins_whose_title_says_the_same() -> None:
    assert decide(replace(ALIKE, rival=0.25, title=0.9, other_title=0.8)).joins


def test_the_liker_another_story_is_the_more_is_asked() -> None:
    asked = [bar_among_others(replace(ALIKE, rival=rival)) for rival in (0.1, 0.2, 0.4)]
    assert asked == sorted(asked) and asked[0] < asked[-1]


def test_one_outlets_reports_on_a_subject_must_be_liker() -> None:
    assert bar_among_others(replace(ALIKE, same_outlet=True)) > bar_among_others(ALIKE)


@pytest.mark.parametrize(("rival", "joins"), [(0.2, True), (0.29, False)])
def test_who_takes_something_back_joins_the_likest_story(rival: float, joins: bool) -> None:
    assert decide(replace(ALIKE, rival=rival, takes_back=True)).joins is joins


def test_a_title_in_common_does_not_outweigh_a_conflict() -> None:
    same = replace(ALIKE, title=1.0, other_title=1.0)
    assert decide(same).joins
    assert decide(replace(same, conflict="place")).reason == "conflict"


def test_over_two_languages_a_story_far_off_in_time_rivals_less() -> None:
    near, far = Likeness(0.3, 2.0, 1.0, 0.0, apart=0.5, cross=True), Likeness(0.35, 2.0, 1.0, 0.0, apart=6.0)
    assert rivalry(near, far) < near.score < far.score
    assert rivalry(replace(near, cross=False), far) == far.score
    assert rivalry(replace(near, apart=6.0), replace(far, apart=0.5)) == far.score


def test_a_next_turn_stands_out_with_less() -> None:
    pair = replace(ALIKE, apart=1.0, rival=0.3)
    assert bar_among_others(replace(pair, turn=True)) < bar_among_others(pair)
    assert bar_among_others(replace(pair, turn=True, own=0.0)) == bar_among_others(replace(pair, own=0.0))


#: An outlet takes back a report of its own with other words than it had.
TAKEN_BACK = Likeness(
    0.07, own=1.9, acts=0.0, places=0.0, apart=1.2, title=0.15, other_title=0.12, corrects=True
)


def test_an_outlet_s_retraction_joins_what_it_names() -> None:
    assert decide(TAKEN_BACK).joins
    assert decide(replace(TAKEN_BACK, rival=0.06)).joins


@pytest.mark.parametrize(
    "change",
    [
        {"title": 0.0},
        {"other_title": 0.0},
        {"own": 1.0},
        {"apart": 20.0},
        {"rival": 0.1},
        {"corrects": False},
    ],
)
def test_a_retraction_joins_no_report_by_very_little_likeness_alone(change: dict) -> None:
    assert not decide(replace(TAKEN_BACK, **change)).joins

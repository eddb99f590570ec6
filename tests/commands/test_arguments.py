"""Arguments as readers give them: one spelling comes out, or a sentence that says what is wrong."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.article import load_brief
from bot.commands import arguments
from bot.commands.faults import UserFault
from bot.commands.hours import minute_of_day
from bot.commands.lookup import find
from bot.commands.registry import COMMANDS
from bot.commands.zones import matching_zones
from bot.locale import LANGUAGES, translator

BRIEF = load_brief()


@pytest.mark.parametrize(
    "typed",
    [
        "border_security",
        "Border Security",
        "border security",
        "seguridad fronteriza",
        "SEGURIDAD FRONTERIZA",
        "border",
    ],
)
def test_a_concern_in_any_spelling(typed: str) -> None:
    assert arguments.checked(find("concern"), {"name": typed}, BRIEF) == {"name": "border_security"}


@pytest.mark.parametrize("typed", ["weather", "", "   ", "'; DROP TABLE", "x" * 5000])
def test_no_such_concern_is_said_with_the_choices(typed: str) -> None:
    with pytest.raises(UserFault):
        arguments.checked(find("concern"), {"name": typed}, BRIEF)


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("America/Tijuana", "America/Tijuana"),
        ("tijuana", "America/Tijuana"),
        ("ciudad juarez", "America/Ciudad_Juarez"),
        ("Ciudad Juárez", "America/Ciudad_Juarez"),
        ("mexico city", "America/Mexico_City"),
        ("UTC", "UTC"),
    ],
)
def test_a_zone_in_any_spelling(typed: str, zone: str) -> None:
    assert arguments.checked(find("settings timezone"), {"zone": typed}, BRIEF) == {"zone": zone}


def test_zones_near_the_border_come_first() -> None:
    assert matching_zones("")[:2] == ["America/Mexico_City", "America/Tijuana"]
    assert matching_zones("jua")[0] == "America/Ciudad_Juarez"
    assert len(matching_zones("a")) == 25


@pytest.mark.parametrize("typed", ["0", "-1", "4000", "three", "1e3", "٣٣٣٣٣", "9" * 400])
def test_days_out_of_bounds(typed: str) -> None:
    with pytest.raises(UserFault) as fault:
        arguments.checked(find("latest"), {"days": typed}, BRIEF)
    for language in LANGUAGES:
        assert "{" not in fault.value.words(translator(language))[0]


@pytest.mark.parametrize(
    ("typed", "value"), [("es", "es"), ("English", "en"), ("ENGLISH", "en"), ("spanish", "es")]
)
def test_choices(typed: str, value: str) -> None:
    assert arguments.checked(find("latest"), {"language": typed}, BRIEF) == {"language": value}


def test_unknown_arguments_are_dropped() -> None:
    assert arguments.checked(find("concerns"), {"surprise": "1"}, BRIEF) == {}


@pytest.mark.parametrize(
    ("typed", "concern"),
    [
        ("migration", "border_security"),
        ("Migración", "border_security"),
        ("migra", "border_security"),
        ("security cooperation", "regional_security"),
        ("cooperación en seguridad", "regional_security"),
        ("comercio", "trade_leverage"),
    ],
)
def test_a_topic_stands_for_its_concern(typed: str, concern: str) -> None:
    assert arguments.checked(find("latest"), {"concern": typed}, BRIEF) == {"concern": concern}


@pytest.mark.parametrize(
    ("language", "names"),
    [("en", "Border security, Regional security"), ("es", "Seguridad fronteriza, Seguridad regional")],
)
def test_concerns_are_named_and_offered_in_the_readers_language(language: str, names: str) -> None:
    with pytest.raises(UserFault) as fault:
        arguments.checked(find("latest"), {"concern": "weather"}, BRIEF)
    assert names in fault.value.words(translator(language))[1]
    assert fault.value.offer is not None
    assert fault.value.offer.pairs(translator(language))[0] == (names.split(",")[0], "border_security")


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "“show” can be all, trouble, official sources, not “xyz”."),
        ("es", "«mostrar» puede ser todas, problemas, fuentes oficiales, no «xyz»."),
    ],
)
def test_choices_are_named_in_the_readers_language(language: str, sentence: str) -> None:
    with pytest.raises(UserFault) as fault:
        arguments.checked(find("sources"), {"show": "xyz"}, BRIEF)
    assert fault.value.words(translator(language))[0] == sentence


@pytest.mark.parametrize("typed", ["problemas", "trouble", "PROBLEMAS"])
def test_a_choice_is_taken_as_it_is_shown_in_either_language(typed: str) -> None:
    assert arguments.checked(find("sources"), {"show": typed}, BRIEF) == {"show": "trouble"}


def test_a_part_of_the_article_is_named_by_words_of_its_title() -> None:
    section = BRIEF.sections[1]
    for typed in (section.id, section.title.en, section.title.es.upper()):
        assert arguments.checked(find("article"), {"part": typed}, BRIEF) == {"part": section.id}
    with pytest.raises(UserFault) as fault:
        arguments.checked(find("article"), {"part": "xyz"}, BRIEF)
    assert section.title.es in fault.value.words(translator("es"))[1]


@pytest.mark.parametrize(
    ("typed", "zones"),
    [
        ("PST", "America/Tijuana, America/Los_Angeles"),
        ("pacífico", "America/Tijuana, America/Los_Angeles"),
        ("EST", "America/New_York, America/Cancun"),
    ],
)
def test_the_hour_of_several_places_is_no_zone(typed: str, zones: str) -> None:
    with pytest.raises(UserFault) as fault:
        arguments.checked(find("settings timezone"), {"zone": typed}, BRIEF)
    assert zones in fault.value.words(translator("en"))[1]
    assert ", ".join(matching_zones(typed)) == zones


@pytest.mark.parametrize(
    ("typed", "minute"),
    [
        ("08:00", 480),
        ("8", 480),
        ("8:30 pm", 1230),
        ("20h", 1200),
        ("20h15", 1215),
        ("12 am", 0),
        ("0:05", 5),
    ],
)
def test_times_of_day(typed: str, minute: int) -> None:
    assert minute_of_day(typed) == minute


@pytest.mark.parametrize("typed", ["24:00", "8:60", "noonish", "13 pm", "0 am", "", "8:3"])
def test_no_time_of_day(typed: str) -> None:
    with pytest.raises(UserFault):
        minute_of_day(typed)


@given(st.sampled_from(COMMANDS), st.dictionaries(st.text(max_size=8), st.text(max_size=40), max_size=4))
def test_wild_arguments_are_answered_with_a_sentence(command, given_arguments) -> None:  # type: ignore[no-untyped-def]
    names = [parameter.name for parameter in command.parameters]
    raw = dict(given_arguments)
    for name, value in zip(names, given_arguments.values(), strict=False):
        raw[name] = value
    try:
        arguments.checked(command, raw, BRIEF)
    except UserFault as fault:
        for language in LANGUAGES:
            assert all(isinstance(words, str) for words in fault.words(translator(language)))


def test_every_command_and_parameter_is_described_in_both_languages() -> None:
    for command in COMMANDS:
        for text in (command.description, *(parameter.description for parameter in command.parameters)):
            assert 0 < len(text) <= 100, f"{command.name}: Discord shows 100 characters"
            spanish = translator("es")(text)
            assert spanish != text and len(spanish) <= 100, f"{command.name}: {text!r}"


@pytest.mark.parametrize("typed", ["9999999999999999999", str(2**63), "<#9223372036854775808>", "#general"])
def test_what_cannot_be_an_id_is_refused(typed: str) -> None:
    with pytest.raises(UserFault, match="not an id"):
        arguments.checked(find("settings alerts"), {"channel": typed}, BRIEF)


def test_the_largest_id_is_taken() -> None:
    largest = str(2**63 - 1)
    assert arguments.checked(find("settings alerts"), {"channel": largest}, BRIEF) == {"channel": largest}

"""/policies and /policy: what the record says, in both languages, by any of a policy's names."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.commands.asking import complete
from bot.commands.lookup import find
from bot.commands.policy_names import policies_matching
from bot.locale import translator
from bot.pages.policy_words import now_line
from bot.record import load_record
from bot.record.current import current_policies, steps_between
from tests.pages.making import words
from tests.support.context import Room, button, reader

RECORD = load_record()


@pytest.mark.parametrize(
    ("typed", "policy"),
    [
        ("Remain in Mexico", "remain_in_mexico"),
        ("quedate en mexico", "remain_in_mexico"),
        ("remain_in_mexico", "remain_in_mexico"),
        ("migrant protection", "remain_in_mexico"),
        ("Título 42", "title_42"),
        ("title 42", "title_42"),
        ("88 FR 31314", "circumvention_of_lawful_pathways"),
    ],
)
def test_a_policy_is_found_by_its_names_in_both_languages_and_by_a_number(typed: str, policy: str) -> None:
    assert policies_matching(RECORD, typed)[0].id == policy


def test_nothing_is_found_by_words_of_no_policy() -> None:
    assert policies_matching(RECORD, "weather report") == []


@pytest.mark.parametrize("policy", [policy.id for policy in RECORD.objects])
@pytest.mark.parametrize("language", ["en", "es"])
async def test_every_policy_has_its_page_in_an_empty_store(here: Room, policy: str, language: str) -> None:
    page = await here.ask(f"/policy {policy}", reader(language))
    found = RECORD.policy(policy)
    assert page.title == found.name.in_(language)
    text = words(page)
    assert found.what.in_(language) in text
    assert found.steps[-1].sentence.in_(language) in text


async def test_the_steps_of_a_long_policy_stand_on_several_pages(here: Room) -> None:
    policy = RECORD.policy("remain_in_mexico")
    told = []
    page = await here.ask("/policy Remain in Mexico")
    while True:
        told.append(words(page))
        if not any(one.label == "Earlier steps" for one in page.buttons):
            break
        page = await here.ask(button(page, "Earlier steps").request)
    for step in policy.steps:
        assert any(step.sentence.en in text for text in told), step.date
    assert len(told) > 1


async def test_an_unconfirmed_step_says_so(here: Room) -> None:
    policy = next(one for one in RECORD.objects if one.steps[-1].doubt == "one_place")
    text = words(await here.ask(f"/policy {policy.id}"))
    assert "Unconfirmed: found in one publication only." in text


async def test_an_unknown_name_leads_to_the_list_and_an_ambiguous_one_offers_policies(here: Room) -> None:
    page = await here.ask("/policy weather")
    assert "There is no policy “weather”." in words(page)
    assert button(page, "All policies").request.command == "policies"
    page = await here.ask("/policy asylum")
    assert "Several policies are called “asylum”." in words(page)
    assert page.choices[0].options


async def test_the_list_is_filtered_and_the_newest_step_comes_first(here: Room) -> None:
    page = await here.ask("/policies border_security status:in_force country:mx")
    shown = [option.value for option in page.choices[0].options]
    for policy in map(RECORD.policy, shown):
        assert policy.status == "in_force" and "mx" in policy.countries
    dates = [RECORD.policy(one).steps[-1].date for one in shown]
    assert dates == sorted(dates, reverse=True)
    assert "in force" in page.title


async def test_completion_speaks_the_readers_language(here: Room) -> None:
    command = find("policy")
    pairs = await complete(here.context, reader("es"), command, command.parameters[0], "remain in")
    assert pairs[0] == ("Quédate en México (MPP)", "remain_in_mexico")
    pairs = await complete(here.context, reader("en"), command, command.parameters[0], "")
    assert len(pairs) == 25


@pytest.mark.parametrize(("language", "said"), [("en", "Now: {name} · "), ("es", "Ahora: {name} · ")])
async def test_concerns_and_their_questions_say_where_they_stand(
    here: Room, language: str, said: str
) -> None:
    remain = RECORD.policy("remain_in_mexico")
    for request in ("/concerns", "/concern border_security"):
        assert said.format(name=remain.name.in_(language)) in words(await here.ask(request, reader(language)))


def test_where_a_policy_stands_names_its_last_confirmed_change() -> None:
    policy = RECORD.objects[0]
    began, noted, changed, doubtful = (
        replace(policy.steps[0], date=day, status=status, doubt=doubt)
        for day, status, doubt in (
            ("2025-03-15", "in_force", ""),
            ("2025-07-25", "noted", ""),
            ("2026-02-03", "amended", ""),
            ("2026-04-03", "extended", "one_place"),
        )
    )
    assert replace(policy, steps=(began, noted)).last_change is None
    moved = replace(policy, steps=(began, noted, changed, doubtful))
    assert (moved.status_step, moved.last_change) == (began, changed)
    for language, said in (("en", "last change Feb 3, 2026"), ("es", "último cambio: 3 feb 2026")):
        assert said in now_line(translator(language), moved)


def test_where_a_question_stands_rests_on_confirmed_steps_of_policies_that_are_there() -> None:
    for question in (one for policy in RECORD.objects for one in policy.questions):
        for policy in current_policies(RECORD, [question]):
            assert question in policy.questions
            assert policy.status in ("in_force", "in_part", "enjoined")
            assert policy.status_step.confirmed


async def test_a_timeline_before_the_first_report_shows_the_steps_of_policies(here: Room) -> None:
    page = await here.ask("/timeline border_security since:2019-01-01 until:2019-02-28")
    text = words(page)
    for policy, step in steps_between(
        RECORD, ["non_mexican_returns", "shelters", "traffickers"], date(2019, 1, 1), date(2019, 2, 28)
    ):
        assert policy.name.en in text
        assert step.sentence.en in text
    assert "Remain in Mexico" in text


@pytest.mark.parametrize(
    ("searched", "language", "policy"),
    [
        ("remain in mexico", "en", "remain_in_mexico"),
        ("quédate en méxico", "es", "remain_in_mexico"),
        ("13767", "en", "executive_order_13767"),
    ],
)
async def test_a_search_finds_policies_by_name_and_document(
    here: Room, searched: str, language: str, policy: str
) -> None:
    page = await here.ask(f"/search {searched}", reader(language))
    assert RECORD.policy(policy).what.in_(language) in words(page)
    opened = page.choices[0]
    assert policy in [option.value for option in opened.options]

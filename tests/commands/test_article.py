"""The brief of the seed article, part by part."""

from __future__ import annotations

import pytest

from tests.pages.making import words
from tests.support.context import Room, reader


@pytest.mark.parametrize("language", ["en", "es"])
async def test_every_part_can_be_read_and_leads_to_the_others(here: Room, language: str) -> None:
    asker = reader(language)
    first = await here.ask("/article", asker)
    (choice,) = first.choices
    assert len(choice.options) == len(here.context.brief.parts) and choice.options[0].chosen
    for option in choice.options:
        page = await here.ask(f"/article part:{option.value}", asker)
        (chosen,) = [one for one in page.choices[0].options if one.chosen]
        assert chosen.value == option.value
        assert option.label in words(page)


@pytest.mark.parametrize("language", ["en", "es"])
async def test_people_institutions_and_works_are_shown_with_their_notes(here: Room, language: str) -> None:
    brief = here.context.brief
    listed = words(await here.ask("/article part:who", reader(language)))
    for one in (*brief.people, *brief.institutions):
        name = one.name if isinstance(one.name, str) else one.name.in_(language)
        acronym = getattr(one, "acronym", None)
        assert (acronym.in_(language) if acronym else name) in listed
        who = words(await here.ask(f"/article part:who who:{one.id}", reader(language)))
        assert name in who and one.part.in_(language) in who
        assert one.note is None or one.note.in_(language) in who
    works = words(await here.ask("/article part:works", reader(language)))
    assert all(work.entry in works and work.backs.in_(language) in works for work in brief.references)


async def test_a_part_is_found_by_words_of_its_title(here: Room) -> None:
    assert "Felipe Calderón" in words(await here.ask("/article who and what"))
    assert "Felipe Calderón" in words(await here.ask("/article quién", reader("es")))

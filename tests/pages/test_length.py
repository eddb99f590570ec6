"""No first page is a wall of text: each says what fits a phone's screen or two, the rest is a press away."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.article import WHO, load_brief
from bot.commands.registry import COMMANDS
from bot.commands.spec import Asker, Command
from bot.domain.audience import TERMINAL, TERMINAL_USER, Member, Server
from bot.domain.page import Block, Item, Note, Page, Paragraph, Request, Span
from bot.feeds.fetch import FetchRequest, FetchResult
from tests.support.context import GUILD, Room, room

DAYS = 30
HEADLINES = {
    "en": (
        "Border Patrol agents find a tunnel under the border wall in San Diego, number {n} of this year",
        "Cartel gunmen ambush Mexican army convoy near Reynosa, killing {n} soldiers, officials say",
        "Pentagon sends {n} more troops to the border with Mexico under a national emergency order",
        "Trump threatens {n} percent tariffs on Mexico unless it stops fentanyl at the border",
        "U.S. and Mexico renew security cooperation under the Bicentennial Framework, round {n}",
    ),
    "es": (
        "Agentes de la Patrulla Fronteriza hallan el túnel número {n} bajo el muro fronterizo en Tijuana",
        "Sicarios del cártel emboscan a un convoy del Ejército en Reynosa y matan a {n} soldados",
        "El Pentágono envía {n} militares más a la frontera con México por la emergencia nacional",
        "Trump amenaza con aranceles de {n} por ciento a México si no frena el fentanilo en la frontera",
        "México y Estados Unidos renuevan la cooperación en seguridad del Entendimiento Bicentenario {n}",
    ),
}


def shown(page: Page) -> str:
    """What a reader sees of a page: its text without the addresses behind links."""
    return "\n".join([page.title, *(text for block in page.blocks if (text := _text(block)))])


def _text(block: Block) -> str:
    match block:
        case Item(spans, details):
            return "\n".join(map(_line, (spans, *details)))
        case Paragraph(spans) | Note(spans):
            return _line(spans)
        case _:
            return getattr(block, "text", "")


def _line(spans: tuple[Span, ...]) -> str:
    return "".join(one if isinstance(one, str) else str(getattr(one, "text", "00:00")) for one in spans)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """A month with reports of each kind from each of six publishers, in both languages."""
    with room(tmp_path_factory.mktemp("length")) as opened:
        english = opened.follow("Herald", "Tribune", "Courier")
        spanish = opened.follow("Frontera", "Gaceta", "Mensajero", language="es")
        for day in range(DAYS):
            for kind in range(5):
                feeds, language = ((english, "en"), (spanish, "es"))[(day + kind) % 2]
                title = HEADLINES[language][kind].format(n=day + 11)
                opened.bring(feeds[day % 3], title, language=language, ago=timedelta(days=day, hours=kind))
        opened.group()
        yield opened


#: Characters of the pages that lead to more than they show.
FOLDED = 1_200
#: Characters of any other first page.
LONGEST = 2_500
NEEDED = {
    "concern": "border_security",
    "whole": "1",
    "story": "1",
    "zone": "UTC",
    "policy": "wall_money_2019",
}
HELD_TO_FOLDED = [
    *(Request("timeline", {"concern": concern.id}) for concern in load_brief().concerns),
    Request("timeline", {"concern": "border_security", "since": "3650"}),
    Request("article", {"part": WHO}),
    Request("help", {"show": "admin"}),
]
LANGUAGES = ["en", "es"]


def admin(language: str) -> Asker:
    return Asker(user=Member(5), view=Server(GUILD), language=language, admin=True, operator=True)


def least(command: Command) -> Request:
    """A command with what it cannot go without."""
    return Request(
        command.name,
        {
            one.name: one.choices[0][0] if one.choices else NEEDED.get(one.kind, one.example or "x")
            for one in command.parameters
            if one.required
        },
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("request_", HELD_TO_FOLDED, ids=lambda one: f"{one.command} {dict(one.arguments)}")
async def test_what_was_a_wall_is_folded(filled: Room, request_: Request, language: str) -> None:
    for asker in (admin(language), replace(admin(language), user=TERMINAL_USER, view=TERMINAL)):
        page = await filled.answer(request_, asker)
        assert len(shown(page)) <= FOLDED, shown(page)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_no_first_page_is_a_wall(filled: Room, language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    class NothingThere:
        async def fetch(self, request: FetchRequest) -> FetchResult:
            return FetchResult(request.url, request.url, failure="dns")

    object.__setattr__(filled.context, "fetcher", NothingThere())
    record = filled.context.record
    asked = [
        *map(least, COMMANDS),
        *(Request("policy", {"policy": one.id}) for one in record.objects),
        *(
            Request(command, {argument: concern.id})
            for concern in load_brief().concerns
            for command, argument in (("concern", "name"), ("week", "concern"), ("latest", "concern"))
        ),
        *(Request("article", {"part": part}) for part, _ in load_brief().parts),
    ]
    lengths = {
        (one.command, *one.arguments.values()): len(shown(await filled.answer(one, admin(language))))
        for one in asked
    }
    assert {one: length for one, length in lengths.items() if length > LONGEST} == {}
    assert sum(length > 600 for length in lengths.values()) > 30, "the store is well filled"


@pytest.mark.parametrize("language", LANGUAGES)
async def test_everyone_in_the_article_is_a_press_away(filled: Room, language: str) -> None:
    page = await filled.answer(Request("article", {"part": WHO}), admin(language))
    brief = filled.context.brief
    options = [
        (choice.request, choice.argument, option)
        for choice in page.choices
        if choice.argument == "who"
        for option in choice.options
    ]
    assert {option.value for _, _, option in options} == {
        one.id for one in (*brief.people, *brief.institutions)
    }
    for request, argument, option in options:
        told = await filled.answer(
            Request(request.command, {**request.arguments, argument: option.value}), admin(language)
        )
        assert option.label in shown(told)
    everything = brief.people[1]
    told = await filled.answer(f"article part:who who:{everything.id}", admin(language))
    assert everything.part.in_(language) in shown(told) and everything.note is not None
    assert everything.note.in_(language) in shown(told)
    nobody = await filled.answer("article part:who who:nobody", admin(language))
    assert nobody.tone == "problem"


@pytest.mark.parametrize("language", LANGUAGES)
async def test_days_that_the_timeline_leaves_out_can_be_opened(filled: Room, language: str) -> None:
    page = await filled.answer("timeline concern:border_security", admin(language))
    (days,) = (choice for choice in page.choices if choice.argument == "day")
    assert len(days.options) == 25
    opened = await filled.answer(
        Request("timeline", {**days.request.arguments, "day": days.options[0].value}), admin(language)
    )
    assert days.options[0].description.split()[0] in shown(opened)

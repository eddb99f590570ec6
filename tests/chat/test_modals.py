"""A feed is added through a form: from the command, from the list, by those who may, in both languages."""

from __future__ import annotations

import pytest

from bot.chat.custom_id import BUTTON, FORM, Target, encode
from bot.chat.modals import form, needs_form
from bot.commands.lookup import find
from bot.commands.registry import COMMANDS
from bot.domain.audience import Server
from bot.domain.page import Request
from bot.locale import LANGUAGES, translator
from bot.store import feeds
from tests.chat.conftest import Stage
from tests.support.discord import CALLBACK, Exchange, Fault, Person
from tests.support.newsstand import Newsstand, paper

ADDRESS = "https://local.example.org/rss"
MODAL, UPDATE_LATER = 9, 6
TUNNEL = ("a", "Border Patrol finds a tunnel under the Tijuana border fence")


@pytest.fixture
def stand(context, clock, monkeypatch: pytest.MonkeyPatch) -> Newsstand:
    """The network, as the bot's context sees it."""
    made = Newsstand()
    made.papers[ADDRESS] = paper(clock.now(), TUNNEL)
    object.__setattr__(context, "fetcher", made)
    return made


def manager(stage: Stage, locale: str) -> Person:
    return stage.discord.world.add_person("ada", admin=True, locale=locale)


async def addresses(stage: Stage) -> list[str]:
    known = await stage.context.database.read(feeds.feeds_of, Server(stage.guild.id))
    return [feed.url for feed in known if feed.active]


@pytest.mark.parametrize(
    ("locale", "title", "label", "heading", "add"),
    [
        ("en-US", "Add a feed, after a preview", "Address", "Add this feed?", "Add this feed"),
        ("es-419", "Agregar una fuente, después de verla", "Dirección", "¿Agregar esta fuente?", ""),
    ],
)
async def test_the_command_without_an_address_opens_a_form(
    stand: Newsstand, stage: Stage, locale: str, title: str, label: str, heading: str, add: str
) -> None:
    ada = manager(stage, locale)
    opened = await stage.discord.slash(stage.guild, ada, "feeds add")
    assert opened.callback == MODAL and opened.modal is not None
    assert opened.modal["title"] == title
    (part,) = opened.modal["components"]
    assert part["label"] == label and part["component"]["custom_id"] == "address"
    looked = await stage.discord.modal(opened, {"address": ADDRESS})
    assert looked.ephemeral and looked.deferred and heading in looked.text and TUNNEL[1] in looked.text
    assert ADDRESS not in await addresses(stage)
    t = translator("es" if locale.startswith("es") else "en")
    await stage.discord.press(looked.message, t("Add this feed"), ada)
    assert ADDRESS in await addresses(stage)
    assert not stage.client._connection._view_store._modals, "no form is kept in memory"


@pytest.mark.parametrize("locale", ["en-US", "es-419"])
async def test_the_lists_button_opens_the_same_form(stand: Newsstand, stage: Stage, locale: str) -> None:
    ada = manager(stage, locale)
    t = translator("es" if locale.startswith("es") else "en")
    listed = await stage.discord.slash(stage.guild, ada, "feeds list")
    opened = await stage.discord.press(listed.message, t("Add a feed"), ada)
    assert opened.callback == MODAL and opened.modal["title"] == t("Add a feed, after a preview")
    looked = await stage.discord.modal(opened, {"address": ADDRESS})
    assert looked.callback == UPDATE_LATER and looked.message is listed.message
    assert t("Add this feed?") in looked.text


async def test_a_form_that_was_open_during_a_restart_is_answered(stand: Newsstand, stage: Stage) -> None:
    opened = await stage.discord.slash(stage.guild, stage.eva, "feeds add")
    await stage.stop()
    await stage.start()
    looked = await stage.discord.modal(opened, {"address": ADDRESS})
    assert TUNNEL[1] in looked.text


async def test_an_address_that_is_given_is_looked_at_without_a_form(stand: Newsstand, stage: Stage) -> None:
    looked = await stage.discord.slash(stage.guild, stage.eva, "feeds add", {"address": ADDRESS})
    assert looked.modal is None and TUNNEL[1] in looked.text


async def test_what_is_wrong_with_an_address_is_told(stand: Newsstand, stage: Stage) -> None:
    async def told(written: str) -> Exchange:
        stage.clock.advance(seconds=5)
        opened = await stage.discord.slash(stage.guild, manager(stage, "en-US"), "feeds add")
        return await stage.discord.modal(opened, {"address": written})

    for written in ("https://nowhere.example.org/", "   ", "not an address"):
        answer = await told(written)
        assert answer.ephemeral and "That did not work" in answer.text and "Reference" not in answer.text


async def test_an_error_in_a_form_reaches_the_responder(stand: Newsstand, stage: Stage) -> None:
    opened = await stage.discord.slash(stage.guild, stage.ana, "help")
    opened.modal = {"custom_id": "0-old-form", "components": []}
    assert "no longer works" in (await stage.discord.modal(opened, {})).text
    form_of_eva = await stage.discord.slash(stage.guild, stage.eva, "feeds add")
    stage.context.database.close()
    answer = await stage.discord.modal(form_of_eva, {"address": ADDRESS})
    assert "Referencia:" in answer.text and answer.ephemeral


async def test_a_form_that_discord_refuses_is_told_of(stand: Newsstand, stage: Stage) -> None:
    stage.discord.faults.add(Fault("status", status=400, code=50035), CALLBACK)
    answer = await stage.discord.slash(stage.guild, stage.eva, "feeds add")
    assert answer.modal is None and "Referencia:" in answer.text


async def test_members_are_refused_before_any_form_and_after_it(stand: Newsstand, stage: Stage) -> None:
    refused = await stage.discord.slash(stage.guild, stage.ana, "feeds add")
    assert refused.modal is None and refused.ephemeral and "Manage Server" in refused.text
    page = await stage.discord.slash(stage.guild, stage.ana, "latest")
    page.message.buttons["Share"]["custom_id"] = encode(Target(BUTTON, Request("feeds add")), 0)
    refused = await stage.discord.press(page.message, "Share", stage.ana)
    assert refused.modal is None and "Manage Server" in refused.text
    page.modal = {
        "custom_id": encode(Target(FORM, Request("feeds add")), 0),
        "components": [{"type": 18, "component": {"type": 4, "custom_id": "address"}}],
    }
    refused = await stage.discord.modal(page, {"address": ADDRESS})
    assert "Manage Server" in refused.text and stand.asked == []


def test_every_command_that_asks_has_a_form_in_both_languages() -> None:
    asking = [command for command in COMMANDS if command.asks]
    assert asking
    for command in asking:
        assert set(command.asks) <= {one.name for one in command.parameters if not one.hidden}
        for language in LANGUAGES:
            made = form(translator(language), command).to_dict()
            assert len(made["components"]) == len(command.asks) and len(made["title"]) <= 45


def test_a_request_that_names_anything_opens_no_form() -> None:
    add = find("feeds add")
    assert needs_form(add, Request("feeds add")) and needs_form(add, Request("feeds add", {"address": " "}))
    assert not needs_form(add, Request("feeds add", {"feed": "3"}))
    assert not needs_form(find("latest"), Request("latest"))

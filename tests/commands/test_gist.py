"""The gist of a story: quoted by default, phrased by a model where one is set and tells the truth."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web

from bot.commands.asking import ask
from bot.commands.spec import Asker
from bot.domain.audience import TERMINAL, TERMINAL_USER
from bot.domain.page import Link, Note, Page, Paragraph, Request
from bot.store import developments
from tests.ingest.test_poll import SHELTER, TUNNEL
from tests.support.clock import FrozenClock
from tests.support.newsstand import Newsstand, context_in, paper, poll, source

ONE = source(1).url


@asynccontextmanager
async def model(sentence: str) -> AsyncIterator[str]:
    """An OpenAI-compatible address that always answers with ``sentence``."""

    async def answer(request: web.Request) -> web.Response:
        content = json.dumps({"sentences": [{"text": sentence, "from": [1]}]})
        return web.json_response({"choices": [{"message": {"content": content}}]})

    app = web.Application()
    app.router.add_post("/v1/chat/completions", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/v1/chat/completions"
    finally:
        await runner.cleanup()


async def _story(folder: Path, settings: dict[str, str], language: str = "es") -> Page:
    clock, stand = FrozenClock(), Newsstand()
    stand.papers[ONE] = paper(clock.now(), TUNNEL)
    async with context_in(folder, stand, clock, settings=settings) as context:
        await poll(context)
        found = await context.database.read(developments.latest, TERMINAL)
        asker = Asker(user=TERMINAL_USER, view=TERMINAL, language=language)
        return await ask(context, asker, Request("story", {"story": str(found[0].story_id)}))


def _first(page: Page) -> Paragraph:
    return next(block for block in page.blocks if isinstance(block, Paragraph))


async def test_without_a_model_the_headline_is_not_said_again(tmp_path: Path) -> None:
    page = await _story(tmp_path, {})
    assert page.title == TUNNEL[1]
    assert not [block for block in page.blocks if isinstance(block, Paragraph)]


async def test_a_model_may_translate_and_is_named(tmp_path: Path) -> None:
    spanish = "La Patrulla Fronteriza halló un túnel bajo el muro fronterizo cerca de Nogales."
    async with model(spanish) as address:
        page = await _story(tmp_path, {"llm_url": address, "llm_model": "tiny"})
    assert _first(page).spans[0] == spanish
    assert any(
        "tiny" in str(span) for block in page.blocks if isinstance(block, Note) for span in block.spans
    )


async def test_a_model_that_adds_something_is_not_shown(tmp_path: Path) -> None:
    async with model("Fourteen people died in Tijuana, the DEA said.") as address:
        page = await _story(tmp_path, {"llm_url": address, "llm_model": "tiny"}, language="en")
    assert _first(page).spans[0] == TUNNEL[1]


async def test_a_week_has_a_sentence_for_each_story(tmp_path: Path) -> None:
    clock, stand = FrozenClock(), Newsstand()
    stand.papers[ONE] = paper(clock.now(), TUNNEL, SHELTER)
    async with context_in(tmp_path, stand, clock) as context:
        await poll(context)
        asker = Asker(user=TERMINAL_USER, view=TERMINAL, language="en")
        page = await ask(context, asker, Request("week", {"concern": "border_security"}))
        said = [block.spans for block in page.blocks if isinstance(block, Paragraph)]
        assert sorted(str(spans[0]) for spans in said) == sorted([TUNNEL[1], SHELTER[1]])
        links = [span.url for spans in said for span in spans if isinstance(span, Link)]
        assert any(url.endswith("/tunnel") for url in links), "quoted with its source"
        empty = await ask(context, asker, Request("week", {"concern": "trade_leverage"}))
        assert "Nothing was reported" in str(_first(empty).spans[0])

"""The writer against a language model that behaves, dawdles, breaks, and lies."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from pydantic import SecretStr, ValidationError

from bot.settings import Settings
from bot.summaries.check import fault
from bot.summaries.extract import Cited
from bot.summaries.llm import Options, Writer
from bot.summaries.llm_http import aiohttp_post

NOW = datetime(2031, 5, 4, tzinfo=UTC)
CITED = (
    Cited("Soldiers captured Saúl Mota Quiñones in Culiacán, Sinaloa, on May 3.", 11, "en"),
    Cited("La Fiscalía de Texas lo acusa de enviar 300 kilos de droga a El Paso.", 12, "es"),
)
GOOD = [
    {
        "text": "Soldiers captured Saúl Mota Quiñones; Texas prosecutors accuse him over 300 kilos.",
        "from": [1, 2],
    }
]


class Stub:
    """An OpenAI-compatible server on loopback that answers what it is told to."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.answer: Callable[[], web.Response] = lambda: says(GOOD)
        self.wait = asyncio.Event()
        self.wait.set()
        self.url = ""

    async def handle(self, request: web.Request) -> web.Response:
        self.asked.append(await request.json())
        self.keys.append(request.headers.get("Authorization", ""))
        await self.wait.wait()
        return self.answer()


def says(sentences: Any, **more: Any) -> web.Response:
    content = sentences if isinstance(sentences, str) else json.dumps({"sentences": sentences})
    return web.json_response({"choices": [{"message": {"content": content}}], **more})


@pytest.fixture
async def stub() -> AsyncIterator[Stub]:
    stub = Stub()
    app = web.Application()
    app.router.add_post("/v1/chat/completions", stub.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    stub.url = f"http://{host}:{port}/v1/chat/completions"
    yield stub
    stub.wait.set()
    await runner.cleanup()


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


def writer(stub: Stub, session: aiohttp.ClientSession, **changes: Any) -> Writer:
    options = replace(Options(stub.url, "small", key="secret", timeout=5), **changes)
    return Writer(aiohttp_post(session), options)


async def test_a_good_answer_is_shown_with_its_articles_and_kept(
    stub: Stub, session: aiohttp.ClientSession
) -> None:
    one = writer(stub, session)
    outcome = await one.write(CITED, "en", 3, NOW)
    assert (outcome.reason, outcome.model) == ("written", "small")
    assert outcome.sentences[0].article_ids == (11, 12)
    assert (await one.write(CITED, "en", 3, NOW)).reason == "cached"
    assert len(stub.asked) == 1
    assert stub.keys == ["Bearer secret"]
    assert json.loads(stub.asked[0]["messages"][1]["content"])[0]["text"] == CITED[0].text


async def test_json_in_a_fence_is_understood(stub: Stub, session: aiohttp.ClientSession) -> None:
    stub.answer = lambda: says("Sure!\n```json\n" + json.dumps({"sentences": GOOD}) + "\n```")
    assert (await writer(stub, session).write(CITED, "en", 3, NOW)).reason == "written"


@pytest.mark.parametrize(
    ("text", "numbers", "reason"),
    [
        ("Soldiers captured Saúl Mota Quiñones and Efraín Rocha in Culiacán.", [1], "refused_name"),
        ("Soldiers captured Saúl Mota Quiñones in Tijuana.", [1], "refused_name"),
        ("Saúl Mota Quiñones is accused over 900 kilos.", [1, 2], "refused_figure"),
        ("Saúl Mota Quiñones is accused over nine hundred kilos.", [1, 2], "refused_figure"),
        ("Saúl Mota Quiñones is accused over 300 kilos.", [1], "refused_figure"),
        ("Soldiers captured Saúl Mota Quiñones on May 5.", [1], "refused_figure"),
        ("Soldiers captured Saúl Mota Quiñones.", [3], "refused_id"),
        ("Soldiers captured Saúl Mota Quiñones.", [0], "refused_id"),
        ("Soldiers captured Saúl Mota Quiñones.", [], "refused_id"),
        ("Soldiers captured a man. See https://example.org", [1], "refused_link"),
        ("@everyone soldiers captured a man.", [1], "refused_link"),
        ("Soldiers captured a man. " * 30, [1], "refused_length"),
        ("  ", [1], "refused_empty"),
    ],
)
async def test_a_lie_is_refused_and_the_quotes_stand(
    stub: Stub, session: aiohttp.ClientSession, text: str, numbers: list[int], reason: str
) -> None:
    stub.answer = lambda: says([{"text": text, "from": numbers}])
    outcome = await writer(stub, session).write(CITED, "en", 3, NOW)
    assert (outcome.reason, outcome.model) == (reason, "")
    assert [(one.text, one.article_ids) for one in outcome.sentences] == [
        (c.text, (c.article_id,)) for c in CITED
    ]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("es", "El ejército capturó a Saúl Mota Quiñones en Culiacán, Sinaloa, el 3 de mayo."),
        ("en", "Prosecutors in Texas accuse Mota Quiñones of sending 300 kilos of drugs to El Paso."),
        ("en", "The army captured Saúl Mota Quiñones in Culiacán."),
    ],
)
def test_a_true_translation_passes(language: str, text: str) -> None:
    assert fault([(text, [1, 2])], CITED, language, 3) == ""


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Soldiers captured a thousand men."),
        ("en", "Soldiers captured hundreds of men."),
        ("en", "Soldiers captured several hundred men."),
        ("en", "Soldiers captured a dozen men."),
        ("en", "Soldiers captured tens of thousands of men."),
        ("en", "Soldiers captured half a million men."),
        ("en", "Soldiers captured half of the men."),
        ("en", "Soldiers captured two thirds of the men."),
        ("en", "Soldiers captured twice as many men."),
        ("es", "Soldados capturaron a miles de hombres."),
        ("es", "Soldados capturaron a cientos de hombres."),
        ("es", "Soldados capturaron a un centenar de hombres."),
        ("es", "Soldados capturaron a decenas de hombres."),
        ("es", "Soldados capturaron a un millón de hombres."),
        ("es", "Soldados capturaron a la mitad de los hombres."),
        ("es", "Soldados capturaron a una tercera parte de los hombres."),
    ],
)
def test_a_magnitude_that_no_source_gives_is_a_figure(language: str, text: str) -> None:
    assert fault([(text, [1, 2])], CITED, language, 3) == "refused_figure"


@pytest.mark.parametrize(
    ("source", "language", "text"),
    [
        ("Miles de hombres cruzaron.", "en", "Thousands of men crossed."),
        ("Decenas de miles de hombres cruzaron.", "en", "The men crossed, tens of thousands."),
        ("Gastaron miles de millones de pesos.", "en", "They spent billions of pesos."),
        ("Cruzaron 1,000 hombres.", "en", "A thousand men crossed."),
        ("Cruzaron mil hombres.", "en", "A thousand men crossed."),
        ("Cruzaron cientos de hombres.", "en", "Several hundred men crossed."),
        ("Cruzó medio millón de hombres.", "en", "Half a million men crossed."),
        ("Cruzaron 500 mil hombres.", "en", "Half a million men crossed."),
        ("Cruzó una tercera parte de los hombres.", "en", "A third of the men crossed."),
        ("Cruzó la mitad de los hombres.", "en", "Half of the men crossed."),
        ("Thousands of men walked 30 miles.", "es", "Miles de hombres caminaron 30 millas."),
    ],
)
def test_a_magnitude_is_known_again_in_the_other_language(source: str, language: str, text: str) -> None:
    other = "en" if language == "es" else "es"
    assert fault([(text, [1])], (Cited(source, 11, other),), language, 3) == ""


@pytest.mark.parametrize(
    "unseen",
    [
        "\u200b",
        "\u202e",
        "\u2066",
        "\ufeff",
        "\xad",
        "\u034f",
        "\u3164",
        "\ufe0f",
        "\U000e0041",
        "\x07",
        "\n",
        "\ue000",
    ],
    ids=ascii,
)
def test_characters_that_are_not_seen_are_refused(unseen: str) -> None:
    text = f"Soldiers captured Saúl Mota{unseen} Quiñones."
    assert fault([(text, [1])], CITED, "en", 3) == "refused_unseen"


@pytest.mark.parametrize(
    "answer",
    [
        lambda: web.Response(text="not json"),
        lambda: web.json_response({"error": "no"}),
        lambda: web.json_response([]),
        lambda: says("no braces at all"),
        lambda: says([{"text": 5, "from": [1]}]),
        lambda: says([{"text": "x", "from": ["1"]}]),
        lambda: says([{"text": "x", "from": [True]}]),
        lambda: says({"sentences": 3}),
        lambda: web.Response(body=b"x" * 200_000),
    ],
)
async def test_what_is_not_understood(
    stub: Stub, session: aiohttp.ClientSession, answer: Callable[[], web.Response]
) -> None:
    stub.answer = answer
    outcome = await writer(stub, session).write(CITED, "en", 3, NOW)
    assert (outcome.reason, outcome.model, len(outcome.sentences)) == ("not_understood", "", 2)


async def test_a_bad_status_a_redirect_and_no_server(stub: Stub, session: aiohttp.ClientSession) -> None:
    stub.answer = lambda: web.Response(status=500)
    assert (await writer(stub, session).write(CITED, "en", 3, NOW)).reason == "bad_status"
    stub.answer = lambda: web.Response(status=307, headers={"Location": "http://127.0.0.1:1/"})
    assert (await writer(stub, session).write(CITED, "en", 3, NOW)).reason == "bad_status"
    nowhere = writer(stub, session, url="http://127.0.0.1:1/")
    assert (await nowhere.write(CITED, "en", 3, NOW)).reason == "unreachable"


async def test_a_dawdler_is_left(stub: Stub, session: aiohttp.ClientSession) -> None:
    stub.wait.clear()
    assert (await writer(stub, session, timeout=0.05).write(CITED, "en", 3, NOW)).reason == "timeout"


async def test_the_days_budget_is_kept_and_renewed(stub: Stub, session: aiohttp.ClientSession) -> None:
    stub.answer = lambda: says(GOOD, usage={"total_tokens": 900})
    one = writer(stub, session, most_tokens_a_day=1200, most_answer_tokens=100)
    assert (await one.write(CITED, "en", 3, NOW)).reason == "written"
    assert (await one.write(CITED, "en", 2, NOW)).reason == "over_budget"
    assert (await one.write(CITED, "en", 2, NOW.replace(day=5))).reason == "written"
    assert len(stub.asked) == 2


@pytest.mark.parametrize(
    "answer",
    [
        lambda: says(GOOD, usage={"total_tokens": 0}),
        lambda: says(GOOD, usage={"total_tokens": 1}),
        lambda: says(GOOD, usage={"total_tokens": -5_000}),
        lambda: says(GOOD, usage={"total_tokens": True}),
        lambda: says(GOOD, usage={"total_tokens": 0.0}),
        lambda: says("nothing", usage={"total_tokens": 0}),
        lambda: web.Response(status=500),
        lambda: web.Response(body=b"{", headers={"Content-Length": "1000"}),
    ],
)
async def test_no_answer_lifts_the_days_cap(
    stub: Stub, session: aiohttp.ClientSession, answer: Callable[[], web.Response]
) -> None:
    stub.answer = answer
    one = writer(stub, session, most_tokens_a_day=2_000, most_answer_tokens=100, timeout=0.3)
    for limit in range(2, 40):
        await one.write(CITED, "en", limit, NOW)
    assert len(stub.asked) < 12


async def test_an_address_that_is_away_costs_nothing(session: aiohttp.ClientSession) -> None:
    options = Options("http://127.0.0.1:1/", "small", most_tokens_a_day=1_200, most_answer_tokens=100)
    one = Writer(aiohttp_post(session), options)
    assert {(await one.write(CITED, "en", limit, NOW)).reason for limit in range(2, 12)} == {"unreachable"}


@pytest.mark.parametrize(
    "key", ["abc\n", "abc\r\nX-Other: 1", "ab c", "\tabc", "clavé", "abc\x00"], ids=ascii
)
def test_a_key_that_no_header_can_carry_is_refused_at_start(key: str) -> None:
    with pytest.raises(ValidationError, match="without spaces or line breaks") as refused:
        Settings(llm_key=SecretStr(key))
    assert refused.value.errors()[0]["loc"] == ("llm_key",)


async def test_nothing_to_write(stub: Stub, session: aiohttp.ClientSession) -> None:
    assert (await writer(stub, session).write((), "en", 3, NOW)).reason == "nothing_to_do"
    assert not stub.asked


async def test_questions_asked_at_once_stay_within_the_budget(
    stub: Stub, session: aiohttp.ClientSession
) -> None:
    stub.answer = lambda: says(GOOD, usage={"total_tokens": 700})
    one = writer(stub, session, most_tokens_a_day=1200, most_answer_tokens=100)
    asked = [one.write(CITED, "en", limit, NOW) for limit in range(2, 40)]
    reasons = {outcome.reason for outcome in await asyncio.gather(*asked)}
    assert "over_budget" in reasons
    assert len(stub.asked) * 100 <= 1200, "each may cost its longest answer"


async def test_a_model_that_nests_without_end_is_not_understood(
    stub: Stub, session: aiohttp.ClientSession
) -> None:
    stub.answer = lambda: web.Response(text="[" * 100_000)
    assert (await writer(stub, session).write(CITED, "en", 2, NOW)).reason == "not_understood"

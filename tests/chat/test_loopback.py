"""The loopback Discord itself: it refuses what Discord refuses, and misbehaves when told to."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.chat.pages import png
from tests.support.discord import POST_MESSAGE, TOKEN, Fault, LoopbackDiscord

ROOT = Path(__file__).resolve().parent.parent.parent
V2 = 1 << 15


def text(words: str = "x", **more: Any) -> dict[str, Any]:
    return {"type": 10, "content": words, **more}


def row(*children: dict[str, Any]) -> dict[str, Any]:
    return {"type": 1, "components": list(children)}


def button(custom_id: str = "a", label: str = "A", **more: Any) -> dict[str, Any]:
    return {"type": 2, "style": 2, "label": label, "custom_id": custom_id, **more}


def select(*values: str) -> dict[str, Any]:
    return {"type": 3, "custom_id": "s", "options": [{"label": value, "value": value} for value in values]}


WRONG: list[dict[str, Any]] = [
    {},
    {"content": "x" * 2001},
    {"content": "x", "nonce": "n" * 26},
    {"flags": V2, "components": [text()], "content": "x"},
    {"flags": V2, "components": [text()], "embeds": [{"title": "x"}]},
    {"flags": V2, "components": []},
    {"components": [text()]},
    {"flags": V2, "components": [text("x" * 2500), text("x" * 2500)]},
    {"flags": V2, "components": [{"type": 17, "components": [text() for _ in range(40)]}]},
    {"flags": V2, "components": [button()]},
    {"flags": V2, "components": [row(button(label="x" * 81))]},
    {"flags": V2, "components": [row(button("x" * 101))]},
    {"flags": V2, "components": [row(button("a"), button("a"))]},
    {"flags": V2, "components": [row(*(button(str(n)) for n in range(6)))]},
    {"flags": V2, "components": [row(button("a"), select("x"))]},
    {"flags": V2, "components": [row(select())]},
    {"flags": V2, "components": [row(select("x", "x"))]},
    {"flags": V2, "components": [row(select("x" * 101))]},
    {"flags": V2, "components": [row({"type": 2, "style": 5, "label": "x", "custom_id": "a"})]},
    {"flags": V2, "components": [{"type": 9, "components": [], "accessory": button()}]},
    {"flags": V2, "components": [{"type": 12, "items": [{"media": {"url": "attachment://a.png"}}]}]},
    {"flags": V2, "components": [{"type": 17, "components": [{"type": 17, "components": [text()]}]}]},
    {"flags": V2, "components": [text(id=3), text(id=3)]},
    {"content": "x", "allowed_mentions": {"parse": ["users"], "users": ["1"]}},
    {"embeds": [{"fields": [{"name": "", "value": "x"}]}]},
    {"embeds": [{"description": "x" * 4000}, {"description": "x" * 4000}]},
]


@pytest.fixture
async def discord():
    async with LoopbackDiscord() as server:
        server.world.add_guild()
        yield server


async def post(discord: LoopbackDiscord, body: Any, token: str = TOKEN, data: Any = None) -> tuple[int, Any]:
    channel = next(iter(discord.world.channels))
    headers = {"Authorization": f"Bot {token}"}
    async with aiohttp.ClientSession() as session:
        given = {"data": data} if data is not None else {"json": body}
        async with session.post(
            f"{discord.api}/channels/{channel}/messages", headers=headers, **given
        ) as answer:
            return answer.status, await answer.json(content_type=None)


@pytest.mark.parametrize("body", WRONG, ids=lambda body: json.dumps(body)[:60])
async def test_wrong_messages_are_refused(discord: LoopbackDiscord, body: dict[str, Any]) -> None:
    status, answer = await post(discord, body)
    assert (status, answer["code"]) == (400, 50035)
    assert discord.refused and not list(discord.world.messages())


async def test_right_messages_are_taken_and_answered_as_discord_does(discord: LoopbackDiscord) -> None:
    components = [
        {"type": 17, "components": [text("hello"), row(button("a"), button("b")), row(select("x"))]}
    ]
    status, _ = await post(discord, {"flags": V2, "components": components})
    assert status == 200
    form = aiohttp.FormData(quote_fields=False)
    gallery = {"type": 12, "items": [{"media": {"url": "attachment://a.png"}, "description": "A chart"}]}
    body = {"flags": V2, "components": [gallery], "attachments": [{"id": 0, "filename": "a.png"}]}
    form.add_field("payload_json", json.dumps(body))
    form.add_field("files[0]", png(16, 9), filename="a.png")
    status, answer = await post(discord, None, data=form)
    assert status == 200 and answer["attachments"][0]["width"] == 16
    discord.faultless()


async def test_the_same_nonce_gives_the_first_message_for_a_while(discord: LoopbackDiscord) -> None:
    now = 1_770_000_000.0
    discord.world.now = lambda: now
    body = {"content": "x", "nonce": "n1", "enforce_nonce": True}
    first, again = (await post(discord, body))[1], (await post(discord, body))[1]
    assert first["id"] == again["id"]
    now += 121
    assert (await post(discord, body))[1]["id"] != first["id"]


async def test_mentions_wake_only_whom_they_may(discord: LoopbackDiscord) -> None:
    await post(discord, {"content": "@everyone <@5>"})
    await post(discord, {"content": "@everyone <@5>", "allowed_mentions": {"parse": []}})
    await post(discord, {"content": "@here <@5> <@&6>", "allowed_mentions": {"parse": [], "users": ["5"]}})
    assert [one.pings for one in discord.world.messages()] == [("everyone", "user 5"), (), ("user 5",)]


async def test_a_wrong_token_and_an_unknown_route(discord: LoopbackDiscord) -> None:
    assert (await post(discord, {"content": "x"}, token="other"))[0] == 401
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{discord.api}/voice/regions") as answer:
            assert answer.status == 404
    assert discord.unserved == ["GET /api/v10/voice/regions"]


async def test_faults_come_as_ordered(discord: LoopbackDiscord) -> None:
    discord.faults.add(Fault("limited", scope="global", retry_after=0.5), POST_MESSAGE)
    status, answer = await post(discord, {"content": "x"})
    assert status == 429 and answer["global"] and answer["retry_after"] == 0.5
    discord.faults.add(Fault("reset_after"), POST_MESSAGE)
    with pytest.raises(aiohttp.ClientError):
        await post(discord, {"content": "kept"})
    discord.faults.add(Fault("reset_before"), POST_MESSAGE)
    with pytest.raises(aiohttp.ClientError):
        await post(discord, {"content": "gone"})
    assert [one.text for one in discord.world.messages()] == ["kept"]
    discord.per_second = 1
    assert [(await post(discord, {"content": "y"}))[0] for _ in range(2)] == [200, 429]


async def test_it_runs_as_a_process_of_its_own() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.support.discord",
        "--guilds",
        "2",
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        told = json.loads(await asyncio.wait_for(process.stdout.readline(), 20))
        channel = told["guilds"][1]["channel"]
        headers = {"Authorization": f"Bot {told['token']}"}
        control = told["api"].removesuffix("/api/v10") + "/control"
        async with aiohttp.ClientSession() as session:
            await session.post(
                f"{told['api']}/channels/{channel}/messages", json={"content": "hi"}, headers=headers
            )
            async with session.get(f"{control}/messages") as answer:
                (message,) = await answer.json()
            assert message["text"] == "hi" and message["channel_id"] == channel
            async with session.get(f"{control}/state") as answer:
                assert (await answer.json())["posts"] == 1
    finally:
        process.terminate()
        await process.wait()

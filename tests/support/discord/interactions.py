"""Interactions: one exchange from what a person did to what the bot answered, with Discord's deadlines."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

from tests.support.discord.call import Call, Refusal
from tests.support.discord.world import EPHEMERAL, Channel, Guild, Message, Person, World

FIRST_ANSWER_SECONDS = 3.0
TOKEN_SECONDS = 15 * 60.0
MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9
Answer = tuple[int, Any]


@dataclass(eq=False)
class Exchange:
    """What one person did and all that came of it."""

    id: int
    token: str
    at: float
    kind: int
    person: Person
    channel: Channel
    guild: Guild | None = None
    source: Message | None = None
    callback: int = 0
    thinking: bool = False
    private_thinking: bool = False
    original: Message | None = None
    followups: list[Message] = field(default_factory=list)
    choices: list[dict[str, Any]] | None = None
    modal: dict[str, Any] | None = None
    done: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def message(self) -> Message:
        """What the person sees last: the answer, the edited message, or the newest follow-up."""
        seen = self.followups[-1] if self.followups else self.original
        if seen is None:
            raise AssertionError("nothing was answered that a person can see")
        return seen

    @property
    def text(self) -> str:
        return self.message.text

    @property
    def ephemeral(self) -> bool:
        return self.message.ephemeral

    @property
    def deferred(self) -> bool:
        return self.callback in (DEFERRED, DEFERRED_UPDATE)


class Interactions:
    """The callback and webhook routes, and the exchanges that they belong to."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.exchanges: dict[str, Exchange] = {}
        self.late: list[Exchange] = []

    def routes(self) -> list[tuple[str, str, Any]]:
        base = "/webhooks/{webhook_id}/{webhook_token}"
        return [
            ("POST", "/interactions/{interaction_id}/{interaction_token}/callback", self.answer),
            ("POST", base, self.follow_up),
            ("GET", f"{base}/messages/@original", self.original),
            ("PATCH", f"{base}/messages/@original", self.edit_original),
            ("DELETE", f"{base}/messages/@original", self.delete_original),
            ("GET", f"{base}/messages/{{message_id}}", self.one),
            ("PATCH", f"{base}/messages/{{message_id}}", self.edit_one),
            ("DELETE", f"{base}/messages/{{message_id}}", self.delete_one),
        ]

    def open(
        self, kind: int, person: Person, channel: Channel, guild: Guild | None, source: Message | None = None
    ) -> Exchange:
        identity = self.world.new_id()
        exchange = Exchange(
            identity, f"token{identity}", self.world.now(), kind, person, channel, guild, source
        )
        self.exchanges[exchange.token] = exchange
        return exchange

    async def answer(self, call: Call) -> Answer:
        """The first answer, within three seconds and once."""
        exchange = self.exchanges.get(call.params["interaction_token"])
        if exchange is None or str(exchange.id) != call.params["interaction_id"]:
            raise Refusal(404, 10062, "Unknown interaction")
        if self.world.now() - exchange.at > FIRST_ANSWER_SECONDS:
            self.late.append(exchange)
            raise Refusal(404, 10062, "Unknown interaction")
        if exchange.callback:
            raise Refusal(400, 40060, "Interaction has already been acknowledged.")
        kind = call.body["type"]
        if kind == MODAL and exchange.kind == 5:
            raise Refusal(400, 50035, "a modal cannot answer a modal")
        if (kind == CHOICES) != (exchange.kind == 4):
            raise Refusal(400, 50035, "choices answer an autocomplete and nothing else does")
        if kind in (DEFERRED_UPDATE, UPDATE) and exchange.source is None:
            raise Refusal(400, 50035, "there is no message to update")
        exchange.callback = kind
        data = call.body.get("data") or {}
        inner: dict[str, Any] = {"id": str(exchange.id), "type": exchange.kind}
        outer: dict[str, Any] = {"interaction": inner}
        if kind == MESSAGE:
            exchange.original = self._create(exchange, data, call.files)
            outer["resource"] = {"type": MESSAGE, "message": exchange.original.wire}
        elif kind == DEFERRED:
            exchange.thinking = True
            exchange.private_thinking = bool((data.get("flags") or 0) & EPHEMERAL)
            exchange.original = self.world.make(
                exchange.channel, {"flags": (data.get("flags") or 0) | 128}, {}
            )
            inner["response_message_loading"] = True
        elif kind in (UPDATE, DEFERRED_UPDATE):
            exchange.original = exchange.source
            if kind == UPDATE:
                assert exchange.source is not None
                self.world.edit(exchange.source, data, call.files)
                outer["resource"] = {"type": UPDATE, "message": exchange.source.wire}
        elif kind == CHOICES:
            exchange.choices = data.get("choices") or []
        elif kind == MODAL:
            exchange.modal = data
        if exchange.original is not None:
            inner["response_message_id"] = str(exchange.original.id)
            inner["response_message_ephemeral"] = exchange.original.ephemeral
        if kind not in (DEFERRED, DEFERRED_UPDATE):
            exchange.done.set()
        return 200, outer

    async def follow_up(self, call: Call) -> Answer:
        """A further message; after a deferred answer the first one takes its place, and its privacy."""
        exchange = self._live(call)
        if exchange.thinking:
            return self._fill(exchange, call)
        message = self._create(exchange, call.body, call.files)
        exchange.followups.append(message)
        exchange.done.set()
        return 200, message.wire

    async def original(self, call: Call) -> Answer:
        return 200, self._original(call)[1].wire

    async def edit_original(self, call: Call) -> Answer:
        exchange, message = self._original(call)
        if exchange.thinking:
            return self._fill(exchange, call)
        self.world.edit(message, call.body, call.files)
        exchange.done.set()
        return 200, message.wire

    async def delete_original(self, call: Call) -> Answer:
        exchange, message = self._original(call)
        self._remove(message)
        exchange.original = None
        return 204, None

    async def one(self, call: Call) -> Answer:
        return 200, self._one(call)[1].wire

    async def edit_one(self, call: Call) -> Answer:
        exchange, message = self._one(call)
        self.world.edit(message, call.body, call.files)
        exchange.done.set()
        return 200, message.wire

    async def delete_one(self, call: Call) -> Answer:
        exchange, message = self._one(call)
        self._remove(message)
        if message in exchange.followups:
            exchange.followups.remove(message)
        return 204, None

    def _fill(self, exchange: Exchange, call: Call) -> Answer:
        assert exchange.original is not None
        kept = EPHEMERAL if exchange.private_thinking else 0
        given = (call.body.get("flags") or 0) & ~EPHEMERAL
        message = self.world.make(exchange.channel, {**call.body, "flags": given | kept}, call.files)
        message.wire["id"] = exchange.original.wire["id"]
        exchange.original, exchange.thinking = message, False
        if not message.ephemeral:
            exchange.channel.messages.append(message)
        exchange.done.set()
        return 200, message.wire

    def _create(self, exchange: Exchange, body: dict[str, Any], files: dict[str, bytes]) -> Message:
        """A message of this exchange; a private one is kept out of the channel."""
        if (body.get("flags") or 0) & EPHEMERAL:
            return self.world.make(exchange.channel, body, files)
        return self.world.post(exchange.channel, body, files)

    def _live(self, call: Call) -> Exchange:
        exchange = self.exchanges.get(call.params["webhook_token"])
        if exchange is None or str(self.world.application_id) != call.params["webhook_id"]:
            raise Refusal(404, 10015, "Unknown Webhook")
        if self.world.now() - exchange.at > TOKEN_SECONDS:
            raise Refusal(401, 50027, "Invalid Webhook Token")
        if not exchange.callback:
            raise Refusal(404, 10015, "Unknown Webhook")
        return exchange

    def _original(self, call: Call) -> tuple[Exchange, Message]:
        exchange = self._live(call)
        if exchange.original is None:
            raise Refusal(404, 10008, "Unknown Message")
        return exchange, exchange.original

    def _one(self, call: Call) -> tuple[Exchange, Message]:
        exchange = self._live(call)
        for message in (exchange.original, exchange.source, *exchange.followups):
            if message is not None and str(message.id) == call.params["message_id"]:
                return exchange, message
        raise Refusal(404, 10008, "Unknown Message")

    def _remove(self, message: Message) -> None:
        channel = self.world.channels[message.channel_id]
        if message in channel.messages:
            channel.messages.remove(message)

"""From the outbox to the channels. Decisions are in bot.chat.outcome; this carries them out, in this order:

    claim (lease 60 s) ──> send, with the nonce that was planned ──> mark sent, once Discord has answered

Killed anywhere, the lease ends and the message is claimed again: before the send nothing happened, after it
Discord answers the same nonce with the same message.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import discord
import structlog

from bot.chat.client import Vigia
from bot.chat.guild_info import GatewayGuildInfo, GuildInfo
from bot.chat.limits import assert_sendable
from bot.chat.naming import with_mentions, with_server
from bot.chat.outcome import (
    SEND_ERRORS,
    Action,
    Membership,
    SendOutcome,
    Step,
    after_error,
    after_look,
    before,
    elsewhere,
)
from bot.chat.render import draw
from bot.chat.request_trace import unclear_requests
from bot.chat.rest_sender import RestSender
from bot.chat.tag import tag_of
from bot.context import AppContext
from bot.domain.audience import Destination, DirectMessage, ServerChannel, Terminal
from bot.domain.digests import OutboxMessage
from bot.pages.codec import load_page
from bot.store import digests, follows, kept_requests, outbox, readers

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

log = structlog.get_logger()

#: Well below the time for which Discord remembers a nonce ("a few minutes").
LEASE = timedelta(seconds=60)
#: A try ends within its lease, so that no other sender tries at the same time.
SEND_SECONDS = 20.0
#: Messages on their way at once, and started per second: Discord allows 50 requests a second in all.
BATCH = 40
PER_SECOND = 45.0
#: How far back a channel is read for a message of ours. Nobody posts this much around one digest.
HISTORY = 200
#: Clocks of two machines differ; a message may seem older than our first try.
CLOCK_SKEW = timedelta(seconds=30)


class Delivery:
    """Sends what is due. ``owner`` names this process in leases.

    ``known`` and ``pace`` are for senders without a gateway, and for several that share a budget.
    """

    def __init__(
        self,
        context: AppContext,
        client: Vigia | RestSender,
        owner: str,
        *,
        known: GuildInfo | None = None,
        pace: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self._context = context
        self._client = client
        self._owner = owner
        self._known = known or GatewayGuildInfo(client)
        self._pace = pace or self._own_pace
        self._next_start = 0.0
        self._running = asyncio.Lock()
        self._stopping = False
        client.before_close(self.finish)

    async def send_due(self) -> int:
        """Send all that is due; returns how many messages were settled.

        Does nothing until Discord is ready, nor while an earlier call is still at it.
        """
        if not self._client.is_ready() or self._running.locked():
            return 0
        async with self._running:
            return await self._send_all()

    async def finish(self, seconds: float) -> None:
        """Claim nothing more, and wait up to ``seconds`` for what is on its way."""
        self._stopping = True
        if self._running.locked():
            await asyncio.wait({asyncio.create_task(self._running.acquire())}, timeout=seconds)

    async def _send_all(self) -> int:
        """Keep up to BATCH messages on their way until nothing is due: one slow channel holds up no other.

        A fault of one, such as a store that is out of reach, is raised when the others have ended.
        """
        settled, held = 0, 0
        under_way: dict[asyncio.Task[int], int] = {}
        try:
            while True:
                if not self._stopping and held <= BATCH // 2:
                    claimed_at = self._context.clock.now()
                    claimed = await self._context.database.write(
                        outbox.claim, now=claimed_at, owner=self._owner, lease=LEASE, limit=BATCH - held
                    )
                    # The parts of one post follow each other; several may have been claimed together.
                    for train in _posts(claimed):
                        under_way[asyncio.create_task(self._train(train, claimed_at))] = len(train)
                        held += len(train)
                if not under_way:
                    return settled
                done, _ = await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    held -= under_way.pop(task)
                    settled += task.result()
        finally:
            # Stopped, or the store is out of reach: what is on its way is on its way all the same.
            await asyncio.gather(*under_way, return_exceptions=True)

    async def _train(self, messages: list[OutboxMessage], claimed_at: datetime) -> int:
        settled = 0
        for message in messages:
            outcome = await self._deliver(message, claimed_at)
            await self._settle(message, outcome)
            if outcome.action is Action.POSTPONE:
                for later in messages[messages.index(message) + 1 :]:
                    await self._settle(
                        later, SendOutcome(Action.POSTPONE, "earlier_part_waits", outcome.until, unsent=True)
                    )
                break
            settled += 1
            if outcome.action is not Action.SENT:
                break  # the store has given up the later parts with it
            if message.posting.publish and outcome.message_id is not None:
                await self._publish(message, outcome.message_id)
        return settled

    async def _deliver(self, message: OutboxMessage, claimed_at: datetime) -> SendOutcome:
        plan = before(message, claimed_at)
        if plan.step is Step.SKIP:
            return SendOutcome(Action.SKIP, plan.reason)
        in_doubt, unclear = plan.in_doubt, list[str]()
        try:
            async with asyncio.timeout(SEND_SECONDS):
                channel = await self._channel(message)
                if isinstance(message.to, ServerChannel) and not await self._known.has_channel(
                    message.to.owner.id, message.to.id
                ):
                    return elsewhere(message)
                if plan.step is Step.LOOK:
                    looked = await self._look(message, channel)
                    if looked is not None:
                        return looked
                    in_doubt = False
                await self._pace()
                with unclear_requests() as unclear:
                    return await self._send(message, channel)
        except SEND_ERRORS as error:
            membership = await self._membership(message, error)
            now = self._context.clock.now()
            return after_error(message, error, now, membership, in_doubt=in_doubt or bool(unclear))

    async def _membership(self, message: OutboxMessage, error: BaseException) -> Membership:
        """Whether the bot is in a message's server, asked after a refusal."""
        refused = isinstance(error, (discord.Forbidden, discord.NotFound))
        if not isinstance(message.to, ServerChannel) or not refused:
            return Membership.PRESENT
        try:
            async with asyncio.timeout(SEND_SECONDS):
                return await self._known.membership(message.to.owner.id)
        except TimeoutError:
            return Membership.UNAVAILABLE

    async def _channel(self, message: OutboxMessage) -> discord.abc.Messageable:
        """Where a message goes. A member's channel is opened first; Discord gives the one there is."""
        match message.to:
            case DirectMessage(user_id=user_id):
                return await self._client.create_dm(discord.Object(user_id))
            case ServerChannel(owner=server, id=id_):
                return self._client.get_partial_messageable(id_, guild_id=server.id)
            case Terminal():
                raise AssertionError("what is printed in the terminal is claimed by nobody else")

    async def _send(self, message: OutboxMessage, channel: discord.abc.Messageable) -> SendOutcome:
        posting = message.posting
        page = with_mentions(load_page(message.body), self._client.command_ids)
        if message.about_guild is not None:
            page = with_server(page, await self._known.name(message.about_guild))
        drawn = draw(page, tag=tag_of(message.nonce), mention=posting.role)
        assert_sendable(drawn.view, drawn.files, message.nonce)
        if drawn.kept:
            now = self._context.clock.now()
            await self._context.database.write(kept_requests.keep, drawn.kept, now)
        posted = await channel.send(
            view=drawn.view,
            files=drawn.files,
            nonce=message.nonce,
            silent=posting.silent,
            allowed_mentions=_allowed_mentions(posting.role),
        )
        return SendOutcome(Action.SENT, "acknowledged", message_id=posted.id)

    async def _publish(self, message: OutboxMessage, message_id: int) -> None:
        """Let an announcement channel's followers have the message too. Tried once: it is posted anyway."""
        if not isinstance(message.to, ServerChannel):
            return
        guild_id, channel_id = message.to.owner.id, message.to.id
        channel = self._client.get_partial_messageable(channel_id, guild_id=guild_id)
        try:
            async with asyncio.timeout(SEND_SECONDS):
                if not await self._known.is_news(guild_id, channel_id):
                    return
                await self._pace()
                await channel.get_partial_message(message_id).publish()
        except SEND_ERRORS as error:
            log.warning("not_published", to=str(message.to), problem=repr(error))

    async def _look(self, message: OutboxMessage, channel: discord.abc.Messageable) -> SendOutcome | None:
        """Look for the message in its channel, from its first try on.

        Where that lies ahead, because the clock has been put back, among the newest messages.
        """
        first = message.first_attempt_at
        assert first is not None, "only a message that was tried is looked for"
        since = first - CLOCK_SKEW if first <= self._context.clock.now() else None
        tag, seen, found = tag_of(message.nonce), 0, None
        own = self._client.user
        async for posted in channel.history(limit=HISTORY, after=since):
            seen += 1
            tags = {getattr(part, "id", None) for part in posted.components}
            if posted.author == own and tag in tags:
                found = posted.id
                break
        readable = seen < HISTORY and await self._readable(message, channel, seen)
        return after_look(message, found, self._context.clock.now(), readable=readable)

    async def _readable(self, message: OutboxMessage, channel: discord.abc.Messageable, seen: int) -> bool:
        """Whether the history shows what is there: without the right to it Discord answers an empty list."""
        if seen or not isinstance(message.to, ServerChannel):
            return True
        rights = await self._known.rights(message.to.owner.id, message.to.id)
        if rights is not None:
            return rights.read_message_history
        return any([True async for _ in channel.history(limit=1)])

    async def _settle(self, message: OutboxMessage, outcome: SendOutcome) -> None:
        """Write down what became of a try."""
        now = self._context.clock.now()
        write, owner = self._context.database.write, self._owner
        match outcome.action:
            case Action.SENT:
                await write(outbox.mark_sent, message.id, owner=owner, now=now, message_id=outcome.message_id)
            case Action.POSTPONE:
                assert outcome.until is not None, "what is put aside is tried again some time"
                await write(
                    outbox.postpone,
                    message.id,
                    owner=owner,
                    until=outcome.until,
                    surely_unsent=outcome.unsent,
                    error=outcome.reason,
                )
            case Action.FAIL:
                await write(outbox.mark_failed, message.id, owner=owner, now=now, error=outcome.reason)
            case Action.FAIL_AND_PAUSE:
                await write(_stop_channel, message, owner, outcome.reason, now)
            case Action.SKIP:
                await write(outbox.mark_skipped, message.id, owner=owner, now=now, error=outcome.reason)
            case Action.UNKNOWN:
                await write(outbox.mark_unknown, message.id, owner=owner, now=now, error=outcome.reason)
        told = log.info if outcome.action is Action.SENT else log.warning
        told(
            "message_settled",
            action=outcome.action.value,
            reason=outcome.reason,
            to=str(message.to),
            kind=message.kind,
            day=message.local_date.isoformat(),
            part=message.part,
            attempts=message.attempts,
        )

    async def _own_pace(self) -> None:
        """Wait for this send's turn, so that a full outbox leaves at a pace that Discord takes."""
        loop = asyncio.get_running_loop()
        turn = max(self._next_start, loop.time())
        self._next_start = turn + 1 / PER_SECOND
        if turn > loop.time():
            await self._context.clock.sleep(turn - loop.time())


def _allowed_mentions(role: int | None) -> discord.AllowedMentions:
    """Nobody, or that role and no other."""
    if role is None:
        return discord.AllowedMentions.none()
    return discord.AllowedMentions(everyone=False, users=False, roles=[discord.Object(role)])


def _posts(messages: list[OutboxMessage]) -> list[list[OutboxMessage]]:
    """Messages of one post together, in the order of their parts."""
    together: dict[tuple[Destination, str, str], list[OutboxMessage]] = {}
    for message in sorted(messages, key=lambda one: one.part):
        key = (message.to, message.kind, message.local_date.isoformat())
        together.setdefault(key, []).append(message)
    return list(together.values())


def _stop_channel(session: Session, message: OutboxMessage, owner: str, reason: str, now: datetime) -> None:
    """Give up a message and pause what is posted there, so that its admins are told once.

    A member who takes no direct messages is not tried again: what they follow waits until they resume it.
    """
    outbox.mark_failed(session, message.id, owner=owner, now=now, error=reason)
    reader = readers.of_destination(message.to)
    if not isinstance(message.to, ServerChannel):
        follows.pause_reader(session, reader, reason="direct_closed", now=now)
        return
    follows.pause_reader(session, reader, reason=reason, now=now)
    for subscription in digests.subscriptions_of(session, message.to.owner):
        if subscription.place == message.to:
            digests.pause(session, subscription.id, reason=reason, now=now)

"""A server's daily digest: its channel and hour, a preview, and one right now."""

from __future__ import annotations

import re

from bot.commands.composing import DigestOrder, compose_digest
from bot.commands.desk import Desk
from bot.commands.due import FIRST_SPAN
from bot.commands.faults import UserFault
from bot.commands.spec import Arguments, Asker, Command, Parameter
from bot.locale import message, translator
from bot.pages.digest import DigestPlan, digest_now_page, digest_set_page
from bot.pages.page import Page
from bot.store import digests
from bot.store.due import local_day, next_due

_TIME = re.compile(r"([01]?\d|2[0-3])(?:[:.h]([0-5]\d)?)?\s*(am|pm)?", re.IGNORECASE)


async def set_digest(desk: Desk, asker: Asker, given: Arguments) -> Page:
    """Give this server a digest each day at an hour of its own zone."""
    guild_id = asker.guild_id or 0
    channel_id = _channel(asker, given)
    minute = minute_of_day(given["time"])
    settings = await desk.guild_settings(guild_id)
    now = desk.clock.now()
    due = next_due(now, minute, settings.timezone)
    await desk.database.write(
        digests.set_subscription,
        guild_id,
        channel_id,
        minute_of_day=minute,
        zone=settings.timezone,
        language=settings.language,
        next_due_at=due,
        user_id=asker.user_id,
        now=now,
    )
    plan = DigestPlan(channel_id, minute, settings.timezone, settings.language, due)
    return digest_set_page(translator(asker.language), plan)


async def preview(desk: Desk, asker: Asker, given: Arguments) -> Page:
    """The digest as it would be posted now, shown to the asker alone."""
    return await compose_digest(desk.database, desk.brief, await _order_now(desk, asker))


async def now(desk: Desk, asker: Asker, given: Arguments) -> Page:
    """Post a digest now, in the digest's channel, or here where none is set."""
    guild_id = asker.guild_id or 0
    known = await desk.database.read(digests.subscriptions_of, guild_id)
    channel_id = known[0].channel_id if known else (asker.channel_id or 0)
    order = await _order_now(desk, asker)
    page = await compose_digest(desk.database, desk.brief, order)
    moment = desk.clock.now()
    fresh = await desk.post(guild_id, channel_id, f"now-{moment:%H%M}", order.day, page, moment)
    plan = DigestPlan(channel_id, 0, order.language, order.language, None)
    return digest_now_page(translator(asker.language), plan, fresh)


def minute_of_day(text: str) -> int:
    """``8``, ``08:30``, ``8:30 pm`` or ``20h`` as minutes after midnight. Raises UserFault."""
    found = _TIME.fullmatch(text.strip())
    if found is None:
        raise UserFault(
            message("“{value}” is not a time of day."),
            message("Write it as 08:00 or 20:30."),
            value=text[:20],
        )
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").lower()
    if half:
        if not 1 <= hour <= 12:
            raise UserFault(
                message("“{value}” is not a time of day."),
                message("Write it as 08:00 or 20:30."),
                value=text[:20],
            )
        hour = hour % 12 + (12 if half == "pm" else 0)
    return hour * 60 + minute


async def _order_now(desk: Desk, asker: Asker) -> DigestOrder:
    guild_id = asker.guild_id or 0
    settings = await desk.guild_settings(guild_id)
    moment = desk.clock.now()
    return DigestOrder(
        guild_id=guild_id,
        concerns=(),
        language=settings.language,
        day=local_day(moment, settings.timezone),
        since=moment - FIRST_SPAN,
        until=moment,
    )


def _channel(asker: Asker, given: Arguments) -> int:
    if "channel" in given and given["channel"].isdigit():
        return int(given["channel"])
    return asker.channel_id or 0


COMMANDS = (
    Command(
        "digest set",
        message("A digest each day, at an hour of this server's own zone"),
        set_digest,
        (
            Parameter("time", message("When, such as 08:00"), required=True),
            Parameter("channel", message("Where; here if you leave it out"), "channel"),
        ),
        admin=True,
    ),
    Command(
        "digest preview", message("The digest as it would be posted now"), preview, admin=True, slow=True
    ),
    Command("digest now", message("Post a digest now"), now, admin=True, slow=True),
)

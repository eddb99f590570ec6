"""What Discord says to an operator who asks over REST alone: the time, and what the bot may do where.

The permissions are worked out as Discord documents it ("Permissions", permission hierarchy): the roles'
grants, then the channel's overwrites for everyone, for the roles together, and for the member.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import aiohttp

from bot.feeds.headers import http_date
from bot.operating.check import DISCORD_API

_ADMINISTRATOR = 1 << 3
#: What posting takes. History is for finding out, after a fault, whether a digest was posted already.
NEEDED = {"View Channel": 1 << 10, "Send Messages": 1 << 11, "Read Message History": 1 << 16}
_THREAD_SEND = 1 << 38
_THREADS = frozenset((10, 11, 12))
_SECONDS = aiohttp.ClientTimeout(total=10)
#: One channel takes up to four calls; a large installation is sampled.
MOST_CHANNELS = 50

Json = Mapping[str, Any]


async def clock_skew(base: str | None, now: datetime) -> timedelta | None:
    """How far ``now`` is ahead of Discord's clock; None without an answer that has a date."""
    try:
        async with (
            aiohttp.ClientSession(timeout=_SECONDS) as session,
            session.get(f"{base or DISCORD_API}/gateway") as answer,
        ):
            told = http_date(answer.headers.get("Date"))
    except (TimeoutError, aiohttp.ClientError, OSError):
        return None
    return None if told is None else now - told


async def lacking_rights(
    base: str | None, token: str, channels: Mapping[int, Sequence[int]]
) -> tuple[dict[int, tuple[str, ...]], int]:
    """For each channel in which something is missing, what; and how many channels were looked at.

    ``("missing",)`` stands for a channel that is not there or cannot be seen. Raises OSError or
    aiohttp.ClientError if Discord cannot be asked at all.
    """
    lacking: dict[int, tuple[str, ...]] = {}
    looked = 0
    headers = {"Authorization": f"Bot {token}"}
    async with aiohttp.ClientSession(timeout=_SECONDS, headers=headers) as session:

        async def get(path: str) -> Json | None:
            async with session.get(f"{base or DISCORD_API}{path}") as answer:
                if answer.status != 200:
                    return None
                found: Json = await answer.json(content_type=None)
                return found

        me = await get("/users/@me")
        if me is None:
            return {}, 0
        for guild_id, channel_ids in channels.items():
            if looked >= MOST_CHANNELS:
                break
            guild = await get(f"/guilds/{guild_id}")
            member = await get(f"/guilds/{guild_id}/members/{me['id']}") if guild else None
            for channel_id in channel_ids:
                looked += 1
                channel = await get(f"/channels/{channel_id}")
                if channel is None:
                    lacking[channel_id] = ("missing",)
                elif guild is not None and member is not None:
                    missing = missing_rights(guild, member, channel)
                    if missing:
                        lacking[channel_id] = missing
    return lacking, looked


def missing_rights(guild: Json, member: Json, channel: Json) -> tuple[str, ...]:
    """The names in ``NEEDED`` that a member lacks in a channel, all as Discord's REST API gives them."""
    granted = permissions(guild, member, channel)
    needed = dict(NEEDED)
    if channel.get("type") in _THREADS:
        needed["Send Messages in Threads"] = _THREAD_SEND
        del needed["Send Messages"]
    return tuple(name for name, bit in needed.items() if not granted & bit)


def permissions(guild: Json, member: Json, channel: Json) -> int:
    """A member's permissions in a channel as bits."""
    everything = (1 << 63) - 1
    user = member.get("user", {}).get("id")
    if user is not None and guild.get("owner_id") == user:
        return everything
    roles = {str(guild["id"]), *map(str, member.get("roles", ()))}
    granted = _union(int(role["permissions"]) for role in guild.get("roles", ()) if str(role["id"]) in roles)
    if granted & _ADMINISTRATOR:
        return everything
    overwrites = {str(one["id"]): one for one in channel.get("permission_overwrites", ())}
    others = roles - {str(guild["id"])}
    for ids in ({str(guild["id"])}, others, {str(user)}):
        here = [overwrites[one] for one in ids if one in overwrites]
        granted &= ~_union(int(one["deny"]) for one in here)
        granted |= _union(int(one["allow"]) for one in here)
    return granted


def _union(values: Iterable[int]) -> int:
    found = 0
    for value in values:
        found |= value
    return found

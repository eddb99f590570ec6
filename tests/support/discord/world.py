"""The servers, channels, people and messages of the loopback Discord, and what posting to them does."""

from __future__ import annotations

import copy
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.support.discord.limits import V2_FLAG, text_of, walk
from tests.support.discord.wire import answered, iso, pings

DISCORD_EPOCH_MS = 1_420_070_400_000
EPHEMERAL = 1 << 6
MANAGE_GUILD = 1 << 5
READER = (1 << 10) | (1 << 11) | (1 << 16) | (1 << 31)  # view, send, read history, use commands
BOT_RIGHTS = READER | (1 << 14) | (1 << 15)  # and embed links, attach files


@dataclass(eq=False)
class Person:
    """Someone who uses the bot."""

    id: int
    name: str
    permissions: int = READER
    locale: str = "en-US"
    bot: bool = False

    def wire(self) -> dict[str, Any]:
        return {
            "id": str(self.id),
            "username": self.name,
            "global_name": self.name,
            "avatar": None,
            "discriminator": "0",
            "public_flags": 0,
            "flags": 0,
            "bot": self.bot,
            "primary_guild": None,
        }


@dataclass(eq=False)
class Message:
    """A message: ``wire`` is what Discord sends of it, ``pings`` are the mentions that reached someone."""

    wire: dict[str, Any]
    files: dict[str, bytes] = field(default_factory=dict)
    pings: tuple[str, ...] = ()
    request: dict[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> int:
        return int(self.wire["id"])

    @property
    def channel_id(self) -> int:
        return int(self.wire["channel_id"])

    @property
    def nonce(self) -> str | None:
        return self.request.get("nonce")

    @property
    def ephemeral(self) -> bool:
        return bool(self.wire["flags"] & EPHEMERAL)

    @property
    def text(self) -> str:
        return text_of(self.wire)

    @property
    def parts(self) -> list[dict[str, Any]]:
        """Every component, nested ones included."""
        return list(walk(self.wire["components"]))

    @property
    def buttons(self) -> dict[str, dict[str, Any]]:
        return {item["label"]: item for item in self.parts if item["type"] == 2 and item.get("label")}

    @property
    def selects(self) -> list[dict[str, Any]]:
        return [item for item in self.parts if item["type"] in (3, 5, 6, 7, 8)]


@dataclass(eq=False)
class Channel:
    """A place for messages.

    ``trouble`` makes calls on it fail: ``forbidden`` (403), ``missing`` (404), ``silent`` (403 to posts).
    ``denied`` are the permissions that the channel denies to everyone.
    """

    id: int
    guild_id: int | None
    name: str
    kind: int = 0
    trouble: str = ""
    history_hidden: bool = False
    messages: list[Message] = field(default_factory=list)
    recipient: Person | None = None
    denied: int = 0

    def wire(self) -> dict[str, Any]:
        if self.guild_id is None:
            assert self.recipient is not None
            return {"id": str(self.id), "type": 1, "flags": 0, "last_message_id": None,
                    "recipients": [self.recipient.wire()]}  # fmt: skip
        return {
            "id": str(self.id),
            "type": self.kind,
            "flags": 0,
            "guild_id": str(self.guild_id),
            "name": self.name,
            "position": 0,
            "permission_overwrites": self._overwrites(),
            "parent_id": None,
            "topic": None,
            "nsfw": False,
            "rate_limit_per_user": 0,
            "last_message_id": None,
        }

    def _overwrites(self) -> list[dict[str, Any]]:
        everyone = {"id": str(self.guild_id), "type": 0, "allow": "0", "deny": str(self.denied)}
        return [everyone] if self.denied else []


@dataclass(eq=False)
class Guild:
    """A server."""

    id: int
    name: str
    locale: str = "en-US"
    channels: list[Channel] = field(default_factory=list)
    bot_permissions: int = BOT_RIGHTS
    member: bool = True
    """Whether the bot was added to it; if not, people use there what they installed for themselves."""

    @property
    def channel(self) -> Channel:
        """The first channel."""
        return self.channels[0]

    def wire(self, bot: Person, shard_member: bool = True) -> dict[str, Any]:
        everyone = {
            "id": str(self.id), "name": "@everyone", "permissions": str(self.bot_permissions), "position": 0,
            "color": 0, "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
            "hoist": False, "managed": False, "mentionable": False, "flags": 0, "icon": None,
            "unicode_emoji": None,
        }  # fmt: skip
        return {
            "id": str(self.id),
            "name": self.name,
            "owner_id": str(self.id + 1),
            "preferred_locale": self.locale,
            "roles": [everyone],
            "channels": [channel.wire() for channel in self.channels],
            "threads": [],
            "members": [member_wire(bot, self.bot_permissions)] if shard_member else [],
            "member_count": 2,
            "emojis": [], "stickers": [], "features": [], "presences": [], "voice_states": [],
            "stage_instances": [], "guild_scheduled_events": [], "soundboard_sounds": [],
            "joined_at": "2026-01-01T00:00:00+00:00",
            "large": False, "unavailable": False, "icon": None, "splash": None, "banner": None,
            "discovery_splash": None, "description": None, "vanity_url_code": None,
            "verification_level": 0, "default_message_notifications": 0, "explicit_content_filter": 0,
            "mfa_level": 0, "nsfw_level": 0, "premium_tier": 0, "system_channel_flags": 0,
            "afk_timeout": 300, "afk_channel_id": None, "system_channel_id": None, "application_id": None,
            "rules_channel_id": None, "public_updates_channel_id": None, "safety_alerts_channel_id": None,
            "premium_progress_bar_enabled": False, "widget_enabled": False, "widget_channel_id": None,
            "max_members": 500000, "region": "deprecated", "home_header": None, "nsfw": False,
        }  # fmt: skip


def member_wire(person: Person, permissions: int) -> dict[str, Any]:
    """A member as an interaction carries it."""
    return {
        "user": person.wire(),
        "nick": None,
        "avatar": None,
        "banner": None,
        "roles": [],
        "joined_at": "2026-01-01T00:00:00+00:00",
        "premium_since": None,
        "deaf": False,
        "mute": False,
        "pending": False,
        "flags": 0,
        "communication_disabled_until": None,
        "permissions": str(permissions),
    }


class World:
    """All state of the loopback Discord. ``now`` gives Unix seconds."""

    def __init__(self, now: Callable[[], float], nonce_seconds: float = 120.0) -> None:
        self.now = now
        self.nonce_seconds = nonce_seconds
        self._last_id = 0
        self.bot = Person(self.new_id(), "vigia", bot=True)
        self.application_id = self.bot.id
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.people: dict[int, Person] = {}
        self.commands: list[dict[str, Any]] = []
        self.syncs: list[list[dict[str, Any]]] = []
        self._nonces: dict[tuple[int, str], tuple[float, Message]] = {}

    def new_id(self) -> int:
        """A snowflake of the present moment, greater than every one before it."""
        made = (int(self.now() * 1000) - DISCORD_EPOCH_MS) << 22
        self._last_id = max(self._last_id + 1, made)
        return self._last_id

    def add_guild(self, name: str = "Guild", locale: str = "en-US", identity: int | None = None) -> Guild:
        """A server with one text channel, ``general``."""
        guild = Guild(identity or self.new_id(), name, locale)
        self.guilds[guild.id] = guild
        self.add_channel(guild, "general")
        return guild

    def add_channel(self, guild: Guild, name: str, kind: int = 0, identity: int | None = None) -> Channel:
        channel = Channel(identity or self.new_id(), guild.id, name, kind)
        guild.channels.append(channel)
        self.channels[channel.id] = channel
        return channel

    def add_person(self, name: str = "reader", *, admin: bool = False, locale: str = "en-US") -> Person:
        person = Person(self.new_id(), name, READER | (MANAGE_GUILD if admin else 0), locale)
        self.people[person.id] = person
        return person

    def direct(self, person: Person) -> Channel:
        """The channel for direct messages with ``person``."""
        for channel in self.channels.values():
            if channel.recipient is person:
                return channel
        channel = Channel(self.new_id(), None, "", 1, recipient=person)
        self.channels[channel.id] = channel
        return channel

    def messages(self) -> Iterator[Message]:
        """Every stored message of every channel."""
        for channel in self.channels.values():
            yield from channel.messages

    def known_nonce(self, channel: Channel, body: dict[str, Any]) -> Message | None:
        """The message that this nonce made here within the window, if the sender asked for that check."""
        nonce = body.get("nonce")
        if nonce is None or not body.get("enforce_nonce"):
            return None
        at, message = self._nonces.get((channel.id, str(nonce)), (0.0, None))
        return message if message is not None and self.now() - at <= self.nonce_seconds else None

    def post(self, channel: Channel, body: dict[str, Any], files: dict[str, bytes]) -> Message:
        """Store a message and say it to nobody: a bot without message intents hears no MESSAGE_CREATE."""
        message = self.make(channel, body, files)
        channel.messages.append(message)
        if body.get("nonce") is not None:
            self._nonces[channel.id, str(body["nonce"])] = (self.now(), message)
        return message

    def make(self, channel: Channel, body: dict[str, Any], files: dict[str, bytes]) -> Message:
        """A message as Discord words it, not stored anywhere."""
        identity = self.new_id()
        wire: dict[str, Any] = {
            "id": str(identity),
            "type": 0,
            "channel_id": str(channel.id),
            "author": self.bot.wire(),
            "application_id": str(self.application_id),
            "content": body.get("content") or "",
            "timestamp": iso(self.now()),
            "edited_timestamp": None,
            "tts": False,
            "pinned": False,
            "mention_everyone": False,
            "mentions": [],
            "mention_roles": [],
            "embeds": copy.deepcopy(body.get("embeds") or []),
            "flags": body.get("flags") or 0,
            "attachments": [],
            "components": [],
        }
        if body.get("nonce") is not None:
            wire["nonce"] = body["nonce"]
        message = Message(wire, dict(files), request=body)
        self._attach(message, body, files)
        self._settle(message, body)
        return message

    def edit(self, message: Message, body: dict[str, Any], files: dict[str, bytes]) -> None:
        """Change a stored message as PATCH does: a key that is absent stays."""
        for key in ("content", "embeds"):
            if key in body:
                message.wire[key] = body[key] or ("" if key == "content" else [])
        if body.get("flags") is not None:
            message.wire["flags"] |= body["flags"] & (V2_FLAG | 4)
        if files or "attachments" in body:
            message.files = {**message.files, **files}
            self._attach(message, body, files)
        message.request = body
        self._settle(message, {**body, "components": body.get("components", message.wire["components"])})
        message.wire["edited_timestamp"] = iso(self.now())

    def _attach(self, message: Message, body: dict[str, Any], files: dict[str, bytes]) -> None:
        described = {str(item["id"]): item for item in body.get("attachments") or ()}
        kept = [item for item in message.wire["attachments"] if item["id"] in described]
        for index, (name, content) in enumerate(files.items()):
            identity = str(self.new_id())
            address = f"https://cdn.example/attachments/{message.channel_id}/{identity}/{name}"
            item = {
                "id": identity,
                "filename": name,
                "size": len(content),
                "url": address,
                "proxy_url": address,
            }
            if name.endswith(".png") and content[:8] == b"\x89PNG\r\n\x1a\n":
                item["width"], item["height"] = struct.unpack(">II", content[16:24])
                item["content_type"] = "image/png"
            description = described.get(str(index), {}).get("description")
            if description:
                item["description"] = description
            kept.append(item)
        message.wire["attachments"] = kept

    def _settle(self, message: Message, body: dict[str, Any]) -> None:
        by_name = {item["filename"]: item for item in message.wire["attachments"]}
        numbers = iter(range(1, 1000))
        message.wire["components"] = [
            answered(item, numbers, by_name, self.new_id) for item in body.get("components") or ()
        ]
        message.pings = pings(message.text, body.get("allowed_mentions"))
        message.wire["mention_everyone"] = "everyone" in message.pings

"""The REST routes that are not about interactions: who am I, commands, channels, messages."""

from __future__ import annotations

from typing import Any

from tests.support.discord.call import Call, Refusal
from tests.support.discord.gateway import Gateway
from tests.support.discord.world import Channel, Guild, Message, World, member_wire

Answer = tuple[int, Any]


class Rest:
    """Handlers. Each takes a judged call and gives a status and a body."""

    def __init__(self, world: World, gateway: Gateway) -> None:
        self.world = world
        self.gateway = gateway
        self.shards = 1
        self.identifies_left = 1000

    def routes(self) -> list[tuple[str, str, Any]]:
        return [
            ("GET", "/users/@me", self.me),
            ("GET", "/oauth2/applications/@me", self.application),
            ("GET", "/applications/@me", self.application),
            ("GET", "/gateway", self.gateway_address),
            ("GET", "/gateway/bot", self.gateway_for_bots),
            ("GET", "/applications/{application_id}/commands", self.list_commands),
            ("PUT", "/applications/{application_id}/commands", self.sync_commands),
            ("GET", "/guilds/{guild_id}", self.guild),
            ("GET", "/guilds/{guild_id}/channels", self.guild_channels),
            ("GET", "/guilds/{guild_id}/members/{user_id}", self.member),
            ("GET", "/channels/{channel_id}", self.channel),
            ("POST", "/users/@me/channels", self.open_direct),
            ("POST", "/channels/{channel_id}/messages", self.post),
            ("GET", "/channels/{channel_id}/messages", self.history),
            ("GET", "/channels/{channel_id}/messages/{message_id}", self.message),
            ("PATCH", "/channels/{channel_id}/messages/{message_id}", self.edit),
            ("DELETE", "/channels/{channel_id}/messages/{message_id}", self.delete),
            ("POST", "/channels/{channel_id}/messages/{message_id}/crosspost", self.crosspost),
        ]

    async def me(self, call: Call) -> Answer:
        extra = {"email": None, "mfa_enabled": False, "verified": True, "locale": "en-US"}
        return 200, self.world.bot.wire() | extra

    async def application(self, call: Call) -> Answer:
        return 200, {
            "id": str(self.world.application_id), "name": "vigia", "icon": None, "description": "",
            "type": None, "bot_public": True, "bot_require_code_grant": False, "verify_key": "0" * 64,
            "flags": 0, "flags_new": "0", "max_participants": None, "summary": "", "hook": True,
            "approximate_user_install_count": 0, "approximate_user_authorization_count": 0,
            "eligible_oauth2_scopes": [],
            "integration_types_config": {"0": {}, "1": {}}, "redirect_uris": [],
            "interactions_endpoint_url": None,
            "role_connections_verification_url": None, "approximate_guild_count": len(self.world.guilds),
            "owner": self.world.bot.wire(), "team": None, "explicit_content_filter": 0,
        }  # fmt: skip

    async def gateway_address(self, call: Call) -> Answer:
        return 200, {"url": self.gateway.address}

    async def gateway_for_bots(self, call: Call) -> Answer:
        limit = {"total": 1000, "remaining": self.identifies_left, "reset_after": 0, "max_concurrency": 1}
        return 200, {"url": self.gateway.address, "shards": self.shards, "session_start_limit": limit}

    async def list_commands(self, call: Call) -> Answer:
        return 200, self.world.commands

    async def sync_commands(self, call: Call) -> Answer:
        """Replace the whole list, as a bulk overwrite does. A command keeps its id under the same name."""
        known = {command["name"]: command["id"] for command in self.world.commands}
        self.world.syncs.append(call.body)
        self.world.commands = [
            {
                **{key: value for key, value in command.items() if value is not None},
                "type": command.get("type", 1),
                "id": known.get(command["name"], str(self.world.new_id())),
                "application_id": str(self.world.application_id),
                "version": str(self.world.new_id()),
                "default_member_permissions": permissions(command.get("default_member_permissions")),
                "nsfw": command.get("nsfw", False),
            }
            for command in call.body
        ]
        return 200, self.world.commands

    async def guild(self, call: Call) -> Answer:
        wire = self._guild(call).wire(self.world.bot)
        left_out = (
            "channels",
            "threads",
            "members",
            "voice_states",
            "presences",
            "joined_at",
            "large",
            "unavailable",
        )
        asked_only = {
            "max_presences": None,
            "max_video_channel_users": 25,
            "max_stage_video_channel_users": 50,
            "premium_subscription_count": 0,
            "incidents_data": None,
        }
        return 200, {key: value for key, value in wire.items() if key not in left_out} | asked_only

    async def guild_channels(self, call: Call) -> Answer:
        return 200, [channel.wire() for channel in self._guild(call).channels]

    async def member(self, call: Call) -> Answer:
        """The bot itself; nobody else is asked for."""
        guild = self._guild(call)
        if int(call.params["user_id"]) != self.world.bot.id:
            raise Refusal(404, 10007, "Unknown Member")
        wire = member_wire(self.world.bot, guild.bot_permissions)
        return 200, {key: value for key, value in wire.items() if key != "permissions"}

    async def channel(self, call: Call) -> Answer:
        return 200, self._channel(call).wire()

    async def open_direct(self, call: Call) -> Answer:
        person = self.world.people.get(int(call.body["recipient_id"]))
        if person is None:
            raise Refusal(404, 10013, "Unknown User")
        return 200, self.world.direct(person).wire()

    async def post(self, call: Call) -> Answer:
        channel = self._channel(call)
        known = self.world.known_nonce(channel, call.body)
        if known is not None:
            if known not in channel.messages:
                raise Refusal(404, 10008, "Unknown Message")
            return 200, known.wire
        return 200, self.world.post(channel, call.body, call.files).wire

    async def history(self, call: Call) -> Answer:
        channel = self._channel(call)
        if channel.history_hidden:
            return 200, []  # without READ_MESSAGE_HISTORY Discord answers an empty list, not an error
        found = channel.messages
        limit = int(call.query.get("limit", 50))
        if "after" in call.query:
            found = [message for message in found if message.id > int(call.query["after"])][:limit]
        elif "before" in call.query:
            found = [message for message in found if message.id < int(call.query["before"])][-limit:]
        else:
            found = found[-limit:]
        return 200, [message.wire for message in reversed(found)]

    async def message(self, call: Call) -> Answer:
        return 200, self._message(call).wire

    async def edit(self, call: Call) -> Answer:
        message = self._message(call)
        self.world.edit(message, call.body, call.files)
        return 200, message.wire

    async def delete(self, call: Call) -> Answer:
        message = self._message(call)
        self._channel(call).messages.remove(message)
        return 204, None

    async def crosspost(self, call: Call) -> Answer:
        message = self._message(call)
        message.wire["flags"] |= 1
        return 200, message.wire

    def _guild(self, call: Call) -> Guild:
        guild = self.world.guilds.get(int(call.params["guild_id"]))
        if guild is None:
            raise Refusal(404, 10004, "Unknown Guild")
        return guild

    def _channel(self, call: Call) -> Channel:
        channel = self.world.channels.get(int(call.params["channel_id"]))
        if channel is None or channel.trouble == "missing":
            raise Refusal(404, 10003, "Unknown Channel")
        if channel.trouble == "forbidden":
            raise Refusal(403, 50001, "Missing Access")
        if channel.trouble == "silent" and call.method == "POST":
            raise Refusal(403, 50013, "Missing Permissions")
        return channel

    def _message(self, call: Call) -> Message:
        identity = int(call.params["message_id"])
        for message in self._channel(call).messages:
            if message.id == identity:
                return message
        raise Refusal(404, 10008, "Unknown Message")


def permissions(given: int | str | None) -> str | None:
    return None if given is None else str(given)

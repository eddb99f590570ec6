"""What people do in Discord, as calls that a test reads like a story."""

from __future__ import annotations

import asyncio
from typing import Any

from tests.support.discord.gateway import Gateway
from tests.support.discord.interactions import Exchange, Interactions
from tests.support.discord.world import Channel, Guild, Message, Person, World, member_wire

COMMAND, COMPONENT, AUTOCOMPLETE, MODAL_SUBMIT = 2, 3, 4, 5
PATIENCE_SECONDS = 30.0
EVERYTHING = (1 << 53) - 1


class Scenario:
    """Mixed into the server. ``guild`` is None for a direct message or a user install."""

    world: World
    gateway: Gateway
    interactions: Interactions

    async def slash(
        self,
        guild: Guild | None,
        person: Person,
        command: str,
        arguments: dict[str, Any] | None = None,
        *,
        channel: Channel | None = None,
        wait: bool = True,
    ) -> Exchange:
        """``person`` types ``/command``; returns once the bot has answered for good.

        Raises AssertionError for a command or an argument that the bot has not registered, as nobody could
        type it, and when no answer comes ("The application did not respond").
        """
        data = self._command_data(command, arguments or {})
        return await self._play(COMMAND, guild, person, data, channel=channel, wait=wait)

    async def autocomplete(
        self,
        guild: Guild | None,
        person: Person,
        command: str,
        parameter: str,
        typed: str,
        arguments: dict[str, Any] | None = None,
    ) -> list[dict[str, Any]]:
        """The choices offered for what ``person`` typed so far: ``{"name": …, "value": …}`` each."""
        data = self._command_data(command, {**(arguments or {}), parameter: typed}, focused=parameter)
        exchange = await self._play(AUTOCOMPLETE, guild, person, data)
        assert exchange.choices is not None
        return exchange.choices

    async def press(
        self, message: Message, button: str, person: Person, *, guild: Guild | None = None, wait: bool = True
    ) -> Exchange:
        """Press the button with this label, or with this custom id."""
        found = message.buttons.get(button) or next(
            (one for one in message.buttons.values() if one.get("custom_id") == button), None
        )
        assert found is not None, f"no button {button!r} among {sorted(message.buttons)}"
        assert not found.get("disabled"), f"the button {button!r} cannot be pressed"
        data = {"component_type": 2, "custom_id": found["custom_id"], "id": found["id"]}
        return await self._play(
            COMPONENT, guild or self._guild_of(message), person, data, source=message, wait=wait
        )

    async def select(
        self, message: Message, value: str, person: Person, *, guild: Guild | None = None, wait: bool = True
    ) -> Exchange:
        """Choose ``value`` in the select that has it; a select of channels has every channel."""
        found = next((one for one in message.selects if value in _values(one)), None)
        found = found or next((one for one in message.selects if one["type"] != 3), None)
        offered = [_values(one) for one in message.selects]
        assert found is not None, f"no select offers {value!r}, only {offered}"
        data = {
            "component_type": found["type"],
            "custom_id": found["custom_id"],
            "values": [value],
            "id": found["id"],
        }
        if found["type"] == 8:
            channel = self.world.channels[int(value)]
            data["resolved"] = {"channels": {value: {**channel.wire(), "permissions": str(EVERYTHING)}}}
        return await self._play(
            COMPONENT, guild or self._guild_of(message), person, data, source=message, wait=wait
        )

    async def modal(self, exchange: Exchange, values: dict[str, Any], *, wait: bool = True) -> Exchange:
        """Fill in and send the modal that ``exchange`` opened; ``values`` by the custom id of each field."""
        assert exchange.modal is not None, "no modal was opened"
        parts = []
        for number, part in enumerate(exchange.modal["components"]):
            inner = part.get("component") or (part.get("components") or [None])[0]
            if inner is None:
                continue
            given = {"type": inner["type"], "custom_id": inner["custom_id"], "id": 100 + number}
            value = values.get(inner["custom_id"], inner.get("value") or "")
            given |= {"value": value} if inner["type"] == 4 else {"values": value if value else []}
            wrapper = {"type": part["type"], "id": number + 1}
            parts.append(
                {**wrapper, "component": given} if part["type"] == 18 else {**wrapper, "components": [given]}
            )
        data = {"custom_id": exchange.modal["custom_id"], "components": parts, "resolved": {}}
        return await self._play(
            MODAL_SUBMIT,
            exchange.guild,
            exchange.person,
            data,
            source=exchange.source,
            channel=exchange.channel,
            wait=wait,
        )

    async def answered(self, exchange: Exchange) -> Exchange:
        """``exchange`` once it is answered for good."""
        try:
            await asyncio.wait_for(exchange.done.wait(), PATIENCE_SECONDS)
        except TimeoutError:
            raise AssertionError(f"the application did not respond (callback {exchange.callback})") from None
        return exchange

    async def join(self, guild: Guild) -> None:
        """The bot is added to a server, or the server's outage ends: only then is it told to be available."""
        told = guild.wire(self.world.bot)
        if guild.id in self.gateway.unavailable:
            self.gateway.unavailable.discard(guild.id)
        else:
            del told["unavailable"]
        await self.gateway.dispatch("GUILD_CREATE", told, guild.id)

    async def leave(self, guild: Guild) -> None:
        """The bot is removed from a server."""
        self.world.guilds.pop(guild.id, None)
        await self.gateway.dispatch("GUILD_DELETE", {"id": str(guild.id)}, guild.id)

    async def outage(self, guild: Guild) -> None:
        """The server is out of reach: not the same as being removed."""
        self.gateway.unavailable.add(guild.id)
        await self.gateway.dispatch("GUILD_DELETE", {"id": str(guild.id), "unavailable": True}, guild.id)

    async def remove_channel(self, channel: Channel) -> None:
        """A channel is deleted."""
        guild = self.world.guilds[channel.guild_id or 0]
        guild.channels.remove(channel)
        channel.trouble = "missing"
        await self.gateway.dispatch("CHANNEL_DELETE", channel.wire(), guild.id)

    def _guild_of(self, message: Message) -> Guild | None:
        channel = self.world.channels[message.channel_id]
        return self.world.guilds.get(channel.guild_id or 0)

    async def _play(
        self,
        kind: int,
        guild: Guild | None,
        person: Person,
        data: dict[str, Any],
        *,
        source: Message | None = None,
        channel: Channel | None = None,
        wait: bool = True,
    ) -> Exchange:
        if channel is None and source is not None:
            channel = self.world.channels[source.channel_id]
        if channel is None:
            channel = guild.channel if guild is not None else self.world.direct(person)
        exchange = self.interactions.open(kind, person, channel, guild, source)
        event: dict[str, Any] = {
            "id": str(exchange.id),
            "application_id": str(self.world.application_id),
            "type": kind,
            "token": exchange.token,
            "version": 1,
            "data": data,
            "channel_id": str(channel.id),
            "channel": {**channel.wire(), "permissions": str(person.permissions)},
            "locale": person.locale,
            "app_permissions": str(guild.bot_permissions if guild is not None else EVERYTHING),
            "entitlements": [],
            "attachment_size_limit": 10 * 1024 * 1024,
        }
        if guild is not None:
            event |= {
                "guild_id": str(guild.id),
                "guild": {"id": str(guild.id), "locale": guild.locale, "features": []},
                "guild_locale": guild.locale,
                "member": member_wire(person, person.permissions),
                "context": 0,
                "authorizing_integration_owners": {"0": str(guild.id)}
                if guild.member
                else {"1": str(person.id)},
            }
        else:
            event |= {
                "user": person.wire(),
                "context": 1,
                "authorizing_integration_owners": {"1": str(person.id)},
            }
        if source is not None:
            event["message"] = source.wire
        await self.gateway.dispatch("INTERACTION_CREATE", event, guild.id if guild is not None else None)
        return await self.answered(exchange) if wait else exchange

    def _command_data(self, words: str, arguments: dict[str, Any], focused: str = "") -> dict[str, Any]:
        path = words.lstrip("/").split()
        command = next((one for one in self.world.commands if one["name"] == path[0]), None)
        assert command is not None, (
            f"no command /{path[0]} among {[one['name'] for one in self.world.commands]}"
        )
        data: dict[str, Any] = {"id": command["id"], "name": command["name"], "type": 1}
        if "guild_id" in command:
            data["guild_id"] = command["guild_id"]
        level, owner = data, command
        for word in path[1:]:
            owner = next((one for one in owner.get("options") or () if one["name"] == word), None)
            assert owner is not None, f"/{words} is not registered"
            deeper = {"name": word, "type": owner["type"]}
            level["options"] = [deeper]
            level = deeper
        options = {one["name"]: one for one in owner.get("options") or ()}
        assert not any(one["type"] in (1, 2) for one in options.values()), f"/{words} is a group"
        missing = [name for name, one in options.items() if one.get("required") and name not in arguments]
        assert focused or not missing, f"/{words} needs {missing}"
        given = []
        for name, value in arguments.items():
            assert name in options, f"/{words} has no {name!r}, only {sorted(options)}"
            given.append(self._argument(data, options[name], value, focused == name))
        if given:
            level["options"] = given
        return data

    def _argument(
        self, data: dict[str, Any], option: dict[str, Any], value: Any, focused: bool
    ) -> dict[str, Any]:
        made: dict[str, Any] = {"name": option["name"], "type": option["type"], "value": value}
        if focused:
            assert option.get("autocomplete"), f"{option['name']!r} is not completed"
            return made | {"focused": True, "value": str(value)}
        if isinstance(value, Channel):
            assert option["type"] == 7
            made["value"] = str(value.id)
            wire = {**value.wire(), "permissions": str(EVERYTHING)}
            data.setdefault("resolved", {}).setdefault("channels", {})[str(value.id)] = wire
        if option["type"] == 8:
            some = next(iter(self.world.guilds.values())).wire(self.world.bot)
            role = {**some["roles"][0], "id": str(value)}
            made["value"] = str(value)
            data.setdefault("resolved", {}).setdefault("roles", {})[str(value)] = role
        if option["type"] == 11:
            made["value"] = "700"
            attached = {"id": "700", "filename": "feeds.opml", "size": 9, "url": value, "proxy_url": value}
            data.setdefault("resolved", {}).setdefault("attachments", {})["700"] = attached
        if option.get("choices"):
            assert value in [choice["value"] for choice in option["choices"]], f"{value!r} is no choice"
        if option["type"] == 4:
            assert isinstance(value, int)
            assert option.get("min_value", value) <= value <= option.get("max_value", value), (
                f"{value} is out of range"
            )
        if option["type"] == 3 and isinstance(value, str):
            low, high = option.get("min_length", 0), option.get("max_length", 6000)
            assert low <= len(value) <= high, f"{len(value)} characters are out of range"
        return made


def _values(select: dict[str, Any]) -> list[str]:
    return [option["value"] for option in select.get("options") or ()]

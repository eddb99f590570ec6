"""A Discord on this machine for tests: REST and gateway, judged by Discord's own API description.

async with LoopbackDiscord() as discord:
    guild = discord.world.add_guild()
    ana = discord.world.add_person("ana")
    … start the bot with discord.api and discord.gateway_url …
    answer = await discord.slash(guild, ana, "latest", {"concern": "border_security"})
    assert "Tijuana" in answer.text
"""

from tests.support.discord.faults import CALLBACK, POST_MESSAGE, Fault
from tests.support.discord.interactions import Exchange
from tests.support.discord.server import TOKEN, LoopbackDiscord
from tests.support.discord.world import Channel, Guild, Message, Person

__all__ = [
    "CALLBACK",
    "POST_MESSAGE",
    "TOKEN",
    "Channel",
    "Exchange",
    "Fault",
    "Guild",
    "LoopbackDiscord",
    "Message",
    "Person",
]

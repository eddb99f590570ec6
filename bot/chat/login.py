"""Logging in while Discord is out of reach: the process waits and tries again, and does not end.

discord.py repeats a request for half a minute after some server errors; what it raises then, or at once after
a 503 or without a network, ends the login.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import aiohttp
import discord
import structlog

from bot.chat.error_codes import Cause, cause_of

log = structlog.get_logger()

#: Seconds before the second try, doubled after each up to the longest: Discord's outages last minutes to
#: hours, and a bot that is back within a minute is missed by few.
FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0
#: The gateway's close code for a token that is no longer valid ("Opcodes and Status Codes").
AUTHENTICATION_FAILED = 4004


class WrongToken(Exception):
    """Discord does not know the token."""

    code = "wrong_token"


async def log_in(client: discord.Client, token: str) -> None:
    """Log in over REST, however long Discord is away. Raises WrongToken, and what waiting does not change."""

    async def once() -> None:
        try:
            await client.login(token)
        except BaseException:
            # discord.py makes a session for each try, and closes none.
            await client.http.close()
            client.http.connector = discord.utils.MISSING
            raise

    await until_reached(once, client)


async def until_reached(step: Callable[[], Awaitable[None]], client: discord.Client) -> None:
    """Take a step of the connection again until Discord is reached. Raises as ``log_in``.

    A client that was closed meanwhile tries no more.
    """
    wait = FIRST_WAIT
    while True:
        try:
            await step()
        except Exception as problem:
            if _is_wrong_token(problem):
                raise WrongToken from problem
            if client.is_closed() or not _passes(problem):
                raise
            said = f"{type(problem).__name__}: {problem}"
            log.warning("discord_unreachable", problem=said, again_seconds=wait)
        else:
            return
        await asyncio.sleep(wait)
        wait = min(wait * 2, LONGEST_WAIT)


def _is_wrong_token(problem: Exception) -> bool:
    if isinstance(problem, discord.LoginFailure):
        return True
    if isinstance(problem, discord.ConnectionClosed):  # the token was reset while the bot was running
        return problem.code == AUTHENTICATION_FAILED
    return isinstance(problem, discord.HTTPException) and _cause(problem) is Cause.TOKEN


def _passes(problem: Exception) -> bool:
    """Whether what ended a login passes by itself: Discord's own trouble, a limit, or a lost network."""
    if isinstance(problem, discord.HTTPException):
        return _cause(problem) is Cause.TROUBLE
    return isinstance(
        problem, (discord.GatewayNotFound, discord.RateLimited, aiohttp.ClientError, OSError)
    )  # TimeoutError is an OSError


def _cause(problem: discord.HTTPException) -> Cause:
    return cause_of(problem.status, problem.code)

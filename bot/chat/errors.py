"""From any exception to what its reader is told and how loud the log is: one table, looked up by class."""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass

import aiohttp
import discord
from discord import app_commands

from bot.chat.custom_id import Unreadable
from bot.chat.error_codes import Cause, cause_of
from bot.chat.limits import Unsendable
from bot.chat.pace import TooFast
from bot.chat.unsaid import AnswerLost
from bot.domain.page import Page
from bot.locale import Translator, message
from bot.pages.problem import problem_page
from bot.store.errors import Closed, Locked, StoreError


@dataclass(frozen=True, slots=True)
class Words:
    """A sentence, what to do, and the level of the log. ``quiet`` ones have nobody to be told."""

    sentence: str
    advice: str
    level: int
    quiet: bool = False


_TRY_AGAIN = message("Nothing was changed or lost. Please try again in a moment.")

#: The interaction has expired, or has its answer already.
_NOBODY_WAITS = Words("", "", logging.INFO, quiet=True)

#: The entry of an exception is that of the first of its classes, in the order of inheritance, that is here.
TABLE: dict[type[BaseException], Words] = {
    TooFast: Words(
        message("Too many requests in a row."),
        message("Please wait a few seconds between questions."),
        logging.DEBUG,
    ),
    Unreadable: Words(
        message("This button is from an older message and no longer works."),
        message("Ask again with the command."),
        logging.INFO,
    ),
    app_commands.CommandNotFound: Words(
        message("This command has changed since Discord last showed it to you."),
        message("Reload Discord and try again; it can take a minute."),
        logging.WARNING,
    ),
    app_commands.CommandSignatureMismatch: Words(
        message("This command has changed since Discord last showed it to you."),
        message("Reload Discord and try again; it can take a minute."),
        logging.WARNING,
    ),
    app_commands.TransformerError: Words(
        message("One of the values could not be read."), message("Choose it from the list."), logging.INFO
    ),
    app_commands.CheckFailure: Words(
        message("You cannot use this here."),
        message("Ask someone with the “Manage Server” permission."),
        logging.INFO,
    ),
    Locked: Words(message("The store is busy with another process."), _TRY_AGAIN, logging.WARNING),
    Closed: Words(message("Vigía is being restarted."), _TRY_AGAIN, logging.INFO),
    StoreError: Words(message("The store cannot be used at the moment."), _TRY_AGAIN, logging.ERROR),
    TimeoutError: Words(message("That took too long."), _TRY_AGAIN, logging.WARNING),
    Unsendable: Words(
        message("The answer does not fit into a Discord message."),
        message("Ask for less, such as fewer days or one concern."),
        logging.ERROR,
    ),
    AnswerLost: Words(
        message("That is done, but Discord did not take the answer that says so."),
        message("My next answer to you brings it."),
        logging.WARNING,
    ),
    aiohttp.ClientConnectionError: Words(
        message("Discord did not take the answer."), _TRY_AGAIN, logging.WARNING
    ),
    discord.NotFound: _NOBODY_WAITS,
    discord.Forbidden: Words(
        message("Discord does not let me answer here."),
        message("Someone with the “Manage Server” permission can check my permissions in this channel."),
        logging.WARNING,
    ),
    discord.HTTPException: Words(message("Discord did not take the answer."), _TRY_AGAIN, logging.ERROR),
    Exception: Words(message("Something went wrong on our side."), _TRY_AGAIN, logging.ERROR),
}


@dataclass(frozen=True, slots=True)
class Failure:
    """An error as it is told and logged; ``reference`` is in both."""

    error: BaseException
    words: Words
    reference: str

    def page(self, t: Translator) -> Page:
        """The page that tells of it."""
        return problem_page(t, t(self.words.sentence), t(self.words.advice), self.reference)


def failure_of(error: BaseException) -> Failure:
    """What ``error`` is, seen through discord.py's wrapping. Each call makes a new reference."""
    while isinstance(error, app_commands.CommandInvokeError):
        error = error.original
    words = next((TABLE[one] for one in type(error).__mro__ if one in TABLE), TABLE[Exception])
    if isinstance(error, discord.HTTPException):
        cause = cause_of(error.status, error.code)
        if cause in (Cause.EXPIRED, Cause.ANSWERED):
            words = _NOBODY_WAITS
        elif isinstance(error, discord.Forbidden) and cause is not Cause.LOST_ACCESS:
            words = TABLE[discord.HTTPException]  # Discord's own trouble takes that status too
    return Failure(error, words, secrets.token_hex(3))

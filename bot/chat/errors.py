"""Exceptions as the sentence a member reads and the level of the log entry: one table, looked up by class."""

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
from bot.chat.lost_answers import AnswerLost
from bot.chat.pace import TooFast
from bot.domain.page import Page
from bot.locale import Translator, message
from bot.pages.problem import problem_page
from bot.store.errors import Closed, Locked, StoreError


@dataclass(frozen=True, slots=True)
class ErrorText:
    """The sentence, the advice and the log level of an exception. ``quiet`` ones are only logged."""

    sentence: str
    advice: str
    level: int
    quiet: bool = False


_TRY_AGAIN = message("Nothing was changed or lost. Please try again in a moment.")

#: The interaction has expired, or has its answer already.
_NOBODY_WAITING = ErrorText("", "", logging.INFO, quiet=True)

#: An exception takes the entry of its nearest class (in method resolution order) that is listed here.
TABLE: dict[type[BaseException], ErrorText] = {
    TooFast: ErrorText(
        message("Too many requests in a row."),
        message("Please wait a few seconds between questions."),
        logging.DEBUG,
    ),
    Unreadable: ErrorText(
        message("This button is from an older message and no longer works."),
        message("Ask again with the command."),
        logging.INFO,
    ),
    app_commands.CommandNotFound: ErrorText(
        message("This command has changed since Discord last showed it to you."),
        message("Reload Discord and try again; it can take a minute."),
        logging.WARNING,
    ),
    app_commands.CommandSignatureMismatch: ErrorText(
        message("This command has changed since Discord last showed it to you."),
        message("Reload Discord and try again; it can take a minute."),
        logging.WARNING,
    ),
    app_commands.TransformerError: ErrorText(
        message("One of the values could not be read."), message("Choose it from the list."), logging.INFO
    ),
    app_commands.CheckFailure: ErrorText(
        message("You cannot use this here."),
        message("Ask someone with the “Manage Server” permission."),
        logging.INFO,
    ),
    Locked: ErrorText(message("The store is busy with another process."), _TRY_AGAIN, logging.WARNING),
    Closed: ErrorText(message("Vigía is being restarted."), _TRY_AGAIN, logging.INFO),
    StoreError: ErrorText(message("The store cannot be used at the moment."), _TRY_AGAIN, logging.ERROR),
    TimeoutError: ErrorText(message("That took too long."), _TRY_AGAIN, logging.WARNING),
    Unsendable: ErrorText(
        message("The answer does not fit into a Discord message."),
        message("Ask for less, such as fewer days or one concern."),
        logging.ERROR,
    ),
    AnswerLost: ErrorText(
        message("That is done, but Discord did not take the answer that says so."),
        message("My next answer to you brings it."),
        logging.WARNING,
    ),
    aiohttp.ClientConnectionError: ErrorText(
        message("Discord did not take the answer."), _TRY_AGAIN, logging.WARNING
    ),
    discord.NotFound: _NOBODY_WAITING,
    discord.Forbidden: ErrorText(
        message("Discord does not let me answer here."),
        message("Someone with the “Manage Server” permission can check my permissions in this channel."),
        logging.WARNING,
    ),
    discord.HTTPException: ErrorText(message("Discord did not take the answer."), _TRY_AGAIN, logging.ERROR),
    Exception: ErrorText(message("Something went wrong on our side."), _TRY_AGAIN, logging.ERROR),
}


@dataclass(frozen=True, slots=True)
class ReportedError:
    """An exception with its text, and the reference that both the reply and the log entry carry."""

    error: BaseException
    text: ErrorText
    reference: str

    def as_page(self, t: Translator) -> Page:
        """The reply that reports the error to the member."""
        return problem_page(t, t(self.text.sentence), t(self.text.advice), self.reference)


def reported_error(error: BaseException) -> ReportedError:
    """The text for ``error``, unwrapped from discord.py's exceptions, with a new reference."""
    while isinstance(error, app_commands.CommandInvokeError):
        error = error.original
    text = next((TABLE[one] for one in type(error).__mro__ if one in TABLE), TABLE[Exception])
    if isinstance(error, discord.HTTPException):
        cause = cause_of(error.status, error.code)
        if cause in (Cause.EXPIRED, Cause.ANSWERED):
            text = _NOBODY_WAITING
        elif isinstance(error, discord.Forbidden) and cause is not Cause.LOST_ACCESS:
            text = TABLE[discord.HTTPException]  # Discord's own trouble takes that status too
    return ReportedError(error, text, secrets.token_hex(3))

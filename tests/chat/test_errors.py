"""One table from exception to sentence, and how often one may ask."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import discord
import pytest
from discord import app_commands

from bot.chat.custom_id import Unreadable
from bot.chat.errors import TABLE, reported_error
from bot.chat.limits import Unsendable
from bot.chat.pace import REMEMBERED, Pace, TooFast
from bot.domain.page import Note, Paragraph
from bot.locale import LANGUAGES, translator
from bot.store.errors import Corrupt, DiskFull, Locked, StoreError

NOW = datetime(2026, 3, 2, tzinfo=UTC)
RESPONSE = SimpleNamespace(status=500, reason="")


@pytest.mark.parametrize(
    ("error", "entry"),
    [
        (Locked("x"), Locked),
        (DiskFull("x"), StoreError),
        (Corrupt("x"), StoreError),
        (TimeoutError(), TimeoutError),
        (Unreadable("x"), Unreadable),
        (Unsendable(["x"]), Unsendable),
        (TooFast(1), TooFast),
        (app_commands.CommandNotFound("x", []), app_commands.CommandNotFound),
        (app_commands.MissingPermissions(["manage_guild"]), app_commands.CheckFailure),
        (discord.NotFound(RESPONSE, ""), discord.NotFound),
        (discord.DiscordServerError(RESPONSE, ""), discord.HTTPException),
        (ZeroDivisionError(), Exception),
        (app_commands.CommandInvokeError(SimpleNamespace(name="x"), Locked("x")), Locked),
    ],
)
def test_an_error_is_told_by_its_nearest_entry(error: Exception, entry: type) -> None:
    assert reported_error(error).text is TABLE[entry]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", TABLE)
def test_every_entry_says_what_happened_and_what_to_do(kind: type, language: str) -> None:
    failure = reported_error(ValueError())
    words = TABLE[kind]
    if words.quiet:
        return
    page = type(failure)(failure.error, words, "abc123").as_page(translator(language))
    said = [block for block in page.blocks if isinstance(block, Paragraph)]
    assert len(said) == 2 and page.tone == "problem"
    assert isinstance(page.blocks[-1], Note) and "abc123" in str(page.blocks[-1])
    if language == "es":
        assert said[0].spans[0] != words.sentence and said[1].spans[0] != words.advice


def test_references_differ_and_are_short() -> None:
    references = {reported_error(ValueError()).reference for _ in range(50)}
    assert len(references) > 45 and all(len(reference) == 6 for reference in references)


def test_what_readers_do_wrong_is_no_error_in_the_log() -> None:
    assert TABLE[TooFast].level < logging.INFO < TABLE[Exception].level


def test_the_pace_is_each_members_own_and_forgets() -> None:
    pace = Pace(most=2, within=timedelta(seconds=10))
    for user in (1, 1, 2):
        pace.admit(user, NOW)
    with pytest.raises(TooFast):
        pace.admit(1, NOW)
    pace.admit(2, NOW)
    pace.admit(1, NOW + timedelta(seconds=10))


def test_the_pace_remembers_only_so_many() -> None:
    pace = Pace(most=1)
    for user in range(REMEMBERED + 5):
        pace.admit(user, NOW)
    pace.admit(0, NOW)  # forgotten, so admitted again

"""The pictures of the documentation show what the bot would show now: words are compared, not pixels."""

from __future__ import annotations

from scripts import draw_discord


async def test_the_pictures_are_those_that_would_be_drawn_now() -> None:
    drawn = draw_discord.written(await draw_discord.shots())
    assert drawn == draw_discord.TEXT.read_text(encoding="utf-8"), "run python -m scripts.draw_discord"

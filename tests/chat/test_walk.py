"""A short walk over every command and its controls: every message is one that Discord takes."""

from __future__ import annotations

from scripts.walk_commands import walk


async def test_every_command_and_control_answers_with_messages_that_discord_takes() -> None:
    walked = await walk(seed=7, most=3, amounts={"few": 2})
    assert walked.faults == []
    assert walked.counts["requests"] > 150 and walked.counts["after a restart"] > 0

"""Who sits at the terminal: what they follow, were told and changed is theirs, at the real command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.operating.ask import ask_once
from bot.settings import Settings
from tests.support.process import Vigia

LINES = (
    "/new concern:trade_leverage",
    "/new concern:trade_leverage",
    "/follow concern:border_security",
    "/following",
    "/settings timezone Tijuana",
    "/audit",
    "/privacy",
    "/privacy delete:yes",
    "/privacy",
    "/following",
    "/audit",
)


async def test_what_is_kept_of_who_sits_at_the_terminal(vigia: Vigia) -> None:
    told = await vigia.run("demo", "--prompt", typed="\n".join(LINES))
    assert told.status == 0, told.err
    pages = _pages(told.out)
    assert len(pages) == len(LINES)
    first, second, followed, following, _, audit, kept, _, forgotten, unfollowed, still = pages
    assert "15% tariff" in first and "15% tariff" not in second, "what was shown counts as told"
    assert "Alerts are printed here" in followed and "Border security" in following
    assert "the terminal" in audit and "the bot itself" not in audit and "@" not in audit
    assert "1 thing followed" in kept and "0 stories marked as told" not in kept and "1 change of" in kept
    assert "0 things followed" in forgotten and "0 stories marked as told" in forgotten
    assert "Nothing is followed yet" in unfollowed
    assert still == audit, "the audit stays"


async def test_what_is_followed_at_the_terminal_outlives_the_process(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = Settings(_env_file=None, database_url=f"sqlite:///{tmp_path / 'vigia.db'}")
    for line in ("/follow concern:trade_leverage", "/following"):
        capsys.readouterr()
        assert await ask_once(settings, line) == 0
    assert "Trade as leverage" in capsys.readouterr().out


def _pages(out: str) -> list[str]:
    """What stands under each title."""
    pages: list[list[str]] = []
    for line in out.splitlines():
        if line.endswith(" ───"):
            pages.append([])
        elif pages:
            pages[-1].append(line)
    return ["\n".join(lines) for lines in pages]

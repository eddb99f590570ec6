"""Texts said around the point: most, not all, must be judged rightly, in both languages alike."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.topics.matcher import Matcher

LINES = (Path(__file__).parent / "oblique.txt").read_text(encoding="utf-8").splitlines()
ITEMS = [line.split("|", 3) for line in LINES if line and not line.startswith("#")]
#: One in twenty may be wrong: these were written to be hard, and some need knowledge of the world.
ENOUGH = 0.95


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("sign", ["+", "-"])
def test_most_are_judged_rightly(language: str, sign: str) -> None:
    matcher = Matcher.load()
    items = [item for item in ITEMS if item[:2] == [sign, language]]
    wrong = [
        title
        for _, _, title, summary in items
        if matcher.judge(title, summary, language).relevant != (sign == "+")
    ]
    assert len(items) >= 75
    assert len(wrong) <= (1 - ENOUGH) * len(items), wrong

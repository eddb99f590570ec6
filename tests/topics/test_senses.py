"""Words that newspapers use in other senses, and signs that make a report ours: ten texts a kind."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.topics.matcher import Matcher

TEXTS = [
    line.split("|")
    for line in Path(__file__).with_name("senses.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return Matcher.load()


@pytest.mark.parametrize(("sign", "language", "title", "summary"), TEXTS, ids=[text[2] for text in TEXTS])
def test_only_the_sense_that_is_meant_counts(
    matcher: Matcher, sign: str, language: str, title: str, summary: str
) -> None:
    match = matcher.judge(title, summary, language)
    assert match.relevant == (sign == "+"), (match.reason, [topic.rule for topic in match.topics])

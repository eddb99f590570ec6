"""Entries with their keys and verdicts, as they go into the store: at a poll, and at a first look."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.domain.articles import Judged
from bot.domain.entry import Entry
from bot.feeds.identity import EntryKeys, keys_of
from bot.topics.language import detect
from bot.topics.matcher import Matcher


def judge_entries(matcher: Matcher, entries: Sequence[Entry], publisher: str, language: str) -> list[Judged]:
    """Every entry of a document with its keys and its verdict."""
    return judge_keyed(matcher, zip(entries, keys_of(entries, publisher), strict=True), language)


def judge_keyed(matcher: Matcher, keyed: Iterable[tuple[Entry, EntryKeys]], language: str) -> list[Judged]:
    """Entries whose keys are known, each with its verdict, in its own language where that is plain."""
    judged = []
    for entry, keys in keyed:
        spoken = detect(entry.text()) or language
        match = matcher.judge(entry.title, entry.summary, spoken, entry.categories)
        judged.append(Judged(entry, keys, spoken, match))
    return judged

"""Entries with their keys and verdicts, as they go into the store: at a poll, and at a first look."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.domain.articles import Judged
from bot.domain.entry import Entry
from bot.feeds.identity import EntryKeys, keys_of
from bot.topics.language import detect
from bot.topics.matcher import Matcher
from bot.topics.policies import PolicyNames


def judge_entries(
    matcher: Matcher, names: PolicyNames, entries: Sequence[Entry], publisher: str, language: str
) -> list[Judged]:
    """Every entry of a document with its keys, its verdict and the policies that it names."""
    return judge_keyed(matcher, names, zip(entries, keys_of(entries, publisher), strict=True), language)


def judge_keyed(
    matcher: Matcher, names: PolicyNames, keyed: Iterable[tuple[Entry, EntryKeys]], language: str
) -> list[Judged]:
    """Entries whose keys are known, each with its verdict, in its own language where that is plain.

    Policies are looked for in what is relevant only: the rest is not stored.
    """
    judged = []
    for entry, keys in keyed:
        spoken = detect(entry.text(), language)
        match = matcher.judge(entry.title, entry.summary, spoken, entry.categories)
        policies = names.named(entry.title, entry.summary, spoken) if match.relevant else ()
        judged.append(Judged(entry, keys, spoken, match, policies))
    return judged

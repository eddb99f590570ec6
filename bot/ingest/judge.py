"""Entries with their keys and verdicts, as they are stored: by a poll, and by a preview."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.domain.articles import Judged
from bot.domain.entry import Entry
from bot.domain.feeds import DOCUMENT, Feed, article_kind
from bot.evidence import EvidenceJudge
from bot.feeds.identity import EntryKeys, keys_of
from bot.stories.publishers import publisher_of
from bot.topics.form import form_of_entry
from bot.topics.matcher import Matcher
from bot.topics.policies import PolicyNames
from bot.topics.reading import Reading


def judge_entries(
    matcher: Matcher,
    names: PolicyNames,
    evidence: EvidenceJudge,
    entries: Sequence[Entry],
    feed: Feed,
) -> list[Judged]:
    """Every entry of a document with its keys, its verdict, its evidence and the policies that it names."""
    keyed = zip(entries, keys_of(entries, feed.publisher), strict=True)
    return judge_keyed(matcher, names, evidence, keyed, feed)


def judge_keyed(
    matcher: Matcher,
    names: PolicyNames,
    evidence: EvidenceJudge,
    keyed: Iterable[tuple[Entry, EntryKeys]],
    feed: Feed,
) -> list[Judged]:
    """Entries whose keys are known, each with its verdict, in its own language where that is plain.

    Policies and forms are looked for in what is relevant only: the rest is not stored.
    """
    document = article_kind(feed.kind) == DOCUMENT
    judged = []
    for entry, keys in keyed:
        reading = Reading(entry.title, entry.summary)
        spoken = reading.language(feed.language)
        match, bears = evidence.weigh(
            entry.title,
            entry.summary,
            spoken,
            matcher.judge_reading(reading, feed.language, entry.categories),
            document=document,
        )
        if not match.relevant:
            judged.append(Judged(entry, keys, spoken, match, (), bears))
            continue
        policies = names.named_in(reading, spoken, document=document)
        publisher = publisher_of(entry, feed.url, feed.publisher)
        form = form_of_entry(entry.title, entry.url, publisher, entry.categories)
        judged.append(Judged(entry, keys, spoken, match, policies, bears, form))
    return judged

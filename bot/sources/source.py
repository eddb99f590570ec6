"""What every official source declares: its quality card, its addresses, its form."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.domain.entry import Entry
from bot.feeds.errors import NotAFeed
from bot.feeds.form import DocumentForm
from bot.feeds.parsed import ParsedFeed

LEAST_READABLE = 0.5
"""Share of a document's items that must be of the known form. One odd item is an oversight of its publisher,
and the others are kept; where most are odd, the form has changed, and the source counts as not read."""


@dataclass(frozen=True, slots=True)
class QualityCard:
    """What readers are told of a source: English messages, which the pages translate.

    ``proof`` names the fixture and what its form was taken from, with the date: data, the same in all
    languages.
    """

    publisher: str
    country: str
    gives: str
    validators: str
    empty: str
    faults: str
    proof: str
    default: str


@dataclass(frozen=True, slots=True)
class OfficialSource:
    """A kind of official source. ``addresses`` matches the addresses that are read as this kind."""

    kind: str
    card: QualityCard
    addresses: re.Pattern[str]
    form: DocumentForm


def each_entry(read: Callable[[Entry], Entry | None]) -> Callable[[ParsedFeed], ParsedFeed]:
    """A check of a parsed feed by its entries: ``read`` gives an entry with its number, None for another
    form.

    The check raises ``NotAFeed`` (``changed_form``) where too few entries are of the form; a feed without
    entries passes.
    """

    def checked(feed: ParsedFeed) -> ParsedFeed:
        found = [entry for one in feed.entries if (entry := read(one)) is not None]
        require_readable(len(found), len(feed.entries))
        return replace(feed, entries=tuple(found))

    return checked


def require_readable(readable: int, items: int) -> None:
    """Raises ``NotAFeed`` (``changed_form``) where too few of a document's items could be read."""
    if readable < items * LEAST_READABLE:
        raise NotAFeed("changed_form", readable=readable, items=items)


def with_facts(entry: Entry, *facts: str) -> Entry:
    """``entry`` with what is known of the document (number, kind, agency) as the last line of its summary.

    It stands in the text so that it is searched, shown and compared like the rest of it.
    """
    line = facts_line(facts)
    if not line or line in entry.summary:
        return entry
    return replace(entry, summary=f"{entry.summary}\n{line}" if entry.summary else line)


def facts_line(facts: tuple[str, ...]) -> str:
    """The facts that are there, each once, in one line."""
    return " · ".join(dict.fromkeys(fact for fact in facts if fact))

"""Federal courts: opinions and dockets that a search of CourtListener finds, newest first.

Publisher: U.S. federal courts through CourtListener (Free Law Project), United States.
Gives: name of the case, court, day, docket number and a snippet of each opinion or filing (Atom).
Validators: none are known; asked once a day, for the site has few machines and many readers.
Empty: a feed without entries, when nothing matches the search.
Known faults: the snippet is where the search's words stand, not a summary; an opinion appears days after it
    was given; sealed cases never do.
Proof: tests/sources/fixtures/courts.xml, after public code that reads the search feed (type=o and type=r,
    entries with title, link, updated and summary) and a public record of it of 2026-09-18 (20 newest, Atom).
Default: off: the search is the operator's to choose; an example stands in the list.
"""

from __future__ import annotations

import re

from bot.domain.entry import Entry
from bot.feeds.form import DocumentForm
from bot.locale import message
from bot.sources.source import OfficialSource, QualityCard, each_entry, with_facts

_CASE = re.compile(r"https?://(?:www\.)?courtlistener\.com/(?:opinion|docket|recap|audio)/")
_DOCKET = re.compile(r"\b\d{1,2}:\d\d-(?:cv|cr|mc|mj|misc)-\d{3,6}\b|\bNos?\.\s+\d{2}-\d{2,5}\b")


def _ruling(entry: Entry) -> Entry | None:
    if not _CASE.match(entry.url):
        return None
    docket = _DOCKET.search(f"{entry.title} {entry.summary}")
    kind = "Court opinion" if "/opinion/" in entry.url else "Docket"
    return with_facts(entry, docket[0] if docket else "", kind)


SOURCE = OfficialSource(
    kind="courts",
    card=QualityCard(
        publisher="CourtListener",
        country="US",
        gives=message("Opinions and dockets of federal courts: case, court, day and a snippet."),
        validators=message("None are known."),
        empty=message("A feed without entries, when nothing matches the search."),
        faults=message("The snippet is no summary; an opinion appears days after it was given."),
        proof="tests/sources/fixtures/courts.xml · public code of the search feed, live 2026-09-18",
        default=message("Off: the search is for the operator to choose."),
    ),
    addresses=re.compile(r"https?://(?:www\.)?courtlistener\.com/feed/(?:search|court)/"),
    form=DocumentForm(checked=each_entry(_ruling)),
)

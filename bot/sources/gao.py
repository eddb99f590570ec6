"""GAO: audits of federal programmes, aid to Mexico and border security among them, and legal decisions.

Publisher: U.S. Government Accountability Office, United States.
Gives: title, report number, day and a summary of each report (RSS).
Validators: ETag and Last-Modified.
Empty: never; a feed keeps its newest 25 reports.
Known faults: an answer may be as old as an hour (max-age 300 to 3,600); the web pages refuse robots, the
feeds do not.
Proof: tests/sources/fixtures/gao.xml, after GAO's own list of feeds (www.gao.gov/about/stay-connected) and a
    public record of live feeds of 2026-10-02 (25 items, ETag).
Default: on for reports; off for legal decisions, which are bid protests for the most part.
"""

from __future__ import annotations

import re

from bot.domain.entry import Entry
from bot.feeds.form import DocumentForm
from bot.locale import message
from bot.sources.source import OfficialSource, QualityCard, each_entry, with_facts

_PRODUCT = re.compile(r"https?://(?:www\.)?gao\.gov/(?:products|reports|assets|press-release|blog)\b")
_REPORT = re.compile(r"gao-\d\d-\d{5,6}[a-z]*", re.IGNORECASE)


def _report(entry: Entry) -> Entry | None:
    if not _PRODUCT.match(entry.url):
        return None
    number = _REPORT.search(f"{entry.url} {entry.guid} {entry.title}")
    return with_facts(entry, number[0].upper() if number else "", "GAO")


SOURCE = OfficialSource(
    kind="gao",
    card=QualityCard(
        publisher="GAO",
        country="US",
        gives=message("Audits of federal programmes and legal decisions: title, number and summary."),
        validators=message("Both work."),
        empty=message("Never: the newest 25 stay listed."),
        faults=message("An answer may be up to an hour old."),
        proof="tests/sources/fixtures/gao.xml · gao.gov/about/stay-connected, live feeds 2026-10-02",
        default=message("On for reports; off for legal decisions, most of which are bid protests."),
    ),
    addresses=re.compile(r"https?://(?:www\.)?gao\.gov/rss/(?:reports|reportslegal|press)\.xml"),
    form=DocumentForm(checked=each_entry(_report)),
)

"""GovInfo: bills, public laws and their status, as the Government Publishing Office issues them.

Publisher: U.S. Government Publishing Office, United States.
Gives: number, version and long title of each bill or law (RSS); the text is one link away.
Validators: If-Modified-Since answers 304.
Empty: never; a feed keeps its newest hundred packages.
Known faults: the date is that of the last processing and moves when an old package is processed again; a
    bill of many versions comes many times, each with its own package.
Proof: tests/sources/fixtures/govinfo.xml, after public code that reads the feeds (package names as
    BILLS-119hr6644enr, links govinfo.gov/app/details/…, 2026-08) and a public record of live feeds of
    2026-10-03.
Default: on for public laws; off for bills, of which there are hundreds a week.
"""

from __future__ import annotations

import re

from bot.domain.entry import Entry
from bot.feeds.form import DocumentForm
from bot.locale import message
from bot.sources.source import OfficialSource, QualityCard, each_entry, with_facts

_PACKAGE = re.compile(
    r"\b(?P<collection>BILLS|BILLSTATUS|PLAW)-(?P<congress>\d{2,3})(?P<type>[a-z]+?)(?P<number>\d+)"
    r"(?P<version>[a-z]{1,4}\d?)?\b"
)
#: How Congress writes its kinds of bills.
_TYPES = {
    "hr": "H.R.", "s": "S.", "hres": "H.Res.", "sres": "S.Res.", "hjres": "H.J.Res.", "sjres": "S.J.Res.",
    "hconres": "H.Con.Res.", "sconres": "S.Con.Res.",
}  # fmt: skip
_VERSIONS = {
    "ih": "introduced in the House", "is": "introduced in the Senate", "rh": "reported in the House",
    "rs": "reported in the Senate", "eh": "passed by the House", "es": "passed by the Senate",
    "enr": "enrolled", "pcs": "on the Senate calendar", "rfs": "referred in the Senate",
    "rfh": "referred in the House",
}  # fmt: skip


def _package(entry: Entry) -> Entry | None:
    found = _PACKAGE.search(entry.url) or _PACKAGE.search(entry.guid) or _PACKAGE.search(entry.title)
    if found is None or "govinfo.gov" not in entry.url + entry.guid:
        return None
    if found["collection"] == "PLAW":
        return with_facts(entry, f"Public Law {found['congress']}-{found['number']}", "Congress")
    bill = f"{_TYPES.get(found['type'], found['type'].upper())} {found['number']}"
    version = _VERSIONS.get(found["version"] or "", "")
    return with_facts(entry, bill, f"{found['congress']}th Congress", version)


SOURCE = OfficialSource(
    kind="govinfo",
    card=QualityCard(
        publisher="GovInfo (GPO)",
        country="US",
        gives=message("Bills, public laws and their status: number, version and long title."),
        validators=message("If-Modified-Since works."),
        empty=message("Never: the newest hundred stay listed."),
        faults=message("Dates are those of the last processing; each version of a bill comes by itself."),
        proof="tests/sources/fixtures/govinfo.xml · public code 2026-08, live feeds 2026-10-03",
        default=message("On for public laws; off for bills, of which there are hundreds a week."),
    ),
    addresses=re.compile(
        r"https?://(?:www\.)?govinfo\.gov/rss/(?:bills|bills-enr|plaw|billstatus-batch)\.xml"
    ),
    form=DocumentForm(checked=each_entry(_package)),
)

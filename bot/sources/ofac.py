"""OFAC: sanctions, licences and advisories of the Treasury, as its list of recent actions names them.

Publisher: U.S. Department of the Treasury, Office of Foreign Assets Control, United States.
Gives: title, day and text of each action (RSS of the mailing list); names stand in the linked notice.
Validators: none are known; asked once a day.
Empty: a feed without items; actions come on two or three days a week.
Known faults: the Treasury's own feed ended on 31 January 2025, this is the mailing list's; its links lead to
    bulletins, some of which are about other programmes than sanctions on traffickers.
Proof: tests/sources/fixtures/ofac.xml, after two public adapters (topic USTREAS_61, RSS 2.0, checked by one
    of them on 2026-05-16) and addresses of bulletins cited in 2026-09.
Default: on.
"""

from __future__ import annotations

import re

from bot.domain.entry import Entry
from bot.feeds.form import DocumentForm
from bot.locale import message
from bot.sources.source import OfficialSource, QualityCard, each_entry, with_facts

_BULLETIN = re.compile(
    r"https?://(?:content\.govdelivery\.com/(?:accounts/USTREAS/)?bulletins/|(?:ofac|home)\.treasury\.gov/)",
    re.IGNORECASE,
)
_ACTION = re.compile(r"ofac\.treasury\.gov/recent-actions/(\d{8})")


def _bulletin(entry: Entry) -> Entry | None:
    if not _BULLETIN.match(entry.url):
        return None
    day = _ACTION.search(f"{entry.url} {entry.summary}")
    number = f"OFAC recent action {day[1]}" if day else ""
    return with_facts(entry, number, "OFAC, Department of the Treasury")


SOURCE = OfficialSource(
    kind="ofac",
    card=QualityCard(
        publisher="OFAC (U.S. Treasury)",
        country="US",
        gives=message("Sanctions, licences and advisories, each with its day and text."),
        validators=message("None are known."),
        empty=message("A feed without items; there are actions on two or three days a week."),
        faults=message("It is the mailing list's feed: the Treasury's own ended in January 2025."),
        proof="tests/sources/fixtures/ofac.xml · two public adapters of topic USTREAS_61, 2026-05-16",
        default=message("On."),
    ),
    addresses=re.compile(r"https?://public\.govdelivery\.com/topics/USTREAS_61/feed\.rss"),
    form=DocumentForm(checked=each_entry(_bulletin)),
)

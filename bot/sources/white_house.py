"""The White House: orders, proclamations and memoranda on the day when they are signed.

Publisher: The White House, United States.
Gives: title, address, day and full text of each presidential action (RSS); no number: the Federal Register
    gives it four or five days later.
Validators: ETag and Last-Modified both answer 304; they change with the whole site, also without a new
action.
Empty: never; the feed keeps the newest ten to thirty actions.
Known faults: a category is a label and no kind of document (an order was posted under Proclamations, August
    2026); nominations stand among the actions.
Proof: tests/sources/fixtures/white_house.xml, after a public record of the live feed of 2026-10-02 and the
    list of feeds in shared use (presidential-actions/feed/).
Default: on.
"""

from __future__ import annotations

import re

from bot.domain.entry import Entry
from bot.feeds.form import DocumentForm
from bot.locale import message
from bot.sources.source import OfficialSource, QualityCard, each_entry, with_facts

_ACTION = re.compile(r"https?://(?:www\.)?whitehouse\.gov/presidential-actions/")
#: The labels of the site, as one document is called.
_LABELS = {
    "executive orders": "Executive order",
    "proclamations": "Proclamation",
    "presidential memoranda": "Presidential memorandum",
    "nominations & appointments": "Nominations",
}


def _action(entry: Entry) -> Entry | None:
    if not _ACTION.match(entry.url):
        return None
    labels = (_LABELS.get(category.casefold(), "") for category in entry.categories)
    return with_facts(entry, next(filter(None, labels), "Presidential action"), "The White House")


SOURCE = OfficialSource(
    kind="white_house",
    card=QualityCard(
        publisher="The White House",
        country="US",
        gives=message(
            "Orders, proclamations and memoranda with their text, on the day of signing; no numbers."
        ),
        validators=message("Both work; they change with the whole site."),
        empty=message("Never: the newest actions stay listed. An empty feed is a fault of the site."),
        faults=message(
            "The label of a document is not always its kind; nominations stand among the actions."
        ),
        proof="tests/sources/fixtures/white_house.xml · live feed, public record of 2026-10-02",
        default=message("On."),
    ),
    addresses=re.compile(
        r"https?://(?:www\.)?whitehouse\.gov/presidential-actions/(?:[a-z-]+/)?feed/?(?:\?|$)"
    ),
    form=DocumentForm(checked=each_entry(_action)),
)

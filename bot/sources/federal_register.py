"""The Federal Register: rules, notices and presidential documents, published or filed for inspection.

Publisher: Office of the Federal Register (NARA and GPO), United States.
Gives: title, abstract, document number, citation, dockets, agencies, dates; no full text.
Validators: none that hold; a cache in front has served a list 47 minutes old. The list is asked for whole.
Empty: ``documents.json`` answers 200 with ``description`` and ``count: 0`` and without ``results``; the
    inspection desk answers ``count: 0, results: []``, each night from midnight to 08:45 in Washington.
Known faults: the next issue is listed up to two days before its date; a presidential order comes four or five
    days after it was signed; the inspection desk names the sub-agency only, the issue the department first;
    titles end in spaces.
Proof: tests/sources/fixtures/federal_register.json and inspection.json, after the developers' documentation
    (www.federalregister.gov/developers/documentation/api/v1, read 2026-02) and a public record of live
    answers of 2026-10-02 and 2026-10-03.
Default: on, for homeland security, customs, state and the presidency; the whole register has 100 to 340
    documents a day.
"""

from __future__ import annotations

import re
from datetime import datetime
from html import escape

from bot.domain.entry import Entry
from bot.feeds.clean import clean_entry
from bot.feeds.dates import read_date
from bot.feeds.errors import NotAFeed
from bot.feeds.form import DocumentForm
from bot.feeds.parsed import ParsedFeed
from bot.feeds.survey import MAX_ENTRIES
from bot.locale import message
from bot.sources.json_form import JsonObject, load_object, objects_at, text_at, texts_at
from bot.sources.source import OfficialSource, QualityCard, facts_line, require_readable

SITE = "https://www.federalregister.gov"
_DEPARTMENTS = re.compile(r"department|executive office of the president", re.IGNORECASE)


def read(body: bytes, url: str, now: datetime) -> ParsedFeed:
    """The documents in an answer of ``documents.json`` or of the inspection desk.

    Raises ``NotAFeed``: as ``load_object``, ``changed_form``, and ``too_many_entries``.
    """
    answer = load_object(body)
    if "results" not in answer:
        if text_at(answer, "count") != "0":
            raise NotAFeed("changed_form")
        return _feed(())
    results = answer["results"]
    if not isinstance(results, list):
        raise NotAFeed("changed_form")
    if len(results) > MAX_ENTRIES:
        raise NotAFeed("too_many_entries", limit=MAX_ENTRIES)
    if "total_pages" not in answer and text_at(answer, "count") not in ("", str(len(results))):
        raise NotAFeed("changed_form")  # the desk's list has one page: its count is the number of documents
    entries = [
        entry for item in results if isinstance(item, dict) and (entry := _entry(item, now)) is not None
    ]
    require_readable(len(entries), len(results))
    return _feed(tuple(entries))


def _feed(entries: tuple[Entry, ...]) -> ParsedFeed:
    return ParsedFeed("Federal Register", SITE, "en", "federal-register", entries)


def _entry(item: JsonObject, now: datetime) -> Entry | None:
    number = text_at(item, "document_number")
    kind = text_at(item, "subtype") or text_at(item, "type")
    title = text_at(item, "title") or " ".join(
        filter(None, (text_at(item, "toc_subject"), text_at(item, "toc_doc")))
    )
    link = text_at(item, "html_url") or text_at(item, "pdf_url")
    if not title and not number:
        return None
    return clean_entry(
        guid=number or link,
        links=(link, f"{SITE}/d/{number}" if number else ""),
        base=SITE,
        title=title or f"{kind or 'Document'} {number}",
        texts=(_summary(item, kind, number),),
        published=read_date(text_at(item, "filed_at") or text_at(item, "publication_date"), now),
        updated=None,
        author=", ".join(_agencies(item)),
    )


def _summary(item: JsonObject, kind: str, number: str) -> str:
    order = text_at(item, "executive_order_number") or text_at(item, "presidential_document_number")
    proclamation = text_at(item, "proclamation_number")
    effective, inspected = text_at(item, "effective_on"), text_at(item, "filed_at")
    facts = (
        f"Executive Order {order}" if order else f"Proclamation {proclamation}" if proclamation else kind,
        *_agencies(item),
        f"FR Doc. {number}" if number else "",
        text_at(item, "citation"),
        *(f"Docket {docket}" for docket in texts_at(item, "docket_ids") or texts_at(item, "docket_numbers")),
        *(f"RIN {rin}" for rin in texts_at(item, "regulation_id_numbers")),
        f"effective {effective}" if effective else "",
        f"to be published {text_at(item, 'publication_date')}" if inspected else "",
    )
    abstract = text_at(item, "abstract") or " ".join(texts_at(item, "excerpts"))
    return f"<p>{abstract}</p><p>{escape(facts_line(facts))}</p>"


def _agencies(item: JsonObject) -> list[str]:
    """The agencies' names, the most specific first: a department stands beside its own agency."""
    objects = objects_at(item, "agencies")
    names = [name for one in objects if (name := text_at(one, "name") or text_at(one, "raw_name"))]
    names = list(dict.fromkeys(names or texts_at(item, "agency_names") or texts_at(item, "agencies")))
    return sorted(names, key=lambda name: _DEPARTMENTS.search(name) is not None)


SOURCE = OfficialSource(
    kind="federal_register",
    card=QualityCard(
        publisher="Federal Register (NARA, GPO)",
        country="US",
        gives=message(
            "Rules, notices and presidential documents: title, abstract, numbers, agencies, dates."
        ),
        validators=message("None that hold: the list is asked for whole, at most every three hours."),
        empty=message("The inspection desk is empty each night until 08:45 in Washington; that is no fault."),
        faults=message("A cache may answer with an old list. Orders come days after they were signed."),
        proof="tests/sources/fixtures/federal_register.json · inspection.json · "
        "federalregister.gov/developers/documentation/api/v1 (2026-02), live answers 2026-10-02",
        default=message("On, for homeland security, customs, state and the presidency."),
    ),
    addresses=re.compile(
        r"https?://(?:www\.)?federalregister\.gov/api/v1/(?:documents|public-inspection-documents(?:/current)?)\.json"
    ),
    form=DocumentForm(reader="federal_register"),
)

"""What the store knows of the entries of a feed: which of its articles each one is, if any."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, Table, bindparam, exists, null, or_, select
from sqlalchemy.orm import Session

from bot.feeds.identity import EntryKeys, page_of
from bot.feeds.sameness import Past, sameness
from bot.store import tables as t
from bot.store.identity_decisions import ComparedEntry
from bot.store.sql import chunks, columns, records

#: The reason of a fingerprint that stands for an article which was deleted for its age. Without it, a feed
#: that still lists the old entry would bring it back as news.
RETIRED = "retired"
CONTENT_KEY_BYTES = 8


class Status(StrEnum):
    """What the store knows of an entry."""

    NEW = "new"
    SEEN = "seen"
    #: An article of this feed whose text changed.
    EDITED = "edited"
    #: An article that another feed brought, and that this one has not been seen to carry.
    ELSEWHERE = "elsewhere"
    #: Not an article so far, but its text is not the one that was judged.
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class KnownEntry:
    """What is known of one entry. ``row_id`` is its article's or its fingerprint's id.

    ``keys`` are given where the entry is stored under others than its first: these are another article's.
    ``compared`` is how it was compared with the known entry that is most like it, where its words decided
    nothing.
    """

    status: Status
    row_id: int | None = None
    common: bool = True
    keys: EntryKeys | None = None
    compared: ComparedEntry | None = None


class _KnownArticle(NamedTuple):
    """An article that a key finds. ``sighted`` is whether the feed has been seen to carry it."""

    id: int
    feed_id: int
    guid_key: bytes
    url_key: bytes | None
    content_key: bytes
    common: bool
    sighted: bool


class _KnownPrint(NamedTuple):
    """An entry that a key finds and that is no article."""

    id: int
    feed_id: int
    guid_key: bytes
    url_key: bytes | None
    content_key: bytes
    reason: str
    other_contents: bytes | None


class _StoredText(NamedTuple):
    """What is stored of an entry's text. Of one that is no article the date is not known."""

    url: str
    title: str
    summary: str
    published_at: datetime | None


_Found = _KnownArticle | _KnownPrint


def unseen(session: Session, feed_id: int, keys: Sequence[EntryKeys]) -> list[KnownEntry]:
    """What is known of each of these entries of a feed, in their order.

    Keys find the articles that an entry may be. One with the same words is taken for it; else the two are
    compared (``sameness``). Whether it was edited is asked of the feed that brought it only: two feeds of one
    house cut the same text at different lengths.
    """
    rows = _Rows(session, feed_id)
    rows.find({key.guid_key for key in keys}, {key.url_key for key in keys if key.url_key})
    found = [rows.with_equal_text(key) for key in keys]
    doubtful = [key for key, row in zip(keys, found, strict=True) if row is None and rows.candidates(key)]
    shared = [key for key in keys if key.guid_key != key.levels[0]]
    if doubtful or shared:
        # Few feeds come here: an entry was edited, or its guid or address is not its own.
        more = [*doubtful, *shared]
        pages = {key.page_key for key in more if key.page_key}
        rows.find({level for key in more for level in key.levels}, pages)
        found = [row or rows.with_equal_text(key) for key, row in zip(keys, found, strict=True)]
    listed = {_name(row) for row in found if row is not None}
    return [
        _known(key, row, rows, feed_id) if row is not None else _compared(key, listed, rows, feed_id)
        for key, row in zip(keys, found, strict=True)
    ]


def _compared(key: EntryKeys, listed: set[tuple[bool, int]], rows: _Rows, feed_id: int) -> KnownEntry:
    """What is known of an entry whose words are not stored: it is compared with what its keys find."""
    row, compared = rows.most_alike(key, listed)
    same = row if compared is not None and compared.sameness.same else None
    return replace(_known(key, same, rows, feed_id), compared=compared)


def _known(key: EntryKeys, row: _Found | None, rows: _Rows, feed_id: int) -> KnownEntry:
    if row is None:
        return KnownEntry(Status.NEW, keys=rows.free_keys(key))
    if isinstance(row, _KnownArticle):
        status = Status.SEEN if row.sighted else Status.ELSEWHERE
        if row.feed_id == feed_id and row.content_key != key.content_key:
            status = Status.EDITED
        return KnownEntry(status, row.id, row.common)
    judged = {row.content_key, *contents_in(row.other_contents)}
    same = row.reason == RETIRED or key.content_key in judged
    return KnownEntry(Status.SEEN if same else Status.CHANGED, row.id, keys=rows.keys_as(key, row))


def contents_in(kept: bytes | None) -> list[bytes]:
    """The content keys in a fingerprint's ``other_contents``, the oldest first."""
    kept = kept or b""
    return [kept[at : at + CONTENT_KEY_BYTES] for at in range(0, len(kept), CONTENT_KEY_BYTES)]


def _found_by_keys(table: Table, selected: Sequence[ColumnElement[Any]]) -> Select[*tuple[Any, ...]]:
    """The rows that some keys find: one question instead of two, for both engines look into both indexes."""
    by_guid = table.c.guid_key.in_(bindparam("guids", expanding=True))
    by_url = table.c.url_key.in_(bindparam("urls", expanding=True))
    return select(*selected).where(or_(by_guid, by_url))


#: Built once: to build them took longer than to ask them.
_SIGHTED = exists(
    select(1).where(t.sighting.c.article_id == t.article.c.id, t.sighting.c.feed_id == bindparam("feed_id"))
)
_KEYS = ("id", "feed_id", "guid_key", "url_key", "content_key", "common")
_ARTICLES = _found_by_keys(t.article, [*(t.article.c[key] for key in _KEYS), _SIGHTED.label("sighted")])
_PRINTS = _found_by_keys(t.fingerprint, columns(_KnownPrint, t.fingerprint))


class _Rows:
    """Articles and fingerprints that some keys find, by guid and by address; articles come first."""

    def __init__(self, session: Session, feed_id: int) -> None:
        self._session = session
        self._feed_id = feed_id
        self._found: dict[bytes, dict[tuple[bool, int], _Found]] = {}

    def find(self, guids: set[bytes], urls: set[bytes]) -> None:
        """Look these keys up, where that was not done yet."""
        connection = self._session.connection()
        for some in chunks([*((key, True) for key in guids), *((key, False) for key in urls)]):
            values = {
                "guids": [key for key, is_guid in some if is_guid],
                "urls": [key for key, is_guid in some if not is_guid],
            }
            with_feed = values | {"feed_id": self._feed_id}
            for article in records(connection.execute(_ARTICLES, with_feed), _KnownArticle):
                self._add(article)
            for entry in records(connection.execute(_PRINTS, values), _KnownPrint):
                self._add(entry)

    def _add(self, row: _Found) -> None:
        for key in (row.guid_key, row.url_key):
            if key is not None:
                self._found.setdefault(key, {})[_name(row)] = row

    def candidates(self, key: EntryKeys) -> list[_Found]:
        """The rows that have one of the entry's keys, articles first and by the longest key."""
        some: dict[tuple[bool, int], _Found] = {}
        for one in (key.guid_key, key.url_key, *reversed(key.levels), key.page_key):
            if one is not None and one in self._found:
                some |= self._found[one]
        return sorted(some.values(), key=lambda row: not isinstance(row, _KnownArticle))

    def with_equal_text(self, key: EntryKeys) -> _Found | None:
        """The row with the entry's own words, if there is one."""
        for row in self.candidates(key):
            if row.content_key == key.content_key:
                return row
        return None

    def most_alike(
        self, key: EntryKeys, listed: set[tuple[bool, int]]
    ) -> tuple[_Found | None, ComparedEntry | None]:
        """The row that is most like the entry; none of those that the document still lists beside it."""
        best: tuple[_Found, ComparedEntry] | None = None
        for row in self.candidates(key):
            if _name(row) in listed or row.content_key in key.contents:
                continue
            text = self._text_of(row)
            page = page_of(text.url, exact=key.traits.exact)
            past = Past(page, text.title, text.summary, text.published_at, row.guid_key in key.levels)
            decision = sameness(key.traits, past)
            if best is None or decision.score > best[1].sameness.score:
                best = row, ComparedEntry(decision, row.feed_id, text.url, text.title)
        return best or (None, None)

    def _text_of(self, row: _Found) -> _StoredText:
        is_article = isinstance(row, _KnownArticle)
        table = t.article if is_article else t.fingerprint
        published = t.article.c.published_at if is_article else null().label("published_at")
        selected = select(table.c.url, table.c.title, table.c.summary, published).where(table.c.id == row.id)
        (text,) = records(self._session.execute(selected), _StoredText)
        return text

    def free_keys(self, key: EntryKeys) -> EntryKeys | None:
        """The keys to store a new entry under, where its first are another article's; else None."""
        taken_url = key.url_key is not None and key.url_key in self._found
        if key.guid_key not in self._found and not taken_url:
            return None
        levels = key.levels[key.levels.index(key.guid_key) :]
        free = next((level for level in levels if level not in self._found), levels[-1])
        return replace(key, guid_key=free, url_key=None if taken_url else key.url_key)

    def keys_as(self, key: EntryKeys, row: _Found) -> EntryKeys:
        """The keys of an entry that takes the place of the fingerprint ``row``."""
        others = [one for one in self._found.get(key.url_key or b"", {}).values() if _name(one) != _name(row)]
        return replace(key, guid_key=row.guid_key, url_key=row.url_key if others else key.url_key)


def _name(row: _Found) -> tuple[bool, int]:
    return isinstance(row, _KnownArticle), row.id

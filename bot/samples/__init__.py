"""Sample feeds for ``python bot.py demo``: invented outlets, invented news, and no network.

They are templates: ``{{-2d4h}}`` stands for the moment two days and four hours before the demonstration,
so that it is always about the last ten days. Among them are one event told by several outlets in both
languages whose figure is corrected later (9 dead, then 12), a second address of one article, and
items that name Mexico or a border and are about neither's security.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache
from importlib.resources import files

from bot.feeds.catalog import FeedSource

_RSS = "application/rss+xml; charset=utf-8"
_ATOM = "application/atom+xml; charset=utf-8"
_JSON = "application/feed+json"

_MOMENT = re.compile(r"\{\{-(?:(\d{1,2})d)?(?:(\d{1,2})h)?\}\}")


@dataclass(frozen=True, slots=True)
class SampleFeed:
    """A sample feed as a server would answer it: its source, the body, and the Content-Type."""

    source: FeedSource
    body: bytes
    content_type: str


def _source(url: str, publisher: str, language: str, kind: str, region: str) -> FeedSource:
    return FeedSource(
        url=url, publisher=publisher, title=publisher, language=language, kind=kind, region=region
    )


#: The template, the Content-Type and the source of each feed.
_FEEDS = (
    (
        "gaceta.rss.xml",
        _RSS,
        _source("https://example.com/gaceta/feed.xml", "Gaceta de Muestra", "es", "news", "border"),
    ),
    (
        "courier.rss.xml",
        _RSS,
        _source("https://example.org/courier/feed.xml", "Sample Border Courier", "en", "news", "border"),
    ),
    (
        "ejemplo.atom.xml",
        _ATOM,
        _source(
            "https://example.net/ejemplo/atom.xml", "El Ejemplo del Norte (muestra)", "es", "news", "mexico"
        ),
    ),
    (
        "wire.atom.xml",
        _ATOM,
        _source("https://example.com/wire/atom.xml", "The Sample Wire", "en", "news", "united_states"),
    ),
    (
        "review.json",
        _JSON,
        _source(
            "https://example.org/review/feed.json",
            "Specimen Policy Review (sample)",
            "en",
            "think_tank",
            "americas",
        ),
    ),
    (
        "boletin.rss.xml",
        _RSS,
        _source("https://example.net/boletin/feed.xml", "Boletín de Muestra", "es", "official", "mexico"),
    ),
)


def sample_feeds(now: datetime) -> tuple[SampleFeed, ...]:
    """The sample feeds as they would stand at ``now``, every item in the ten days before it.

    Raises ValueError for a ``now`` without a time zone.
    """
    if now.tzinfo is None:
        raise ValueError("now has no time zone")
    return tuple(
        SampleFeed(
            source=source,
            body=_render(_template(name), now.astimezone(UTC), rfc822=content_type == _RSS).encode(),
            content_type=content_type,
        )
        for name, content_type, source in _FEEDS
    )


def _render(template: str, now: datetime, rfc822: bool) -> str:
    """``template`` with its moments as dates: RFC 822 for RSS, RFC 3339 for Atom and JSON Feed."""

    def moment(found: re.Match[str]) -> str:
        days, hours = (int(part or 0) for part in found.groups())
        at = now.replace(microsecond=0) - timedelta(days=days, hours=hours)
        return format_datetime(at) if rfc822 else at.isoformat().replace("+00:00", "Z")

    return _MOMENT.sub(moment, template)


@cache
def _template(name: str) -> str:
    return files("bot.samples").joinpath(name).read_text(encoding="utf-8")

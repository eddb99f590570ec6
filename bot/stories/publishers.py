"""Who stands behind a report: its publisher, also where an aggregator listed it, and that one's family.

Pure, but for reading ``publishers.yaml`` at the first question. A feed is only how a report came: Google News
lists a hundred houses in one feed, and two of its queries list one house twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import yaml

from bot.domain.entry import Entry

_FILE = Path(__file__).with_name("publishers.yaml")
_LONGEST = 80  # characters; of the catalogue's names the longest has 37
_GOVERNMENT = (" (.gov)", " (.mil)")  # what Google News writes behind the names of authorities

#: Second labels under a country's code that are no site of their own: example.com.mx, example.gob.mx.
_SECOND = frozenset({"ac", "co", "com", "edu", "gob", "gov", "gub", "net", "org"})


@dataclass(frozen=True, slots=True)
class Publishers:
    """What the file says. Names and sites are in lower case where they are keys."""

    by_site: Mapping[str, str]
    by_name: Mapping[str, str]
    families: Mapping[str, str]
    wires: Mapping[str, str]
    syndicated: Mapping[str, str]
    aggregators: frozenset[str]


@cache
def known_publishers() -> Publishers:
    """The file's contents. Raises ValueError where a site, a name or a member stands under two heads."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    data = yaml.load(_FILE.read_text(encoding="utf-8"), Loader=loader)
    by_site: dict[str, str] = {}
    by_name: dict[str, str] = {}
    families: dict[str, str] = {}
    for one in data["publishers"]:
        for site in one["sites"]:
            _put(by_site, site, one["name"])
        for name in dict.fromkeys(map(str.casefold, (one["name"], *one.get("also", ())))):
            _put(by_name, name, one["name"])
    for one in data["families"]:
        for name in one["publishers"]:
            _put(families, name.casefold(), one["name"])
    lent = data["wires"], data["syndicated"]
    return Publishers(by_site, by_name, families, *lent, frozenset(data["aggregators"]))


def publisher_of(entry: Entry, feed_url: str, feed_publisher: str) -> str:
    """Who published an entry of a feed: the source that it names, or the feed's own publisher.

    A source counts where the entry's link leads through an aggregator, or to another site than the feed's. A
    paper that names an agency as the source of a text on its own page is that text's publisher.
    """
    if not entry.source or _site(entry.source_url) == _site(feed_url):
        return feed_publisher
    known = known_publishers()
    host = _host(entry.url)
    if host and host not in known.aggregators and _site(entry.url) == _site(feed_url):
        return feed_publisher
    return _named(entry.source, entry.source_url) or feed_publisher


def family_of(publisher: str) -> str:
    """The name of the family that a publisher belongs to, else its own."""
    return known_publishers().families.get(publisher.casefold(), publisher)


def independent(publishers: Iterable[str]) -> int:
    """How many families there are among some publishers."""
    return len({family_of(one) for one in publishers})


def _named(name: str, url: str) -> str:
    known = known_publishers()
    host = _host(url)
    while "." in host:
        if host in known.by_site:
            return known.by_site[host]
        host = host.partition(".")[2]
    bare = name.strip()
    for ending in _GOVERNMENT:
        bare = bare.removesuffix(ending)
    return known.by_name.get(bare.casefold(), bare)[:_LONGEST]


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _site(url: str) -> str:
    """The part of an address's host that names its site: example.com, example.com.mx."""
    labels = _host(url).split(".")
    short = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND
    return ".".join(labels[-3:] if short else labels[-2:])


def _put(where: dict[str, str], key: str, name: str) -> None:
    if where.setdefault(key, name) != name:
        raise ValueError(f"{_FILE.name}: {key} stands under {where[key]} and under {name}")

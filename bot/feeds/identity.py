"""What makes an entry the same entry: addresses in one form, and the keys that the store looks up.

A key only finds the articles that an entry may be; ``sameness`` decides whether it is one of them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from urllib.parse import SplitResult, quote, urljoin, urlsplit, urlunsplit

from bot.domain.entry import Entry
from bot.feeds.sameness import (
    Strength,
    Traits,
    address_strength,
    days_differ,
    guid_strength,
    texts_alike,
    titles_alike,
)
from bot.feeds.variants import without_amp, without_session
from bot.patterns import late_pattern

MAX_GUID = 512
MAX_LINK = 8_192
"""Characters of an article's address, as many as servers take. Longer ones than a feed may have are seen."""

_DROPPED = late_pattern(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]+")
_HOST = late_pattern(r"[^\s\"'<>\\^`{|}@/?#%]+")
_UNSAFE = late_pattern(r"[\s\"<>\\^`{|}]")

# Parameters that say where a reader came from and nothing of the page.
_TRACKING = late_pattern(
    r"(?:utm_\w+|mc_cid|mc_eid|fbclid|gclid|dclid|msclkid|igshid|yclid|_ga|_gl|mkt_tok|ncid|cmpid|"
    r"at_(?:medium|campaign|custom\d?|link_\w+|bbc_team|format|ptr_name|creation)|"
    r"ns_(?:mchannel|source|campaign|linkname|fee)|wt\.mc_id|ito|xtor|ref_src|__twitter_impression|"
    r"traffic_source|smid|partner=rss|emc=rss|rss=1|feed=rss|ftag|rpc|taid|guccounter|"
    r"[wg]braid|gad_\w+|mibextid|_hsenc|_hsmi|hsctatracking|vero_(?:id|conv)|ttclid|twclid|ysclid|li_fat_id|"
    r"srsltid|igsh|s_cid|(?:mtm|pk|piwik|matomo)_\w+|hss_channel|_branch_match_id|trk|trkcampaign|_openstat|"
    r"rb_clickid|fb_(?:action_\w+|source|ref)|action_(?:object|type)_map|sfmc_id|dm_i|elq\w*|ml_subscriber\w*|"
    r"oly_\w+|cndid|nb_platform|ocid|icid|cmp=[a-z_-]+|"
    r"(?:ref|src|source|from|via|origin|medium)=(?:rss\w*|feed|atom|newsletter|facebook|fb|twitter|tw|whatsapp))"
    r"(?:=.*)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class EntryKeys:
    """How the store finds the articles that an entry may be.

    All keys hold for a publisher, so that an entry which moves between two feeds of one publisher is one
    entry, and no publisher can occupy another's addresses. ``levels`` are 16 bytes each: of the guid, of the
    guid with the exact address, with the title too, with the date too. ``guid_key`` is the first of them that
    no other entry of the document shares. ``page_key`` is the address's, and ``url_key`` too, but None where
    the address does not tell entries apart. ``content_key`` is 8 bytes and changes when the text is edited;
    ``contents`` are those of the whole document: an article that it still lists is not replaced by another.
    """

    guid_key: bytes
    url_key: bytes | None
    content_key: bytes
    levels: tuple[bytes, ...]
    page_key: bytes | None
    traits: Traits
    contents: frozenset[bytes]


def canonical_url(url: str, base: str = "") -> str:
    """``url`` as it is stored and shown, or an empty text when it is no http or https address with a host.

    Absolute (against ``base``), without control characters, user name and password, tracking parameters
    and an empty fragment; scheme, host and default port in one form. It leads where ``url`` led.
    """
    text = _DROPPED.sub("", url).strip()
    if not text or len(text) > MAX_LINK:
        return ""
    try:
        if base:
            text = urljoin(base, text)
        elif text.startswith("//"):
            text = "https:" + text
        parts = urlsplit(text)
        host = (parts.hostname or "").removesuffix(".")
        port = parts.port
    except ValueError:
        return ""
    scheme = parts.scheme.lower()
    if scheme not in ("http", "https") or not _HOST.fullmatch(host):
        return ""
    if ":" in host:
        host = f"[{host}]"
    if port is not None and port != (443 if scheme == "https" else 80):
        host = f"{host}:{port}"
    path, query = without_session(parts.path, _without_tracking(parts.query))
    path = _UNSAFE.sub(lambda found: quote(found.group()), path) or "/"
    query = _UNSAFE.sub(lambda found: quote(found.group()), query)
    fragment = _UNSAFE.sub(lambda found: quote(found.group()), _without_tracking(parts.fragment))
    return urlunsplit((scheme, host, path, query, fragment))


def entry_keys(entry: Entry, publisher: str) -> EntryKeys:
    """The keys of one entry taken alone; ``keys_of`` knows the entry's neighbours and is better."""
    return keys_of((entry,), publisher)[0]


def keys_of(entries: Sequence[Entry], publisher: str) -> tuple[EntryKeys, ...]:
    """The keys of all entries of one document, in order.

    A guid under which the document has several articles is no identity, so the address is taken in, then the
    title, then the date, until they are told apart. An address that several of them share (a live blog, the
    front page, a list of press releases) is none either, and gives no ``url_key``.
    """
    guids = [_guid(entry) for entry in entries]
    pages = [page_of(entry.url) for entry in entries]
    contents = [content_key(entry) for entry in entries]
    several_guids = _ambiguous(pages, guids)
    # What identifies: the guid; with its address; with its title.
    exact = list(zip(guids, (entry.url for entry in entries), strict=True))
    titled = [(*one, _plain(entry.title)) for one, entry in zip(exact, entries, strict=True)]
    weak_guids = _ambiguous(guids, pages) | _several(guids, entries)
    weak_exact, weak_titled = _several(exact, entries), _several(titled, entries)
    weak_pages = several_guids | _several(pages, entries)
    everything = frozenset(contents)
    found = []
    for number, entry in enumerate(entries):
        guid, page = guids[number], pages[number]
        own = entry.published or entry.updated
        parts = (publisher, guid, entry.url, titled[number][2], own.isoformat() if own else "")
        levels = tuple(_key(*parts[:length]) for length in range(2, 6))
        first = 0
        if guid in weak_guids:
            first = 1
            if exact[number] in weak_exact:
                first = 3 if titled[number] in weak_titled else 2
        shared = page in weak_pages
        page_key = _key(publisher, "url", page) if page else None
        found.append(
            EntryKeys(
                guid_key=levels[first],
                url_key=None if shared else page_key,
                content_key=contents[number],
                levels=levels,
                page_key=page_key,
                traits=_traits(entry, guid, page, shared_guid=guid in weak_guids, shared_page=shared),
                contents=everything,
            )
        )
    return tuple(found)


def _traits(entry: Entry, guid: str, page: str, *, shared_guid: bool, shared_page: bool) -> Traits:
    if shared_page:
        page = page_of(entry.url, exact=True)
    url = Strength.NONE
    if page:
        parts = urlsplit(entry.url)
        url = Strength.WEAK if shared_page else address_strength(parts.path, parts.query, parts.fragment)
        if shared_page and not parts.fragment:
            url = Strength.NONE
    strength = Strength.NONE
    if entry.guid and not shared_guid:
        strength = guid_strength(guid)
        if guid == page:  # it adds nothing to the address
            strength = Strength.NONE
    date = entry.published or entry.updated
    return Traits(strength, url, page, shared_page, entry.title, entry.summary, date)


def _ambiguous(keys: Sequence[str], values: Sequence[str]) -> set[str]:
    """The keys that occur with several values."""
    counts = Counter(key for key, _ in set(zip(keys, values, strict=True)))
    return {key for key, count in counts.items() if count > 1}


def _several(keys: Sequence[Hashable], entries: Sequence[Entry]) -> set[Hashable]:
    """The keys under which a document lists several articles, and not one of them twice."""
    first: dict[Hashable, Entry] = {}
    found: set[Hashable] = set()
    for key, entry in zip(keys, entries, strict=True):
        other = first.setdefault(key, entry)
        if other is not entry and key not in found and _differ(other, entry):
            found.add(key)
    return found


def _differ(one: Entry, other: Entry) -> bool:
    """Whether two entries of one document are two articles, where their guid or address is the same."""
    if _plain(one.title) != _plain(other.title):
        # A correction may be listed beside what it corrects, under one guid; without guids nothing says so.
        return not (one.guid and one.guid == other.guid and titles_alike(one.title, other.title))
    dates = one.published or one.updated, other.published or other.updated
    if dates[0] and dates[1] and days_differ(dates[0], dates[1]):
        return not texts_alike(one.summary, other.summary)
    return False


def content_key(entry: Entry) -> bytes:
    """8 bytes that change when the wording does, and not for spacing, case or punctuation."""
    text = _plain(f"{entry.title}\n{entry.summary}")
    return blake2b(text.encode(errors="replace"), digest_size=8).digest()


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def bounded_guid(guid: str) -> str:
    """``guid`` as it is kept: short ones as they are, long ones as their hash, for a cut could collide."""
    guid = _DROPPED.sub(" ", guid).strip()
    if len(guid) <= MAX_GUID:
        return guid
    return "blake2b:" + blake2b(guid.encode(errors="replace"), digest_size=16).hexdigest()


def _guid(entry: Entry) -> str:
    """What identifies the entry: its guid, else its address, else (there is nothing more) its text."""
    if entry.guid:
        # Many guids are addresses, and sites move to https or add parameters to them too.
        return (page_of(canonical_url(entry.guid)) if "://" in entry.guid else "") or entry.guid
    return page_of(entry.url) or f"text:{content_key(entry).hex()}"


def page_of(url: str, *, exact: bool = False) -> str:
    """A canonical ``url`` without what differs between two addresses of one page.

    Empty when it names only a site. With ``exact`` a place on the page counts too.
    """
    if not url:
        return ""
    parts = urlsplit(url)
    host = parts.netloc.lower().removeprefix("www.").removeprefix("m.").removeprefix("amp.")
    path, query = without_amp(parts.path, parts.query)
    path = path.rstrip("/").removesuffix("/index.html").rstrip("/")
    query = "&".join(sorted(filter(None, query.split("&"))))
    fragment = parts.fragment if exact or parts.fragment.startswith(("!", "/")) else ""
    if not path and not query and not fragment:
        return ""
    return urlunsplit(SplitResult("", host, path, query, fragment))


def _without_tracking(query: str) -> str:
    if not query:
        return ""
    if "&amp;" in query:  # escaped once too often
        query = query.replace("&amp;", "&")
    return "&".join(part for part in query.split("&") if part and not _TRACKING.fullmatch(part))


def _key(*parts: str) -> bytes:
    return blake2b("\0".join(parts).encode(errors="replace"), digest_size=16).digest()

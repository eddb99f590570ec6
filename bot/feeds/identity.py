"""What makes an entry the same entry: addresses in one form, and the keys that the store looks up.

Identity never rests on a date or on a title alone: dates get corrected and titles rewritten. It rests on the
guid, and on the address for feeds that change their guids.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from urllib.parse import SplitResult, quote, urljoin, urlsplit, urlunsplit

from bot.domain.entry import Entry
from bot.feeds.variants import without_amp, without_session

MAX_GUID = 512
_MAX_URL = 2_048

_DROPPED = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]+")
_HOST = re.compile(r"[^\s\"'<>\\^`{|}@/?#%]+")
_UNSAFE = re.compile(r"[\s\"<>\\^`{|}]")

# Parameters that say where a reader came from and nothing of the page.
_TRACKING = re.compile(
    r"(?:utm_\w+|mc_cid|mc_eid|fbclid|gclid|dclid|msclkid|igshid|yclid|_ga|_gl|mkt_tok|ncid|cmpid|"
    r"at_(?:medium|campaign|custom\d?|link_\w+|bbc_team|format|ptr_name|creation)|"
    r"ns_(?:mchannel|source|campaign|linkname|fee)|wt\.mc_id|ito|xtor|ref_src|__twitter_impression|"
    r"traffic_source|smid|partner=rss|emc=rss|rss=1|feed=rss|ftag|rpc|taid|guccounter)(?:=.*)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class EntryKeys:
    """How the store knows an entry again.

    ``guid_key`` and ``url_key`` are 16 bytes and hold for a publisher, so that an entry which moves between
    two feeds of one publisher is one entry, and no publisher can occupy another's addresses. ``url_key`` is
    None where the address does not tell entries apart. ``content_key`` is 8 bytes and changes when the
    text is edited.
    """

    guid_key: bytes
    url_key: bytes | None
    content_key: bytes


def canonical_url(url: str, base: str = "") -> str:
    """``url`` as it is stored and shown, or an empty text when it is no http or https address with a host.

    Absolute (against ``base``), without control characters, user name and password, tracking parameters
    and an empty fragment; scheme, host and default port in one form. It leads where ``url`` led.
    """
    text = _DROPPED.sub("", url).strip()
    if not text or len(text) > _MAX_URL:
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

    A guid that stands under several addresses is no identity, so the address is taken in; an address that
    several guids share (a live blog, the front page) is none either, and gives no ``url_key``.
    """
    guids = [_guid(entry) for entry in entries]
    urls = [_url_identity(entry.url) for entry in entries]
    pairs = set(zip(guids, urls, strict=True))
    urls_of_guid = Counter(guid for guid, _ in pairs)
    guids_of_url = Counter(url for _, url in pairs)
    found = []
    for entry, guid, url in zip(entries, guids, urls, strict=True):
        shared_guid = urls_of_guid[guid] > 1
        found.append(
            EntryKeys(
                guid_key=_key(publisher, guid, url if shared_guid else ""),
                url_key=_key(publisher, "url", url) if url and guids_of_url[url] == 1 else None,
                content_key=content_key(entry),
            )
        )
    return tuple(found)


def content_key(entry: Entry) -> bytes:
    """8 bytes that change when the wording does, and not for spacing, case or punctuation."""
    words = re.findall(r"\w+", f"{entry.title}\n{entry.summary}".casefold())
    return blake2b(" ".join(words).encode(errors="replace"), digest_size=8).digest()


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
        return (_url_identity(canonical_url(entry.guid)) if "://" in entry.guid else "") or entry.guid
    return _url_identity(entry.url) or f"text:{content_key(entry).hex()}"


def _url_identity(url: str) -> str:
    """``url`` without what differs between two addresses of one page; empty when it names only a site."""
    if not url:
        return ""
    parts = urlsplit(url)
    host = parts.netloc.lower().removeprefix("www.").removeprefix("m.").removeprefix("amp.")
    path, query = without_amp(parts.path, parts.query)
    path = path.rstrip("/").removesuffix("/index.html").rstrip("/")
    query = "&".join(sorted(filter(None, query.split("&"))))
    fragment = parts.fragment if parts.fragment.startswith(("!", "/")) else ""
    if not path and not query and not fragment:
        return ""
    return urlunsplit(SplitResult("", host, path, query, fragment))


def _without_tracking(query: str) -> str:
    if not query:
        return ""
    return "&".join(part for part in query.split("&") if part and not _TRACKING.fullmatch(part))


def _key(*parts: str) -> bytes:
    return blake2b("\0".join(parts).encode(errors="replace"), digest_size=16).digest()

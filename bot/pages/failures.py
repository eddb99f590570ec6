"""What each failure of a fetch or a parse means to a reader, and what to do about it."""

from __future__ import annotations

from bot.locale import Translator, message

_SLOW = message("The site took too long to answer. Try again later.")
_BROKEN = message("The site sends an answer that is broken or cut off. Try again later.")
_REDIRECTS = message("The site redirects in circles, or to somewhere that cannot be followed.")
_LARGE = message("The site sends more than a feed may hold.")
_HARMFUL = message(
    "Reading that feed takes more time or memory than a feed should; it may be built to do harm."
)
_OURS = message("Our reader failed on that feed, which is a fault on our side; the log says where.")
_NO_FEED = message("What the site sends is neither RSS, Atom, JSON Feed nor a news sitemap.")
_NO_ADDRESS = message("That is not the address of a public web page (http or https).")

_SENTENCES = {
    "timeout": _SLOW,
    "dns": message("No site has that name. Check the address."),
    "connect": message("The site could not be reached. Check the address, or try again later."),
    "reset": message("The site broke off the connection. Try again later."),
    "tls": message("The site's certificate is not valid, so what it sends cannot be trusted."),
    "truncated": _BROKEN,
    "bad_response": _BROKEN,
    "bad_encoding": _BROKEN,
    "broken_json": _BROKEN,
    "unasked_304": _BROKEN,
    "too_large": _LARGE,
    "bomb": message("The site sends a compressed answer that would unpack to far more than a feed may hold."),
    "private_address": message("That address is on a private network. Vigía reads public sites only."),
    "credentials": message("That address holds a user name or a password. Vigía reads public feeds only."),
    "bad_address": _NO_ADDRESS,
    "bad_scheme": _NO_ADDRESS,
    "redirect_loop": _REDIRECTS,
    "too_many_redirects": _REDIRECTS,
    "bad_redirect": _REDIRECTS,
    "downgrade": message("The site redirects from a secure address to one that is not."),
    "html": message("That is a web page, and it names no feed."),
    "empty": message("The site answers with nothing."),
    "unknown_format": _NO_FEED,
    "sitemap_index": message(
        "That is an index of sitemaps, and not a feed. Give the address of the news sitemap."
    ),
    "too_many_entries": _LARGE,
    "too_deep": _HARMFUL,
    "attribute_flood": _HARMFUL,
    "category_flood": _HARMFUL,
    "author_flood": _HARMFUL,
    "parse_timeout": _HARMFUL,
    "parse_memory": _HARMFUL,
    "parser_crashed": _OURS,
    "parser_failed": _OURS,
    "machine_exhausted": message(
        "The machine that Vigía runs on has no memory or open files left; that is our fault, not the site's."
    ),
    "no_readable_items": message(
        "The site sends a feed with items, but none of them has a title or a text that can be read."
    ),
    "changed_form": message(
        "The source sends its documents in a form that Vigía does not know; its reader needs a change."
    ),
    "challenge_page": message(
        "The site sends a web page, perhaps a check for robots, where its documents should be."
    ),
    "throttled": message("The site asks to be read less often; it is left alone for a while."),
    "gone": message("The site says that this feed is gone for good."),
    "fault": message("Reading that feed failed on our side; the log says how."),
}
_STATUS = message("The site answers with an error (HTTP {status}).")
_REFUSED = message("The site refuses robots (HTTP {status}).")
_OTHER = message("That feed could not be read ({code}).")

#: Statuses by which sites turn robots away, rather than say that something is missing.
_REFUSALS = frozenset(("401", "402", "403", "406", "451"))


def failure_sentence(t: Translator, code: str) -> str:
    """What a failure's code means: one of the feeds room's codes, or ``http_`` and a status."""
    if code in _SENTENCES:
        return t(_SENTENCES[code])
    if code.startswith("http_"):
        status = code.removeprefix("http_")
        return t(_REFUSED if status in _REFUSALS else _STATUS, status=status)
    return t(_OTHER, code=code)

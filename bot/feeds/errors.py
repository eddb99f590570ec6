"""What can go wrong with a feed. Each error has a short ``code``; the pages word it in both languages."""

from __future__ import annotations

import errno
import re
import socket

EXHAUSTED = "machine_exhausted"
"""The code of a failure that is this machine's: it has no file descriptor or memory left."""

_EXHAUSTED = frozenset((errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ENOBUFS))
_ERRNO = re.compile(r"\[Errno (\d{1,5})\]")


def is_exhausted(error: BaseException) -> bool:
    """Whether ``error`` says that this machine has no file descriptor or memory left.

    A resolver without a descriptor may say that there is no such name, and several errors are joined into one
    text; so the error, its causes and their texts are looked at, and at last whether a socket can be opened.
    """
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, MemoryError) or getattr(seen, "errno", None) in _EXHAUSTED:
            return True
        if isinstance(seen, OSError) and any(int(found) in _EXHAUSTED for found in _ERRNO.findall(str(seen))):
            return True
        seen = seen.__cause__ or seen.__context__
    try:
        socket.socket().close()
    except OSError as full:
        return full.errno in _EXHAUSTED
    return False


class FeedError(Exception):
    """The root of this room's errors. ``code`` is a stable snake_case id, ``data`` what a page may name."""

    def __init__(self, code: str, **data: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.data = data

    def __str__(self) -> str:
        if not self.data:
            return self.code
        facts = ", ".join(f"{name}={value}" for name, value in self.data.items())
        return f"{self.code} ({facts})"


class AddressRefused(FeedError):
    """An address that must not be fetched.

    Codes: ``bad_address``, ``bad_scheme``, ``credentials``, ``private_address``.
    """


class NotAFeed(FeedError):
    """A document that is no feed, or one that would be unsafe to read as a feed.

    Codes: ``empty``, ``html``, ``unknown_format``, ``sitemap_index``, ``broken_json``, ``too_many_entries``,
    ``attribute_flood``, ``category_flood``, ``author_flood``, ``too_deep``; of an official source also
    ``changed_form`` (the form is not the one that is known) and ``challenge_page`` (a web page instead of
    it).
    """


class ParseFailed(FeedError):
    """The parser was stopped, or failed on a document.

    Codes: ``parse_timeout``, ``parse_memory``, ``parser_crashed``, ``machine_exhausted``; ``parser_failed``
    with the ``type`` of the exception and the ``place`` that raised it: a fault of ours, whatever the
    document is like.
    """


class OpmlError(FeedError):
    """A file that is no OPML. Codes: ``not_opml``, ``too_large``, ``too_many_feeds``."""

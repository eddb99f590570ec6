"""How a source that is no ordinary feed differs from one: which address to ask, and how to read the answer.

An ordinary feed is asked at its own address and read by ``parse``. An official source (``bot.sources``) may
have an address for each day, a format of its own, or a form of RSS that is checked after the parser has read
it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.domain.feed_state import FeedState
from bot.feeds.parsed import ParsedFeed


def _own_address(url: str, state: FeedState, now: datetime) -> str:
    return url


def _as_planned(asked: str, state: FeedState, now: datetime) -> FeedState:
    return state


def _as_parsed(feed: ParsedFeed) -> ParsedFeed:
    return feed


@dataclass(frozen=True, slots=True)
class DocumentForm:
    """What polling has to know of a kind of source.

    ``reader`` names the module of ``bot.sources`` whose ``read(body, url, now)`` reads its documents in a
    parser process; empty where the ordinary parser does. ``address`` gives the address to ask now, and
    ``answered`` the state with what is to be remembered of the address that was asked and answered.
    ``checked`` gives the feed with what the source is known to hold; it raises ``NotAFeed`` with the code
    ``changed_form`` where the document has another form than the one that is known.
    """

    reader: str = ""
    address: Callable[[str, FeedState, datetime], str] = _own_address
    answered: Callable[[str, FeedState, datetime], FeedState] = _as_planned
    checked: Callable[[ParsedFeed], ParsedFeed] = _as_parsed


FEED = DocumentForm()
"""An ordinary feed."""

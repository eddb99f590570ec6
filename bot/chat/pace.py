"""How often one member may ask. Pure: the moment is handed in."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta

#: Paging through a list by button is some two presses a second; more than this is no reader.
MOST = 12
WITHIN = timedelta(seconds=10)
#: Completions of an argument: Discord asks for one as the member types, a few in a second at most.
MOST_COMPLETIONS = 30
#: Members that are remembered. Past this the longest silent one is forgotten, so memory stays small.
REMEMBERED = 10_000


class TooFast(Exception):
    """A member asked more often than anyone reads."""

    code = "too_fast"


class Pace:
    """Counts each member's requests of the last seconds."""

    def __init__(self, most: int = MOST, within: timedelta = WITHIN) -> None:
        self._most = most
        self._within = within
        self._asked: OrderedDict[int, list[datetime]] = OrderedDict()

    def admit(self, user_id: int, now: datetime) -> None:
        """Note a request. Raises TooFast, and does not count it, when there were too many just before."""
        recent = [at for at in self._asked.pop(user_id, ()) if now - at < self._within]
        self._asked[user_id] = recent
        if len(self._asked) > REMEMBERED:
            self._asked.popitem(last=False)
        if len(recent) >= self._most:
            raise TooFast(user_id)
        recent.append(now)

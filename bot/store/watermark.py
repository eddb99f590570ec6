"""Cuts in time that nothing slips past.

What we learn carries the moment at which we learned it, and readers are told of it up to a cut. A clock alone
does not make that exact: what was stamped before a cut may be committed after it was told, and the clocks of
two machines differ. So whoever stamps and whoever cuts take the same row, one after the other. At a cut all
that was stamped up to it is committed, and whatever is stamped from then on is later.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.store import tables as t
from bot.store.sql import insert_ignore, upsert
from bot.store.types import moment, seconds

_LAST = "last_cut"
#: The least by which two moments in the store differ.
_STEP = timedelta(seconds=1)
#: A cut further ahead than this was made by a clock that has been put right since. To keep to it would mean
#: that nothing is told until then.
_ASTRAY = timedelta(days=1)


def cut(session: Session, until: datetime) -> datetime:
    """Cut at ``until``, and return it: once this is committed, what was learned up to then stays as it is."""
    last = _last(session)
    if last < until or last > until + _ASTRAY:
        upsert(session, t.meta, [{"key": _LAST, "value": str(seconds(until))}])
    return until


def stamp(session: Session, now: datetime) -> datetime:
    """When that is learned which this transaction stores: now, or just after the last cut.

    No cut is made before the transaction's end.
    """
    last = _last(session)
    return now if last > now + _ASTRAY else max(now, last + _STEP)


def _last(session: Session) -> datetime:
    """The last cut, held until the transaction's end."""
    insert_ignore(session, t.meta, [{"key": _LAST, "value": "0"}])
    query = select(t.meta.c.value).where(t.meta.c.key == _LAST).with_for_update()
    return moment(int(session.scalars(query).one()))

"""The watermark: a moment up to which everything that was learned is committed.

Each article carries the moment at which it was learned, and digests and alerts cover the time up to a
watermark. Clocks alone do not make that exact: what was stamped before the watermark may be committed after
it, and the clocks of two machines differ. So whoever stamps and whoever advances the watermark lock the same
row. At the watermark all that was stamped up to it is committed, and whatever is stamped from then on is
later.
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
#: A watermark further ahead than this was set by a wrong clock that has been corrected since. It is ignored,
#: or nothing would be reported until then.
_ASTRAY = timedelta(days=1)


def advance(session: Session, until: datetime) -> datetime:
    """Set the watermark to ``until``, and return it: once committed, nothing is added before it."""
    last = _last(session)
    if last < until or last > until + _ASTRAY:
        upsert(session, t.meta, [{"key": _LAST, "value": str(seconds(until))}])
    return until


def stamp(session: Session, now: datetime) -> datetime:
    """The moment of learning for what this transaction stores: now, or just after the watermark.

    The watermark does not move before the transaction's end.
    """
    last = _last(session)
    return now if last > now + _ASTRAY else max(now, last + _STEP)


def _last(session: Session) -> datetime:
    """The watermark, locked until the transaction's end."""
    insert_ignore(session, t.meta, [{"key": _LAST, "value": "0"}])
    query = select(t.meta.c.value).where(t.meta.c.key == _LAST).with_for_update()
    return moment(int(session.scalars(query).one()))

"""What a server may see: articles that at least one of its own feeds carried, in forms that it did not mute.

A server reads the default feeds, less those that it removed or paused, plus those that it added. Nearly all
servers read exactly the defaults, so that an article says itself whether a default feed carried it
(``common``); only what a server changed is looked up in ``sighting``.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, bindparam, exists, or_, select
from sqlalchemy.orm import Session

from bot.domain.audience import Defaults, Owner, View
from bot.store import tables as t
from bot.store.models import GuildFeedRow, GuildRow
from bot.store.sql import col

ADDED = "added"
REMOVED = "removed"
PAUSED = "paused"

#: Under this key a session that reads one state of the store remembers what it asked here: all functions that
#: an answer reads by ask it, and each time it is two statements.
ONE_STATE = "one_state"

#: Made once: every answer asks it, and building a statement costs as much as running this one.
_CHANGED = select(col(GuildFeedRow.feed_id), col(GuildFeedRow.status)).where(
    t.guild_feed.c.guild_id == bindparam("guild")
)
_MUTED = select(col(GuildRow.muted)).where(t.guild.c.guild_id == bindparam("guild"))


@dataclass(frozen=True, slots=True)
class Visibility:
    """A server's feeds. ``only`` is None where it reads all the defaults, else every feed that it reads.

    ``muted`` are the forms of articles (``bot.topics.form``) that it does not want to see.
    """

    added: frozenset[int] = frozenset()
    only: frozenset[int] | None = None
    muted: frozenset[str] = frozenset()

    @property
    def plain(self) -> bool:
        """Whether the server reads all that the default feeds carry and nothing else."""
        return self.only is None and not self.added and not self.muted

    def clause(self, article_id: ColumnElement[int], common: ColumnElement[bool]) -> ColumnElement[bool]:
        """The condition that an article, given by its id and its ``common``, may be seen."""
        carried = self._carried(article_id, common)
        if not self.muted:
            return carried
        article = t.article.alias("muted")
        of_muted_form = and_(article.c.id == article_id, article.c.form.in_(sorted(self.muted)))
        return and_(carried, ~exists(select(1).where(of_muted_form)))

    def _carried(self, article_id: ColumnElement[int], common: ColumnElement[bool]) -> ColumnElement[bool]:
        if self.only is not None:
            return _carried_by(article_id, self.only)
        if not self.added:
            return common.is_(True)
        return or_(common.is_(True), _carried_by(article_id, self.added))


def visibility(session: Session, view: View) -> Visibility:
    """What may be seen in that view. Servers that changed nothing see what the default feeds carry."""
    if isinstance(view, Defaults):
        return Visibility()
    known: dict[View, Visibility] | None = session.info.get(ONE_STATE)
    if known is None:  # it may be changed between two statements
        return _asked(session, view)
    if view not in known:
        known[view] = _asked(session, view)
    return known[view]


def _asked(session: Session, view: View) -> Visibility:
    rows = session.connection().execute(_CHANGED, {"guild": view}).all()
    muted = frozenset((session.connection().execute(_MUTED, {"guild": view}).scalar() or "").split())
    added = frozenset(feed_id for feed_id, status in rows if status == ADDED)
    hidden = {feed_id for feed_id, status in rows if status != ADDED}
    if not hidden:
        return Visibility(added, muted=muted)
    defaults = set(session.scalars(select(t.feed.c.id).where(t.feed.c.is_default.is_(True))))
    if not hidden & defaults:
        return Visibility(added, muted=muted)
    return Visibility(added, frozenset((defaults - hidden) | added), muted)


def distinct_views(session: Session) -> dict[View, View]:
    """For each owner that changed its feeds or muted forms, one view for all owners that see the same.

    Owners that changed nothing are not in it; they read ``DEFAULTS``.
    """
    own = t.guild_feed.c
    changed: dict[Owner, list[tuple[int, bool]]] = {}
    selected = col(GuildFeedRow.guild_id), col(GuildFeedRow.feed_id), col(GuildFeedRow.status)
    for owner, feed_id, status in session.execute(select(*selected).order_by(own.guild_id, own.feed_id)):
        # Removed or paused, it is not read.
        changed.setdefault(owner, []).append((feed_id, status == ADDED))
    choices = select(col(GuildRow.guild_id), col(GuildRow.muted)).where(t.guild.c.muted.is_not(None))
    muted: dict[Owner, str | None] = {}
    for owner, forms in session.execute(choices):
        muted[owner] = forms
    first: dict[object, View] = {}
    return {
        owner: first.setdefault((tuple(changed.get(owner, ())), muted.get(owner)), owner)
        for owner in (*changed, *(one for one in muted if one not in changed))
    }


def _carried_by(article_id: ColumnElement[int], feeds: frozenset[int]) -> ColumnElement[bool]:
    sighting = t.sighting.alias("carried")
    return exists(
        select(1).where(and_(sighting.c.article_id == article_id, sighting.c.feed_id.in_(sorted(feeds))))
    )

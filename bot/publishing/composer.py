"""A digest put together from the store: for the preview that an admin asks for, and for the day's post."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.article import Brief
from bot.domain.audience import View
from bot.domain.feeds import HealthCounts
from bot.domain.page import Page
from bot.domain.stories import Development
from bot.locale import translator
from bot.pages.digest import TOLD_PER_CONCERN, DigestPart, DigestWindow, digest_page
from bot.ranking.bearing import under_homes
from bot.store import developments, feeds
from bot.store.database import Database

#: Stories looked at for one digest; a day has brought at most some 150 so far.
MOST_STORIES = 400


@dataclass(frozen=True, slots=True)
class DigestOrder:
    """What a digest is to tell. Equal orders get the same page, composed once."""

    view: View
    concerns: tuple[str, ...]
    language: str
    day: date
    since: datetime
    until: datetime
    late: bool = False


@dataclass(frozen=True, slots=True)
class Composed:
    """A digest's page. ``empty`` is whether there was nothing to tell, which some servers want in silence."""

    page: Page
    empty: bool


@dataclass(frozen=True, slots=True)
class Material:
    """What there is to tell of a stretch of time to those who read the same feeds."""

    found: tuple[Development, ...]
    health: HealthCounts


async def compose_digest(database: Database, brief: Brief, order: DigestOrder) -> Composed:
    """The page for ``order``, from what is stored now."""
    return compose(brief, order, await gather(database, order.view, order.since, order.until))


async def gather(database: Database, view: View, since: datetime, until: datetime) -> Material:
    """What is stored for digests of that stretch, whatever their language and concerns."""
    found = await database.read(developments.changed_between, view, since, until, limit=MOST_STORIES)
    return Material(tuple(found), await database.read(feeds.health_counts, view))


def compose(brief: Brief, order: DigestOrder, material: Material) -> Composed:
    """The page for ``order``; each story is told once, under the first concern that it bears on most."""
    parts = [
        DigestPart(brief.concern(concern), tuple(stories[:TOLD_PER_CONCERN]), len(stories))
        for concern, stories in under_concerns(material.found, order.concerns).items()
    ]
    page = digest_page(
        translator(order.language),
        order.day,
        parts,
        material.health,
        DigestWindow(order.since, order.until, order.concerns),
        late=order.late,
    )
    return Composed(page, not any(part.total for part in parts))


def under_concerns(
    found: Sequence[Development], concerns: tuple[str, ...] = ()
) -> Mapping[str, list[Development]]:
    """``found`` under its concerns, in the article's order: the widest reported first, then the newest."""
    by_concern = under_homes(found, concerns)
    for stories in by_concern.values():
        stories.sort(key=lambda story: (len(story.publishers), story.last_at), reverse=True)
    return by_concern

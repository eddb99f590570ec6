"""Alerts: who follows what became known is told, a quarter of an hour's news at a time. Decides nothing.

::

    follows, changes ──> which are touched ──> is it the time? ──> outbox rows + how far each was told
    (store)              (commands/alerting, pure)                 (store, one transaction)
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime

import structlog

from bot.context import AppContext
from bot.domain.audience import DEFAULTS, Destination, Reader, Terminal, View
from bot.domain.digests import OutboxDraft
from bot.locale import translator
from bot.pages.alert import FollowNews, alert_page
from bot.publishing.alert_rules import (
    DAY,
    LONGEST_WAIT,
    TOLD,
    FollowWithNews,
    by_reader,
    follows_with_news,
    slot_of,
    waiting,
)
from bot.store import follows, policies, watermark
from bot.store.developments import titles_of
from bot.store.errors import StoreError
from bot.store.follows import ALERT, POLICY, STORY, AlertPlan, Follow
from bot.store.policies import ProposedStep
from bot.store.visibility import distinct_views

log = structlog.get_logger()

#: Readers whose alerts are stored in one transaction.
BATCH = 100


class AlertPlanner:
    """Plans the alerts that are due; call it each quarter of an hour, after grouping.

    ``terminal`` is whether it plans those of the terminal, or those of all others.
    """

    def __init__(self, context: AppContext, *, terminal: bool = False) -> None:
        self._context = context
        self._terminal = terminal

    async def plan(self) -> int:
        """Put alerts into the outbox. Returns how many were planned."""
        database, now = self._context.database, self._context.clock.now()
        known = [
            one
            for one in await database.read(follows.active)
            if isinstance(one.view, Terminal) == self._terminal
        ]
        if not known:
            return 0
        await database.write(watermark.advance, now)
        views = await database.read(distinct_views)
        sent = await database.read(follows.alerts_since, now - DAY)
        follow_ids: dict[Reader, list[int]] = {}
        by_view: dict[View, list[Follow]] = {}
        for one in known:
            follow_ids.setdefault(one.reader, []).append(one.id)
            by_view.setdefault(views.get(one.view, DEFAULTS), []).append(one)
        touched: list[FollowWithNews] = []
        for view, mine in by_view.items():
            touched += await self._touched(view, mine, now)
        planned, ready = 0, list(by_reader(touched).items())
        for start in range(0, len(ready), BATCH):
            alerts = [
                await self._guarded(news, follow_ids[reader], sent, now)
                for reader, news in ready[start : start + BATCH]
            ]
            planned += await database.write(follows.save_alerts, [one for one in alerts if one], now=now)
        return planned

    async def _touched(self, view: View, mine: Sequence[Follow], now: datetime) -> list[FollowWithNews]:
        database = self._context.database
        changes = await database.read(follows.changed, view, now - LONGEST_WAIT, now)
        confirmed: Sequence[ProposedStep] = ()
        if any(one.kind == POLICY for one in mine):
            confirmed = await database.read(policies.newly_confirmed, view, now - LONGEST_WAIT, now)
        if not changes and not confirmed:
            return []
        stories = [change.development.story_id for change in changes]
        told = await database.read(follows.read_marks, {one.reader for one in mine}, stories)
        wanted = [int(one.target) for one in mine if one.kind == STORY]
        merged = await database.read(follows.current_stories, wanted)
        named: Mapping[int, tuple[str, ...]] = {}
        if any(one.kind == POLICY for one in mine):
            ids = [article.id for change in changes for article in change.development.articles]
            named = await database.read(policies.named_by, ids)
        # Thousands may follow; the loop has better use for the milliseconds that this takes.
        return await asyncio.to_thread(follows_with_news, mine, changes, told, merged, named, confirmed)

    async def _guarded(
        self,
        mine: Sequence[FollowWithNews],
        follow_ids: Sequence[int],
        sent: Mapping[Destination, int],
        now: datetime,
    ) -> AlertPlan | None:
        """The alert of one reader, None where it is not the time for it.

        A fault of ours in one does not hold up the others: it is noted in the log, and that reader is told
        once it is fixed. A store that cannot be used is everybody's fault.
        """
        reader = mine[0].follow.reader
        try:
            reason = waiting(mine, sent, now)
            if reason:
                log.debug("alert_waits", reader=str(reader), reason=reason)
                return None
            titles = await self._titles(mine)
            return await asyncio.to_thread(self._alert, mine, titles, follow_ids, now)
        except StoreError:
            raise
        except Exception:
            log.exception("alert_failed", reader=str(reader))
            return None

    def _alert(
        self,
        mine: Sequence[FollowWithNews],
        titles: Mapping[int, str],
        follow_ids: Sequence[int],
        now: datetime,
    ) -> AlertPlan:
        """The message for one reader, and all follows that it moves on."""
        first = mine[0].follow
        shown = [
            FollowNews(
                one.follow,
                tuple(news.update for news in one.news[:TOLD]),
                max(0, len(one.news) - TOLD),
                one.steps[:TOLD],
            )
            for one in mine
        ]
        page = alert_page(
            translator(first.language),
            self._context.brief,
            self._context.record,
            shown,
            titles,
        )
        told = tuple(mark for one in mine for news in one.news[:TOLD] for mark in news.marks)
        bodies = self._context.bodies(page)
        drafts = tuple(
            OutboxDraft(
                first.to,
                f"{ALERT}-{slot_of(now)}",
                now.date(),
                part,
                body,
                now,
                told=told if part == len(bodies) - 1 else (),
            )
            for part, body in enumerate(bodies)
        )
        return AlertPlan(drafts, tuple(follow_ids))

    async def _titles(self, mine: Sequence[FollowWithNews]) -> Mapping[int, str]:
        first = mine[0].follow
        wanted = [int(one.follow.target) for one in mine if one.follow.kind == STORY]
        if not wanted:
            return {}
        return await self._context.database.read(titles_of, first.view, wanted, first.language)

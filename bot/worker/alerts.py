"""Alerts: who follows what became known is told, a quarter of an hour's news at a time. Decides nothing.

::

    follows, changes ──> which are touched ──> is it the time? ──> outbox rows + how far each was told
    (store)              (commands/alerting, pure)                 (store, one transaction)
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

import structlog

from bot.commands.alerting import DAY, LONGEST_WAIT, TOLD, Touched, Verdict, slot_of, touched_by, verdicts
from bot.commands.desk import Desk
from bot.commands.following import titles_of
from bot.locale import translator
from bot.pages.alert import alert_page
from bot.store import digests, follows
from bot.store.follows import ALERT, STORY, Follow, Told
from bot.store.views import OutboxDraft

log = structlog.get_logger()

#: Readers whose alerts are stored in one transaction.
BATCH = 100


class Alerts:
    """Plans the alerts that are due; call it each quarter of an hour, after grouping.

    ``terminal`` is whether it plans those of the terminal, which is server 0, or those of all others.
    """

    def __init__(self, desk: Desk, *, terminal: bool = False) -> None:
        self._desk = desk
        self._terminal = terminal

    async def plan(self) -> int:
        """Put alerts into the outbox. Returns how many were planned."""
        database, now = self._desk.database, self._desk.clock.now()
        known = [one for one in await database.read(follows.active) if (one.guild_id == 0) == self._terminal]
        if not known:
            return 0
        views = await database.read(digests.same_feeds)
        sent = await database.read(follows.alerts_since, now - DAY)
        by_reader: dict[str, list[int]] = {}
        by_view: dict[int, list[Follow]] = {}
        for one in known:
            by_reader.setdefault(one.reader, []).append(one.id)
            # Server 0 stands for all that read the default feeds and nothing else.
            by_view.setdefault(views.get(one.guild_id or 0, 0), []).append(one)
        touched: list[Touched] = []
        for guild, mine in by_view.items():
            touched += await self._touched(guild, mine)
        planned = 0
        decided = verdicts(touched, sent, now)
        for start in range(0, len(decided), BATCH):
            some = [one for one in decided[start : start + BATCH] if one.send]
            alerts = [
                await asyncio.to_thread(self._alert, verdict, await self._titles(verdict), by_reader)
                for verdict in some
            ]
            planned += await database.write(follows.tell, alerts, now=now)
        for verdict in decided:
            if not verdict.send:
                log.debug("alert_waits", reader=verdict.reader, reason=verdict.reason)
        return planned

    async def _touched(self, guild: int, mine: Sequence[Follow]) -> list[Touched]:
        database = self._desk.database
        since = self._desk.clock.now() - LONGEST_WAIT
        changes = await database.read(follows.changed, guild, since)
        if not changes:
            return []
        stories = [change.development.story_id for change in changes]
        told = await database.read(follows.told_of, {one.reader for one in mine}, stories)
        wanted = [int(one.target) for one in mine if one.kind == STORY]
        merged = await database.read(follows.current_stories, wanted)
        # Thousands may follow; the loop has better use for the milliseconds that this takes.
        return await asyncio.to_thread(touched_by, mine, changes, told, merged)

    def _alert(self, verdict: Verdict, titles: Mapping[int, str], known: Mapping[str, Sequence[int]]) -> Told:
        """The message for one reader, and all follows that it moves on."""
        first = verdict.touched[0].follow
        server, channel = first.place
        now = self._desk.clock.now()
        shown = [(one.follow, one.news[:TOLD], len(one.news) - TOLD) for one in verdict.touched]
        page = alert_page(
            translator(first.language),
            self._desk.brief,
            [(follow, [news.update for news in some], max(0, more)) for follow, some, more in shown],
            titles,
        )
        told = tuple((news.story_id, news.revision) for _, some, _ in shown for news in some)
        bodies = self._desk.bodies(page)
        drafts = tuple(
            OutboxDraft(
                server,
                channel,
                f"{ALERT}-{slot_of(now)}",
                now.date(),
                part,
                body,
                now,
                told=told if part == len(bodies) - 1 else (),
            )
            for part, body in enumerate(bodies)
        )
        return Told(drafts, tuple(known[verdict.reader]))

    async def _titles(self, verdict: Verdict) -> Mapping[int, str]:
        first = verdict.touched[0].follow
        wanted = [int(one.follow.target) for one in verdict.touched if one.follow.kind == STORY]
        if not wanted:
            return {}
        return await self._desk.database.read(titles_of, first.guild_id or 0, wanted, first.language)

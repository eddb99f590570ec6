"""Plan the notices for admins: load the states, have ``notice_rules`` decide, store messages and states."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import structlog

from bot.context import AppContext
from bot.domain.audience import DEFAULTS, DirectMessage, Server
from bot.domain.digests import NOTICE, OutboxDraft
from bot.domain.feeds import Feed
from bot.locale import translator
from bot.pages.notice import notice_page
from bot.publishing.notice_rules import NoticeDecision, decide
from bot.store import feeds, notices
from bot.store.notices import NoticePlan, NoticeRecipient
from bot.store.types import owner_key

log = structlog.get_logger()

#: Servers whose notices are stored in one transaction.
BATCH = 200


class NoticePlanner:
    """Plans the notices that are due; call it every few minutes."""

    def __init__(self, context: AppContext) -> None:
        self._context = context

    async def plan(self) -> int:
        """Put notices into the outbox. Returns how many were planned."""
        database, now = self._context.database, self._context.clock.now()
        troubled = await database.read(notices.troubled_feeds)
        servers = await database.read(notices.recipients, list(troubled.values()))
        ids = frozenset(troubled)
        # Servers with the same feeds in trouble and no digest in trouble share one text.
        same: dict[object, tuple[str, ...]] = {}
        planned = 0
        for start in range(0, len(servers), BATCH):
            plans = []
            for server in servers[start : start + BATCH]:
                notice = decide(server, ids, now)
                if notice.reason == "news":
                    drafts = await self._drafts(server, notice, troubled, same)
                    plans.append(NoticePlan(server.owner, drafts, notice.state))
                elif notice.changed:
                    plans.append(NoticePlan(server.owner, (), notice.state))
            if plans:
                planned += await database.write(notices.save, plans, now=now)
        if planned:
            log.info("notices_planned", servers=planned)
        return planned

    async def _drafts(
        self,
        server: NoticeRecipient,
        notice: NoticeDecision,
        troubled: Mapping[int, Feed],
        same: dict[object, tuple[str, ...]],
    ) -> tuple[OutboxDraft, ...]:
        """The messages of one notice: to the channel that admins chose, or to whoever set the digest."""
        to = server.to
        if to is None:
            return ()
        direct = isinstance(to, DirectMessage)
        language = server.language or self._context.settings.language
        own = bool(notice.paused or notice.refused)
        key = None if own else (language, notice.fell, notice.recovered)
        bodies = same.get(key) if key else None
        if bodies is None:
            fell = [troubled[id_] for id_ in notice.fell]
            again = await self._again(notice.recovered)
            about = server.owner if direct and isinstance(server.owner, Server) else None
            page = notice_page(translator(language), fell, again, notice.paused, notice.refused, direct=about)
            bodies = self._context.bodies(page) if fell or again or own else ()
            if key:
                same[key] = bodies
        now = self._context.clock.now()
        # Whoever sets digests in two servers gets a notice for each.
        kind = f"{NOTICE}-{owner_key(server.owner)}" if direct else NOTICE
        return tuple(OutboxDraft(to, kind, now.date(), part, body, now) for part, body in enumerate(bodies))

    async def _again(self, ids: Sequence[int]) -> list[Feed]:
        """The feeds that recovered; one that was switched off meanwhile has not."""
        found = [await self._context.database.read(feeds.feed_by_id, id_, DEFAULTS) for id_ in ids]
        return [feed for feed in found if feed is not None and feed.disabled_reason is None]

"""What is open while the bot runs: settings, clock, database, brief, matcher, network, parsers."""

from __future__ import annotations

import gc
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from threading import Lock
from typing import TYPE_CHECKING

from bot.article import Brief
from bot.clock import Clock
from bot.domain.audience import Defaults, Destination, View
from bot.domain.digests import PLAIN, OutboxDraft, Posting
from bot.domain.guilds import GuildSettings
from bot.domain.page import Page
from bot.feeds.budget import BodyBudget
from bot.feeds.exchange import Fetching
from bot.feeds.parsed import Parsing
from bot.feeds.previews import Previews
from bot.pages.codec import dump_page
from bot.record import Record, load_record
from bot.settings import Settings
from bot.store import guilds
from bot.store.database import Database

# The judges and the language model's side are loaded where they are first used: most answers need neither.
if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from bot.evidence import EvidenceJudge
    from bot.summaries.llm import Writer
    from bot.topics.matcher import Matcher
    from bot.topics.policies import PolicyNames

_loading = Lock()


@dataclass(frozen=True, slots=True)
class AppContext:
    """Everything that is opened once and shared by all answers.

    ``pieces`` cuts a page into what the surface that will post it can hold in one message.
    ``writer`` is the language model that phrases summaries, where the operator set one. ``previews`` are
    the feeds that were looked at lately. ``load_record`` gives the record, the same at each call.
    ``bodies_held`` bounds the documents that are in memory at a time.
    """

    settings: Settings
    clock: Clock
    database: Database
    brief: Brief
    fetcher: Fetching
    parsers: Parsing
    pieces: Callable[[Page], tuple[Page, ...]]
    writer: Writer | None = None
    previews: Previews = field(default_factory=Previews)
    load_record: Callable[[], Record] = load_record
    bodies_held: BodyBudget = field(default_factory=BodyBudget)

    @property
    def record(self) -> Record:
        """The policies. Read at its first use: some answers need none."""
        return self.load_record()

    @property
    def matcher(self) -> Matcher:
        """What says which concerns a text bears on. Made at its first use: most answers need none."""
        from bot.topics.matcher import Matcher

        return Matcher.load()

    @property
    def evidence(self) -> EvidenceJudge:
        """What says which of the article's questions a text bears on. Made at its first use."""
        from bot.evidence import EvidenceJudge

        return EvidenceJudge.shipped()

    @property
    def policy_names(self) -> PolicyNames:
        """What finds the record's policies in texts. Made at its first use."""
        from bot.topics.policies import PolicyNames

        return PolicyNames.of(self.record)

    def load_judges(self) -> None:
        """Make all three of these, once for all threads that ask. Takes about a second; blocking."""
        with _loading:
            # What is made here stays: looking for garbage among it is a third of the time.
            collecting = gc.isenabled()
            gc.disable()
            try:
                _ = self.matcher, self.evidence, self.policy_names
            finally:
                if collecting:
                    gc.enable()

    @property
    def default_settings(self) -> GuildSettings:
        """Language and zone as the operator has them, for who has chosen none."""
        return GuildSettings(language=self.settings.language, timezone=self.settings.timezone)

    def settings_in(self, session: Session, view: View) -> GuildSettings:
        """Language and zone, as a server or the terminal set them or as the operator's defaults have it."""
        default = self.default_settings
        if isinstance(view, Defaults):
            return default
        stored = guilds.settings_of(session, view, language=default.language, timezone=default.timezone)
        return stored or default

    async def guild_settings(self, view: View) -> GuildSettings:
        """``settings_in``, for who reads nothing else."""
        if isinstance(view, Defaults):
            return self.default_settings
        return await self.database.read(self.settings_in, view)

    def bodies(self, page: Page) -> tuple[str, ...]:
        """``page`` as it waits in the outbox: one text for each message, in order."""
        return tuple(dump_page(piece) for piece in self.pieces(page))

    def drafts(
        self,
        to: Destination,
        kind: str,
        day: date,
        page: Page,
        due: datetime,
        posting: Posting = PLAIN,
    ) -> list[OutboxDraft]:
        """``page`` as messages for the outbox, in order."""
        return [
            OutboxDraft(to, kind, day, part, body, due, posting)
            for part, body in enumerate(self.bodies(page))
        ]

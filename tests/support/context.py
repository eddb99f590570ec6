"""A context on a real SQLite file, with a clock that stands still and no way to the network."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from bot.article import load_brief
from bot.commands.asking import ask
from bot.commands.lookup import BY_NAME
from bot.commands.spec import Asker
from bot.console.line import parse_line
from bot.context import AppContext
from bot.domain.articles import Judged, NamedPolicy
from bot.domain.audience import DEFAULTS, Member
from bot.domain.entry import Entry
from bot.domain.feeds import Feed
from bot.domain.match import Match
from bot.domain.page import Button, Page, Request
from bot.evidence import EvidenceJudge
from bot.feeds.fetch import FetchRequest, FetchResult
from bot.feeds.identity import entry_keys
from bot.feeds.pool import ParserPool
from bot.settings import Settings
from bot.store import articles, feeds
from bot.store.database import Database
from bot.store.entries import save_entries
from bot.stories.document import Placement
from bot.topics.form import form_of_entry
from bot.topics.matcher import Matcher
from tests.support.audience import whose
from tests.support.clock import START, FrozenClock

MATCHER = Matcher.load()
EVIDENCE = EvidenceJudge.shipped()
BRIEF = load_brief()
GUILD = 77


class NoNetwork:
    """Refuses every fetch: what is tested here answers from the store."""

    async def fetch(self, request: FetchRequest) -> FetchResult:
        raise AssertionError(f"{request.url} was fetched")


class Room:
    """A context and what tests do with it: bring entries, group them, ask."""

    def __init__(self, context: AppContext, clock: FrozenClock) -> None:
        self.context = context
        self.clock = clock
        self._count = 0

    @property
    def database(self) -> Database:
        return self.context.database

    def follow(self, *names: str, language: str = "en") -> list[Feed]:
        """Default feeds of those publishers, in that order."""
        from bot.feeds.catalog import FeedSource

        sources = [
            FeedSource(
                url=f"https://{name.lower()}.example/feed",
                publisher=name,
                title=name,
                language=language,
                kind="news",
                region="border",
            )
            for name in names
        ]
        self.database.write_sync(feeds.sync_catalog, sources, self.clock.now())
        known = {feed.publisher: feed for feed in self.database.read_sync(feeds.feeds_of, DEFAULTS)}
        return [known[name] for name in names]

    def bring(
        self,
        feed: Feed,
        title: str,
        summary: str = "",
        *,
        language: str = "en",
        ago: timedelta = timedelta(0),
        url: str = "",
        match: Match | None = None,
        policies: tuple[NamedPolicy, ...] = (),
        categories: tuple[str, ...] = (),
    ) -> Judged:
        """Store one entry as the poller would; judged by the real matcher unless ``match`` is given."""
        self._count += 1
        at = self.clock.now() - ago
        address = url or f"https://{feed.publisher.lower()}.example/{self._count}"
        entry = Entry(guid=address, url=address, title=title, summary=summary, published=at)
        first = match or MATCHER.judge(title, summary, language)
        weighed, evidence = EVIDENCE.weigh(title, summary, language, first)
        verdict = match or weighed
        form = form_of_entry(title, address, feed.publisher, categories)
        judged = Judged(entry, entry_keys(entry, feed.publisher), language, verdict, policies, evidence, form)
        self.database.write_sync(save_entries, feed, [judged], self.clock.now())
        return judged

    def group(self, story: int | None = None, facts: tuple[str, ...] = ()) -> list[int]:
        """Place all waiting articles: each its own story, or all of them into ``story`` with new facts."""
        waiting = self.database.read_sync(articles.ungrouped, 1000)
        reason = "new" if story is None else "same_event"
        placements = [(one.id, Placement(story, reason, 0.5, facts=facts)) for one in waiting]
        placed = self.database.write_sync(articles.place, placements, now=self.clock.now())
        return [placed[one.id] for one in waiting]

    async def ask(self, line: str | Request, asker: Asker | None = None) -> Page:
        """What the line or the button answers, once it was shown."""
        page = await self.answer(line, asker)
        if page.once_shown is not None:
            await self.answer(page.once_shown, asker)
        return page

    async def answer(self, line: str | Request, asker: Asker | None = None) -> Page:
        """What the line or the button answers, as long as nobody has seen it."""
        request = parse_line(line, BY_NAME, self.context.brief) if isinstance(line, str) else line
        return await ask(self.context, asker or reader(), request)

    async def press(self, page: Page, label: str, asker: Asker | None = None) -> Page:
        """What the page's button of that label answers."""
        return await self.ask(button(page, label).request, asker)


def reader(language: str = "en", *, user: int = 5, guild: int | None = GUILD, admin: bool = False) -> Asker:
    """Someone who asks."""
    return Asker(user=Member(user), view=whose(guild), language=language, admin=admin)


def button(page: Page, label: str) -> Button:
    """The button of that label."""
    return next(one for one in page.buttons if one.label == label)


@cache
def _empty_store() -> bytes:
    """A store with the newest schema: copying one costs nothing beside migrating one."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "empty.db"
        Database.open(f"sqlite:///{file}").close()
        return file.read_bytes()


@contextmanager
def room(folder: Path, start: datetime = START) -> Iterator[Room]:
    """An open room in a folder; closed at the end."""
    clock = FrozenClock(start)
    file = folder / "vigia.db"
    file.write_bytes(_empty_store())
    database = Database.open(f"sqlite:///{file}")
    try:
        context = AppContext(
            settings=Settings(_env_file=None),  # type: ignore[call-arg]
            clock=clock,
            database=database,
            brief=BRIEF,
            fetcher=NoNetwork(),
            parsers=ParserPool(workers=1),
            pieces=lambda page: (page,),
        )
        yield Room(context, clock)
    finally:
        database.close()

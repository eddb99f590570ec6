"""Whole answers of the reading commands on the store's benchmark: their reads, ranks, and the page composed.

What ``store_questions`` times are the queries alone, beside a plain driver's. A reader waits for the page.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from random import Random

from benchmarks.store_corpus import NOW, Corpus, recent
from bot.article import CONCERNS, load_brief
from bot.commands.lookup import BY_NAME
from bot.commands.spec import Asker
from bot.context import AppContext
from bot.domain.audience import TERMINAL, Member
from bot.domain.page import Page
from bot.settings import Settings
from bot.store.database import Database

Given = Callable[[Random], Mapping[str, str]]
AskPage = Callable[[Random], Awaitable[Page]]
#: The policies that most reports name.
_BEST_KNOWN = 10


class Standing:
    """A clock that stands at the end of the made-up articles."""

    def now(self) -> datetime:
        return NOW

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


def pages(database: Database, corpus: Corpus) -> dict[str, AskPage]:
    """What asks for each page, with other arguments each time, in English and Spanish by turns."""
    context = AppContext(
        settings=Settings(_env_file=None),  # type: ignore[call-arg]
        clock=Standing(),
        database=database,
        brief=load_brief(),
        fetcher=None,  # type: ignore[arg-type]  # no page here asks the network
        parsers=None,  # type: ignore[arg-type]
        pieces=lambda page: (page,),
    )
    common, middling, _ = corpus.classes()
    stories = list(corpus.story_ids)
    addresses = [url for _, url in database.read_sync(recent, 50)]

    def of_concern(name: str, **more: str) -> Given:
        return lambda random: {name: random.choice(CONCERNS), **more}

    def page(name: str, given: Given = lambda _: {}) -> AskPage:
        asked = BY_NAME[name]

        async def ask(random: Random) -> Page:
            # A reader of their own each time: who asks /new again is told nothing.
            asker = Asker(Member(random.getrandbits(62)), TERMINAL, random.choice(("en", "es")))
            return await asked.answer(context, asker, given(random))

        return ask

    return {
        "page /concerns": page("concerns"),
        "page /concern": page("concern", of_concern("name")),
        "page /week": page("week", of_concern("concern")),
        "page /latest": page("latest"),
        "page /latest by importance": page("latest", lambda _: {"order": "importance"}),
        "page /timeline": page("timeline", of_concern("concern")),
        "page /timeline of a year": page("timeline", of_concern("concern", since="365")),
        "page /trend": page("trend"),
        "page /story": page("story", lambda random: {"story": str(random.choice(stories))}),
        "page /why": page("why", lambda random: {"address": random.choice(addresses)}),
        "page /search, common": page("search", lambda random: {"words": random.choice(common)}),
        "page /search, middling": page("search", lambda random: {"words": random.choice(middling)}),
        "page /policies": page("policies"),
        "page /policies of a concern": page("policies", of_concern("concern")),
        "page /policy": page(
            "policy", lambda random: {"policy": random.choice(corpus.policies[:_BEST_KNOWN])}
        ),
        "page /new, first time": page("new"),
        "page /sources": page("sources"),
    }

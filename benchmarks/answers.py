"""How long a reader waits for each answer: ``python -m benchmarks.answers [--keep FILE]``.

Fills a store with made-up articles (``--keep``: a file that is filled once and used again; each run works on
a copy), starts the bot on a loopback Discord in this process, and asks every question in turn, in English and
Spanish, while a poller judges and stores 200 articles a second in a thread, as the worker does. Timed is what
a reader waits: from the gateway's INTERACTION_CREATE to the bot's callback, in milliseconds. The stand-in for
Discord runs on the same event loop, which counts against the bot. ``first`` is the first answer in each
language after the start. Prints a table and, as its last line, one JSON object.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import resource
import shutil
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.store_corpus import NOW, Corpus
from bot.app import open_context
from bot.chat.client import create_bot
from bot.chat.render import pieces
from bot.context import AppContext
from bot.settings import Settings
from bot.store import housekeeping
from bot.store.database import Database
from tests.support.discord import Guild, LoopbackDiscord, Person

BATCH = 50
ROWS_A_SECOND = 200
LOCALES = ("en-US", "es-419")
TARGET_MS = 50.0

Given = Callable[[Random], dict[str, Any]]


class Standing:
    """A clock that stands at the end of the made-up articles."""

    def now(self) -> datetime:
        return NOW

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


@dataclass
class Question:
    """What is asked, with other arguments each time, and the waits in milliseconds."""

    name: str
    command: str
    given: Given = field(default=lambda _: {})
    completes: str = ""
    again: bool = False  # by who asked the question before it
    first: list[float] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)

    @property
    def p50(self) -> float:
        return statistics.median(self.waits)

    @property
    def p95(self) -> float:
        return sorted(self.waits)[int(0.95 * (len(self.waits) - 1))]


def questions(corpus: Corpus) -> list[Question]:
    """Every question of the table."""
    common, _, rare = corpus.classes()
    concerns = ("border_security", "organized_crime", "trade_leverage")
    stories = list(corpus.story_ids)

    def concern(name: str) -> Given:
        return lambda random: {name: random.choice(concerns)}

    def story(random: Random) -> dict[str, Any]:
        return {"story": str(random.choice(stories))}

    return [
        Question("/concerns", "concerns"),
        Question("/concern", "concern", concern("name")),
        Question("/latest", "latest"),
        Question("/latest concern", "latest", concern("concern")),
        Question("/search, common word", "search", lambda random: {"words": random.choice(common)}),
        Question("/search, rare word", "search", lambda random: {"words": random.choice(rare)}),
        Question(
            "/search, ten years", "search", lambda random: {"words": random.choice(common), "days": 3650}
        ),
        Question("/story", "story", story),
        Question("/why", "why", story),
        Question("/new, first time", "new"),
        Question("/new, again", "new", again=True),
        Question("/timeline", "timeline", concern("concern")),
        Question(
            "/timeline, a year", "timeline", lambda random: {**concern("concern")(random), "since": "365"}
        ),
        Question("/sources", "sources"),
        Question("completing a concern", "latest", lambda _: {"concern": "se"}, completes="concern"),
        Question(
            "completing a story",
            "story",
            lambda random: {"story": random.choice(common)[:4]},
            completes="story",
        ),
        Question("completing a zone", "settings timezone", lambda _: {"zone": "mex"}, completes="zone"),
    ]


def fill(path: Path, wanted: int) -> None:
    """A store with ``wanted`` articles at ``path``, if it has fewer."""
    database = Database.open(f"sqlite:///{path}")
    corpus = Corpus(seed=7)
    corpus.open(database, wanted)
    while corpus.made < wanted:
        corpus.store(database, min(BATCH, wanted - corpus.made))
    database.write_sync(housekeeping.optimize)  # as is done every week
    database.checkpoint()
    database.close()


def poll_once(context: AppContext, corpus: Corpus) -> None:
    """What a poll that brings 50 new articles does after parsing."""
    for one in corpus.batch(BATCH):
        context.matcher.judge(one.entry.title, one.entry.summary, one.language)
    corpus.store(context.database, BATCH)


async def poll(context: AppContext, corpus: Corpus, marks: list[float]) -> None:
    """200 articles a second, for ever; ``marks`` are the seconds of each batch."""
    while True:
        before = time.perf_counter()
        await asyncio.to_thread(poll_once, context, corpus)
        marks.append(time.perf_counter() - before)
        await asyncio.sleep(max(0.0, BATCH / ROWS_A_SECOND - marks[-1]))


@contextlib.asynccontextmanager
async def connected(path: Path) -> AsyncIterator[tuple[LoopbackDiscord, AppContext, Guild]]:
    """The bot, ready in one server, on the store at ``path``."""
    async with LoopbackDiscord(now=time.time) as discord:
        settings = Settings(
            _env_file=None,
            database_url=f"sqlite:///{path}",
            discord_api_base=discord.api,
            discord_gateway_url=discord.gateway_url,
        )
        guild = discord.world.add_guild("Frontera")
        async with open_context(settings, clock=Standing(), sources=(), pieces=pieces) as context:
            client = create_bot(context, settings, ready_seconds=0.02)
            running = asyncio.create_task(client.start(discord.token))
            try:
                while not client.is_ready():
                    await asyncio.sleep(0.01)
                yield discord, context, guild
            finally:
                await client.close()
                await asyncio.gather(running, return_exceptions=True)
        discord.faultless()


async def wait_of(
    discord: LoopbackDiscord, guild: Guild, person: Person, question: Question, given: dict[str, Any]
) -> float:
    """Milliseconds until the callback of one question came."""
    discord.calls.clear()
    for session in discord.gateway.sessions.values():
        del session.events[:-1]  # kept for resuming, and nothing of the bot's
    if question.completes:
        await discord.autocomplete(
            guild, person, question.command, question.completes, given[question.completes]
        )
    else:
        answer = await discord.slash(guild, person, question.command, given)
        assert "Reference:" not in answer.text and "Referencia:" not in answer.text, answer.text
    exchange = next(reversed(discord.interactions.exchanges.values()))
    callback = next(call for call in discord.calls if call.template.endswith("/callback"))
    discord.interactions.exchanges.clear()
    return 1000 * (callback.at - exchange.at)


async def measure(path: Path, wanted: int, rounds: int) -> dict[str, Any]:
    """Ask everything ``rounds`` times and say how long each answer took."""
    random = Random(1)
    async with connected(path) as (discord, context, guild):
        corpus = Corpus(seed=7)
        corpus.open(context.database, wanted)
        asked = questions(corpus)
        marks: list[float] = []
        polling = asyncio.create_task(poll(context, corpus, marks))
        for number in range(rounds):
            for question in asked:
                if not question.again:  # one who asks without end is told to wait
                    person = discord.world.add_person(locale=LOCALES[number % 2])
                took = await wait_of(discord, guild, person, question, question.given(random))
                (question.first if number < len(LOCALES) else question.waits).append(took)
                await asyncio.sleep(random.random() / 50)  # so that questions fall anywhere in a batch
        polling.cancel()
        await asyncio.gather(polling, return_exceptions=True)
        worst = max(one.p95 for one in asked)
        print(f"{'milliseconds':24}{'p50':>8}{'p95':>8}{'worst':>8}   first (en, es)")
        for one in asked:
            first = ", ".join(f"{took:.0f}" for took in one.first)
            print(f"{one.name:24}{one.p50:>8.1f}{one.p95:>8.1f}{max(one.waits):>8.1f}   {first}")
        print(f"batches of {BATCH} meanwhile: {len(marks)}, p50 {1000 * statistics.median(marks):.0f} ms")
        return {
            "articles": corpus.made,
            "rounds": rounds,
            "worst_p95_ms": round(worst, 1),
            "within_target": worst <= TARGET_MS,
            "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            "p95_ms": {one.name: round(one.p95, 1) for one in asked},
            "p50_ms": {one.name: round(one.p50, 1) for one in asked},
        }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=200, help="how often each question is asked")
    parser.add_argument("--keep", type=Path, help="a file to fill, or to use again")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        source = given.keep or Path(folder) / "filled.db"
        fill(source, given.articles)
        copy = Path(folder) / "vigia.db"
        shutil.copy(source, copy)
        found = asyncio.run(measure(copy, given.articles, given.rounds))
    print(json.dumps(found))


if __name__ == "__main__":
    main()

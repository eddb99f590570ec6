"""The queue: every due feed is polled by one worker, whoever dies; the same functions as in one process."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest
from discord.http import Route
from pydantic import ValidationError

from bot.app import open_context
from bot.chat.deliver import Delivery
from bot.chat.outcome import Membership
from bot.chat.rest_sender import RestGuildInfo, RestSender, SharedPace, create_rest_sender
from bot.chat.shards import Shards
from bot.clock import SystemClock
from bot.context import AppContext
from bot.domain.audience import DEFAULTS, Server
from bot.domain.digests import OutboxDraft
from bot.ingest.pipeline import IngestPipeline
from bot.jobs.periodic import periodic_jobs
from bot.operating import roles
from bot.pages.codec import dump_page
from bot.scale.heartbeat import Heartbeat
from bot.settings import Settings
from bot.store import articles, facts, feeds, guilds, outbox
from tests.chat.pages import digest
from tests.support.audience import spot
from tests.support.context import Room, room
from tests.support.crash_harness import FLEET, Torture
from tests.support.databases import Postgres, crash, own_server
from tests.support.discord import LoopbackDiscord
from tests.support.killing import alive, until
from tests.support.newsstand import Newsstand, paper, source

queue = pytest.importorskip("bot.scale.queue")

ROUNDS = 1
QUICK = Heartbeat(heartbeat=0.2, gone=0.6, rescue=1, tick=1)


@asynccontextmanager
async def desk_at(url: str, stand: Newsstand, count: int) -> AsyncIterator[AppContext]:
    sources = tuple(source(number) for number in range(count))
    settings = Settings(_env_file=None)
    async with open_context(settings, database_url=url, fetcher=stand, sources=sources) as context:
        yield context


def stand_of(count: int) -> Newsstand:
    stand = Newsstand()
    now = SystemClock().now()
    for number in range(count):
        title = f"Border Patrol agents find tunnel {number} under the border wall near Nogales"
        stand.papers[source(number).url] = paper(
            now, (f"t{number}", title), site=f"https://p{number}.example"
        )
    return stand


async def until_polled(context: AppContext) -> None:
    async with asyncio.timeout(60):
        while (
            await context.database.read(feeds.count_due, context.clock.now())
            or (await context.database.read(feeds.health_counts, DEFAULTS)).never_polled
        ):
            await asyncio.sleep(0.05)


async def test_two_workers_poll_every_feed_once_and_one_groups(postgres: Postgres) -> None:
    url, count = postgres.fresh(), 120
    stand = stand_of(count)
    async with desk_at(url, stand, count) as one, desk_at(url, stand, count) as other:
        workers = [queue.Queue(one, "one", QUICK), queue.Queue(other, "other", QUICK)]
        running = [asyncio.create_task(worker.run()) for worker in workers]
        await until_polled(one)
        for context in (one, other):
            await IngestPipeline(context, "any", Random()).settle(shared=True)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        assert sorted(request.url for request in stand.asked) == sorted(stand.papers)
        assert not await one.database.read(articles.ungrouped)
        found = await one.database.read(articles.window, one.clock.now() - timedelta(days=2))
        assert len(found) == count
    postgres.drop(url)


async def test_what_a_dead_worker_had_taken_is_done_by_another(postgres: Postgres) -> None:
    url, count = postgres.fresh(), 6
    stand = stand_of(count)
    hanging = asyncio.Event()

    class Hung(Newsstand):
        async def fetch(self, request):  # type: ignore[no-untyped-def]
            hanging.set()
            await asyncio.Event().wait()

    async with desk_at(url, Hung(), count) as dead, desk_at(url, stand, count) as alive:
        doomed = asyncio.create_task(queue.Queue(dead, "dead", QUICK).run())
        await hanging.wait()
        # As kill -9 leaves it: the job is under way, its feeds are claimed, and no sign of life comes.
        doomed_tasks = [task for task in asyncio.all_tasks() if task.get_name() == "update_heartbeats"]
        for task in doomed_tasks:
            task.cancel()
        healthy = asyncio.create_task(queue.Queue(alive, "alive", QUICK).run())
        await until_polled(alive)
        for task in (healthy, doomed):
            task.cancel()
        hung = [task for task in asyncio.all_tasks() if task.get_name().startswith("process job poll")]
        for task in hung:
            task.cancel()
        await asyncio.gather(healthy, doomed, *hung, return_exceptions=True)
        assert sorted(request.url for request in stand.asked) == sorted(stand.papers)
    postgres.drop(url)


async def test_a_tick_that_died_is_dropped_and_holds_up_no_rescue(postgres: Postgres) -> None:
    url, count = postgres.fresh(), 3
    async with desk_at(url, stand_of(count), count) as context:
        made = queue.Queue(context, "one", QUICK)
        async with made._app.open_async():
            await made._prepare()
            assert await made.announce() == count
            await made._app.configure_task("announce").defer_async(timestamp=1)
            # As two killed workers leave them: under way, and nobody at them. The next tick waits already.
            died = "UPDATE procrastinate_jobs SET status = 'doing', attempts = 1"
            await made._app.connector.execute_query_async(died)
            await made._app.configure_task("announce").defer_async(timestamp=2)
            assert await made.rescue() == 2
            jobs = sorted(
                (job.task_name, job.status) for job in await made._app.job_manager.list_jobs_async()
            )
            assert jobs == [("announce", "todo"), ("poll", "todo")]
    postgres.drop(url)


async def test_a_queue_of_another_version_is_made_anew(postgres: Postgres) -> None:
    url, count = postgres.fresh(), 3
    async with desk_at(url, stand_of(count), count) as context:
        made = queue.Queue(context, "one", QUICK)
        async with made._app.open_async():
            await made._prepare()
            await made.announce()
            await made._prepare()
            assert len(list(await made._app.job_manager.list_jobs_async())) == 1
            await context.database.write(facts.remember, queue.MADE_BY, "0.1")
            await made._prepare()
            assert not list(await made._app.job_manager.list_jobs_async())
    postgres.drop(url)


def test_a_hosts_feeds_are_in_one_job() -> None:
    by_host = {
        "a": list(range(30)),
        "b": list(range(30, 50)),
        "c": [50],
        "d": list(range(51, 130)),
        "e": [130],
    }
    assert queue.chunked(by_host, 50) == [
        list(range(50)),
        [50],
        list(range(51, 130)),
        [130],
    ]
    assert queue.chunked({}, 50) == []


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (1, "* * * * * */1"),
        (10, "* * * * * */10"),
        (60, "*/1 * * * *"),
        (900, "*/15 * * * *"),
        (3_600, "7 */1 * * *"),
        (21_600, "7 */6 * * *"),
        (86_400, "7 0 * * *"),
    ],
)
def test_every_so_many_seconds(seconds: int, expected: str) -> None:
    assert queue.cron(seconds) == expected


@pytest.mark.parametrize("seconds", [0, -60, 7, 90, 3_000, 5_400, 18_000, 172_800])
def test_what_no_clock_face_divides_into_is_refused(seconds: int) -> None:
    with pytest.raises(ValueError, match="no step"):
        queue.cron(seconds)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs many loopback addresses")
@pytest.mark.timeout(90 + 8 * ROUNDS)
async def test_roles_that_are_killed_lose_and_double_nothing(tmp_path: Path, postgres: Postgres) -> None:
    url = postgres.empty()
    async with Torture(tmp_path, url, seed=5) as torture:
        for _ in range(ROUNDS):
            await torture.round_of_roles()
        await torture.come_to_rest(*FLEET)
        await torture.check_complete()
    postgres.drop(url)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs many loopback addresses")
async def test_a_postgresql_that_fails_and_comes_back(tmp_path: Path) -> None:
    with own_server() as server:
        async with Torture(tmp_path, server.get_uri(), seed=3) as torture:
            pids = [await torture.start(role) for role in FLEET]
            assert await until(lambda: torture.present() == len(FLEET), 30)
            assert await until(lambda: bool(torture.discord.gateway.identifies), 30)
            assert await until(lambda: not torture.undone(), 60), torture.undone()
            torture.publish()
            asked = torture.asked
            assert await until(lambda: torture.asked > asked, 30)
            await crash(server)
            await asyncio.sleep(1)
            server.ensure_postgres_running()
            assert await until(lambda: not torture.undone(), 60), torture.undone()
            ended = [role for pid, role in zip(pids, FLEET, strict=True) if not alive(pid)]
            assert not ended, "nobody has to start anything again"
            for pid in pids:
                await torture.kill(pid)
            await torture.check_complete()


async def test_a_role_that_cannot_run_says_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    here = Settings(_env_file=None, database_url=f"sqlite:///{tmp_path / 'vigia.db'}")
    assert await roles.run(here, "worker") == 1
    assert "share a PostgreSQL" in capsys.readouterr().out
    there = {"_env_file": None, "database_url": "postgresql://nobody@127.0.0.1:9/none"}
    assert await roles.run(Settings(**there), "sender") == 1
    assert "No Discord token" in capsys.readouterr().out
    for wrong in ({"shard_count": 2}, {"shard_ids": "0-3"}, {"shard_count": 2, "shard_ids": "1-2"}):
        settings = Settings(**there, discord_token="t", **wrong)
        assert await roles.run(settings, "gateway") == 1
        assert "go together" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("given", "shards"),
    [("", ()), ("3", (3,)), ("0-2", (0, 1, 2)), ("0, 2-3 ,7", (0, 2, 3, 7)), ("4,4,3-5", (3, 4, 5))],
)
def test_shards_are_numbers_and_ranges(given: str, shards: tuple[int, ...]) -> None:
    assert Settings(_env_file=None, shard_ids=given).shards == shards


@pytest.mark.parametrize("given", ["a", "1--2", "-1", "1-2-3", "0;1", "5-3"])
def test_what_is_no_shard_is_refused(given: str) -> None:
    with pytest.raises(ValidationError):
        Settings(_env_file=None, shard_ids=given)


async def test_senders_share_one_budget(tmp_path: Path) -> None:
    with room(tmp_path) as made:
        senders = [SharedPace(made.context, per_second=4) for _ in range(2)]
        turns = []

        async def send(number: int) -> None:
            await senders[number % 2]()
            turns.append(made.clock.now())

        await asyncio.gather(*(send(number) for number in range(24)))
        for turn in turns:
            within = [one for one in turns if turn <= one < turn + timedelta(seconds=1)]
            assert len(within) <= 4
        assert turns[-1] - turns[0] < timedelta(seconds=8), "and what is allowed is used"


@pytest.fixture
async def courier(tmp_path: Path) -> AsyncIterator[tuple[Room, LoopbackDiscord, RestSender]]:
    base = Route.BASE
    with room(tmp_path) as made:
        async with LoopbackDiscord(now=lambda: made.clock.now().timestamp()) as discord:
            client = create_rest_sender(Settings(_env_file=None, discord_api_base=discord.api))
            running = asyncio.create_task(client.start(discord.token))
            while not client.is_ready():
                await asyncio.sleep(0.005)
            yield made, discord, client
            await client.close()
            await asyncio.gather(running, return_exceptions=True)
    Route.BASE = base


async def test_a_courier_asks_how_it_stands(courier: tuple[Room, LoopbackDiscord, RestSender]) -> None:
    made, discord, client = courier
    guild = discord.world.add_guild("Frontera")
    asked = RestGuildInfo(made.context, client)
    assert await asked.membership(guild.id) is Membership.PRESENT
    assert await asked.membership(guild.id + 1) is Membership.UNAVAILABLE, (
        "Discord not giving it is no proof of anything"
    )
    made.database.write_sync(guilds.joined, Server(guild.id), made.clock.now())
    made.database.write_sync(guilds.left, Server(guild.id), made.clock.now())
    assert await asked.membership(guild.id) is Membership.LEFT


async def test_a_courier_knows_its_rights(courier: tuple[Room, LoopbackDiscord, RestSender]) -> None:
    made, discord, client = courier
    guild = discord.world.add_guild("Frontera")
    asked = RestGuildInfo(made.context, client)
    rights = await asked.rights(guild.id, guild.channel.id)
    assert rights is not None and rights.read_message_history and rights.send_messages
    guild.bot_permissions &= ~(1 << 16)
    rights = await asked.rights(guild.id, guild.channel.id)
    assert rights is not None and not rights.read_message_history
    assert await asked.rights(guild.id, 1) is None and await asked.rights(1, 1) is None
    discord.faultless()


async def test_a_courier_posts_once_and_without_a_gateway(
    courier: tuple[Room, LoopbackDiscord, RestSender],
) -> None:
    made, discord, client = courier
    guild = discord.world.add_guild("Frontera")
    draft = OutboxDraft(
        spot(guild.id, guild.channel.id),
        "daily",
        made.clock.now().date(),
        0,
        dump_page(digest(1)),
        made.clock.now(),
    )
    made.database.write_sync(outbox.enqueue, [draft], now=made.clock.now())
    asked, pace = RestGuildInfo(made.context, client), SharedPace(made.context)
    senders = [Delivery(made.context, client, f"s{n}", known=asked, pace=pace) for n in range(2)]
    assert sum([await sender.send_due() for sender in senders]) == 1
    assert len(guild.channel.messages) == 1 and not discord.gateway.sessions
    discord.faultless()


async def test_shards_of_several_processes_identify_one_after_the_other(
    courier: tuple[Room, LoopbackDiscord, RestSender],
) -> None:
    made, _, client = courier
    one, other = (Shards(ids, 4, made.database, made.clock) for ids in ((0, 1), (2, 3)))
    turns = []
    for shards, shard in ((one, 0), (other, 2), (one, 1), (other, 3)):
        await shards.wait(client.http, shard)
        turns.append(made.clock.now())
    assert [later - earlier for earlier, later in pairwise(turns)] == [timedelta(seconds=6)] * 3


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs many loopback addresses")
async def test_a_gateway_answers_and_runs_no_schedule(tmp_path: Path, postgres: Postgres) -> None:
    url = postgres.empty()
    async with Torture(tmp_path, url, seed=1) as torture:
        torture.go_on(3_600)
        torture.publish()
        gateway = await torture.start("gateway")
        await torture.order(gateway)
        _, told = torture.orders[0]
        await told.done.wait()
        # Feeds and digests are due. Ticks would begin with the start: by now they would have.
        seen = torture.look()
        assert (torture.asked, seen.polls, seen.messages) == (0, 0, {}) and seen.due and seen.overdue
        assert not torture.discord.posts() and len(seen.zones) == 1
    postgres.drop(url)


async def test_the_queue_does_what_one_process_does(tmp_path: Path, postgres: Postgres) -> None:
    url = postgres.fresh()
    async with desk_at(url, stand_of(1), 1) as context:
        tasks = set(queue.Queue(context, "one", QUICK)._app.tasks)
        assert {chore.name for chore in periodic_jobs(context)} | {"announce", "rescue", "poll"} <= tasks
    postgres.drop(url)
    embedded = "import sys, bot.operating.serve; sys.exit('procrastinate' in sys.modules)"
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", embedded)
    assert await process.wait() == 0, "one process has no queue"

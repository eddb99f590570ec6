"""Work for several processes: a queue in PostgreSQL, kept by procrastinate.

::

    each minute, one worker:  due feeds ──> jobs of some fifty, a host's feeds together ──> announced
    any worker:               job ──> claim what is still due ──> poll, as in one process
    every few seconds, one:   jobs whose worker no longer gives a sign ──> tried again

A job may run twice: what it does is done once, because it claims each feed before it polls it, and a second
try takes over what the first had claimed. Nothing is lost with the queue either: feeds that are announced and
not taken are due again after a while.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from datetime import timedelta
from random import Random

import procrastinate
import structlog
from procrastinate import exceptions as faults
from procrastinate.jobs import Status
from procrastinate.types import JSONValue

from bot.context import AppContext
from bot.feeds.hosts import HostGate
from bot.ingest.poll import LEASE, Poller
from bot.jobs.periodic import MINUTE, periodic_jobs
from bot.jobs.ticks import Tick
from bot.scale.heartbeat import Heartbeat
from bot.store import facts, feeds, leases
from bot.store.errors import StoreError
from bot.store.leases import Taken

log = structlog.get_logger()

#: The queue's own schema, apart from the store's tables; the store remembers which version made it.
SCHEMA = "vigia_queue"
MADE_BY = "queue_made_by"
#: Feeds of one job. A killed worker repeats at most two jobs; more jobs than this cost more than polling.
CHUNK = 50
#: Feeds announced by one tick.
MOST_DUE = 20_000
#: An announced feed that no worker took is announced anew after this.
ANNOUNCED_FOR = timedelta(minutes=10)
#: Jobs of one worker at a time. Each polls many hosts at once; a second fills the first one's waiting.
CONCURRENCY = 2
#: A job that has outlived so many workers is probably what killed them. Its feeds come free by themselves.
MOST_TRIES = 5
#: What is finished and failed is kept this long for the operator.
KEEP_HOURS = 7 * 24
#: At the end, jobs get this long; then they are given back and another worker goes on.
CLOSING_SECONDS = 20.0
#: A database that went away is tried again after this.
AGAIN_SECONDS = 5.0
_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400

#: Higher ones are taken first: what divides and fixes the work must not wait behind it.
_RESCUE, _TICK, _POLL = 20, 10, 0


class Queue:
    """One worker of the queue in the open database, which must be on PostgreSQL."""

    def __init__(self, context: AppContext, owner: str, heartbeat: Heartbeat) -> None:
        self._context = context
        self._owner = owner
        self._heartbeat = heartbeat
        self._connected = False
        # One for all jobs of this process; a host's feeds are all in one job.
        self._gate = HostGate(context.clock, pause_for_loopback=False)
        address = context.database.address.url.set(drivername="postgresql")
        connector = procrastinate.PsycopgConnector(
            conninfo=address.render_as_string(hide_password=False),
            # The planner's cached plan for fetching a job is made while the table is empty, and is hopeless
            # when it is not: a slot of 2,000 feeds came to a stand at 65 without this.
            kwargs={
                "options": f"-c plan_cache_mode=force_custom_plan -c search_path={SCHEMA}",
                "application_name": "vigia-queue",
            },
            min_size=1,
            max_size=4,
        )
        self._app = procrastinate.App(connector=connector)
        self._poll = self._app.task(
            name="poll", queue="vigia", priority=_POLL, pass_context=True,
            retry=procrastinate.RetryStrategy(max_attempts=3, wait=10),
        )(self._poll_job)  # fmt: skip
        self._every(heartbeat.tick, Tick("announce", heartbeat.tick, self.announce), _TICK)
        self._every(heartbeat.rescue, Tick("rescue", heartbeat.rescue, self.rescue), _RESCUE)
        for job in periodic_jobs(context):
            self._every(heartbeat.tick if job.seconds <= MINUTE else job.seconds, job, _TICK)

    def is_connected(self) -> bool:
        """Whether jobs are taken."""
        return self._connected

    async def run(self) -> None:
        """Work until cancelled; what is under way is finished first. Waits for a database that is away."""
        while True:
            try:
                async with self._app.open_async():
                    await self._prepare()
                    self._connected = True
                    await self._app.run_worker_async(
                        queues=["vigia"],
                        name=self._owner,
                        concurrency=CONCURRENCY,
                        delete_jobs="successful",
                        install_signal_handlers=False,
                        shutdown_graceful_timeout=CLOSING_SECONDS,
                        update_heartbeat_interval=self._heartbeat.heartbeat,
                        stalled_worker_timeout=self._heartbeat.gone,
                    )
                    log.warning("queue_ended")
            except (faults.ConnectorException, StoreError, OSError) as fault:
                log.warning("queue_unreachable", problem=repr(fault))
            finally:
                self._connected = False
            await asyncio.sleep(AGAIN_SECONDS)

    async def announce(self) -> int:
        """Make jobs of the feeds that are due. Returns how many feeds."""
        now = self._context.clock.now()
        by_host = await self._context.database.read(feeds.due_by_host, now, limit=MOST_DUE)
        announced = 0
        for chunk in chunked(by_host, CHUNK):
            # First the job and then the mark: a crash in between announces them twice, which is harmless.
            name = f"poll:{int(now.timestamp())}:{chunk[0]}"
            try:
                await self._poll.configure(queueing_lock=name).defer_async(feed_ids=list[JSONValue](chunk))
            except faults.AlreadyEnqueued:
                continue
            announced += await self._context.database.write(
                feeds.announce, chunk, now=now, lease=ANNOUNCED_FOR
            )
        return announced

    async def rescue(self) -> int:
        """Give the jobs of workers that are gone to others. Returns how many."""
        manager = self._app.job_manager
        stalled = list(await manager.get_stalled_jobs(seconds_since_heartbeat=self._heartbeat.gone))
        for job in stalled:
            told = {"job": job.id, "task": job.task_name, "tries": job.attempts}
            if job.task_name != self._poll.name:
                # It comes again by itself. Tried again, it would run into its next time, which waits already.
                log.warning("tick_dropped", **told)
                await manager.finish_job(job, status=Status.FAILED, delete_job=True)
            elif job.attempts >= MOST_TRIES:
                log.error("job_given_up", **told)
                await manager.finish_job(job, status=Status.FAILED, delete_job=False)
            else:
                log.warning("job_rescued", **told)
                await manager.retry_job(job)
        await manager.delete_old_jobs(
            nb_hours=KEEP_HOURS, include_failed=True, include_cancelled=True, include_aborted=True
        )
        return len(stalled)

    async def _poll_job(self, context: procrastinate.JobContext, feed_ids: list[int]) -> None:
        job = f"job:{context.job.id}:"
        owner = f"{job}{context.job.attempts}"
        claimed = await self._context.database.write(
            feeds.claim_these, feed_ids, now=self._context.clock.now(), job=job, owner=owner, lease=LEASE
        )
        if claimed:
            await Poller(self._context, owner, Random(), self._gate).poll_claimed(claimed)
        # Passed over, because their host was busy elsewhere: the next tick announces them again.
        await self._context.database.write(feeds.release, feed_ids, feeds.ANNOUNCED)

    def _every(self, seconds: int, tick: Tick, priority: int) -> None:
        """Have a tick's work done by one worker at a time, every so many seconds."""

        async def job(timestamp: int) -> None:
            await tick.work()

        # A lock, so that it is never done beside itself; the rescue has none, or it could lock itself out.
        lock = None if priority == _RESCUE else tick.name
        task = self._app.task(
            name=tick.name, queue="vigia", priority=priority, lock=lock, queueing_lock=tick.name
        )(job)
        self._app.periodic(cron=cron(seconds), periodic_id=tick.name)(task)

    async def _prepare(self) -> None:
        """Make the queue's tables, if they are not there or another version made them. One process does.

        Making them anew loses nothing: what the queue holds follows from what the store holds due.
        """
        database = self._context.database
        while not await self._ready():
            now = self._context.clock.now()
            ttl = timedelta(minutes=1)
            taken = await database.write(leases.take, "queue-tables", self._owner, now=now, ttl=ttl)
            if taken is Taken.NO:
                await asyncio.sleep(0.5)
                continue
            if not await self._ready():
                await self._app.connector.execute_query_async(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
                await self._app.connector.execute_query_async(f"CREATE SCHEMA {SCHEMA}")
                await self._app.schema_manager.apply_schema_async()
                await database.write(facts.remember, MADE_BY, procrastinate.__version__)
                log.info("queue_created", version=procrastinate.__version__)
            await database.write(leases.remove, "queue-tables", self._owner)

    async def _ready(self) -> bool:
        made_by = await self._context.database.read(facts.recall, MADE_BY)
        return made_by == procrastinate.__version__ and await self._app.check_connection_async()


def chunked(by_host: Mapping[str, Iterable[int]], size: int) -> list[list[int]]:
    """Lists of about ``size`` feeds; those of one host are in one list, however many they are."""
    chunks: list[list[int]] = []
    filling: list[int] = []
    for ids in by_host.values():
        mine = list(ids)
        if filling and len(filling) + len(mine) > size:
            chunks.append(filling)
            filling = []
        filling += mine
    if filling:
        chunks.append(filling)
    return chunks


def cron(seconds: int) -> str:
    """Every so many seconds, as procrastinate wants it.

    Raises ValueError for what does not divide a minute, an hour or a day evenly: cron begins each anew.
    """
    if 0 < seconds < _MINUTE and _MINUTE % seconds == 0:
        return f"* * * * * */{seconds}"
    if _MINUTE <= seconds < _HOUR and _HOUR % seconds == 0 and seconds % _MINUTE == 0:
        return f"*/{seconds // _MINUTE} * * * *"
    if _HOUR <= seconds <= _DAY and _DAY % seconds == 0 and seconds % _HOUR == 0:
        return f"7 */{seconds // _HOUR} * * *" if seconds < _DAY else "7 0 * * *"
    raise ValueError(f"every {seconds} s is no step of a minute, an hour or a day")

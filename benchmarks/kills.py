"""kill -9 of the bot, hundreds of times at random points: is anything lost or doubled, or left to repair?

    python -m benchmarks.kills [--embedded 200] [--each-role 50] [--seed 7]

Embedded: one process on SQLite, killed while it starts or works, sometimes one of its parsers before it.
Roles: a gateway, two workers and two senders on a PostgreSQL from the ``dev`` extra; of each role so many are
killed while the others go on, and after each time all are. After every kill the store, Discord and the
machine are looked through, and time goes on by a minute or an hour. At the end the bots are let run until
nothing is left to do, and everything that was published, planned or confirmed must be there once. The first
fault ends it with an error. The stage is the suite's own (tests/support/crash_harness.py). Linux only.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from collections import Counter
from pathlib import Path

from tests.support.crash_harness import FLEET, Kill, Torture
from tests.support.databases import own_server
from tests.support.invariants import left_undone

ROLES = tuple(dict.fromkeys(FLEET))


async def embedded(kills: int, seed: int, folder: Path) -> None:
    async with Torture(folder, f"sqlite:///{folder / 'vigia.db'}", seed) as torture:
        while torture.kills["all"] < kills:
            told(torture, await torture.round(), kills)
        await torture.come_to_rest()
        await found_whole(torture, "embedded, SQLite")


async def in_roles(kills: int, seed: int, folder: Path) -> None:
    with own_server() as server:
        async with Torture(folder, server.get_uri(), seed) as torture:
            while any(torture.victims[role] < kills for role in ROLES):
                victim = min(ROLES, key=lambda role: torture.victims[role])
                told(torture, await torture.round_of_roles(victim), kills)
            await torture.come_to_rest(*FLEET)
            await found_whole(torture, "in roles, PostgreSQL")


def told(torture: Torture, kill: Kill, of: int) -> None:
    """A line for each kill; a fault would have been raised instead."""
    role = "the bot" if kill.role == "all" else kill.role
    parser = ", one of its parsers before" if kill.parser else ""
    number = torture.victims[kill.role]
    print(f"{number:4}/{of} {role} killed after {kill.seconds:.2f} s{parser}", flush=True)


async def found_whole(torture: Torture, name: str) -> None:
    """Print what was looked for, and raise AssertionError if anything of it is amiss."""
    seen, expected = torture.look(), torture.expected()
    confirmed = sum(told.done.is_set() for _, told in torture.orders)
    undone = left_undone(seen, expected)
    messages = list(torture.discord.world.messages())
    doubled = sum(count - 1 for count in Counter(message.nonce for message in messages).values())
    rows = {
        "kills": ", ".join(f"{role} {count}" for role, count in sorted(torture.kills.items())),
        "of them while the others went on": ", ".join(f"{r} {n}" for r, n in sorted(torture.victims.items())),
        "hours that went by": round(torture.ahead / 3600),
        "feeds asked, polls saved": f"{torture.asked}, {seen.polls}",
        "polled again because of a kill": torture.asked - seen.polls,
        "entries published": len(expected),
        "entries lost, double": f"{undone.get('entries lost', 0)}, {undone.get('entries double', 0)}",
        "digests due": len(torture.days_due()),
        "digests lost": len(torture.days_due() - seen.days) - torture.skipped,
        "digests given up after six hours": torture.skipped + seen.messages.get("skipped", 0),
        "messages posted, double": f"{len(messages)}, {doubled}",
        "tries at posting": len(torture.discord.posts()),
        "settings ordered, confirmed, done": f"{len(torture.orders)}, {confirmed}, {len(seen.zones)}",
        "claims left over": seen.claims,
        "jobs left in the queue": seen.jobs_left,
        "jobs given up": seen.jobs.get(("poll", "failed"), 0),
    }
    print(f"\n{name}")
    for what, value in rows.items():
        print(f"  {what:36}{value}")
    await torture.check_complete()
    print("  nothing lost, nothing double, nothing left behind\n", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--embedded", type=int, default=200)
    parser.add_argument("--each-role", type=int, default=50)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    for run, kills in ((embedded, given.embedded), (in_roles, given.each_role)):
        if kills:
            with tempfile.TemporaryDirectory() as folder:
                asyncio.run(run(kills, given.seed, Path(folder)))


if __name__ == "__main__":
    main()

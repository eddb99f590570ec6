"""Problems of an installation, each with the sentence that fixes it. Pure: the observations are passed in.

English: an operator reads it on a terminal, before a language is known, beside the English of the tools.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.locale import translator
from bot.pages.failures import failure_sentence
from bot.store.condition import ClockFaults, Condition, OverdueWork
from bot.store.leases import Lease

#: Work that is this late is not on its way any more: ten ticks.
LATE = timedelta(minutes=10)
#: Below this the next poll may fail; SQLite's log alone may take 64 MB and a backup takes the whole store.
LEAST_ROOM = 256 * 1024 * 1024
#: The log is folded into the file every 32 MB. Ten times that means that something holds it open.
LARGE_LOG = 320 * 1024 * 1024
#: Discord refuses nothing for a clock that is off, but a digest's hour and a feed's dates mean nothing then.
LARGE_SKEW = timedelta(seconds=30)
#: Zones change about twice a year; Mexico's changed in October 2022.
OLD_ZONES = timedelta(days=550)

RUN = "Start the bot: `python bot.py run`, or `systemctl start vigia`."


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """The result of one check. ``state`` is ``ok``, ``note`` (works as it is) or ``problem``; ``fix`` is
    advice.
    """

    state: str
    what: str
    found: str
    fix: str = ""


def of_schema(state: Condition) -> Diagnostic:
    """Whether this version can use the store as it is, or only once it is brought up to date."""
    if state.current:
        return Diagnostic("ok", "schema", f"{state.revision}, the newest")
    if state.foreign:
        fix = "Choose another file or database with VIGIA_DATABASE_URL."
        return Diagnostic("problem", "schema", "the tables of another program, and none of ours", fix)
    found = f"{state.revision or 'none yet'}; this version writes {state.newest}"
    if state.newer:
        fix = "Run the newer Vigía that wrote it, or restore a backup from before (docs/disaster.md)."
    else:
        fix = "Back it up, then run `python bot.py db upgrade` or start the bot, which does the same."
    return Diagnostic("problem", "schema", found, fix)


def of_store(state: Condition, now: datetime) -> Iterator[Diagnostic]:
    """The schema, the search index, and articles that nobody has put into a story."""
    yield of_schema(state)
    if not state.current:
        return
    if state.search_is_old:
        fix = "Run `python bot.py db upgrade`: it makes the index anew."
        yield Diagnostic(
            "problem", "search index", "made by another version, so some words are not found", fix
        )
    else:
        yield Diagnostic("ok", "search index", f"{state.rows.get('article', 0):,} articles")
    waits = state.ungrouped_since
    if waits is not None and now - waits > LATE:
        yield Diagnostic(
            "problem",
            "grouping",
            f"{tally(state.ungrouped, 'article')} unplaced, the first for {ago(now - waits)}: not shown yet",
            "Run `python bot.py poll`, which groups them too; if they stay, the log names the fault.",
        )
    else:
        yield Diagnostic(
            "ok",
            "grouping",
            "nothing waits" if waits is None else f"{tally(state.ungrouped, 'article')} just came",
        )
    if state.log_size > LARGE_LOG:
        yield Diagnostic(
            "problem",
            "write-ahead log",
            f"{megabytes(state.log_size)}: something keeps the store open and reading",
            "Close other programs that read the file (a SQLite browser, a copy), then restart the bot.",
        )


def of_room(free: int, size: int, place: str) -> Diagnostic:
    """The disk that the store is on. ``free`` and ``size`` in bytes."""
    if free < LEAST_ROOM:
        return Diagnostic(
            "problem",
            "disk",
            f"{megabytes(free)} free in {place}",
            "Free some room, or keep less (VIGIA_RETENTION_DAYS). A full disk loses nothing, only time.",
        )
    if free < size + LEAST_ROOM:
        found = f"{megabytes(free)} free, the store takes {megabytes(size)}"
        return Diagnostic(
            "note", "disk", found, "Write backups to another disk: one would not fit beside the store."
        )
    return Diagnostic("ok", "disk", f"{megabytes(free)} free")


def of_overdue_work(waiting: OverdueWork, *, running: bool) -> Iterator[Diagnostic]:
    """Overdue work."""
    restart = "Restart the bot; if it happens again, the log has a line `tick_failed` with the cause."
    fix = restart if running else RUN
    if waiting.lost_claims:
        found = f"{tally(waiting.lost_claims, 'feed')} claimed by a process that is gone"
        yield Diagnostic("problem" if running else "note", "feeds", found, fix)
    if waiting.overdue:
        yield Diagnostic("problem", "digests", f"{tally(waiting.overdue, 'digest')} overdue", fix)
    if waiting.stuck:
        yield Diagnostic(
            "problem", "outbox", f"{tally(waiting.stuck, 'message')} due and not being sent", fix
        )
    for cause, count in sorted(waiting.amiss.items()):
        state, _, reason = cause.partition(":")
        yield _message_diagnostic(state, reason, count)
    for reason, count in sorted(waiting.paused.items()):
        fixed = {"": "", "forbidden": f"{_RIGHTS_FIX} Then "}.get(reason, f"{_CHANNEL_FIX} Then ")
        yield Diagnostic(
            "note",
            "digests",
            f"{count} paused ({reason or 'by an admin'})",
            f"{fixed}/digest resume" + ("." if fixed else " when it is wanted again."),
        )
    if not (waiting.overdue or waiting.stuck or waiting.lost_claims):
        yield Diagnostic("ok", "work", "nothing is late")


_RIGHTS_FIX = "An admin grants View Channel and Send Messages in that channel."
_CHANNEL_FIX = "An admin chooses a channel that exists with /digest set."


def _message_diagnostic(state: str, reason: str, count: int) -> Diagnostic:
    if state == "unknown":
        return Diagnostic(
            "note",
            "outbox",
            f"{tally(count, 'message')} that may or may not have been posted, and not sent again",
            "Look into the channel. Read Message History lets the bot find out by itself next time.",
        )
    fixes = {"forbidden": _RIGHTS_FIX, "channel_missing": _CHANNEL_FIX}
    known = next((fix for word, fix in fixes.items() if word in reason), "The log names the fault.")
    return Diagnostic(
        "note", "outbox", f"{tally(count, 'message')} given up this week ({reason or 'unknown'})", known
    )


def of_feeds(causes: Mapping[str, int], total: int) -> Iterator[Diagnostic]:
    """Feeds that cannot be read, by cause. ``total``: how many are polled."""
    t = translator("en")
    failing = sum(causes.values())
    if total and failing == total:
        yield Diagnostic(
            "problem",
            "feeds",
            f"none of {total} feeds could be read",
            "Is there a way to the internet? `python bot.py check` tries three of them.",
        )
        return
    for cause, count in sorted(causes.items(), key=lambda item: (-item[1], item[0])):
        yield Diagnostic(
            "note", "feeds", f"{count} of {total}: {failure_sentence(t, cause)}", _feed_fix(cause)
        )
    if not total:
        yield Diagnostic("note", "feeds", "none yet", "The first start takes them from the catalogue.")
    elif not failing:
        yield Diagnostic("ok", "feeds", f"{total} are polled")


def _feed_fix(cause: str) -> str:
    if cause.startswith("http_4") or cause in ("gone", "html", "dns", "unknown_format", "empty"):
        return "`/sources` names them; give the new address in feeds.yaml, or set `enabled: false`."
    return "`/sources` names them. They are tried ever more rarely and come back by themselves."


def of_processes(here: Sequence[Lease], kind: str) -> Diagnostic:
    """The processes that work on this store. Each renews its row every minute."""
    names = ", ".join(f"{lease.owner} ({lease.name.split(':')[1]})" for lease in here)
    if not here:
        return Diagnostic("note", "processes", "no Vigía runs on this store", RUN)
    whole = any(lease.name.split(":")[1] == "all" for lease in here)
    if len(here) > 1 and (whole or kind == "sqlite"):
        return Diagnostic(
            "problem",
            "processes",
            f"one that does everything runs beside others: {names}",
            "Stop all but one, or run roles alone (docs/scaling.md): members are answered twice until then. "
            "One that was killed is listed for three more minutes.",
        )
    return Diagnostic("ok", "processes", names)


def of_queue(installed: bool) -> Diagnostic:
    """Whether a worker could run on this machine; only asked where the store is PostgreSQL."""
    if installed:
        return Diagnostic("ok", "queue", "a worker can run here")
    fix = "If one should: .venv/bin/pip install -e '.[scale]', in the bot's folder."
    return Diagnostic("note", "queue", "no worker can run here: procrastinate is not installed", fix)


def of_roles(here: Sequence[Lease]) -> Iterator[Diagnostic]:
    """Roles that no process has, where the work is divided."""
    played = {lease.name.split(":")[1] for lease in here}
    if not played or "all" in played:
        return
    for role, does in (("gateway", "answers"), ("worker", "reads feeds"), ("sender", "posts digests")):
        if role not in played:
            yield Diagnostic(
                "problem", "roles", f"nobody {does}", f"Start `python bot.py run --role {role}`."
            )


def of_clock(skew: timedelta | None) -> Diagnostic:
    """How far this clock is ahead of Discord's; None when that could not be found out."""
    if skew is None:
        return Diagnostic(
            "note", "clock", "not compared: Discord could not be reached", "Try again when online."
        )
    if abs(skew) > LARGE_SKEW:
        where = "ahead" if skew > timedelta() else "behind"
        return Diagnostic(
            "problem",
            "clock",
            f"{ago(abs(skew))} {where}",
            "Set it by the network, `timedatectl set-ntp true`: digests come at the wrong hour until then.",
        )
    return Diagnostic("ok", "clock", "agrees with Discord's")


def of_zones(version: str | None, zone: ZoneInfo, now: datetime) -> Diagnostic:
    """The table of time zones: that of the tzdata package, and what ``zone``, Mexico City's, says of July."""
    fix = "Run `.venv/bin/pip install --upgrade tzdata` and restart; upgrade the system's own tzdata too."
    july, january = (datetime(2026, month, 1, tzinfo=zone).utcoffset() for month in (7, 1))
    if july != january:
        return Diagnostic(
            "problem", "time zones", "from before October 2022: Mexico City still changes its clocks", fix
        )
    year = int(version.split(".")[0]) if version and version.split(".")[0].isdigit() else None
    if year is not None and now - datetime(year, 1, 1, tzinfo=now.tzinfo) > OLD_ZONES + timedelta(days=365):
        return Diagnostic(
            "problem", "time zones", f"tzdata {version} is old; zones change about twice a year", fix
        )
    return Diagnostic("ok", "time zones", f"tzdata {version}" if version else "the system's")


def of_clock_faults(found: ClockFaults) -> Iterator[Diagnostic]:
    """What a clock that was ahead has moved out of sight, and zones that this machine does not know."""
    if found.digests:
        yield Diagnostic(
            "problem",
            "digests",
            f"{tally(found.digests, 'digest')} due more than 8 days ahead: the clock was wrong once",
            "Check the clock; the bot computes them again within a minute of running.",
        )
    if found.feeds:
        names = ", ".join(found.feeds[:3])
        yield Diagnostic(
            "note",
            "feeds",
            f"{tally(len(found.feeds), 'feed')} due more than 8 days ahead: {names}",
            "Feeds that failed for 90 days are tried once in 30; for others, the clock was wrong once.",
        )
    if found.zones:
        names = ", ".join(repr(zone) for zone in found.zones[:3])
        yield Diagnostic(
            "problem",
            "time zones",
            f"{tally(len(found.zones), 'zone')} stored that this machine does not know, read as UTC: {names}",
            "Upgrade tzdata, or set another with /settings timezone in the server.",
        )


def of_rights(lacking: Mapping[int, Sequence[str]], asked: int) -> Iterator[Diagnostic]:
    """Channels with a digest in which the bot may not do what posting takes."""
    for channel, names in sorted(lacking.items()):
        if names == ("missing",):
            yield Diagnostic(
                "problem", "channels", f"channel {channel} is not there or not visible", _CHANNEL_FIX
            )
        else:
            yield Diagnostic(
                "problem",
                "channels",
                f"channel {channel} lacks {', '.join(names)}",
                "An admin grants them there.",
            )
    if not lacking and asked:
        yield Diagnostic("ok", "channels", f"{asked} looked at; the bot may post in all of them")


def ago(span: timedelta) -> str:
    """A span in its largest unit."""
    seconds = int(span.total_seconds())
    for size, unit in ((86400, "days"), (3600, "hours"), (60, "minutes")):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit}"
    return f"{seconds} seconds"


def tally(count: int, noun: str) -> str:
    """A count with its noun."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def megabytes(size: int) -> str:
    """Bytes as MB or GB."""
    mb = size / 1024 / 1024
    return f"{mb / 1024:,.1f} GB" if mb >= 1024 else f"{mb:,.0f} MB"

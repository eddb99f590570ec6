"""Pausing, resuming and removing feeds, one or many; lists of feeds in and out."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.commands.faults import UserFault
from bot.commands.feeds import feed_of, too_many_feeds
from bot.commands.spec import Arguments, Asker, Command, Parameter
from bot.context import AppContext
from bot.domain.audience import Owner, Terminal
from bot.domain.feeds import Feed
from bot.domain.page import Page
from bot.feeds.errors import OpmlError
from bot.feeds.exchange import FetchRequest
from bot.feeds.opml import MAX_BYTES, OpmlFeed, OpmlList, read_opml, write_opml
from bot.feeds.variants import typed_address
from bot.locale import message, translator
from bot.pages import feed_lists as pages
from bot.pages.failures import failure_sentence
from bot.pages.problem import problem_page
from bot.pages.wording import kind_name
from bot.store import facts, feeds
from bot.store.feeds import changing
from bot.store.types import key16, owner_key

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_ACTIONS = {
    pages.PAUSE.command: (pages.PAUSE, changing.PAUSE),
    pages.RESUME.command: (pages.RESUME, changing.RESUME),
    pages.REMOVE.command: (pages.REMOVE, changing.REMOVE),
}


async def pause(context: AppContext, asker: Asker, given: Arguments) -> Page:
    """Read feeds no longer until they are resumed."""
    return await _change(context, asker, given, "feeds pause")


async def resume(context: AppContext, asker: Asker, given: Arguments) -> Page:
    """Read paused feeds again."""
    return await _change(context, asker, given, "feeds resume")


async def remove(context: AppContext, asker: Asker, given: Arguments) -> Page:
    """Stop reading feeds in this server. Nothing is deleted, and one press brings them back."""
    return await _change(context, asker, given, "feeds remove")


async def undo(context: AppContext, asker: Asker, given: Arguments) -> Page:
    """Undo the last change of feeds."""
    undone = await context.database.write(
        changing.undo_feeds,
        asker.owner,
        given.get("token", ""),
        by=asker.user,
        now=context.clock.now(),
    )
    if undone is None:
        raise UserFault(
            message("That change is no longer the latest one, so it cannot be undone."),
            message("/feeds list shows how things are."),
        )
    return pages.undone_page(translator(asker.language), undone)


async def export(context: AppContext, asker: Asker, given: Arguments) -> Page:
    """This server's feeds as OPML."""
    t = translator(asker.language)
    known = await context.database.read(feeds.feeds_of, asker.owner)
    own = given.get("which") == "added"
    chosen = [feed for feed in known if feed.active and (not own or feed.scope == "added")]
    listed = [
        OpmlFeed(feed.url, feed.title or feed.publisher, "", kind_name(t, feed.kind), feed.language)
        for feed in chosen
    ]
    data = write_opml(t("Feeds of this server"), listed, context.clock.now())
    return pages.export_page(t, len(listed), "vigia-feeds.opml", data)


async def import_feeds(context: AppContext, asker: Asker, given: Arguments) -> Page:
    """Look at a list of feeds, and follow them once that has been seen and confirmed."""
    t, owner = translator(asker.language), asker.owner
    if "confirm" in given:
        return await _follow_import(context, asker, given["confirm"])
    source = given.get("file") or given.get("address")
    if source is None:
        raise UserFault(message("Which list? Upload an OPML file, or give its address."))
    try:
        data = await _read_source(context, asker, source)
        found = await asyncio.to_thread(read_opml, data)
    except _Unread as problem:
        return problem_page(t, failure_sentence(t, problem.code))
    except OpmlError as fault:
        return problem_page(t, t(_FAULTS[fault.code]))
    plan = await context.database.write(_plan_import, owner, found, now=context.clock.now())
    return pages.import_page(t, plan, changing.MOST_ADDED)


_FAULTS = {
    "not_opml": message("That is not an OPML file."),
    "too_large": message("That file is larger than any list of feeds."),
    "too_many_feeds": message("That list has more feeds than are allowed."),
}


class _Unread(Exception):
    """A list that could not be fetched, with the code of why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


async def _change(context: AppContext, asker: Asker, given: Arguments, command: str) -> Page:
    """One feed at once; many after a look at which, and again if that has changed since."""
    t, owner = translator(asker.language), asker.owner
    verb, action = _ACTIONS[command]
    one: Feed | None = None
    if "feed" in given:
        one = await feed_of(context, owner, given["feed"])
        chosen: Sequence[Feed] = (one,)
    elif "which" in given:
        known = await context.database.read(feeds.feeds_of, owner)
        chosen = _which(known, given["which"], paused=command == "feeds resume")
        if not chosen:
            raise UserFault(message("No feed here matches that."), message("/feeds list shows them."))
        if given.get("confirm") != str(len(chosen)):
            return pages.confirm_page(t, verb, chosen, {"which": given["which"]})
    else:
        raise await _asked_which(context, owner, command)
    changed = await _write(context, asker, [feed.id for feed in chosen], action)
    return pages.changed_page(t, verb, changed.count, changed.token, one)


async def _asked_which(context: AppContext, owner: Owner, command: str) -> UserFault:
    """The question which feed is meant, with those that there are, failing ones first."""
    known = await context.database.read(feeds.feeds_of, owner)
    offered = _which(known, "all", paused=command == "feeds resume")
    if not offered:
        return UserFault(message("No feed here matches that."), message("/feeds list shows them."))
    offered.sort(key=lambda feed: feed.health not in feeds.FAILING)
    return UserFault(
        message("Which feed?"), message("Choose one, name it with “feed”, or several with “which”.")
    ).offering("feed", lambda t: [(feed.name, str(feed.id)) for feed in offered])


async def _write(context: AppContext, asker: Asker, feed_ids: Sequence[int], action: str) -> changing.Changed:
    """Change the server's feeds. Raises UserFault where they would be too many."""
    owner, now = asker.owner, context.clock.now()
    try:
        return await context.database.write(
            changing.change_feeds, owner, feed_ids, action, by=asker.user, now=now
        )
    except changing.TooManyFeeds:
        raise too_many_feeds() from None


def _which(known: Sequence[Feed], which: str, *, paused: bool) -> list[Feed]:
    """The feeds that a word means, of those that are read, or of those that are paused."""
    there = [feed for feed in known if (feed.scope == "paused" if paused else feed.active)]
    match which:
        case "failing":
            return [feed for feed in there if feed.health in feeds.FAILING]
        case "en" | "es":
            return [feed for feed in there if feed.language == which]
        case "added":
            return [feed for feed in there if not feed.is_default]
        case _:
            return there


async def _read_source(context: AppContext, asker: Asker, source: str) -> bytes:
    # The terminal reads files of its own machine; nobody else's are read.
    if isinstance(asker.view, Terminal) and "://" not in source:
        return await asyncio.to_thread(_read_file, source)
    result = await context.fetcher.fetch(FetchRequest(typed_address(source)))
    if result.failure:
        raise _Unread(result.failure)
    if result.status != 200 or result.body is None:
        raise _Unread(f"http_{result.status}")
    return result.body


def _read_file(name: str) -> bytes:
    try:
        with Path(name).expanduser().open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as problem:  # a name with a null character is none
        raise UserFault(message("The file “{name}” cannot be read."), name=name[:80]) from problem


def _plan_import(session: Session, owner: Owner, found: OpmlList, *, now: datetime) -> pages.ImportPlan:
    """Which feeds of a list are new here. They get a row, so that a button can mean them."""
    room = changing.MOST_ADDED - sum(feed.scope == "added" for feed in feeds.feeds_of(session, owner))
    followed, beyond = 0, 0
    ids: list[int] = []
    fresh: list[tuple[str, str]] = []
    for one in found.feeds:
        known = feeds.feed_by_url(session, one.url, owner)
        if known is not None and known.scope in ("default", "added"):
            followed += 1
        elif len(fresh) >= room:
            beyond += 1
        else:
            feed = known or _candidate(session, one, now)
            if feed.id not in ids:
                ids.append(feed.id)
                fresh.append((one.title or feed.publisher, feed.url))
    token = key16(f"{owner_key(owner)}|{now.isoformat()}|{ids}").hex()[:8]
    facts.remember(
        session, facts.of_guild(facts.FEEDS_LISTED, owner), json.dumps({"token": token, "ids": ids})
    )
    return pages.ImportPlan(found.title, tuple(fresh), followed, len(found.skipped), beyond, token)


def _candidate(session: Session, one: OpmlFeed, now: datetime) -> Feed:
    host = urlsplit(one.url).hostname or one.url
    return feeds.add_candidate(
        session,
        url=one.url,
        publisher=one.title or host,
        title=one.title,
        language=one.language[:2].lower() if one.language[:2].lower() in ("en", "es") else "en",
        now=now,
    )


async def _follow_import(context: AppContext, asker: Asker, token: str) -> Page:
    owner = asker.owner
    stored = await context.database.read(facts.recall, facts.of_guild(facts.FEEDS_LISTED, owner))
    record = json.loads(stored) if stored else {}
    if record.get("token") != token:
        raise UserFault(
            message("Another list was looked at since, so this one is not followed."),
            message("Give it to /feeds import again."),
        )
    changed = await _write(context, asker, record["ids"], changing.IMPORT)
    return pages.changed_page(translator(asker.language), pages.ADD, changed.count, changed.token)


_FEED = Parameter("feed", message("Which feed"), "feed")
_CONFIRM = Parameter("confirm", message("Confirm"), hidden=True)
_SETS = (
    ("failing", message("those that fail")),
    ("en", message("those in English")),
    ("es", message("those in Spanish")),
    ("added", message("those added here")),
    ("all", message("all")),
)
_WHICH = Parameter("which", message("Several feeds at once; they are shown first"), "choice", choices=_SETS)

COMMANDS = (
    Command(
        "feeds pause",
        message("Stop reading feeds for a while"),
        pause,
        (_FEED, _WHICH, _CONFIRM),
        admin=True,
    ),
    Command(
        "feeds resume", message("Read paused feeds again"), resume, (_FEED, _WHICH, _CONFIRM), admin=True
    ),
    Command(
        "feeds remove",
        message("Stop reading feeds in this server"),
        remove,
        (_FEED, _WHICH, _CONFIRM),
        admin=True,
    ),
    Command(
        "feeds undo",
        message("Undo the last change of feeds"),
        undo,
        (Parameter("token", message("Which change"), hidden=True),),
        admin=True,
    ),
    Command(
        "feeds export",
        message("This server's feeds as a file (OPML)"),
        export,
        (
            Parameter(
                "which",
                message("All feeds, or those added here"),
                "choice",
                choices=(("all", message("all")), ("added", message("those added here"))),
            ),
        ),
        admin=True,
    ),
    Command(
        "feeds import",
        message("Follow the feeds of a list (OPML)"),
        import_feeds,
        (
            Parameter("file", message("An OPML file"), "file"),
            Parameter("address", message("The address of an OPML file")),
            _CONFIRM,
        ),
        admin=True,
        slow=True,
    ),
)

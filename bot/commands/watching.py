"""A server's own phrases: tested, saved, listed, removed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from bot.commands.arguments import fold
from bot.commands.faults import UserFault
from bot.commands.phrase_faults import phrase_fault
from bot.commands.spec import Arguments, Asker, Command, Parameter
from bot.context import AppContext
from bot.domain.audience import Owner
from bot.domain.page import Page
from bot.locale import message, translator
from bot.pages.watch import dry_run_page, list_page, removed_page, saved_page
from bot.store import watches, watching
from bot.store.watching import Watch
from bot.topics.phrases import PhraseFault, read_phrases

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

#: What did not match is kept for 30 days, so that a dry run can look back as far.
DAYS = 30
_LONGEST_NAME = 60


async def add(context: AppContext, asker: Asker, given: Arguments) -> Page:
    """Show what phrases would have found, and save them once that is confirmed."""
    if "candidate" in given:
        return await _confirm(context, asker, given["candidate"])
    if "phrases" not in given or "concern" not in given:
        raise UserFault(
            message("A watch needs phrases and the concern under which to show what they find."),
            message('For example /watch add phrases:"Suchiate, Tecún Umán" concern:"Border security"'),
        )
    return await _try(context, asker, given)


async def try_out(context: AppContext, asker: Asker, given: Arguments) -> Page:
    """Show what phrases would have found in the last 30 days."""
    return await _try(context, asker, given)


async def list_watches(context: AppContext, asker: Asker, given: Arguments) -> Page:
    """The phrases that this server watches for."""
    since = context.clock.now() - timedelta(days=DAYS)
    known = await context.database.read(watches.of_guild, asker.owner, since)
    return list_page(translator(asker.language), context.brief, known)


async def remove(context: AppContext, asker: Asker, given: Arguments) -> Page:
    """Stop watching; one press brings it back."""
    owner, now = asker.owner, context.clock.now()

    def change(session: Session) -> Watch:
        watch = _named(session, owner, given["watch"], now)
        return watches.remove(session, owner, watch.id, by=asker.user, now=now) or watch

    return removed_page(translator(asker.language), await context.database.write(change))


async def _try(context: AppContext, asker: Asker, given: Arguments) -> Page:
    """A dry run; with a concern, the phrases are kept as a candidate that a button can confirm."""
    owner, now, concern = asker.owner, context.clock.now(), given.get("concern")
    phrases = await _phrases(context, asker, given["phrases"])
    run = await context.database.read(
        watching.dry_run, owner, phrases, concern, since=now - timedelta(days=DAYS)
    )
    candidate: Watch | None = None
    if concern is not None and run.found <= watches.TOO_BROAD:
        candidate = await _propose(context, asker, given.get("name") or phrases[0], concern, phrases)
    return dry_run_page(
        translator(asker.language), context.brief, phrases, run, DAYS, concern=concern, candidate=candidate
    )


async def _propose(
    context: AppContext, asker: Asker, name: str, concern: str, phrases: tuple[str, ...]
) -> Watch:
    """The phrases as a candidate. Raises UserFault."""
    try:
        found = await context.database.write(
            watches.propose,
            asker.owner,
            name=name[:_LONGEST_NAME],
            concern=concern,
            phrases=phrases,
            by=asker.user,
            now=context.clock.now(),
        )
    except watches.WatchLimit as limit:
        raise _too_many() from limit
    if found is None:
        raise UserFault(
            message("A watch “{name}” is already active."),
            message("Give another name, or remove it first: /watch remove."),
            name=name[:_LONGEST_NAME],
        )
    return found


async def _confirm(context: AppContext, asker: Asker, token: str) -> Page:
    owner, now = asker.owner, context.clock.now()

    def read(session: Session) -> list[dict[str, Any]] | None:
        candidate = watches.by_token(session, owner, token)
        return watches.past_hits(session, candidate, now - timedelta(days=DAYS)) if candidate else None

    # Read before the write, and not in it: it may take a second, and nothing else could be stored meanwhile.
    past, saved = await context.database.read(read), None
    if past is not None:
        try:
            saved = await context.database.write(watches.confirm, owner, token, past, by=asker.user, now=now)
        except watches.WatchLimit as limit:
            raise _too_many() from limit
    if saved is None:
        raise UserFault(
            message("These phrases can no longer be saved: they were changed, or a day has passed."),
            message("Try them once more with /watch add."),
        )
    return saved_page(translator(asker.language), context.brief, saved)


def _too_many() -> UserFault:
    return UserFault(
        message("This server has {most} watches, the maximum."),
        message("Remove one with /watch remove."),
        most=watches.MOST_WATCHES,
    )


def _named(session: Session, owner: Owner, text: str, now: datetime) -> Watch:
    """The watch that a button or a reader means. Raises UserFault."""
    by_token = watches.by_token(session, owner, text)
    if by_token is not None and by_token.confirmed_at is not None:
        return by_token
    known = watches.of_guild(session, owner, now)
    wanted = fold(text)
    for watch in known:
        if fold(watch.name) == wanted:
            return watch
    raise UserFault(
        message("This server has no watch “{name}”."),
        message("/watch list shows them."),
        name=text[:_LONGEST_NAME],
    ).offering("watch", lambda t: [(watch.name, watch.name) for watch in known])


async def _phrases(context: AppContext, asker: Asker, text: str) -> tuple[str, ...]:
    try:
        return read_phrases(text)
    except PhraseFault as fault:
        raise await phrase_fault(context, asker, fault) from None


_PHRASES = message("Words as they appear in texts, separated by commas")
_CONCERN = message("Under which concern to show what is found")

COMMANDS = (
    Command(
        "watch add",
        message("Watch for this server's own phrases, after a try over the last 30 days"),
        add,
        (
            Parameter("phrases", _PHRASES),
            Parameter("concern", _CONCERN, "concern"),
            Parameter("name", message("What to call it; the first phrase if left out")),
            Parameter("candidate", message("Phrases that were tried"), hidden=True),
        ),
        admin=True,
        slow=True,
    ),
    Command(
        "watch test",
        message("What phrases would have found in the last 30 days; nothing is saved"),
        try_out,
        (
            Parameter("phrases", _PHRASES, required=True, example="Suchiate, Tecún Umán"),
            Parameter("concern", _CONCERN, "concern"),
        ),
        admin=True,
        slow=True,
    ),
    Command("watch list", message("The phrases that this server watches for"), list_watches, admin=True),
    Command(
        "watch remove",
        message("Stop watching for phrases"),
        remove,
        (Parameter("watch", message("Which watch, by its name"), "watch", required=True),),
        admin=True,
    ),
)

"""A server's digests: how each is set, a preview, and one right now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from bot.commands.arguments import chosen_concerns, place_here
from bot.commands.faults import UserFault
from bot.commands.hours import minute_of_day
from bot.commands.spec import NONE, Arguments, Asker, Command, Parameter, given_channel, given_id
from bot.context import AppContext
from bot.domain.audience import Place, ServerChannel
from bot.domain.digests import DigestOutcome, DigestSubscription
from bot.domain.page import Page, Request
from bot.domain.schedule import EVERY_DAY, FARTHEST, WORKING_DAYS, local_day, next_due
from bot.locale import message, translator
from bot.pages.digest_outcomes import history_page
from bot.pages.digests import (
    WEEKDAYS,
    digest_paused_page,
    digest_remove_page,
    digest_removed_page,
    digest_resumed_page,
    digest_set_page,
    digest_status_page,
)
from bot.store import digests, guild_setup, outcomes
from bot.store.types import place_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

#: States of a digest of which a page says that it was posted.
POSTED = ("sent", "partly")
#: Digests on one page of the history.
PER_PAGE = 10

_DAYS = {
    "daily": EVERY_DAY,
    "weekdays": WORKING_DAYS,
    **{name.lower(): 1 << day for day, name in enumerate(WEEKDAYS)},
}


async def set_digest(context: AppContext, asker: Asker, given: Arguments) -> Page:
    """Give a channel its digest, or change what is given of it; with nothing given, show what is set."""
    if not set(given) - {"channel"}:
        return await _known_digest(context, asker, given)
    owner, choice, now = asker.owner, digest_choice(given), context.clock.now()

    def change(session: Session) -> tuple[DigestSubscription, DigestOutcome | None]:
        known = digests.subscriptions_of(session, owner)
        place = _place(asker, given, known)
        if "time" not in given and all(one.place != place for one in known):
            raise _no_hour()
        made = guild_setup.change_digest(
            session, place, context.default_settings, choice, by=asker.user, now=now
        )
        return made, outcomes.last(session, place)

    try:
        made, last = await context.database.write(change)
    except guild_setup.DigestLimit as limit:
        raise too_many_digests() from limit
    first = local_day(next_due(now, made.minute_of_day, made.zone, made.days), made.zone)
    waits = last is not None and last.day == first and last.state in POSTED
    return digest_set_page(translator(asker.language), context.brief, made, waits=waits)


async def _known_digest(context: AppContext, asker: Asker, given: Arguments) -> Page:
    """How the digest of a channel is set. Raises UserFault where it has none."""

    def read(session: Session) -> _Shown:
        known = digests.subscriptions_of(session, asker.owner)
        place = _place(asker, given, known)
        there = next((one for one in known if one.place == place), None)
        if there is None:
            raise _no_hour()
        return _Shown(known, there, outcomes.last(session, place))

    return _status_page(context, asker, await context.database.read(read))


def _no_hour() -> UserFault:
    return UserFault(
        message("A new digest needs an hour."), message("Give “time”, such as 08:00, or use /setup.")
    )


def digest_choice(given: Arguments) -> guild_setup.DigestChoice:
    """The digest settings among the arguments. Raises UserFault."""
    options: dict[str, object] = {
        name: given[argument] == "yes"
        for name, argument in (("silent", "quiet"), ("publish", "publish"))
        if argument in given
    }
    if "concerns" in given:
        options["concerns_chosen"] = True  # all of them is a choice too
    if "role" in given:
        options["role"] = str(given_id(given, "role") or "")
    return guild_setup.DigestChoice(
        minute_of_day=minute_of_day(given["time"]) if "time" in given else None,
        days=_DAYS[given["days"]] if "days" in given else None,
        concerns=chosen_concerns(given["concerns"]) if "concerns" in given else None,
        empty_day=given.get("empty"),
        options=options,
    )


def too_many_digests() -> UserFault:
    """The fault where a server has the maximum of digests."""
    return UserFault(
        message("This server has {most} digests, the maximum."),
        message("Remove one with /digest remove."),
        most=guild_setup.MOST_DIGESTS,
    )


async def status(context: AppContext, asker: Asker, given: Arguments) -> Page:
    """How this server's digests are set, and whether they run. One that is due too far ahead is set anew."""
    owner, now = asker.owner, context.clock.now()

    def read(session: Session) -> _Shown:
        known = digests.subscriptions_of(session, owner)
        shown = selected_digest(asker, given, known)
        last = outcomes.last(session, shown.place) if shown is not None else None
        return _Shown(known, shown, last, digests.too_far(session, now) > 0)

    def repair(session: Session) -> tuple[_Shown, _Shown]:
        before = read(session)
        digests.reschedule_too_far(session, now)
        return before, read(session)

    found, was_due = await context.database.read(read), None
    if found.astray:
        before, found = await context.database.write(repair)
        was_due = before.shown.next_due_at if before.shown is not None else None
        if was_due is not None and was_due <= now + FARTHEST:
            was_due = None
    return _status_page(context, asker, found, was_due)


async def history(context: AppContext, asker: Asker, given: Arguments) -> Page:
    """The past digests of this server or of one channel: when posted, how late, why refused."""
    place = given_place(asker, given)
    before = int(given["before"]) if "before" in given else None
    found = await context.database.read(
        outcomes.history, asker.owner, place=place, before=before, limit=PER_PAGE + 1
    )
    shown, more = found[:PER_PAGE], None
    if len(found) > PER_PAGE:
        kept = {name: value for name, value in given.items() if name == "channel"}
        more = Request("digest history", {**kept, "before": str(shown[-1].id)})
    return history_page(translator(asker.language), shown, more)


async def pause(context: AppContext, asker: Asker, given: Arguments) -> Page:
    """Stop a digest until it is resumed."""
    now = context.clock.now()

    def change(session: Session) -> DigestSubscription:
        chosen = _chosen(session, asker, given)
        digests.pause(session, chosen.id, reason=digests.BY_ADMIN, by=asker.user, now=now)
        return chosen

    return digest_paused_page(translator(asker.language), await context.database.write(change))


async def resume(context: AppContext, asker: Asker, given: Arguments) -> Page:
    """Resume a digest."""
    now = context.clock.now()

    def change(session: Session) -> DigestSubscription:
        chosen = _chosen(session, asker, given)
        return chosen._replace(next_due_at=digests.resume(session, chosen.id, by=asker.user, now=now))

    return digest_resumed_page(translator(asker.language), await context.database.write(change))


async def remove(context: AppContext, asker: Asker, given: Arguments) -> Page:
    """Delete a digest, once that is confirmed."""
    t, now = translator(asker.language), context.clock.now()
    if given.get("confirm") != "yes":
        return digest_remove_page(t, await context.database.read(_chosen, asker, given))

    def change(session: Session) -> None:
        chosen = _chosen(session, asker, given)
        digests.remove_subscription(session, chosen.id, by=asker.user, now=now)

    await context.database.write(change)
    return digest_removed_page(t)


class _Shown(NamedTuple):
    """A server's digests, the one that is shown with what became of its last; whether any is due too far
    ahead.
    """

    known: Sequence[DigestSubscription]
    shown: DigestSubscription | None
    last: DigestOutcome | None
    astray: bool = False


def _status_page(context: AppContext, asker: Asker, found: _Shown, was_due: datetime | None = None) -> Page:
    t = translator(asker.language)
    return digest_status_page(t, context.brief, found.known, found.shown, found.last, was_due)


def selected_digest(
    asker: Asker, given: Arguments, known: Sequence[DigestSubscription]
) -> DigestSubscription | None:
    """The digest that a command refers to: the given channel's, else this channel's, else the first.

    None where there are none. Raises UserFault for a channel that has none.
    """
    wanted = given_place(asker, given) or asker.place
    there = next((one for one in known if one.place == wanted), None)
    if there is None and "channel" in given:
        raise UserFault(
            message("That channel has no digest."),
            message("/digest status shows those there are, and /digest set makes one."),
        )
    return there or next(iter(known), None)


def _chosen(session: Session, asker: Asker, given: Arguments) -> DigestSubscription:
    """The digest that a command refers to. Raises UserFault."""
    chosen = selected_digest(asker, given, digests.subscriptions_of(session, asker.owner))
    if chosen is None:
        raise UserFault(message("No digest is set in this server yet."), message("/setup sets one."))
    return chosen


def given_place(asker: Asker, given: Arguments) -> Place | None:
    """The place that is named; None if none is. The terminal is the only place there, whatever is named."""
    channel_id = given_id(given, "channel")
    return None if channel_id is None else place_of(asker.owner, channel_id)


def _place(asker: Asker, given: Arguments, known: list[DigestSubscription]) -> Place:
    """The place: the given one, else this one, or that of the only digest where no new one is set."""
    given_one = given_place(asker, given)
    if given_one is not None:
        return given_one
    if "time" not in given and len(known) == 1:
        return known[0].place
    return place_here(asker)


async def _set_channel(context: AppContext, asker: Asker, given: Arguments) -> int | None:
    """Where a digest that is set is posted."""
    known = await context.database.read(digests.subscriptions_of, asker.owner)
    return _number(_place(asker, given, known))


async def resumed_channel(context: AppContext, asker: Asker, given: Arguments) -> int | None:
    """The channel of the digest that a command refers to."""
    chosen = await given_channel(context, asker, given)
    if chosen is not None:
        return chosen
    there = selected_digest(asker, {}, await context.database.read(digests.subscriptions_of, asker.owner))
    return _number(there.place) if there is not None else None


def _number(place: Place) -> int | None:
    """A server's channel by its id; None in the terminal, where no rights are asked."""
    return place.id if isinstance(place, ServerChannel) else None


YES_NO = (("yes", message("yes")), ("no", message("no")))
#: Which of a server's digests is meant.
WHICH = Parameter("channel", message("The digest of which channel"), "channel")

COMMANDS = (
    Command(
        "digest set",
        message("A digest, at an hour of this server's own zone"),
        set_digest,
        (
            Parameter("time", message("When, such as 08:00")),
            Parameter("channel", message("Where; here if you leave it out"), "channel"),
            Parameter(
                "days",
                message("On which days"),
                "choice",
                choices=(
                    ("daily", message("every day")),
                    ("weekdays", message("Monday to Friday")),
                    *((name.lower(), name) for name in WEEKDAYS),
                ),
            ),
            Parameter("concerns", message("Which concerns, separated by commas"), "concerns"),
            Parameter(
                "empty",
                message("On a day without news"),
                "choice",
                choices=(("line", message("one line")), ("silence", message("no post"))),
            ),
            Parameter(
                "role",
                message("A role to tell; it alone is told"),
                "role",
                choices=((NONE, message("nobody")),),
            ),
            Parameter("quiet", message("Post without a sound"), "choice", choices=YES_NO),
            Parameter("publish", message("Publish in announcement channels"), "choice", choices=YES_NO),
        ),
        admin=True,
        destination=_set_channel,
    ),
    Command(
        "digest status", message("How the digest is set, and whether it runs"), status, (WHICH,), admin=True
    ),
    Command(
        "digest history",
        message("What was posted, when, how late, and what was refused"),
        history,
        (WHICH, Parameter("before", message("Older than which"), "whole", low=1, hidden=True)),
        admin=True,
    ),
    Command("digest pause", message("Stop the digest for a while"), pause, (WHICH,), admin=True),
    Command(
        "digest resume",
        message("Resume a digest"),
        resume,
        (WHICH,),
        admin=True,
        destination=resumed_channel,
    ),
    Command(
        "digest remove",
        message("Remove a digest from a channel"),
        remove,
        (WHICH, Parameter("confirm", message("Confirm"), hidden=True)),
        admin=True,
    ),
)

"""A server's digests: how each is set, a preview, and one right now."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from bot.commands.arguments import chosen_concerns, place_here
from bot.commands.faults import UserFault
from bot.commands.hours import minute_of_day
from bot.commands.spec import NONE, Arguments, Asker, Command, Parameter, given_channel, given_id
from bot.context import AppContext
from bot.domain.audience import Place, ServerChannel
from bot.domain.digests import NOW, PLAIN, DigestSubscription
from bot.domain.page import Page, Request
from bot.domain.schedule import EVERY_DAY, FARTHEST, WORKING_DAYS, first_span, local_day, next_due
from bot.locale import message, translator
from bot.pages.digest_outcomes import history_page, request_page
from bot.pages.digests import (
    WEEKDAYS,
    digest_paused_page,
    digest_remove_page,
    digest_removed_page,
    digest_resumed_page,
    digest_set_page,
    digest_status_page,
)
from bot.pages.wording import place_argument
from bot.publishing.composer import DigestOrder, compose_digest
from bot.store import digests, guild_setup, outcomes
from bot.store.types import place_of

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
    """Give a channel its digest, or change what is given of it."""
    owner = asker.owner
    known = await context.database.read(digests.subscriptions_of, owner)
    place = _place(asker, given, known)
    there = next((one for one in known if one.place == place), None)
    if there is not None and not set(given) - {"channel"}:
        return await _status_page(context, asker, known, there)
    if there is None and "time" not in given:
        raise UserFault(
            message("A new digest needs an hour."), message("Give “time”, such as 08:00, or use /setup.")
        )
    try:
        made = await context.database.write(
            guild_setup.change_digest,
            place,
            await context.guild_settings(owner),
            digest_choice(given),
            by=asker.user,
            now=context.clock.now(),
        )
    except guild_setup.DigestLimit as limit:
        raise too_many_digests() from limit
    now = context.clock.now()
    last = await context.database.read(outcomes.last, place)
    first = local_day(next_due(now, made.minute_of_day, made.zone, made.days), made.zone)
    waits = last is not None and last.day == first and last.state in POSTED
    return digest_set_page(translator(asker.language), context.brief, made, waits=waits)


def digest_choice(given: Arguments) -> guild_setup.DigestChoice:
    """What is given of a digest. Raises UserFault."""
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
    """What is said where a server has all the digests that it may have."""
    return UserFault(
        message("This server has {most} digests, the maximum."),
        message("Remove one with /digest remove."),
        most=guild_setup.MOST_DIGESTS,
    )


async def status(context: AppContext, asker: Asker, given: Arguments) -> Page:
    """How this server's digests are set, and whether they run."""
    owner, now = asker.owner, context.clock.now()
    before: list[DigestSubscription] = []
    if await context.database.read(digests.too_far, now):
        before = await context.database.read(digests.subscriptions_of, owner)
        await context.database.write(digests.reschedule_too_far, now)
    known = await context.database.read(digests.subscriptions_of, owner)
    shown = _meant(asker, given, known)
    astray = next((one for one in before if shown is not None and one.id == shown.id), None)
    was_due = astray.next_due_at if astray is not None else None
    if was_due is not None and was_due <= now + FARTHEST:
        was_due = None
    return await _status_page(context, asker, known, shown, was_due)


async def history(context: AppContext, asker: Asker, given: Arguments) -> Page:
    """What became of this server's digests, or of one channel's: posted when, how late, refused why."""
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
    chosen = await _chosen(context, asker, given)
    now, who = context.clock.now(), asker.user
    await context.database.write(digests.pause, chosen.id, reason=digests.BY_ADMIN, by=who, now=now)
    return digest_paused_page(translator(asker.language), chosen)


async def resume(context: AppContext, asker: Asker, given: Arguments) -> Page:
    """Let a digest go on."""
    chosen = await _chosen(context, asker, given)
    due = await context.database.write(digests.resume, chosen.id, by=asker.user, now=context.clock.now())
    return digest_resumed_page(translator(asker.language), chosen._replace(next_due_at=due))


async def remove(context: AppContext, asker: Asker, given: Arguments) -> Page:
    """Delete a digest, once that is confirmed."""
    chosen, t = await _chosen(context, asker, given), translator(asker.language)
    if given.get("confirm") != "yes":
        return digest_remove_page(t, chosen)
    now = context.clock.now()
    await context.database.write(digests.remove_subscription, chosen.id, by=asker.user, now=now)
    return digest_removed_page(t)


async def preview(context: AppContext, asker: Asker, given: Arguments) -> Page:
    """The digest as it would be posted now, shown to the asker alone."""
    order = await _order_now(context, asker, await _maybe(context, asker, given))
    return (await compose_digest(context.database, context.brief, context.record, order)).page


async def now(context: AppContext, asker: Asker, given: Arguments) -> Page:
    """Post a digest now, in the digest's channel, or here where none is set. It wakes nobody.

    With ``posted``, what came of one that was asked for before.
    """
    if "posted" in given:
        return await _asked_for(context, asker, given)
    subscription = await _maybe(context, asker, given)
    place = subscription.place if subscription else place_here(asker)
    order = await _order_now(context, asker, subscription)
    page = (await compose_digest(context.database, context.brief, context.record, order)).page
    moment = context.clock.now()
    kind = f"{NOW}{moment:%H%M}"
    posting = replace(subscription.posting, role=None) if subscription else PLAIN
    # A second one within the minute is the same one, and is not posted twice.
    await context.post(place, kind, order.day, page, moment, posting)
    asked = {**place_argument(place), "posted": f"{order.day.isoformat()}.{kind}"}
    return await _asked_for(context, asker, asked)


async def _asked_for(context: AppContext, asker: Asker, given: Arguments) -> Page:
    """What came of a digest that was asked for: its day and kind are in ``posted``."""
    found = re.fullmatch(rf"(\d{{4}}-\d\d-\d\d)\.({NOW}\d{{4}})", given["posted"], re.ASCII)
    try:
        day = date.fromisoformat(found[1] if found else "")
    except ValueError:
        raise UserFault(message("That digest is no longer known.")) from None
    assert found is not None, "a date was found in it"
    place = given_place(asker, given) or place_here(asker)
    outcome = await context.database.read(outcomes.of_request, place, found[2], day)
    kept = {name: given[name] for name in ("channel", "posted") if name in given}
    return request_page(translator(asker.language), place, outcome, Request("digest now", kept))


async def _status_page(
    context: AppContext,
    asker: Asker,
    known: Sequence[DigestSubscription],
    shown: DigestSubscription | None,
    was_due: datetime | None = None,
) -> Page:
    last = await context.database.read(outcomes.last, shown.place) if shown is not None else None
    return digest_status_page(translator(asker.language), context.brief, known, shown, last, was_due)


async def _order_now(
    context: AppContext, asker: Asker, subscription: DigestSubscription | None
) -> DigestOrder:
    owner = asker.owner
    settings = await context.guild_settings(owner)
    moment = context.clock.now()
    days = subscription.days if subscription else EVERY_DAY
    return DigestOrder(
        view=owner,
        concerns=subscription.concerns if subscription else (),
        language=settings.language,
        day=local_day(moment, settings.timezone),
        since=moment - first_span(days),
        until=moment,
    )


def _meant(asker: Asker, given: Arguments, known: Sequence[DigestSubscription]) -> DigestSubscription | None:
    """Which of a server's digests is meant: the given channel's, else this one's, else the first.

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


async def _maybe(context: AppContext, asker: Asker, given: Arguments) -> DigestSubscription | None:
    return _meant(asker, given, await context.database.read(digests.subscriptions_of, asker.owner))


async def _chosen(context: AppContext, asker: Asker, given: Arguments) -> DigestSubscription:
    chosen = await _maybe(context, asker, given)
    if chosen is None:
        raise UserFault(message("No digest is set in this server yet."), message("/setup sets one."))
    return chosen


def given_place(asker: Asker, given: Arguments) -> Place | None:
    """The place that is named; None if none is. The terminal is the only place there, whatever is named."""
    channel_id = given_id(given, "channel")
    return None if channel_id is None else place_of(asker.owner, channel_id)


def _place(asker: Asker, given: Arguments, known: list[DigestSubscription]) -> Place:
    """Which place is meant: the given one, else this one, or the only digest's where nothing new is set."""
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


async def _now_channel(context: AppContext, asker: Asker, given: Arguments) -> int | None:
    """Where a digest is posted that is asked for now; nowhere if the question is what came of one."""
    if "posted" in given:
        return None
    return await _resumed_channel(context, asker, given) or asker.channel_id


async def _resumed_channel(context: AppContext, asker: Asker, given: Arguments) -> int | None:
    """Where the digest is posted that is meant."""
    chosen = await given_channel(context, asker, given)
    if chosen is not None:
        return chosen
    there = await _maybe(context, asker, {})
    return _number(there.place) if there is not None else None


def _number(place: Place) -> int | None:
    """A server's channel by its id; None in the terminal, where no rights are asked."""
    return place.id if isinstance(place, ServerChannel) else None


YES_NO = (("yes", message("yes")), ("no", message("no")))
_OF = Parameter("channel", message("The digest of which channel"), "channel")

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
        "digest status", message("How the digest is set, and whether it runs"), status, (_OF,), admin=True
    ),
    Command(
        "digest history",
        message("What was posted, when, how late, and what was refused"),
        history,
        (_OF, Parameter("before", message("Older than which"), "whole", low=1, hidden=True)),
        admin=True,
    ),
    Command(
        "digest preview",
        message("The digest as it would be posted now"),
        preview,
        (_OF,),
        admin=True,
        slow=True,
    ),
    Command(
        "digest now",
        message("Post a digest now"),
        now,
        (_OF, Parameter("posted", message("Which one was asked for"), hidden=True)),
        admin=True,
        slow=True,
        destination=_now_channel,
    ),
    Command("digest pause", message("Stop the digest for a while"), pause, (_OF,), admin=True),
    Command(
        "digest resume",
        message("Resume a digest"),
        resume,
        (_OF,),
        admin=True,
        destination=_resumed_channel,
    ),
    Command(
        "digest remove",
        message("Remove a digest from a channel"),
        remove,
        (_OF, Parameter("confirm", message("Confirm"), hidden=True)),
        admin=True,
    ),
)

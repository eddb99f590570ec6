"""``/setup``: a new server's five choices, one after the other, in one message."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from bot.commands.digests import digest_choice, given_place, too_many_digests
from bot.commands.hours import minute_of_day
from bot.commands.spec import Arguments, Asker, Command, Parameter, given_channel
from bot.commands.zones import NEAR_ZONES
from bot.context import AppContext
from bot.domain.audience import Place, Terminal
from bot.domain.digests import DigestSubscription
from bot.domain.guilds import GuildSettings
from bot.domain.page import Page
from bot.locale import LANGUAGES, message, translator
from bot.pages.setup import STEPS, Setup, setup_page
from bot.store import guild_setup

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


async def setup(context: AppContext, asker: Asker, given: Arguments) -> Page:
    """Keep what is given, and show what is set, what is missing and the control for the next step."""
    owner, place, now = asker.owner, _draft_place(asker, given), context.clock.now()
    choice = digest_choice({name: given[name] for name in ("time", "concerns") if name in given})

    def change(session: Session) -> tuple[DigestSubscription | None, GuildSettings]:
        subscription = guild_setup.set_up(
            session,
            owner,
            context.default_settings,
            language=given.get("language"),
            zone=given.get("zone"),
            place=place,
            choice=choice,
            by=asker.user,
            now=now,
        )
        return subscription, context.settings_in(session, owner)

    try:
        subscription, settings = await context.database.write(change)
    except guild_setup.DigestLimit as limit:
        raise too_many_digests() from limit
    state = state_of(asker, given, settings, subscription, now)
    return setup_page(translator(asker.language), context.brief, state, NEAR_ZONES)


def state_of(
    asker: Asker,
    given: Arguments,
    settings: GuildSettings,
    subscription: DigestSubscription | None,
    now: datetime,
) -> Setup:
    """How far the server is set up, and which step is next: one that is asked for, or the first missing."""
    if subscription is not None:
        place: Place | None = subscription.place
        minute: int | None = subscription.minute_of_day
    else:
        place = _draft_place(asker, given)
        minute = minute_of_day(given["time"]) if "time" in given else None
    known = {
        "channel": place is not None,
        "time": minute is not None,
        "zone": "timezone" in settings.chosen,
        "language": "language" in settings.chosen,
        "concerns": subscription is not None and bool(subscription.options.get("concerns_chosen")),
    }
    missing = tuple(step for step in STEPS if not known[step])
    return Setup(
        place=place,
        minute=minute,
        zone=settings.timezone,
        language=settings.language,
        concerns=subscription.concerns if subscription else (),
        missing=missing,
        step=given.get("step") or next(iter(missing), ""),
        subscription=subscription,
        here=asker.place,
        now=now,
    )


def _draft_place(asker: Asker, given: Arguments) -> Place | None:
    """The channel that is chosen; in the terminal there is nothing to choose."""
    return asker.view if isinstance(asker.view, Terminal) else given_place(asker, given)


COMMANDS = (
    Command(
        "setup",
        message("Set up this server: channel, hour, time zone, language and concerns"),
        setup,
        (
            Parameter("channel", message("Where the digest is posted"), "channel"),
            Parameter("time", message("When, such as 08:00")),
            Parameter("zone", message("A city or a zone, such as America/Tijuana"), "zone"),
            Parameter(
                "language",
                message("English or Spanish"),
                "choice",
                choices=tuple((code, {"en": "English", "es": "Spanish"}[code]) for code in LANGUAGES),
            ),
            Parameter("concerns", message("Which concerns, separated by commas"), "concerns"),
            Parameter(
                "step",
                message("Which choice to make now"),
                "choice",
                choices=tuple((step, step) for step in STEPS),
                hidden=True,
            ),
        ),
        admin=True,
        destination=given_channel,
    ),
)

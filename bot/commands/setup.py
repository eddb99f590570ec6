"""``/setup``: a new server's five choices, one after the other, in one message."""

from __future__ import annotations

from bot.commands.arguments import NEAR_ZONES
from bot.commands.digests import minute_of_day, save_digest
from bot.commands.spec import Arguments, Asker, Command, Parameter, given_channel
from bot.context import AppContext
from bot.domain.digests import DigestSubscription
from bot.domain.guilds import GuildSettings
from bot.domain.page import Page
from bot.locale import LANGUAGES, message, translator
from bot.pages.setup import STEPS, Setup, setup_page
from bot.store import digests, guilds

#: The terminal is server 0; it has one place to post, itself.
_TERMINAL = 0


async def setup(context: AppContext, asker: Asker, given: Arguments) -> Page:
    """Keep what is given, and show what is set, what is missing and the control for the next step."""
    await _keep_settings(context, asker, given)
    subscription = await _keep_digest(context, asker, given)
    settings = await context.guild_settings(asker.guild_id or 0)
    state = state_of(asker, given, settings, subscription)
    return setup_page(translator(asker.language), context.brief, state, NEAR_ZONES)


def state_of(
    asker: Asker, given: Arguments, settings: GuildSettings, subscription: DigestSubscription | None
) -> Setup:
    """How far the server is set up, and which step is next: one that is asked for, or the first missing."""
    if subscription is not None:
        channel_id: int | None = subscription.channel_id
        minute: int | None = subscription.minute_of_day
    else:
        channel_id = _draft_channel(asker, given)
        minute = minute_of_day(given["time"]) if "time" in given else None
    known = {
        "channel": channel_id is not None,
        "time": minute is not None,
        "zone": "timezone" in settings.chosen,
        "language": "language" in settings.chosen,
        "concerns": subscription is not None and bool(subscription.options.get("concerns_chosen")),
    }
    missing = tuple(step for step in STEPS if not known[step])
    return Setup(
        channel_id=channel_id,
        minute=minute,
        zone=settings.timezone,
        language=settings.language,
        concerns=subscription.concerns if subscription else (),
        missing=missing,
        step=given.get("step") or next(iter(missing), ""),
        subscription=subscription,
        here=asker.channel_id,
    )


async def _keep_settings(context: AppContext, asker: Asker, given: Arguments) -> None:
    guild_id, now = asker.guild_id or 0, context.clock.now()
    language, zone = given.get("language"), given.get("zone")
    if language is None and zone is None:
        return
    await context.database.write(
        guilds.set_settings, guild_id, language=language, timezone=zone, user_id=asker.user_id, now=now
    )
    if language is not None:
        await context.database.write(digests.speak, guild_id, language)
    if zone is not None:
        await context.database.write(digests.move_zone, guild_id, zone, now=now)


async def _keep_digest(context: AppContext, asker: Asker, given: Arguments) -> DigestSubscription | None:
    """The server's first digest, made as soon as channel and hour are known, and changed as is given."""
    known = await context.database.read(digests.subscriptions_of, asker.guild_id or 0)
    there = known[0] if known else None
    channel_id = _draft_channel(asker, given)
    if there is None:
        if channel_id is None or "time" not in given:
            return None
        return await save_digest(context, asker, channel_id, None, given)
    if channel_id is not None and channel_id != there.channel_id:
        moved = await context.database.write(
            digests.move_channel, there.id, channel_id, user_id=asker.user_id, now=context.clock.now()
        )
        known = await context.database.read(digests.subscriptions_of, asker.guild_id or 0)
        # A channel that has a digest of its own is the one that is set up from here on.
        there = known[0] if moved else next(one for one in known if one.channel_id == channel_id)
    if "time" in given or "concerns" in given:
        return await save_digest(context, asker, there.channel_id, there, given)
    return there


def _draft_channel(asker: Asker, given: Arguments) -> int | None:
    if "channel" in given:
        return int(given["channel"])
    return _TERMINAL if asker.guild_id == _TERMINAL else None


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

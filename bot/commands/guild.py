"""A server's settings: all of them, its language, its time zone, and where notices for its admins go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.commands.spec import NONE, Arguments, Asker, Command, Parameter, given_channel, given_id
from bot.context import AppContext
from bot.domain.guilds import GuildSettings
from bot.domain.page import Page
from bot.locale import LANGUAGES, message, translator
from bot.pages.guild import (
    Summary,
    alerts_page,
    all_settings_page,
    kinds_page,
    settings_page,
    zone_changed_page,
)
from bot.pages.wording import FORM_NAMES
from bot.store import digests, feeds, guild_setup, guilds
from bot.topics.form import MUTABLE

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


async def show(context: AppContext, asker: Asker, given: Arguments) -> Page:
    """Everything that is set in this server."""
    owner = asker.owner

    def read(session: Session) -> Summary:
        known = feeds.feeds_of(session, owner)
        scopes = [feed.scope for feed in known]
        return Summary(
            settings=context.settings_in(session, owner),
            digests=digests.subscriptions_of(session, owner),
            feeds=sum(feed.active for feed in known),
            added=scopes.count("added"),
            removed=scopes.count("removed"),
            paused=scopes.count("paused"),
        )

    summary = await context.database.read(read)
    return all_settings_page(translator(asker.language), summary, context.clock.now())


async def language(context: AppContext, asker: Asker, given: Arguments) -> Page:
    """Set the language of this server's public posts and digests."""
    chosen = given["language"]
    owner, now = asker.owner, context.clock.now()

    def change(session: Session) -> GuildSettings:
        guild_setup.set_language(session, owner, chosen, by=asker.user, now=now)
        return context.settings_in(session, owner)

    settings = await context.database.write(change)
    return settings_page(translator(chosen), settings.language, settings.timezone, now)


async def timezone(context: AppContext, asker: Asker, given: Arguments) -> Page:
    """Set the zone in which this server's digest hour is meant."""
    owner, zone, now = asker.owner, given["zone"], context.clock.now()
    moved = await context.database.write(guild_setup.set_zone, owner, zone, by=asker.user, now=now)
    return zone_changed_page(translator(asker.language), zone, moved, now)


async def alerts(context: AppContext, asker: Asker, given: Arguments) -> Page:
    """Where notices for this server's admins go, or a new place for them."""
    t = translator(asker.language)
    if "channel" not in given:
        settings = await context.guild_settings(asker.owner)
        return alerts_page(t, settings.alerts_channel, here=asker.channel_id)
    channel_id = given_id(given, "channel")
    await context.database.write(
        guilds.set_notices_channel,
        asker.owner,
        channel_id,
        by=asker.user,
        now=context.clock.now(),
    )
    return alerts_page(t, channel_id, changed=True)


async def kinds(context: AppContext, asker: Asker, given: Arguments) -> Page:
    """Which kinds of entries this server leaves out, or a change of them."""
    owner, mute, shown = asker.owner, given.get("mute"), given.get("show")

    def change(session: Session) -> GuildSettings:
        now = context.clock.now()
        guild_setup.mute_forms(session, owner, mute=mute, show=shown, by=asker.user, now=now)
        return context.settings_in(session, owner)

    changed = bool(mute or shown)
    settings = await (context.database.write(change) if changed else context.guild_settings(owner))
    return kinds_page(translator(asker.language), settings.muted, changed=changed)


_KINDS = tuple((form, FORM_NAMES[form]) for form in MUTABLE)

COMMANDS = (
    Command("settings show", message("All settings of this server"), show, admin=True),
    Command(
        "settings language",
        message("The language of this server's posts and digests"),
        language,
        (
            Parameter(
                "language",
                message("English or Spanish"),
                "choice",
                required=True,
                choices=tuple((code, {"en": "English", "es": "Spanish"}[code]) for code in LANGUAGES),
            ),
        ),
        admin=True,
    ),
    Command(
        "settings timezone",
        message("The time zone in which this server's digest hour is meant"),
        timezone,
        (Parameter("zone", message("A city or a zone, such as America/Tijuana"), "zone", required=True),),
        admin=True,
    ),
    Command(
        "settings alerts",
        message("Where this server's admins are told of trouble"),
        alerts,
        (
            Parameter(
                "channel", message("Where from now on"), "channel", choices=((NONE, message("nowhere")),)
            ),
        ),
        admin=True,
        destination=given_channel,
    ),
    Command(
        "settings kinds",
        message("Which kinds of reports this server leaves out, such as opinion"),
        kinds,
        (
            Parameter("mute", message("A kind to leave out"), "choice", choices=_KINDS),
            Parameter("show", message("A kind to show again"), "choice", choices=_KINDS),
        ),
        admin=True,
    ),
)

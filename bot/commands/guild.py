"""A server's language and time zone."""

from __future__ import annotations

from bot.commands.desk import Desk
from bot.commands.spec import Arguments, Asker, Command, Parameter
from bot.locale import LANGUAGES, message, translator
from bot.pages.guild import settings_page, zone_changed_page
from bot.pages.page import Page
from bot.store import digests, guilds


async def language(desk: Desk, asker: Asker, given: Arguments) -> Page:
    """Set the language of this server's public posts and digests."""
    chosen = given["language"]
    await desk.database.write(
        guilds.set_settings,
        asker.guild_id or 0,
        language=chosen,
        user_id=asker.user_id,
        now=desk.clock.now(),
    )
    settings = await desk.guild_settings(asker.guild_id or 0)
    return settings_page(translator(chosen), settings.language, settings.timezone)


async def timezone(desk: Desk, asker: Asker, given: Arguments) -> Page:
    """Set the zone in which this server's digest hour is meant."""
    guild_id, zone, now = asker.guild_id or 0, given["zone"], desk.clock.now()
    await desk.database.write(guilds.set_settings, guild_id, timezone=zone, user_id=asker.user_id, now=now)
    moved = await desk.database.write(digests.move_zone, guild_id, zone, now=now)
    return zone_changed_page(translator(asker.language), zone, digest_moved=moved > 0)


COMMANDS = (
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
)

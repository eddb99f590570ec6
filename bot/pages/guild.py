"""A server's own settings."""

from __future__ import annotations

from bot.locale import Translator
from bot.pages.page import Item, Page, Paragraph, Strong
from bot.pages.wording import language_name


def settings_page(t: Translator, language: str, zone: str) -> Page:
    """What is set now."""
    return Page(
        t("Settings of this server"),
        (
            Item((t("Language:"), " ", Strong(language_name(t, language)))),
            Item((t("Time zone:"), " ", Strong(zone))),
        ),
        tone="good",
    )


def zone_changed_page(t: Translator, zone: str, digest_moved: bool) -> Page:
    """The new zone, and what it does to the digest."""
    blocks = [Paragraph((t("Time zone:"), " ", Strong(zone)))]
    if digest_moved:
        blocks.append(Paragraph((t("The digest keeps its hour, now in this zone."),)))
    return Page(t("Settings of this server"), tuple(blocks), tone="good")

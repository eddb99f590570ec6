"""A server's own settings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.digests import DigestSubscription
from bot.domain.guilds import GuildSettings
from bot.domain.page import (
    Block,
    Button,
    Item,
    Mention,
    Note,
    Page,
    Paragraph,
    Request,
    Span,
    Strong,
    When,
)
from bot.locale import Translator
from bot.pages.digests import rhythm
from bot.pages.wording import form_name, language_name, place_name, unknown_zone, zone_words
from bot.topics.form import MUTABLE


@dataclass(frozen=True, slots=True)
class Summary:
    """Everything that a server has chosen, in numbers where that is enough."""

    settings: GuildSettings
    digests: Sequence[DigestSubscription]
    feeds: int
    added: int
    removed: int
    paused: int


def all_settings_page(t: Translator, summary: Summary, now: datetime) -> Page:
    """All that is set in a server, and where each thing is changed."""
    settings = summary.settings
    blocks: list[Block] = [
        *unknown_zone(t, settings.timezone),
        Item((t("Language:"), " ", Strong(language_name(t, settings.language)))),
        Item((t("Time zone:"), " ", Strong(zone_words(t, settings.timezone, now)))),
        Item((t("Notices for admins:"), " ", _alerts(t, settings.alerts_channel))),
        Item((t("Feeds:"), " ", Strong(t.number(summary.feeds))), (_changes(t, summary),)),
        Item((t("Left out:"), " ", _muted(t, settings.muted))),
    ]
    for one in summary.digests:
        state = (t("paused"),) if one.paused_at else (rhythm(t, one),)
        blocks.append(Item((t("Digest:"), " ", place_name(t, one.place)), (state,)))
    if not summary.digests:
        blocks.append(Item((t("Digest:"), " ", t("not scheduled"))))
    return Page(
        t("Settings of this server"),
        tuple(blocks),
        (
            Button(t("Set up"), Request("setup"), primary=True),
            Button(t("Digest"), Request("digest status")),
            Button(t("Feeds"), Request("feeds list")),
            Button(t("Kinds"), Request("settings kinds")),
            Button(t("Who changed what"), Request("audit")),
        ),
    )


def settings_page(t: Translator, language: str, zone: str, now: datetime) -> Page:
    """What is set now."""
    return Page(
        t("Settings of this server"),
        (
            Item((t("Language:"), " ", Strong(language_name(t, language)))),
            Item((t("Time zone:"), " ", Strong(zone_words(t, zone, now)))),
        ),
        tone="good",
    )


def zone_changed_page(t: Translator, zone: str, moved: Sequence[DigestSubscription], now: datetime) -> Page:
    """The new zone, and when the digests come whose hour is in it from now on."""
    blocks: list[Block] = [Paragraph((t("Time zone:"), " ", Strong(zone_words(t, zone, now))))]
    if moved:
        blocks.append(Paragraph((t("The digest keeps its hour, now in this zone."),)))
    for one in moved:
        if one.next_due_at and one.paused_at is None:
            due: tuple[Span, ...] = (t("Next digest:"), " ", When(one.next_due_at))
            blocks.append(Item((place_name(t, one.place), " · ", *due)))
    return Page(t("Settings of this server"), tuple(blocks), tone="good")


def alerts_page(
    t: Translator, channel_id: int | None, *, here: int | None = None, changed: bool = False
) -> Page:
    """Where notices for admins go, with buttons for another place. ``here`` is the channel where one asks."""
    blocks: list[Block] = [Item((t("Notices for admins:"), " ", _alerts(t, channel_id)))]
    buttons: list[Button] = []
    if here is not None and here != channel_id:
        buttons.append(Button(t("Here"), Request("settings alerts", {"channel": str(here)}), primary=True))
    if channel_id is not None:
        blocks.append(
            Note(
                (
                    t(
                        "They say when a feed falls into trouble or gets out of it, and when a digest had to"
                        " be paused, with the fix. There is at most one a day, and nothing is said twice."
                    ),
                )
            )
        )
        buttons.append(Button(t("No notices"), Request("settings alerts", {"channel": "none"})))
    else:
        blocks.append(Note((t("/sources and /digest status show the same whenever they are asked."),)))
    tone = "good" if changed else "plain"
    return Page(t("Settings of this server"), tuple(blocks), tuple(buttons), tone=tone)


def kinds_page(t: Translator, muted: Sequence[str], *, changed: bool = False) -> Page:
    """Which kinds of reports a server leaves out, with a button for each that changes it."""
    buttons = [
        Button(
            t("Show: {kind}", kind=form_name(t, form)),
            Request("settings kinds", {"show": form}),
            primary=True,
        )
        if form in muted
        else Button(
            t("Leave out: {kind}", kind=form_name(t, form)), Request("settings kinds", {"mute": form})
        )
        for form in MUTABLE
    ]
    note = t(
        "What is left out is in no list, digest or alert of this server. Other servers are not affected."
    )
    return Page(
        t("Settings of this server"),
        (Item((t("Left out:"), " ", _muted(t, muted))), Note((note,))),
        tuple(buttons),
        tone="good" if changed else "plain",
    )


def _muted(t: Translator, muted: Sequence[str]) -> Span:
    return Strong(", ".join(form_name(t, form) for form in muted)) if muted else t("nothing")


def _alerts(t: Translator, channel_id: int | None) -> Span:
    return t("nowhere") if channel_id is None else Mention("channel", channel_id)


def _changes(t: Translator, summary: Summary) -> tuple[Span, ...]:
    return (
        t(
            "{added} added here, {removed} removed, {paused} paused",
            added=t.number(summary.added),
            removed=t.number(summary.removed),
            paused=t.number(summary.paused),
        ),
    )

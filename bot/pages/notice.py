"""A notice for a server's admins: what fell into trouble, what works again, and the fix."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.audience import Server
from bot.domain.digests import DigestSubscription, RefusedDigest
from bot.domain.feeds import Feed
from bot.domain.page import (
    Block,
    Button,
    Divider,
    Heading,
    Item,
    Link,
    Mention,
    Note,
    Page,
    Paragraph,
    Request,
)
from bot.locale import Translator
from bot.pages.digest_outcomes import why
from bot.pages.digests import paused_blocks
from bot.pages.failures import failure_sentence
from bot.pages.sources import health_name
from bot.pages.wording import place_argument, place_name

#: Feeds named before the rest is counted: a notice is read on a phone.
NAMED = 10


def notice_page(
    t: Translator,
    fell: Sequence[Feed],
    recovered: Sequence[Feed],
    paused: Sequence[DigestSubscription],
    refused: Sequence[RefusedDigest] = (),
    *,
    direct: Server | None = None,
) -> Page:
    """What changed since the last notice. ``direct``: to one admin, outside of that server."""
    parts: list[list[Block]] = []
    if direct is not None:
        parts.append([Paragraph((t("Server:"), " ", Mention("server", direct.id)))])
    for one in paused:
        parts.append(
            [
                Heading(t("A digest is paused")),
                Paragraph((t("Where:"), " ", place_name(t, one.place))),
                *paused_blocks(t, one),
            ]
        )
    for failing in refused:
        times = t.many("It was refused {n} time.", "It was refused {n} times in a row.", failing.times)
        parts.append(
            [
                Heading(t("A digest is refused")),
                Paragraph((t("Where:"), " ", place_name(t, failing.subscription.place))),
                Paragraph((f"{times} {why(t, failing.error)}",)),
                Note((t("It is tried again on its next day, and then tells what it could not tell."),)),
            ]
        )
    if fell:
        parts.append([Heading(t("Feeds in trouble")), *_named(t, fell, trouble=True)])
    if recovered:
        parts.append([Heading(t("Feeds that work again")), *_named(t, recovered, trouble=False)])
    blocks: list[Block] = []
    for part in parts:
        blocks += [Divider(), *part] if blocks else part
    if direct is not None:
        blocks.append(Note((t("/settings alerts in the server chooses a channel for such notices."),)))
    return Page(
        t("For this server's admins"),
        tuple(blocks),
        () if direct is not None else _buttons(t, fell, paused),
        private=False,
        tone="warning" if fell or paused or refused else "good",
    )


def _named(t: Translator, feeds: Sequence[Feed], *, trouble: bool) -> list[Block]:
    blocks: list[Block] = []
    for feed in feeds[:NAMED]:
        why = failure_sentence(t, feed.failure) if feed.failure else health_name(t, feed.health)
        blocks.append(Item((Link(feed.name, feed.url),), ((why,),) if trouble else ()))
    if len(feeds) > NAMED:
        left = len(feeds) - NAMED
        blocks.append(Note((t.many("and {n} more", "and {n} more", left),)))
    return blocks


def _buttons(t: Translator, fell: Sequence[Feed], paused: Sequence[DigestSubscription]) -> tuple[Button, ...]:
    buttons = [
        Button(t("Resume"), Request("digest resume", place_argument(one.place)), primary=True)
        for one in paused[:3]
    ]
    if fell:
        buttons.append(Button(t("Pause those that fail"), Request("feeds pause", {"which": "failing"})))
    buttons.append(Button(t("All feeds"), Request("sources")))
    return tuple(buttons)

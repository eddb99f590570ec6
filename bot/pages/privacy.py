"""What is kept about a member, and what is not."""

from __future__ import annotations

from bot.domain.page import Block, Button, Divider, Heading, Item, Note, Page, Paragraph, Request
from bot.locale import Translator
from bot.store.privacy import UserData


def privacy_page(t: Translator, kept: UserData) -> Page:
    """What is kept about who asks, in numbers, and a button that deletes it."""
    lines = [
        t.many("{n} thing followed (/following)", "{n} things followed (/following)", kept.follows),
        t.many("when /new was last asked ({n} entry)", "when /new was last asked ({n} entries)", kept.looks),
        t.many(
            "{n} story marked as told, so that it is not told twice",
            "{n} stories marked as told, so that they are not told twice",
            kept.told,
        ),
        t.many("{n} alert of the last 30 days", "{n} alerts of the last 30 days", kept.alerts),
    ]
    blocks: list[Block] = [Heading(t("What is kept"))]
    blocks += [Item((line,)) for line in lines]
    if kept.changes or kept.cases:
        blocks.append(Heading(t("What is kept with a server")))
        blocks.append(
            Item(
                (
                    t.many(
                        "{n} change of settings, in the list that /audit shows, for a year",
                        "{n} changes of settings, in the list that /audit shows, for a year",
                        kept.changes,
                    ),
                )
            )
        )
        blocks.append(Item((t.many("{n} corrected topic", "{n} corrected topics", kept.cases),)))
    blocks += [
        Divider(),
        Heading(t("What is not kept")),
        Paragraph(
            (
                t(
                    "No message is read, and no name, search or answer is kept: Discord sends the bot"
                    " commands and button clicks only. A server's settings are deleted 30 days after the bot"
                    " has left it."
                ),
            )
        ),
    ]
    buttons: tuple[Button, ...] = ()
    if kept.own:
        buttons = (Button(t("Delete what is kept"), Request("privacy", {"delete": "ask"}), danger=True),)
    return Page(t("Privacy"), tuple(blocks), buttons)


def delete_page(t: Translator, kept: UserData) -> Page:
    """Whether it is really to be deleted."""
    return Page(
        t("Delete what is kept?"),
        (
            Paragraph(
                (
                    t.many(
                        "{n} entry goes for good: what is followed, last looks, what was told, and alerts.",
                        "{n} entries go for good: what is followed, last looks, what was told, and alerts.",
                        kept.own,
                    ),
                )
            ),
            Note((t("/new then begins anew, and no more alerts come."),)),
        ),
        (
            Button(t("Delete"), Request("privacy", {"delete": "yes"}), danger=True),
            Button(t("Keep it"), Request("privacy")),
        ),
        tone="warning",
    )


def deleted_page(t: Translator, kept: UserData) -> Page:
    """Confirms the deletion, and lists what is still stored."""
    blocks: list[Block] = [Paragraph((t("It was deleted."),))]
    if kept.changes:
        left = t("What was changed as an admin stays in that server's list (/audit) for a year.")
        blocks.append(Note((left,)))
    else:
        blocks.append(Note((t("Nothing about this member is kept now."),)))
    return Page(t("Privacy"), tuple(blocks), tone="good")

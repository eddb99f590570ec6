"""What the bot does, and each command in a line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.locale import Translator
from bot.pages.page import Block, Button, Code, Divider, Heading, Item, Note, Page, Paragraph, Request


@dataclass(frozen=True, slots=True)
class CommandLine:
    """A command as the help shows it: ``usage`` as typed, ``description`` translated."""

    usage: str
    description: str
    admin: bool


def help_page(t: Translator, commands: Sequence[CommandLine]) -> Page:
    """What Vigía is for, and all its commands."""
    blocks: list[Block] = [
        Paragraph(
            (
                t(
                    "Vigía reads English and Spanish news on U.S.–Mexico security policy, and sets it beside"
                    " the concerns of one article of 2017: what happens at the border, and whether the aid"
                    " that holds regional security together survives. Every line leads to its source."
                ),
            )
        ),
        Heading(t("To read")),
    ]
    blocks += [_line(command) for command in commands if not command.admin]
    blocks += [Divider(), Heading(t("To configure (Manage Server)"))]
    blocks += [_line(command) for command in commands if command.admin]
    blocks.append(
        Note((t("Matches are made by rules that anyone can read; /why shows which words decided."),))
    )
    return Page(
        t("Vigía: what it does"),
        tuple(blocks),
        (Button(t("Its concerns"), Request("concerns"), primary=True),),
    )


def _line(command: CommandLine) -> Item:
    return Item((Code(command.usage), " — ", command.description))

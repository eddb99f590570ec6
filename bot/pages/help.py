"""What the bot does, and each command in a line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.domain.page import (
    Block,
    Button,
    Choice,
    Code,
    Heading,
    Item,
    Note,
    Option,
    Page,
    Paragraph,
    Request,
    Strong,
)
from bot.locale import Translator


@dataclass(frozen=True, slots=True)
class CommandLine:
    """A command as the help shows it: ``usage`` as typed, ``description`` translated."""

    usage: str
    description: str
    admin: bool

    @property
    def name(self) -> str:
        """The command without its arguments."""
        return self.usage.partition(" [")[0]


def help_page(
    t: Translator, commands: Sequence[CommandLine], groups: Mapping[str, str], *, admin: bool = False
) -> Page:
    """What Vigía is for and what members can ask; with ``admin``, what those who manage a server can set.

    ``groups`` are what the commands that begin with one word are about, as messages.
    Each is about one screen of a phone; a button leads from one to the other.
    """
    shown = [command for command in commands if command.admin == admin]
    if admin:
        blocks: list[Block] = [Paragraph((t("For members who can manage the server; start with /setup."),))]
        grouped: dict[str, list[CommandLine]] = {}
        for command in shown:
            grouped.setdefault(command.name.split()[0], []).append(command)
        for group, within in grouped.items():
            if len(within) == 1:
                blocks.append(_line(within[0].name, within[0].description))
            else:  # each in a line of its own would be three screens
                names = ", ".join(command.name for command in within)
                blocks.append(Item((Code(group), " — ", t(groups[group.removeprefix("/")])), ((names,),)))
        explained = tuple(Option(group, group.removeprefix("/")) for group in grouped)
        return Page(
            t("To configure (Manage Server)"),
            tuple(blocks),
            (Button(t("Set up"), Request("setup"), primary=True), Button(t("To read"), Request("help"))),
            (Choice(t("Explain…"), Request("help"), "command", explained),),
        )
    blocks = [
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
    blocks += [_line(command.usage, command.description) for command in shown]
    blocks.append(
        Note((t("Matches are made by rules that anyone can read; /why shows which words decided."),))
    )
    return Page(
        t("Vigía: what it does"),
        tuple(blocks),
        (
            Button(t("Its concerns"), Request("concerns"), primary=True),
            Button(t("To configure (Manage Server)"), Request("help", {"show": "admin"})),
        ),
    )


def group_page(t: Translator, group: str, commands: Sequence[CommandLine]) -> Page:
    """The commands that begin with one word, for who typed that word alone."""
    return Page(f"/{group}", tuple(_line(command.usage, command.description) for command in commands))


def command_page(
    t: Translator, called: str, command: CommandLine, options: Sequence[tuple[str, str, bool]]
) -> Page:
    """One command: what it does, how it is typed, and each option by its name.

    ``called`` is its name in the reader's language.
    ``options`` are (name, description, whether the command needs it).
    """
    blocks: list[Block] = [Paragraph((command.description,)), Item((Code(command.usage),))]
    for name, description, required in options:
        ending = (" · ", t("required")) if required else ()
        blocks.append(Item((Strong(name), " — ", description, *ending)))
    title = t("Help: {command}", command=f"/{called}")
    return Page(title, tuple(blocks), (Button(t("All commands"), Request("help")),))


def _line(typed: str, description: str) -> Item:
    return Item((Code(typed), " — ", description))

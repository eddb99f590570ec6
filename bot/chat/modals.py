"""The form that asks for what a command cannot go without, and what was written into it.

A form is known again by its custom id, as a button is: nothing of it is kept here, so that one which was open
during a restart is still answered.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from discord import ui

from bot.chat.commands import LONGEST_TEXT
from bot.chat.custom_id import FORM, Target, encode
from bot.chat.limits import MAX_FORM_DESCRIPTION, MAX_FORM_LABEL, MAX_FORM_TITLE, cut
from bot.commands.names import PARAMETERS_ES
from bot.commands.spec import Command
from bot.domain.page import Request
from bot.locale import Translator


def needs_form(command: Command, request: Request) -> bool:
    """Whether a form comes before the answer: ``command`` asks for something, and nothing is given."""
    return bool(command.asks) and not any(value.strip() for value in request.arguments.values())


def form(t: Translator, command: Command) -> ui.Modal:
    """A form with a text field for each parameter that ``command`` asks for, in the reader's language."""
    modal = ui.Modal(
        title=cut(t(command.description), MAX_FORM_TITLE),
        custom_id=encode(Target(FORM, Request(command.name)), 0),
    )
    for parameter in command.parameters:
        if parameter.name not in command.asks:
            continue
        name = PARAMETERS_ES[parameter.name] if t.language == "es" else parameter.name
        field: ui.TextInput[ui.Modal] = ui.TextInput(custom_id=parameter.name, max_length=LONGEST_TEXT)
        modal.add_item(
            ui.Label(
                text=cut(name.capitalize(), MAX_FORM_LABEL),
                description=cut(t(parameter.description), MAX_FORM_DESCRIPTION),
                component=field,
            )
        )
    # discord.py keeps no form that is stopped: what is sent comes back through the client's on_interaction.
    modal.stop()
    return modal


def written(data: Mapping[str, Any]) -> dict[str, str]:
    """What a sent form holds, by the name of each parameter."""
    return {
        str(field["custom_id"]): str(field["value"])
        for field in _fields(data.get("components") or ())
        if field.get("custom_id") and field.get("value")
    }


def _fields(parts: Any) -> Iterator[Mapping[str, Any]]:
    for part in parts:
        yield part
        yield from _fields(part.get("components") or ())
        if part.get("component"):
            yield from _fields((part["component"],))

"""Commands that a page names, as mentions: Discord shows those in the reader's own language and opens them
at a click ("Message Formatting", slash command mentions). Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from discord import app_commands

from bot.chat.split import pieces
from bot.commands.names import NAMED, name_at
from bot.domain.page import Code, Mention, Page, Span, with_spans


def ids_of(known: Iterable[app_commands.AppCommand]) -> dict[str, int]:
    """The id under which each command is mentioned, by its whole name. Those of a group share its id."""
    ids: dict[str, int] = {}
    for command in known:
        inner = [one.name for one in command.options if isinstance(one, app_commands.AppCommandGroup)]
        for name in [f"{command.name} {one}" for one in inner] or [command.name]:
            ids[name] = command.id
    return ids


def with_server(page: Page, name: str) -> Page:
    """``page`` with the name of the server that it mentions: outside of it, there is no mention of one."""

    def named(span: Span) -> Span:
        return replace(span, name=name) if isinstance(span, Mention) and span.kind == "server" else span

    return with_spans(page, lambda spans: tuple(map(named, spans)))


def with_mentions(page: Page, ids: Mapping[str, int]) -> Page:
    """``page`` with a mention for each command it names; as it was, if it would then take more messages."""
    named = with_spans(page, lambda spans: _spans(spans, ids))
    return named if len(pieces(named)) == len(pieces(page)) else page


def _spans(spans: Iterable[Span], ids: Mapping[str, int]) -> tuple[Span, ...]:
    named: list[Span] = []
    for span in spans:
        match span:
            case str():
                named += _in_text(span, ids)
            case Code(text) if text.startswith("/"):
                named += _in_code(text, ids)
            case _:
                named.append(span)
    return tuple(named)


def _in_text(text: str, ids: Mapping[str, int]) -> Iterator[Span]:
    end = 0
    for found in NAMED.finditer(text):
        if mention := _mention(found, ids):
            yield text[end : found.start()]
            yield mention
            end = found.start() + len("/" + mention.name)
    yield text[end:]


def _in_code(text: str, ids: Mapping[str, int]) -> Iterator[Span]:
    """A command with what is to be given to it, which stays as it is to be typed."""
    found = NAMED.match(text)
    mention = _mention(found, ids) if found else None
    if mention is None:
        yield Code(text)
        return
    yield mention
    if given := text.removeprefix("/" + mention.name).strip():
        yield " "
        yield Code(given)


def _mention(found: re.Match[str], ids: Mapping[str, int]) -> Mention | None:
    name = name_at(found, ids)
    return Mention("command", ids[name], name) if name else None

"""A page as JSON and back, so that what will be posted can wait in the outbox byte for byte."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from typing import Any

from bot.domain.page import (
    Block,
    Button,
    Choice,
    Code,
    Divider,
    File,
    Heading,
    Item,
    Link,
    Mention,
    Note,
    Option,
    Page,
    Paragraph,
    Picture,
    Request,
    Span,
    Strong,
    When,
)

#: Raised when a stored page can no longer be read; rows of an older form are then skipped and told.
CODEC_VERSION = 1


class UnreadablePage(ValueError):
    """A stored page of a version or shape that this code does not know."""


def dump_page(page: Page) -> str:
    """``page`` as JSON."""
    return json.dumps(
        {
            "v": CODEC_VERSION,
            "title": page.title,
            "tone": page.tone,
            "private": page.private,
            "blocks": [_dump_block(block) for block in page.blocks],
            "buttons": [
                [button.label, _dump_request(button.request), button.primary, button.danger]
                for button in page.buttons
            ],
            "choices": [
                [
                    choice.placeholder,
                    _dump_request(choice.request),
                    choice.argument,
                    [[o.label, o.value, o.description, o.chosen] for o in choice.options],
                    choice.most,
                    choice.of,
                ]
                for choice in page.choices
            ],
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )


def load_page(text: str) -> Page:
    """The page that ``dump_page`` wrote. Raises UnreadablePage."""
    try:
        raw = json.loads(text)
        if raw["v"] != CODEC_VERSION:
            raise UnreadablePage(f"page version {raw['v']}")
        return Page(
            title=raw["title"],
            tone=raw["tone"],
            private=raw["private"],
            blocks=tuple(_load_block(block) for block in raw["blocks"]),
            buttons=tuple(
                Button(label, _load_request(request), primary, danger)
                for label, request, primary, danger in raw["buttons"]
            ),
            choices=tuple(
                Choice(
                    placeholder, _load_request(request), argument, tuple(Option(*o) for o in options), *more
                )
                for placeholder, request, argument, options, *more in raw["choices"]
            ),
        )
    except (KeyError, TypeError, ValueError) as problem:
        raise UnreadablePage(str(problem)) from problem


def _dump_request(request: Request) -> list[Any]:
    return [request.command, dict(request.arguments)]


def _load_request(raw: list[Any]) -> Request:
    return Request(raw[0], raw[1])


def _dump_block(block: Block) -> list[Any]:
    match block:
        case Heading(text):
            return ["heading", text]
        case Paragraph(spans):
            return ["paragraph", _dump_spans(spans)]
        case Item(spans, details):
            return ["item", _dump_spans(spans), [_dump_spans(detail) for detail in details]]
        case Note(spans):
            return ["note", _dump_spans(spans)]
        case Divider():
            return ["divider"]
        case Picture(png, alt, name):
            return ["picture", base64.b64encode(png).decode("ascii"), alt, name]
        case File(name, data):
            return ["file", name, base64.b64encode(data).decode("ascii")]


def _load_block(raw: list[Any]) -> Block:
    match raw:
        case ["heading", str(text)]:
            return Heading(text)
        case ["paragraph", spans]:
            return Paragraph(_load_spans(spans))
        case ["item", spans, details]:
            return Item(_load_spans(spans), tuple(_load_spans(detail) for detail in details))
        case ["note", spans]:
            return Note(_load_spans(spans))
        case ["divider"]:
            return Divider()
        case ["picture", str(png), str(alt), str(name)]:
            return Picture(base64.b64decode(png), alt, name)
        case ["file", str(name), str(data)]:
            return File(name, base64.b64decode(data))
        case _:
            raise UnreadablePage(f"block {raw[:1]}")


def _dump_spans(spans: tuple[Span, ...]) -> list[Any]:
    return [_dump_span(span) for span in spans]


def _dump_span(span: Span) -> Any:
    match span:
        case str():
            return span
        case Link(text, url):
            return ["link", text, url]
        case Strong(text):
            return ["strong", text]
        case Code(text):
            return ["code", text]
        case When(at, relative):
            return ["when", int(at.timestamp()), relative]
        case Mention(kind, identity):
            return ["mention", kind, identity]


def _load_spans(raw: list[Any]) -> tuple[Span, ...]:
    return tuple(_load_span(span) for span in raw)


def _load_span(raw: Any) -> Span:
    match raw:
        case str():
            return raw
        case ["link", str(text), str(url)]:
            return Link(text, url)
        case ["strong", str(text)]:
            return Strong(text)
        case ["code", str(text)]:
            return Code(text)
        case ["when", int(at), bool(relative)]:
            return When(datetime.fromtimestamp(at, UTC), relative)
        case ["mention", str(kind), int(identity)]:
            return Mention(kind, identity)
        case _:
            raise UnreadablePage(f"span {raw!r:.60}")

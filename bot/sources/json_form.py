"""Read JSON of another house: nothing is where it should be until it has been seen there."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from bot.feeds.errors import NotAFeed

JsonObject = Mapping[str, Any]


def load_object(body: bytes) -> JsonObject:
    """The object in ``body``. Raises ``NotAFeed``: ``challenge_page`` for a web page, ``broken_json`` for
    what is no JSON, ``changed_form`` for JSON that is no object."""
    text = body.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text[:1] == b"<":
        raise NotAFeed("challenge_page")
    try:
        document = json.loads(text, strict=False)
    except (ValueError, RecursionError) as error:  # ValueError covers JSON and text decoding
        raise NotAFeed("broken_json") from error
    if not isinstance(document, dict):
        raise NotAFeed("changed_form")
    return document


def text_at(record: JsonObject, key: str) -> str:
    """The value as text without outer spaces: numbers stand where ids should be texts; else it is missing."""
    value = record.get(key)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value.strip() if isinstance(value, str) else ""


def texts_at(record: JsonObject, key: str) -> tuple[str, ...]:
    """The texts of a list, or a text that stands where a list should be."""
    value = record.get(key)
    items = value if isinstance(value, list) else [value]
    return tuple(one.strip() for one in items if isinstance(one, str) and one.strip())


def objects_at(record: JsonObject, key: str) -> tuple[JsonObject, ...]:
    """The objects of a list; anything else in it is passed over."""
    value = record.get(key)
    return tuple(one for one in value if isinstance(one, dict)) if isinstance(value, list) else ()

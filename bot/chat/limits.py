"""What Discord's servers refuse in a message and discord.py does not check.

Sources: Discord's API reference, "Component Reference" and "Create Message", read in July 2026. One call of
``assert_sendable`` stands before every send, so that a page that is too long is our error with a name and not
a 400 that a reader sees as "The application did not respond".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import discord

from bot.chat.custom_id import utf16_length

#: Characters in all texts of one message. Counted in UTF-16 units, which is never less than Discord counts.
MAX_TEXT = 4000
#: Components of one message, nested ones included.
MAX_COMPONENTS = 40
MAX_LABEL = 80
MAX_CUSTOM_ID = 100
MAX_OPTIONS = 25
MAX_OPTION_TEXT = 100
MAX_PLACEHOLDER = 150
MAX_ALT_TEXT = 1024
MAX_CHOICE = 100
MAX_FORM_TITLE = 45
MAX_FORM_LABEL = 45
MAX_FORM_DESCRIPTION = 100
MAX_FILES = 10
#: The smallest upload limit that a server can have.
MAX_FILE_BYTES = 10 * 1024 * 1024
#: The longest nonce that is taken.
MAX_NONCE = 25

_ROW, _BUTTON, _SELECT, _TEXT, _GALLERY, _CONTAINER = 1, 2, 3, 10, 12, 17
_LINK_STYLE = 5


class Unsendable(ValueError):
    """A message that Discord would refuse. ``faults`` name every rule that it breaks."""

    code = "unsendable"

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = tuple(faults)


def assert_sendable(
    view: discord.ui.LayoutView, files: Sequence[discord.File] = (), nonce: str | None = None
) -> discord.ui.LayoutView:
    """``view``, when Discord would take it with ``files``. Raises Unsendable."""
    components: list[dict[str, Any]] = view.to_components()  # type: ignore[no-untyped-call]
    faults = list(_faults(components, files))
    if nonce is not None and not 1 <= len(nonce) <= MAX_NONCE:
        faults.append(f"a nonce of {len(nonce)} characters")
    if faults:
        raise Unsendable(faults)
    return view


def cut(text: str, most: int) -> str:
    """``text`` in at most ``most`` UTF-16 units, with an ellipsis where it was cut."""
    if utf16_length(text) <= most:
        return text
    room = most - 1
    kept = text[:room]
    while utf16_length(kept) > room:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def _faults(components: list[dict[str, Any]], files: Sequence[discord.File]) -> Iterator[str]:
    everything = list(_walk(components))
    if not everything:
        yield "no component"
    if len(everything) > MAX_COMPONENTS:
        yield f"{len(everything)} components, more than {MAX_COMPONENTS}"
    units = sum(utf16_length(item["content"]) for item in everything if item["type"] == _TEXT)
    if units > MAX_TEXT:
        yield f"{units} characters of text, more than {MAX_TEXT}"
    if any(item["type"] in (_BUTTON, _SELECT) for item in components):
        yield "a button or a select outside an action row"
    ids = [item["custom_id"] for item in everything if item.get("custom_id")]
    if len(set(ids)) != len(ids):
        yield "a custom id is there twice"
    names = {file.filename for file in files}
    if len(files) > MAX_FILES:
        yield f"{len(files)} files, more than {MAX_FILES}"
    for item in everything:
        yield from _item_faults(item, names)
    for file in files:
        size = file.fp.seek(0, 2)
        file.fp.seek(0)
        if size > MAX_FILE_BYTES:
            yield f"{file.filename} has {size} bytes, more than {MAX_FILE_BYTES}"


def _item_faults(item: dict[str, Any], names: set[str]) -> Iterator[str]:
    if utf16_length(item.get("custom_id") or "") > MAX_CUSTOM_ID:
        yield "a custom id is too long"
    match item["type"]:
        case 1:
            kinds = [child["type"] for child in item["components"]]
            if not 1 <= len(kinds) <= 5 or (len(kinds) > 1 and set(kinds) != {_BUTTON}):
                yield "an action row holds one to five buttons or one select"
        case 2:
            if not 1 <= utf16_length(item.get("label") or "") <= MAX_LABEL:
                yield "a button's label is empty or too long"
            if item["style"] != _LINK_STYLE and not item.get("custom_id"):
                yield "a button without a custom id"
        case 3:
            yield from _select_faults(item)
        case 10:
            if not item["content"].strip():
                yield "an empty text"
        case 12:
            for picture in item["items"]:
                address = picture["media"]["url"]
                if utf16_length(picture.get("description") or "") > MAX_ALT_TEXT:
                    yield "a picture's description is too long"
                if address.startswith("attachment://") and address.removeprefix("attachment://") not in names:
                    yield f"{address} is not among the files"
        case 13:
            address = item["file"]["url"]
            if address.removeprefix("attachment://") not in names:
                yield f"{address} is not among the files"
        case 17:
            if not item["components"] or any(child["type"] == _CONTAINER for child in item["components"]):
                yield "a container is empty or holds a container"


def _select_faults(item: dict[str, Any]) -> Iterator[str]:
    options = item.get("options") or []
    if not 1 <= len(options) <= MAX_OPTIONS:
        yield f"a select with {len(options)} options"
    if len({option["value"] for option in options}) != len(options):
        yield "two options with one value"
    if sum(bool(option.get("default")) for option in options) > item.get("max_values", 1):
        yield "more options are chosen than can be"
    if item.get("max_values", 1) > len(options):
        yield "more can be chosen than there are"
    if utf16_length(item.get("placeholder") or "") > MAX_PLACEHOLDER:
        yield "a select's placeholder is too long"
    for option in options:
        for key in ("label", "value", "description"):
            if utf16_length(option.get(key) or "") > MAX_OPTION_TEXT:
                yield f"an option's {key} is too long"
        if not option["label"] or not option["value"]:
            yield "an option without a label or a value"


def _walk(components: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for item in components:
        yield item
        yield from _walk(item.get("components") or [])
        if item.get("accessory"):
            yield from _walk([item["accessory"]])

"""Values that are kept as JSON text, and back."""

from __future__ import annotations

import json


def dump(value: object) -> str:
    """``value`` as compact JSON, letters as they are."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def load_texts(text: str) -> tuple[str, ...]:
    """The strings of a JSON list."""
    return tuple(json.loads(text)) if text and text != "[]" else ()


def plain(text: str) -> str:
    """``text`` as both engines can keep it: no NUL (PostgreSQL), no half of a surrogate pair (UTF-8)."""
    if "\0" in text:
        text = text.replace("\0", "")
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")

"""How Discord gives back what it was sent: components, media, and whom a text would wake."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

USER_MENTION = re.compile(r"<@!?(\d+)>")
ROLE_MENTION = re.compile(r"<@&(\d+)>")


def answered(
    item: dict[str, Any], numbers: Iterator[int], by_name: dict[str, Any], new_id: Callable[[], int]
) -> dict[str, Any]:
    """A component as Discord gives it back: with an id, defaults filled in, and media resolved."""
    made = {key: value for key, value in item.items() if value is not None}
    made["id"] = item.get("id") or next(numbers)
    kind = item["type"]
    if "components" in made:
        made["components"] = [answered(child, numbers, by_name, new_id) for child in item["components"]]
    if "accessory" in made:
        made["accessory"] = answered(item["accessory"], numbers, by_name, new_id)
    if kind == 3:
        made.setdefault("min_values", 1)
        made.setdefault("max_values", 1)
    if kind == 12:
        made["items"] = [
            {
                "media": media(picture["media"], by_name, new_id),
                "description": picture.get("description"),
                "spoiler": bool(picture.get("spoiler")),
            }
            for picture in item["items"]
        ]
    if kind == 13:
        made["file"] = media(item["file"], by_name, new_id)
        name = item["file"]["url"].removeprefix("attachment://")
        made["name"], made["size"] = name, by_name[name]["size"] if name in by_name else None
        made["spoiler"] = bool(item.get("spoiler"))
    if kind == 14:
        made.setdefault("divider", True)
        made.setdefault("spacing", 1)
    if kind == 17:
        made.setdefault("accent_color", None)
        made.setdefault("spoiler", False)
    return made


def media(given: dict[str, Any], by_name: dict[str, Any], new_id: Callable[[], int]) -> dict[str, Any]:
    url = given["url"]
    if url.startswith("attachment://"):
        found = by_name[url.removeprefix("attachment://")]
        known = {key: found.get(key) for key in ("url", "width", "height", "content_type")}
        return known | {"id": str(new_id()), "proxy_url": found["url"], "attachment_id": found["id"]}
    return {
        "id": str(new_id()),
        "url": url,
        "proxy_url": url,
        "width": None,
        "height": None,
        "content_type": None,
    }


def pings(text: str, allowed: dict[str, Any] | None) -> tuple[str, ...]:
    """Whom this text would wake under these allowed mentions (none given allows everything)."""
    parse = {"everyone", "users", "roles"} if allowed is None else set(allowed.get("parse") or ())
    listed = {kind: set(map(str, (allowed or {}).get(kind) or ())) for kind in ("users", "roles")}
    reached = []
    if "everyone" in parse and re.search(r"@(everyone|here)", text):
        reached.append("everyone")
    reached += [
        f"user {one}" for one in USER_MENTION.findall(text) if "users" in parse or one in listed["users"]
    ]
    reached += [
        f"role {one}" for one in ROLE_MENTION.findall(text) if "roles" in parse or one in listed["roles"]
    ]
    return tuple(reached)


def iso(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).isoformat()

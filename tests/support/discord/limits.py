"""Limits that Discord's servers enforce and that its OpenAPI document does not say.

Each is from Discord's reference pages ("Message Components", "Create Message", "Application Commands"), with
the documented figures.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

V2_FLAG = 1 << 15
MAX_COMPONENTS = 40
MAX_TEXT = 4000
MAX_CONTENT = 2000
MAX_EMBED_TEXT = 6000
MAX_FILE_BYTES = 10 * 1024 * 1024
MAX_COMMAND_TEXT = 8000
V2_TYPES = frozenset({9, 10, 11, 12, 13, 14, 17})
INTERACTIVE = frozenset({2, 3, 5, 6, 7, 8})
COMMAND_NAME = re.compile(r"[-_'\w]{1,32}")


def walk(components: Any) -> Iterator[dict[str, Any]]:
    """Every component, nested ones and accessories included."""
    for component in components or ():
        yield component
        yield from walk(component.get("components"))
        for key in ("accessory", "component"):
            if isinstance(component.get(key), dict):
                yield from walk([component[key]])


def text_of(body: dict[str, Any]) -> str:
    """All the text that a reader of this message sees, for searching in tests and for finding mentions."""
    parts = [body.get("content") or ""]
    parts += [item["content"] for item in walk(body.get("components")) if item["type"] == 10]
    for embed in body.get("embeds") or ():
        parts += [str(embed.get("title") or ""), str(embed.get("description") or "")]
        parts += [f"{field['name']}\n{field['value']}" for field in embed.get("fields") or ()]
    return "\n".join(part for part in parts if part)


def message_faults(
    body: dict[str, Any], uploaded: frozenset[str] = frozenset(), *, edit: bool = False
) -> list[str]:
    """What the servers refuse in a message body. ``uploaded`` are the names of the files sent with it."""
    faults: list[str] = []
    components = body.get("components") or []
    everything = list(walk(components))
    v2 = bool((body.get("flags") or 0) & V2_FLAG)
    if len(str(body.get("content") or "")) > MAX_CONTENT:
        faults.append(f"content is longer than {MAX_CONTENT}")
    if len(str(body.get("nonce") or "")) > 25:
        faults.append("nonce is longer than 25")
    if v2:
        faults += [
            f"{key} cannot go with V2"
            for key in ("content", "embeds", "sticker_ids", "poll")
            if body.get(key)
        ]
        if not components and not edit:
            faults.append("a V2 message needs a component")
    elif any(item["type"] in V2_TYPES for item in everything):
        faults.append("V2 components need the V2 flag")
    elif (
        not edit
        and not any(body.get(key) for key in ("content", "embeds", "sticker_ids", "poll"))
        and not uploaded
    ):
        faults.append("cannot send an empty message")
    if len(everything) > MAX_COMPONENTS:
        faults.append(f"{len(everything)} components, more than {MAX_COMPONENTS}")
    text = sum(len(item.get("content") or "") for item in everything if item["type"] == 10)
    if text > MAX_TEXT:
        faults.append(f"{text} characters of text, more than {MAX_TEXT}")
    faults += _repeated(everything)
    for item in everything:
        faults += _component_faults(item, uploaded, edit)
    faults += _embed_faults(body.get("embeds") or [])
    mentions = body.get("allowed_mentions") or {}
    for kind in ("users", "roles"):
        if kind in (mentions.get("parse") or []) and mentions.get(kind):
            faults.append(f"allowed_mentions: {kind} is both parsed and listed")
    return faults


def _repeated(everything: list[dict[str, Any]]) -> list[str]:
    faults = []
    for key in ("custom_id", "id"):
        seen: set[Any] = set()
        for item in everything:
            value = item.get(key)
            if not value:
                continue
            if value in seen:
                faults.append(f"{key} {value!r} is there twice")
            seen.add(value)
    return faults


def _component_faults(item: dict[str, Any], uploaded: frozenset[str], edit: bool) -> list[str]:
    kind = item["type"]
    faults = []

    def most(key: str, limit: int, owner: dict[str, Any] = item) -> None:
        if len(owner.get(key) or "") > limit:
            faults.append(f"component {kind}: {key} is longer than {limit}")

    most("custom_id", 100)
    if kind in INTERACTIVE - {2} and not item.get("custom_id"):
        faults.append(f"component {kind} needs a custom_id")
    if kind == 1:
        kinds = [child["type"] for child in item.get("components") or ()]
        if any(child != 2 for child in kinds) and len(kinds) > 1:
            faults.append("an action row holds up to five buttons or one select")
        if not kinds or len(kinds) > 5:
            faults.append("an action row holds one to five components")
    if kind == 2:
        most("label", 80)
        most("url", 512)
        if not item.get("label") and not item.get("emoji"):
            faults.append("a button needs a label or an emoji")
        link = item.get("style") == 5
        if link and (item.get("custom_id") or not item.get("url")):
            faults.append("a link button has a url and no custom_id")
        if not link and (item.get("url") or not item.get("custom_id")):
            faults.append("a button that is no link has a custom_id and no url")
    if kind == 3:
        most("placeholder", 150)
        options = item.get("options") or []
        if not 1 <= len(options) <= 25:
            faults.append("a select has 1 to 25 options")
        if len({option["value"] for option in options}) != len(options):
            faults.append("two options of a select have one value")
        for option in options:
            for key in ("label", "value", "description"):
                most(key, 100, option)
            if not option.get("label") or not option.get("value"):
                faults.append("an option needs a label and a value")
        if sum(bool(option.get("default")) for option in options) > (item.get("max_values") or 1):
            faults.append("more options are chosen than may be")
    if kind == 9:
        if not 1 <= len(item.get("components") or ()) <= 3:
            faults.append("a section has one to three texts")
        if not item.get("accessory"):
            faults.append("a section needs an accessory")
    if kind == 10 and not (item.get("content") or "").strip():
        faults.append("a text display is empty")
    if kind == 12:
        pictures = item.get("items") or []
        if not 1 <= len(pictures) <= 10:
            faults.append("a gallery has one to ten items")
        for picture in pictures:
            most("description", 1024, picture)
            faults += _media_faults(picture["media"], uploaded, edit)
    if kind == 11:
        faults += _media_faults(item["media"], uploaded, edit)
    if kind == 13:
        faults += _media_faults(item["file"], uploaded, edit)
    if kind == 17 and any(child["type"] == 17 for child in item.get("components") or ()):
        faults.append("a container cannot hold a container")
    return faults


def _media_faults(media: dict[str, Any], uploaded: frozenset[str], edit: bool) -> list[str]:
    url = media.get("url") or ""
    if url.startswith("attachment://"):
        name = url.removeprefix("attachment://")
        return [] if name in uploaded or edit else [f"{name} was not uploaded"]
    return [] if url.startswith(("http://", "https://")) else [f"{url!r} is not a web address"]


def _embed_faults(embeds: list[dict[str, Any]]) -> list[str]:
    faults = []
    total = 0
    for embed in embeds:
        for field in embed.get("fields") or ():
            if not field.get("name") or not field.get("value"):
                faults.append("an embed field needs a name and a value")
            total += len(field.get("name") or "") + len(field.get("value") or "")
        total += sum(len(str(embed.get(key) or "")) for key in ("title", "description"))
        total += len((embed.get("footer") or {}).get("text") or "")
        total += len((embed.get("author") or {}).get("name") or "")
    if total > MAX_EMBED_TEXT:
        faults.append(f"{total} characters in embeds, more than {MAX_EMBED_TEXT}")
    return faults


def choice_faults(choices: list[dict[str, Any]]) -> list[str]:
    """What the servers refuse in an autocomplete answer."""
    faults = [f"{len(choices)} choices, more than 25"] if len(choices) > 25 else []
    for choice in choices:
        if not 1 <= len(choice["name"]) <= 100:
            faults.append(f"choice name of {len(choice['name'])} characters")
        if isinstance(choice["value"], str) and not 1 <= len(choice["value"]) <= 100:
            faults.append(f"choice value of {len(choice['value'])} characters")
    return faults


def modal_faults(data: dict[str, Any]) -> list[str]:
    """What the servers refuse in a modal."""
    faults = []
    if not 1 <= len(data["title"]) <= 45:
        faults.append("a modal's title has 1 to 45 characters")
    if len(data["components"]) > 5:
        faults.append("a modal has at most five parts")
    faults += _repeated(list(walk(data["components"])))
    for item in walk(data["components"]):
        if item["type"] == 18 and len(item.get("label") or "") > 45:
            faults.append("a modal's label has at most 45 characters")
        if item["type"] == 18 and len(item.get("description") or "") > 100:
            faults.append("a modal's description has at most 100 characters")
        if item["type"] == 4 and len(item.get("placeholder") or "") > 100:
            faults.append("a text input's placeholder has at most 100 characters")
    return faults


def command_faults(commands: list[dict[str, Any]]) -> list[str]:
    """What the servers refuse in a whole list of commands."""
    faults = _name_faults(commands, "command")
    if len(commands) > 100:
        faults.append("more than 100 commands")
    for command in commands:
        if _weight(command) > MAX_COMMAND_TEXT:
            faults.append(f"/{command['name']}: {_weight(command)} characters, more than {MAX_COMMAND_TEXT}")
        faults += _option_faults(command["name"], command, depth=0)
    return faults


def _name_faults(siblings: list[dict[str, Any]], what: str) -> list[str]:
    faults = []
    by_locale: dict[str, list[str]] = {}
    for one in siblings:
        names = {"": one["name"], **(one.get("name_localizations") or {})}
        for locale, name in names.items():
            if not COMMAND_NAME.fullmatch(name) or name != name.lower():
                faults.append(f"{what} name {name!r} ({locale or 'default'}) is not allowed")
            by_locale.setdefault(locale, []).append(name)
        if one.get("type", 1) == 1 or what == "option":
            texts = {"": one.get("description") or "", **(one.get("description_localizations") or {})}
            faults += [
                f"{what} {one['name']!r}: description of {len(text)} characters ({locale or 'default'})"
                for locale, text in texts.items()
                if not 1 <= len(text) <= 100
            ]
    for locale, names in by_locale.items():
        faults += [
            f"{what} name {name!r} is there twice ({locale or 'default'})"
            for name in set(names)
            if names.count(name) > 1
        ]
    return faults


def _option_faults(path: str, owner: dict[str, Any], depth: int) -> list[str]:
    options = owner.get("options") or []
    faults = [f"{path}: {fault}" for fault in _name_faults(options, "option")]
    if len(options) > 25:
        faults.append(f"{path}: more than 25 options")
    optional_seen = False
    for option in options:
        if option["type"] in (1, 2):
            if depth >= 2:
                faults.append(f"{path}: nested too deep")
            faults += _option_faults(f"{path} {option['name']}", option, depth + 1)
            continue
        if option.get("required") and optional_seen:
            faults.append(f"{path}: {option['name']} is required after an optional one")
        optional_seen = optional_seen or not option.get("required")
        if option.get("autocomplete") and option.get("choices"):
            faults.append(f"{path}: {option['name']} has choices and autocomplete")
        faults += [
            f"{path} {option['name']}: {fault}" for fault in choice_faults(option.get("choices") or [])
        ]
    return faults


def _weight(command: dict[str, Any]) -> int:
    """Name, description and values of a command and all beneath it, each in its longest locale."""

    def longest(key: str) -> int:
        texts = [command.get(key) or "", *(command.get(f"{key}_localizations") or {}).values()]
        return max(len(text) for text in texts)

    total = longest("name") + longest("description")
    total += sum(len(choice["name"]) + len(str(choice["value"])) for choice in command.get("choices") or ())
    return total + sum(_weight(option) for option in command.get("options") or ())

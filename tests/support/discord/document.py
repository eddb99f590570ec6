"""Discord's own description of its HTTP API: it judges what the bot sends and what the stand-in answers."""

from __future__ import annotations

import copy
import functools
import json
import pathlib
from typing import Any

import jsonschema
import jsonschema_rs

HERE = pathlib.Path(__file__).parent
DRAFT = "https://json-schema.org/draft/2020-12/schema"


class Document:
    """``openapi.json``, with a compiled validator for each body that was asked about."""

    def __init__(self, raw: dict[str, Any]) -> None:
        self.raw = raw
        self._validators: dict[tuple[str, ...], Any] = {}

    def knows(self, method: str, template: str) -> bool:
        """Whether the document has this operation, its path as it writes it (``/channels/{channel_id}``)."""
        return method.lower() in self.raw["paths"].get(template, {})

    def request_faults(self, method: str, template: str, body: Any) -> list[str]:
        """What is wrong with a request body; empty when nothing is."""
        operation = self.raw["paths"][template][method.lower()]
        content = operation.get("requestBody", {}).get("content", {})
        if "application/json" not in content:
            return [] if body is None else [f"{method} {template} takes no body"]
        schema = content["application/json"]["schema"]
        return self._judge((method, template, "request"), schema, lenient(body))

    def answer_faults(self, method: str, template: str, status: int, body: Any) -> list[str]:
        """What is wrong with an answer of the stand-in itself; empty when nothing is."""
        operation = self.raw["paths"][template][method.lower()]
        answer = operation["responses"].get(str(status), {})
        content = answer.get("content", {}).get("application/json")
        if content is None:
            return []
        return self._judge((method, template, str(status)), content["schema"], body)

    def _judge(self, key: tuple[str, ...], schema: dict[str, Any], body: Any) -> list[str]:
        validator = self._validators.get(key)
        if validator is None:
            validator = jsonschema_rs.validator_for(self._whole(schema), validate_formats=True)
            self._validators[key] = validator
        if validator.is_valid(body):
            return []
        return self._worded(schema, body)

    def _whole(self, schema: dict[str, Any]) -> dict[str, Any]:
        return {"$schema": DRAFT, "allOf": [schema], "components": self.raw["components"]}

    def _worded(self, schema: dict[str, Any], body: Any) -> list[str]:
        """The slow validator names the deepest fault, which the fast one buries in an anyOf."""
        slow = jsonschema.Draft202012Validator(self._whole(schema))
        words = []
        for error in slow.iter_errors(body):
            deepest = jsonschema.exceptions.best_match([error])
            words.append(f"{deepest.json_path}: {deepest.message[:300]}")
        return words or ["refused by the schema (a format)"]


def lenient(body: Any) -> Any:
    """The body with ``attachments[].id`` as strings: discord.py sends integers, and Discord accepts both."""
    if not isinstance(body, dict):
        return body
    if isinstance(body.get("data"), dict):
        return {**body, "data": lenient(body["data"])}
    if not isinstance(body.get("attachments"), list):
        return body
    changed = copy.copy(body)
    changed["attachments"] = [
        {**item, "id": str(item["id"])} if isinstance(item, dict) and "id" in item else item
        for item in body["attachments"]
    ]
    return changed


@functools.cache
def document() -> Document:
    """The document, read once per process."""
    return Document(json.loads((HERE / "openapi.json").read_text(encoding="utf-8")))

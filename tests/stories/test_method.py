"""The page on grouping and summaries gives the constants that the code has."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "method-stories.md").read_text("utf-8")
ROOMS = {"extract": "summaries", "timeline": "summaries", "check": "summaries"}
ROWS = re.findall(r"^\| `(\w+)\.(\w+)` \| ([^|]+) \|", PAGE, re.MULTILINE)


def constant(module: str, name: str) -> object:
    return getattr(importlib.import_module(f"bot.{ROOMS.get(module, 'stories')}.{module}"), name)


@pytest.mark.parametrize(("module", "name", "value"), ROWS, ids=lambda part: part.strip())
def test_the_tables_give_the_codes_values(module: str, name: str, value: str) -> None:
    assert value.strip() == str(constant(module, name))


def test_every_constant_named_on_the_page_exists() -> None:
    named = re.findall(r"`(\w+)\.([A-Z][A-Z_]+)`", PAGE)
    assert len(named) > len(ROWS) > 40
    for module, name in named:
        constant(module, name)


def test_every_constant_of_grouping_is_on_the_page() -> None:
    grouping = importlib.import_module("bot.stories.grouping")
    own = {name for name in vars(grouping) if name.isupper() and not name.startswith("_")} - {"UNIT"}
    assert {f"`grouping.{name}`" for name in own - {"CONFLICT_SHARE"}} <= set(re.findall(r"`[\w.]+`", PAGE))

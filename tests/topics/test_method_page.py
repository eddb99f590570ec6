"""The method page and the code give the same constants."""

from __future__ import annotations

import ast
import importlib
import re
from pathlib import Path

from bot.topics.taxonomy import HOME

PAGE = Path(__file__).parents[2] / "docs" / "method.md"
MODULES = ("acts", "rules", "matcher", "reading")
ROW = re.compile(r"^\| `(?P<module>\w+)\.(?P<name>[A-Z_]+)` \| (?P<value>[^|]+) \| (?P<why>[^|]+) \|$", re.M)


def section() -> str:
    text = PAGE.read_text(encoding="utf-8")
    return text.split("## How an entry is judged", 1)[1].split("\n## ", 1)[0]


def test_each_constant_on_the_page_is_that_of_the_code() -> None:
    for row in ROW.finditer(section()):
        module = importlib.import_module(f"bot.topics.{row['module']}")
        assert getattr(module, row["name"]) == ast.literal_eval(row["value"].strip()), row["name"]


def test_each_number_in_the_code_is_on_the_page() -> None:
    told = {(row["module"], row["name"]) for row in ROW.finditer(section())}
    for module in MODULES:
        tree = ast.parse(Path(importlib.import_module(f"bot.topics.{module}").__file__ or "").read_text())
        for node in tree.body:
            if not isinstance(node, ast.Assign):
                continue
            numbers = [part for part in ast.walk(node.value) if isinstance(part, ast.Constant)]
            if not any(isinstance(part.value, int | float) for part in numbers):
                continue
            for target in ast.walk(node.targets[0]):
                if isinstance(target, ast.Name) and not target.id.startswith("_"):
                    assert (module, target.id) in told, f"bot/topics/{module}.py: {target.id}"


def test_each_reason_of_the_code_is_on_the_page() -> None:
    source = "".join(
        Path(importlib.import_module(f"bot.topics.{module}").__file__ or "").read_text()
        for module in ("matcher", "rules")
    )
    codes = {"matched", "empty", "nothing_found", "masked", "elsewhere", "no_nexus", "no_act", "too_far"}
    codes |= {"exception", "below_line", "other_subject"}
    for code in codes:
        assert f'"{code}"' in source, code
        assert f"`{code}`" in section(), code


def test_each_file_of_the_taxonomy_is_on_the_page() -> None:
    for path in HOME.iterdir():
        assert f"`{path.name}`" in section(), path.name

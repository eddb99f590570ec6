"""What the pages say of settings and commands is what the code does."""

from __future__ import annotations

import argparse
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.commands.registry import COMMANDS
from bot.main import _parser
from bot.metrics import REGISTRY
from bot.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = sorted((ROOT / "docs").glob("*.md"))
SCALING = (ROOT / "docs" / "scaling.md").read_text(encoding="utf-8")
OPERATING = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")


def test_every_setting_is_on_the_page_with_its_default() -> None:
    rows = dict(re.findall(r"^\| `(VIGIA_\w+)` \| ([^|]*) \|", OPERATING, re.MULTILINE))
    assert set(rows) == {f"VIGIA_{name.upper()}" for name in Settings.model_fields}
    for name, field in Settings.model_fields.items():
        default, told = field.default, rows[f"VIGIA_{name.upper()}"].strip().strip("`")
        if default is not None and name != "contact":
            assert told == str(default).lower() if isinstance(default, bool) else told == str(default)


def test_the_readme_names_every_group_of_commands() -> None:
    for command in COMMANDS:
        assert f"/{command.name.split()[0]}" in README, command.name


def words_of(parser: argparse.ArgumentParser) -> Iterator[str]:
    """The command line's commands, ``db backup`` and the like among them; each has help."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            told = {choice.dest: choice.help for choice in action._choices_actions}
            for word, below in action.choices.items():
                assert told[word] and below.description, word
                deeper = [f"{word} {one}" for one in words_of(below)]
                yield from deeper or [word]


def test_the_page_names_every_word_of_the_command_line_and_no_other() -> None:
    known = set(words_of(_parser()))
    listed = set(re.findall(r"^\| `python bot\.py ((?:db )?[a-z]+)", OPERATING, re.MULTILINE))
    assert listed == known


@pytest.mark.parametrize("page", [*PAGES, ROOT / "README.md"], ids=lambda page: page.name)
def test_pages_type_only_what_the_command_line_takes(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    asked = re.findall(r"python bot\.py ([^`\n;)…|]+)", text) + re.findall(r"vigia (db [^`\n]+)", text)
    asked += re.findall(r"`(db [a-z]+ [A-Z]+)`", text)
    for line in asked:
        words = shlex.split(line.partition(" > ")[0].rstrip(".,: "))
        known = [word for word in words if word not in ("says", "→")]
        _parser().parse_args(known)


def test_the_pages_name_every_figure_and_no_other() -> None:
    counters = {f"{one.name}_total" for one in REGISTRY.collect() if one.type == "counter"}
    known = {one.name for one in REGISTRY.collect() if one.type != "counter"} | counters
    listed = re.findall(r"^\| `(vigia_\w+)`(?: by `(\w+)`)? \|", OPERATING, re.MULTILINE)
    assert {name for name, _ in listed} == known


def test_the_pages_name_every_event_of_the_log_and_no_other() -> None:
    said = re.compile(
        r"\b(?:log\.(?:info|warning|error|exception|log)|say|told)\(\s*(?:[\w.]+,\s*)?\"([a-z_]+)\"", re.ASCII
    )
    known = set()
    for file in (ROOT / "bot").rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        known |= set(said.findall(text)) if "structlog.get_logger()" in text else set()
    listed = set()
    for text in (OPERATING, SCALING):
        for rows in re.findall(r"^\| event \|.+\n\|[-|]+\n((?:\|.+\n)+)", text, re.MULTILINE):
            for row in rows.splitlines():
                listed |= set(re.findall(r"`([a-z_]+)`", row.split("|")[1]))
    assert listed == known


@pytest.mark.parametrize("page", [*PAGES, ROOT / "README.md"], ids=lambda p: p.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?://|#)([^)#]+)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_the_readme_commands_are_the_ones_ci_runs() -> None:
    install = ".venv/bin/pip install -e '.[dev]' -c constraints.txt"
    assert f"python3 -m venv .venv && {install} && .venv/bin/pytest -n auto" in README
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    for part in ("-m venv .venv", "-e '.[dev]' -c constraints.txt", ".venv/bin/pytest -n auto"):
        assert part in ci

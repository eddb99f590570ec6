"""What the pages say of settings and commands is what the code does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.commands.registry import COMMANDS
from bot.main import _parser
from bot.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
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


def test_every_word_of_the_command_line_has_help() -> None:
    text = _parser().format_help()
    for word in ("run", "console", "ask", "demo", "poll", "digest", "check"):
        assert re.search(rf"^    {word} +\S", text, re.MULTILINE), word


@pytest.mark.parametrize(
    "page", [*sorted((ROOT / "docs").glob("*.md")), ROOT / "README.md"], ids=lambda p: p.name
)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?://|#)([^)#]+)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_the_readme_commands_are_the_ones_ci_runs() -> None:
    tests = "python3 -m venv .venv && .venv/bin/pip install -e '.[dev]' && .venv/bin/pytest"
    assert tests in README
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    for part in ("-m venv .venv", "-e '.[dev]'", ".venv/bin/pytest"):
        assert part in ci

"""The house: a room imports only rooms above it, and each outside thing has one seam."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "bot"

#: From top to bottom, as docs/architecture.md draws them. Rooms of one row do not import each other.
ROWS = (
    ("clock", "settings", "locale", "logs", "metrics"),
    ("article",),
    ("record",),
    ("feeds",),
    ("topics",),
    ("stories",),
    ("summaries",),
    ("store", "samples"),
    ("pages",),
    ("commands",),
    ("worker",),
    ("console", "chat"),
    ("app",),
    ("operating",),
    ("main",),
)
ROW_OF = {room: row for row, rooms in enumerate(ROWS) for room in rooms}

#: An outside thing, and the rooms that may touch it.
SEAMS = {
    "discord": {"chat"},
    "aiohttp": {"feeds", "operating", "summaries", "chat"},  # discord.py raises its errors
    "feedparser": {"feeds"},
    "sqlalchemy": {"store"},
    "sqlmodel": {"store"},
    "apscheduler": {"worker"},
    "procrastinate": {"worker"},
    "rich": {"console", "operating", "main"},
    "prompt_toolkit": {"console", "operating"},
}


def _modules() -> list[Path]:
    return sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")


def _room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def _imports(path: Path) -> set[str]:
    """Every module that a file imports while it runs; TYPE_CHECKING blocks do not count."""
    found: set[str] = set()

    def visit(node: ast.AST) -> None:
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            return
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found.add(node.module)
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
        for child in ast.iter_child_nodes(node):
            visit(child)

    visit(ast.parse(path.read_text(encoding="utf-8")))
    return found


@pytest.mark.parametrize("path", _modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_room_imports_only_rooms_above_it(path: Path) -> None:
    room = _room(path)
    assert room in ROW_OF, f"{room} is not in the house: say where it stands in docs/architecture.md"
    for name in _imports(path):
        parts = name.split(".")
        if parts[0] != "bot" or len(parts) < 2 or parts[1] == room or parts[1] not in ROW_OF:
            continue
        assert ROW_OF[parts[1]] < ROW_OF[room], f"{path.name} ({room}) imports {name}"


@pytest.mark.parametrize("path", _modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_outside_things_are_touched_at_their_seam_only(path: Path) -> None:
    for name in _imports(path):
        allowed = SEAMS.get(name.split(".")[0])
        assert allowed is None or _room(path) in allowed, f"{path} imports {name}"


@pytest.mark.parametrize("path", _modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_only_the_clock_asks_what_time_it_is(path: Path) -> None:
    if _room(path) == "clock":
        return
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\b(datetime\.(now|utcnow|today)|date\.today|time\.time)\(", text)


def test_the_page_names_every_room() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    for room in ROW_OF:
        assert f"`{room}" in page, f"docs/architecture.md does not speak of {room}"


def test_no_file_does_two_jobs() -> None:
    for path in _modules():
        if "versions" in path.parts:  # a migration says all that one step changes
            continue
        lines = path.read_text(encoding="utf-8").count("\n")
        assert lines <= 400, f"{path.relative_to(ROOT)} has {lines} lines: is it two files?"

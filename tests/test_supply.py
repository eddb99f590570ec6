"""What is installed is locked with hashes, and its licences are listed."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from scripts.lock import LOCKS, PAGE, locked

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
#: Licences that let everyone use the bot as they like. LGPL: psycopg is used as it comes, as a library.
FREE = {
    *("MIT", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "PSF-2.0", "ISC", "MPL-2.0", "Unlicense"),
    "LGPL-3.0-only",
}


def named(requirements: list[str]) -> set[str]:
    """The packages of requirements, as a lock spells them."""
    names = (re.match(r"[A-Za-z0-9._-]+", one) for one in requirements)
    return {re.sub(r"[._-]+", "-", name.group()).lower() for name in names if name}


@pytest.mark.parametrize(("name", "extras"), LOCKS.items())
def test_every_dependency_is_locked(name: str, extras: tuple[str, ...]) -> None:
    wanted = named(PROJECT["dependencies"])
    for extra in extras:
        wanted |= named(PROJECT["optional-dependencies"][extra])
    assert wanted <= set(locked(ROOT / name)), "run scripts/lock.py"


@pytest.mark.parametrize("name", LOCKS)
def test_every_lock_is_held_by_hashes_and_names_no_place(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "://" not in text and "--index" not in text and "--find-links" not in text
    for block in re.split(r"\n(?=[a-z0-9])", text.strip()):
        assert "--hash=sha256:" in block, block.splitlines()[0]


def test_the_locks_agree() -> None:
    small, large = (locked(ROOT / name) for name in LOCKS)
    assert small.items() <= large.items()


def test_every_locked_package_has_its_licence_on_the_page() -> None:
    rows = re.findall(
        r"^\| ([a-z0-9.-]+) \| (\d\S*) \| ([^|]+) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE
    )
    assert {name: version for name, version, _ in rows} == {
        package: version for name in LOCKS for package, version in locked(ROOT / name).items()
    }
    for name, _, licence in rows:
        assert set(re.split(r" AND | OR ", licence.strip())) <= FREE, f"{name}: {licence}"

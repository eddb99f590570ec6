"""What is installed is locked with hashes, and its licences are listed."""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

import pytest

from scripts import audit
from scripts.lock import BUILD_LOCK, CONSTRAINTS, LOCKS, PAGE, constraints, locked

ROOT = Path(__file__).resolve().parent.parent
CONFIG = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = CONFIG["project"]
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


@pytest.mark.parametrize("name", [*LOCKS, BUILD_LOCK.name])
def test_every_lock_is_held_by_hashes_and_names_no_place(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "://" not in text and "--index" not in text and "--find-links" not in text
    for block in re.split(r"\n(?=[a-z0-9])", text.strip()):
        assert "--hash=sha256:" in block, block.splitlines()[0]


def test_the_locks_agree() -> None:
    small, large = (locked(ROOT / name) for name in LOCKS)
    assert small.items() <= large.items()


def test_uv_takes_the_versions_that_pip_takes() -> None:
    assert CONFIG["tool"]["uv"]["constraint-dependencies"] == constraints()


def test_every_dependency_of_every_extra_is_constrained() -> None:
    wanted = named(PROJECT["dependencies"])
    for extra in PROJECT["optional-dependencies"].values():
        wanted |= named(extra)
    pinned = locked(CONSTRAINTS)
    assert wanted <= set(pinned), "run scripts/lock.py"
    for name in LOCKS:
        assert locked(ROOT / name).keys() <= pinned.keys()


def test_the_build_is_pinned() -> None:
    assert CONFIG["build-system"]["requires"] == [f"hatchling=={locked(BUILD_LOCK)['hatchling']}"]


def test_every_locked_package_has_its_licence_on_the_page() -> None:
    rows = re.findall(
        r"^\| ([a-z0-9.-]+) \| (\d\S*) \| ([^|]+) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE
    )
    assert {name: version for name, version, _ in rows} == {
        package: version for name in LOCKS for package, version in locked(ROOT / name).items()
    }
    for name, _, licence in rows:
        assert set(re.split(r" AND | OR ", licence.strip())) <= FREE, f"{name}: {licence}"


def flaw(name: str, *fixes: str) -> dict[str, object]:
    """A package with one vulnerability, as pip-audit reports it."""
    vulnerability = {"id": "PYSEC-2026-1", "fix_versions": [*fixes], "aliases": [], "description": ""}
    return {"name": name, "version": "1.0", "vulns": [vulnerability]}


SOUND: dict[str, object] = {"name": "yarl", "version": "1.0", "vulns": []}
SKIPPED: dict[str, object] = {"name": "rich", "skip_reason": "Dependency not found on PyPI"}


@pytest.mark.parametrize(
    ("packages", "status", "told"),
    [
        ([SOUND], 0, "1 packages audited: no known vulnerabilities"),
        ([SOUND, SKIPPED], 0, "1 packages audited, 1 not known to the service"),
        ([SOUND, flaw("aiohttp", "1.1", "2.0")], 1, "aiohttp 1.0: PYSEC-2026-1, fixed in 1.1, 2.0"),
        ([SOUND, flaw("aiohttp")], 0, "aiohttp 1.0: PYSEC-2026-1, not fixed yet"),
        ([SKIPPED], 0, "NOT AUDITED: the advisory service knows none of the packages"),
    ],
)
def test_the_audit_fails_on_what_another_version_mends(
    packages: list[dict[str, object]],
    status: int,
    told: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(audit, "report", lambda: {"dependencies": packages, "fixes": []})
    assert audit.main() == status
    assert told in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("import sys; sys.exit('no way there')", "no way there"),
        ("import time; time.sleep(9)", "no answer in"),
    ],
)
def test_an_audit_that_cannot_be_made_says_so(words: str, why: str) -> None:
    with pytest.raises(audit.NotAudited, match=why):
        audit._run([sys.executable, "-c", words], 1, "the advisories cannot be fetched")

"""Resolve the dependencies once, write that down for each way to install them, and list their licences.

    python scripts/lock.py             # after a change of pyproject.toml; versions that still fit stay
    python scripts/lock.py --upgrade   # take the newest versions that pyproject.toml allows
    python scripts/lock.py --licences  # the list alone, from what is installed here

needs `uv` (pip install uv) and a package index, and writes

- constraints.txt: one version for every package of every extra, for `pip install -c constraints.txt`;
- the same in pyproject.toml under `[tool.uv] constraint-dependencies`, for `uv run`;
- requirements.lock (the default install) and requirements-scale.lock (with the extras postgres and scale),
  of the same versions, with hashes: `pip install --require-hashes -r requirements.lock` takes nothing else;
- requirements-build.lock, with hashes: what builds the package where pip may download no build environment;
- docs/licences.md.

Versions move only when this is run.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROJECT = ROOT / "pyproject.toml"
CONSTRAINTS = ROOT / "constraints.txt"
BUILD_LOCK = ROOT / "requirements-build.lock"
LOCKS = {"requirements.lock": (), "requirements-scale.lock": ("postgres", "scale")}
UV_TABLE = re.compile(r"(?<=^constraint-dependencies = \[\n).*?(?=^\])", re.MULTILINE | re.DOTALL)
PAGE = ROOT / "docs" / "licences.md"
HEAD = """\
# Licences

What Vigía installs, and under which licence. Vigía itself is under the MIT licence ([LICENSE](../LICENSE)).
The list is made by `python scripts/lock.py` from the locks `requirements.lock` and `requirements-scale.lock`;
a test holds it to them.

| package | version | licence | for |
|---|---|---|---|
"""
#: Where the metadata say nothing short; read in the packages' own licence files.
READ = {
    "aiohappyeyeballs": "PSF-2.0",
    "audioop-lts": "PSF-2.0",  # from Python 3.13 on
    "discord-py": "MIT",
    "feedparser-sgmllib": "PSF-2.0",
    "typing-extensions": "PSF-2.0",
}
#: Long names and classifiers as SPDX has them.
SHORT = {
    "MIT License": "MIT",
    "The MIT License": "MIT",
    "BSD License": "BSD-3-Clause",
    "BSD": "BSD-3-Clause",
    "New BSD": "BSD-3-Clause",
    "Apache Software License": "Apache-2.0",
    "Apache 2": "Apache-2.0",
    "Apache License 2.0": "Apache-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "GNU Lesser General Public License v3 (LGPLv3)": "LGPL-3.0-only",
}


def locked(path: Path) -> dict[str, str]:
    """Package to version, as a lock has them."""
    return dict(re.findall(r"^([a-z0-9][a-z0-9._-]*)==([^\s;\\]+)", path.read_text(), re.MULTILINE))


def constraints() -> list[str]:
    """The lines of constraints.txt: ``name==version``, with a marker where it is for some Pythons only."""
    return [line for line in CONSTRAINTS.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]


def lock(*, upgrade: bool) -> None:
    """Write the constraints and, of the same versions, the locks.

    A lock names its packages' files by their hashes and no place to take them from.
    """
    move = ["--upgrade"] if upgrade else []
    _compile(CONSTRAINTS, "pyproject.toml", "--all-extras", *move)
    pins = CONSTRAINTS.read_text(encoding="utf-8")
    CONSTRAINTS.write_text(
        "# Written by scripts/lock.py: the versions that were tested.\n" + pins, encoding="utf-8"
    )
    project = PROJECT.read_text(encoding="utf-8")
    table = "".join(f'  "{line}",\n' for line in constraints())
    PROJECT.write_text(UV_TABLE.sub(lambda _: table, project, count=1), encoding="utf-8")
    for name, extras in LOCKS.items():
        asked = [word for extra in extras for word in ("--extra", extra)]
        _compile(ROOT / name, "pyproject.toml", *asked, "-c", CONSTRAINTS.name, "--generate-hashes")
    builders: Iterable[str] = tomllib.loads(project)["build-system"]["requires"]
    _compile(BUILD_LOCK, "-", "--generate-hashes", *move, given="\n".join(builders))


def _compile(target: Path, source: str, *options: str, given: str = "") -> None:
    command = ["uv", "pip", "compile", source, *options, "--universal", "--python-version", "3.11"]
    command += [
        "--no-header",
        "--no-annotate",
        "--no-emit-index-url",
        "--quiet",
        "--output-file",
        target.name,
    ]
    # The constraints in pyproject.toml are a result of this script and must not bind it.
    command += ["--no-config"]
    try:
        subprocess.run(command, cwd=ROOT, check=True, input=given, text=True)
    except FileNotFoundError:
        raise SystemExit("uv is not installed here: pip install uv") from None


def licence(package: str) -> str:
    """The licence that an installed package names, in SPDX's short form where it can be told."""
    known = metadata(package)
    stated = known.get("License-Expression") or READ.get(package, "")
    if stated:
        return stated
    classified = [
        line.rpartition(" :: ")[2]
        for line in known.get_all("Classifier", [])
        if line.startswith("License ::")
    ]
    for name in (*classified, (known.get("License") or "").splitlines()[0] if known.get("License") else ""):
        if name and name != "OSI Approved":
            return SHORT.get(name, name)
    raise SystemExit(f"{package} names no licence: read its files and add it to READ")


def page() -> str:
    default = locked(ROOT / "requirements.lock")
    everything = locked(ROOT / "requirements-scale.lock") | default
    rows = []
    for package, version in sorted(everything.items()):
        try:
            found = licence(package)
        except PackageNotFoundError:
            found = READ.get(package) or _not_here(package)
        use = "the bot" if package in default else "PostgreSQL and several machines"
        rows.append(f"| {package} | {version} | {found} | {use} |")
    return HEAD + "\n".join(rows) + "\n"


def _not_here(package: str) -> str:
    """A package of another platform or Python keeps the line that it has."""
    for line in PAGE.read_text(encoding="utf-8").splitlines() if PAGE.exists() else ():
        if line.startswith(f"| {package} |"):
            return line.split("|")[3].strip()
    raise SystemExit(f"{package} is not installed here: read its licence and add it to READ")


def main() -> None:
    parser = argparse.ArgumentParser(description="Lock the dependencies and list their licences.")
    parser.add_argument("--licences", action="store_true", help="only the list, from what is installed here")
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions that are allowed")
    given = parser.parse_args()
    if not given.licences:
        lock(upgrade=given.upgrade)
    PAGE.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"{PAGE.relative_to(ROOT)}\n")


if __name__ == "__main__":
    main()

"""Look the locked dependencies up among the known vulnerabilities, with pip-audit.

    python scripts/audit.py

pip-audit gets a folder of its own for the run, so that the bot's environment does not change. Leaves with 1
if a locked version has a known vulnerability that another version fixes; one that nothing fixes yet is told.
Where pip-audit cannot be installed or the advisories cannot be fetched, it says that nothing was looked up,
and leaves with 0: a machine without the internet can still run the other checks.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import venv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
#: The larger lock holds the smaller one.
LOCK = ROOT / "requirements-scale.lock"
WANTED = "pip-audit>=2.7,<3"
INSTALL_SECONDS = 120
ASK_SECONDS = 120


class NotAudited(Exception):
    """Nothing was looked up; the text says why."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What pip-audit's report says. ``mendable`` and ``open`` are sentences, one for each vulnerability."""

    audited: int
    unknown: int
    mendable: tuple[str, ...]
    open: tuple[str, ...]


def judge(report: dict[str, Any]) -> Verdict:
    """The verdict on pip-audit's JSON. Raises NotAudited if the service knew none of the packages.

    pip-audit itself finds nothing amiss then: an index may serve packages and no advisories.
    """
    known = [one for one in report["dependencies"] if "skip_reason" not in one]
    unknown = len(report["dependencies"]) - len(known)
    if not known:
        raise NotAudited("the advisory service knows none of the packages")
    mendable, waiting = [], []
    for one in known:
        for flaw in one["vulns"]:
            line = f"{one['name']} {one['version']}: {flaw['id']}"
            if flaw["fix_versions"]:
                mendable.append(f"{line}, fixed in {', '.join(flaw['fix_versions'])}")
            else:
                waiting.append(f"{line}, not fixed yet")
    return Verdict(len(known), unknown, tuple(mendable), tuple(waiting))


def report() -> dict[str, Any]:
    """What pip-audit says of the lock. Raises NotAudited."""
    with tempfile.TemporaryDirectory(prefix="audit") as folder:
        venv.create(folder, with_pip=True)
        python = str(Path(folder) / ("Scripts" if sys.platform == "win32" else "bin") / "python")
        install = ("-m", "pip", "install", "--quiet", "--retries", "1", "--timeout", "10", WANTED)
        _run([python, *install], INSTALL_SECONDS, "pip-audit cannot be installed")
        ask = ("-m", "pip_audit", "--requirement", str(LOCK), "--require-hashes", "--disable-pip")
        form = ("--format", "json", "--timeout", "10", "--progress-spinner", "off")
        told = _run([python, *ask, *form], ASK_SECONDS, "the advisories cannot be fetched")
    found: dict[str, Any] = json.loads(told)
    return found


def _run(command: Sequence[str], seconds: int, failing: str) -> str:
    """What a command prints. Raises NotAudited if that is nothing, or nothing in time."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired:
        raise NotAudited(f"{failing}: no answer in {seconds} seconds") from None
    # pip-audit leaves with 1 for a vulnerability as well as for a fault; only the former has a report.
    if done.returncode and not done.stdout.lstrip().startswith("{"):
        raise NotAudited(f"{failing}: {(done.stderr.strip() or 'no reason given').splitlines()[-1]}")
    return done.stdout


def main() -> int:
    try:
        verdict = judge(report())
    except NotAudited as reason:
        sys.stdout.write(f"NOT AUDITED: {reason}. Run scripts/audit.py where it can be reached.\n")
        return 0
    for line in (*verdict.mendable, *verdict.open):
        sys.stdout.write(line + "\n")
    unknown = f", {verdict.unknown} not known to the service" if verdict.unknown else ""
    found = len(verdict.mendable) + len(verdict.open)
    sys.stdout.write(f"{verdict.audited} packages audited{unknown}: {found or 'no'} known vulnerabilities.\n")
    return 1 if verdict.mendable else 0


if __name__ == "__main__":
    raise SystemExit(main())

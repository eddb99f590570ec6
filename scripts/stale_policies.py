"""List the policies of the record that are said to be in force but have had no step for 90 days.

    python scripts/stale_policies.py

Each may still be in force; somebody should look. Leaves with 1 if there are any.
"""

from __future__ import annotations

import sys
from datetime import date, timedelta

from bot.clock import SystemClock
from bot.record import PolicyObject, Record, load_record

#: A quarter: courts and agencies rarely leave a contested policy alone for longer.
QUIET = timedelta(days=90)
IN_FORCE = ("in_force", "in_part")


def stale(record: Record, today: date) -> list[PolicyObject]:
    """The policies in force whose last step lies more than QUIET back, the longest quiet first."""
    quiet = [
        policy
        for policy in record.objects
        if policy.status in IN_FORCE and today - _day(policy.steps[-1].date) > QUIET
    ]
    return sorted(quiet, key=lambda policy: policy.steps[-1].date)


def _day(text: str) -> date:
    return date.fromisoformat(text if len(text) > len("2019-01") else f"{text}-01")


def main() -> int:
    """Print a line for each; the exit code."""
    found = stale(load_record(), SystemClock().now().date())
    for policy in found:
        print(f"{policy.steps[-1].date:10}  {policy.status:8}  {policy.id}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

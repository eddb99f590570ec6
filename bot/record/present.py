"""What of the record tells where a worry stands now, and what it tells of a stretch of time. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from bot.record.policy import PolicyObject, PolicyStep, Record

#: Statuses of a policy that is there: in force, or held up only by a court.
STANDING = ("in_force", "in_part", "enjoined")
#: How many of its questions, the first ones, a policy answers by its status.
TOLD = 2
_MONTH = len("2019-01")


def standing(record: Record, questions: Iterable[str]) -> list[PolicyObject]:
    """The policies that stand now and tell where the questions stand, the most telling first.

    A policy tells of a question that is its first or second; what else it bears on it does not answer.
    Those that bear on the questions before all else come first, then those that bear on more of them, then in
    the order of the questions, then those that touch Mexico itself, then those whose status is newest. A
    policy whose status rests on an unconfirmed step is left out.
    """
    order = tuple(dict.fromkeys(questions))
    wanted = set(order)
    found = [
        policy
        for policy in record.objects
        if wanted.intersection(policy.questions[:TOLD])
        and policy.status in STANDING
        and policy.status_step.confirmed
    ]
    return sorted(
        found,
        key=lambda policy: (
            policy.questions[0] in wanted,
            len(wanted.intersection(policy.questions)),
            -min(order.index(question) for question in policy.questions[:TOLD] if question in wanted),
            "mx" in policy.countries,
            policy.status_step.date,
        ),
        reverse=True,
    )


def steps_between(
    record: Record, questions: Iterable[str], since: date, until: date
) -> list[tuple[PolicyObject, PolicyStep]]:
    """The confirmed steps from ``since`` to ``until`` of policies that bear on the questions, oldest first.

    A step of which only the month is known stands at the month's first day.
    """
    wanted = set(questions)
    found = [
        (policy, step)
        for policy in record.objects
        if wanted.intersection(policy.questions)
        for step in policy.steps
        if step.confirmed and since <= day_of(step) <= until
    ]
    return sorted(found, key=lambda one: day_of(one[1]))


def day_of(step: PolicyStep) -> date:
    """The day of a step, or the first of its month where only that is known."""
    return date.fromisoformat(f"{step.date}-01" if len(step.date) == _MONTH else step.date)

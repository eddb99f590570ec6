"""The policies of the record that are in force now, and the steps taken in a period. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from bot.record.policy import PolicyObject, PolicyStep, Record

#: Statuses of a policy that counts as current: in force, or blocked only by a court.
CURRENT_STATUSES = ("in_force", "in_part", "enjoined")
#: A policy answers its first two questions by its status.
MAIN_QUESTIONS = 2
_MONTH = len("2019-01")


def current_policies(record: Record, questions: Iterable[str]) -> list[PolicyObject]:
    """The policies that are current and have one of the questions among their first two, most relevant first.

    Sorted by: one of the questions is the policy's first; how many of them it bears on; the order of the
    questions; whether Mexico takes part; the date of its status. A policy whose status rests on an
    unconfirmed step is left out.
    """
    order = tuple(dict.fromkeys(questions))
    wanted = set(order)
    found = [
        policy
        for policy in record.objects
        if wanted.intersection(policy.questions[:MAIN_QUESTIONS])
        and policy.status in CURRENT_STATUSES
        and policy.status_step.confirmed
    ]
    return sorted(
        found,
        key=lambda policy: (
            policy.questions[0] in wanted,
            len(wanted.intersection(policy.questions)),
            -min(
                order.index(question) for question in policy.questions[:MAIN_QUESTIONS] if question in wanted
            ),
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

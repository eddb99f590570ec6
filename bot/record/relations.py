"""What must hold between policies: unique ids, names and sentences, and neighbours that exist."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.article import KeyFault
from bot.record.policy import PolicyObject


def relation_faults(policies: Sequence[tuple[str, PolicyObject]]) -> Iterator[KeyFault]:
    """The faults that show only with all policies side by side; each comes with the name of its file."""
    yield from _taken(policies)
    known = {policy.id for _, policy in policies}
    for file, policy in policies:
        for role in ("predecessor", "successor"):
            other = getattr(policy, role)
            if other == policy.id:
                yield _fault(file, policy, role, "is the policy itself")
            elif other is not None and other not in known:
                yield _fault(file, policy, role, f"there is no “{other}”")
        if policy.status == "replaced" and policy.successor is None:
            yield _fault(file, policy, "successor", "missing, though the last step says “replaced”")


def _taken(policies: Sequence[tuple[str, PolicyObject]]) -> Iterator[KeyFault]:
    ids: dict[str, str] = {}
    names: dict[str, PolicyObject] = {}
    sentences: dict[str, str] = {}
    for file, policy in policies:
        if policy.id in ids:
            yield _fault(file, policy, "id", f"is taken in {ids[policy.id]}")
            continue  # its names and sentences would be told again
        ids[policy.id] = file
        for name in policy.names:
            owner = names.setdefault(name.casefold(), policy)
            if owner is not policy:
                yield _fault(file, policy, "aliases", f"“{name}” is a name of {owner.id} too")
        for index, step in enumerate(policy.steps):
            for language in ("en", "es"):
                key = f"steps[{index}].sentence.{language}"
                sentence = step.sentence.in_(language)
                where = sentences.setdefault(" ".join(sentence.casefold().split()), f"{policy.id}.{key}")
                if sentence and where != f"{policy.id}.{key}":
                    yield _fault(file, policy, key, f"says the same as {where}")


def _fault(file: str, policy: PolicyObject, key: str, problem: str) -> KeyFault:
    return KeyFault(f"{file}: objects[{policy.id}].{key}", problem)

"""Which policies of the record a reader means: by name, alias, id, or a document's number."""

from __future__ import annotations

from functools import cache

from bot.commands.arguments import fold
from bot.record import PolicyObject, Record

#: Up to this rank the text is a whole name, or a whole number of a document.
WHOLE = 1


def policies_matching(record: Record, typed: str) -> list[PolicyObject]:
    """The policies that ``typed`` may mean, the likeliest first; all for an empty text."""
    return [policy for _, policy in ranked(record, typed)]


def policies_by_name(record: Record, typed: str) -> list[PolicyObject]:
    """The policies that ``typed`` names as a whole, else all that it may mean."""
    found = ranked(record, typed)
    if found and (best := found[0][0]) <= WHOLE:
        return [policy for rank, policy in found if rank == best]
    return [policy for _, policy in found]


def policies_mentioning(record: Record, words: str) -> list[PolicyObject]:
    """The policies in whose names, or in one of whose documents, every word of a search stands."""
    wanted = [word for word in fold(words).split() if word != "or"]
    if not wanted:
        return []
    return [policy for policy in record.objects if any(_holds(text, wanted) for text in _texts(policy))]


def _holds(text: str, wanted: list[str]) -> bool:
    return all(f" {word}" in text for word in wanted)


@cache
def _texts(policy: PolicyObject) -> tuple[str, ...]:
    """All names of a policy as one text, and each document's title and number as another, folded."""
    documents = {step.document for step in policy.steps if step.document is not None}
    texts = [" ".join(policy.names), *(f"{one.title} {one.number}" for one in documents)]
    return tuple(f" {fold(text)}" for text in texts)


def ranked(record: Record, typed: str) -> list[tuple[int, PolicyObject]]:
    """The policies that ``typed`` may mean with their rank, the likeliest first.

    A name that is just that comes before a document's number that is, a name that begins so, a word that
    begins so, a name that holds it, and a number that holds it.
    """
    wanted = fold(typed)
    found = [(_rank(policy, wanted), policy) for policy in record.objects]
    fitting = [(rank, policy) for rank, policy in found if rank is not None]
    return sorted(fitting, key=lambda one: one[0])


def _rank(policy: PolicyObject, wanted: str) -> int | None:
    names, numbers = _spellings(policy)
    fitting = (
        wanted in names,
        wanted in numbers,
        any(name.startswith(wanted) for name in names),
        any(f" {wanted}" in name for name in names),
        any(wanted in name for name in names),
        any(wanted in number for number in numbers),
    )
    return next((rank for rank, fits in enumerate(fitting) if fits), None)


@cache
def _spellings(policy: PolicyObject) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names of a policy and the numbers of its documents, folded; "Proclamation 1, 2 FR 3" has two."""
    names = (policy.id, *policy.names)
    documents = (step.document for step in policy.steps if step.document is not None)
    numbers = (part for document in documents for part in document.number.split(", ") if part)
    return tuple(map(fold, names)), tuple(dict.fromkeys(map(fold, numbers)))

"""Merges and splits that admins decided: pairs of articles in one story, or in separate ones. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

#: The newest articles of each side that a decision is stored for: enough for grouping to meet one of them,
#: and a decision about two long stories stays a few hundred rows.
REMEMBERED = 15


@dataclass(frozen=True, slots=True)
class MergeConstraint:
    """Two articles that an admin wants in one story (``together``) or never in one. ``one`` < ``other``."""

    one: int
    other: int
    together: bool


def constraints_for_split(moved: Iterable[int], rest: Iterable[int]) -> tuple[MergeConstraint, ...]:
    """The constraints that keep ``moved`` articles out of the story of ``rest``."""
    return _constraints(moved, rest, together=False)


def constraints_for_merge(one: Iterable[int], other: Iterable[int]) -> tuple[MergeConstraint, ...]:
    """The constraints that hold two stories' articles together."""
    return _constraints(one, other, together=True)


def _constraints(one: Iterable[int], other: Iterable[int], together: bool) -> tuple[MergeConstraint, ...]:
    left, right = sorted(set(one))[-REMEMBERED:], sorted(set(other))[-REMEMBERED:]
    return tuple(MergeConstraint(min(a, b), max(a, b), together) for a in left for b in right if a != b)


class StoryOverrides:
    """The constraints in force. A later one for a pair replaces the earlier.

    ``apart`` are stories that constraints between articles keep apart: they hold for longer than grouping
    remembers the articles.
    """

    def __init__(
        self, constraints: Iterable[MergeConstraint] = (), apart: Iterable[tuple[int, int]] = ()
    ) -> None:
        self._of: dict[int, dict[int, bool]] = {}
        self._stories: dict[int, set[int]] = {}
        for constraint in constraints:
            self._of.setdefault(constraint.one, {})[constraint.other] = constraint.together
            self._of.setdefault(constraint.other, {})[constraint.one] = constraint.together
        for one, other in apart:
            self._separate(one, other)

    def partners(self, article: int) -> tuple[int, ...]:
        """Articles that ``article`` must be together with, lowest id first."""
        return tuple(sorted(other for other, together in self._of.get(article, {}).items() if together))

    def apart(self, article: int, others: Collection[int]) -> bool:
        """Whether ``article`` must not share a story with any of ``others``."""
        decided = self._of.get(article)
        return bool(decided) and any(not together and o in others for o, together in (decided or {}).items())

    def stories_apart(self, one: int, other: int) -> bool:
        """Whether two stories must not become one, by what was known when the constraints were read."""
        return other in self._stories.get(one, ())

    def story_merged(self, kept: int, gone: int) -> None:
        """Story ``gone`` became part of ``kept``, which takes over the stories that it must stay separate
        from.
        """
        for other in self._stories.pop(gone, ()):
            self._stories[other].discard(gone)
            self._separate(kept, other)

    def _separate(self, one: int, other: int) -> None:
        if one != other:
            self._stories.setdefault(one, set()).add(other)
            self._stories.setdefault(other, set()).add(one)

    def any_apart(self, one: Iterable[int], others: Collection[int]) -> bool:
        """Whether a constraint keeps two stories' articles apart."""
        return any(article in self._of and self.apart(article, others) for article in one)

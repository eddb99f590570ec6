"""What admins decided about stories: pairs of articles that belong together, or apart. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

#: Articles of each side that a decision is remembered for, newest first: enough for grouping to meet one of
#: them, and a decision about two long stories stays a few hundred rows.
REMEMBERED = 15


@dataclass(frozen=True, slots=True)
class Pin:
    """Two articles that an admin wants in one story (``together``) or never in one. ``one`` < ``other``."""

    one: int
    other: int
    together: bool


def pins_for_split(moved: Iterable[int], rest: Iterable[int]) -> tuple[Pin, ...]:
    """The pins that keep ``moved`` articles out of the story of ``rest``."""
    return _pins(moved, rest, together=False)


def pins_for_merge(one: Iterable[int], other: Iterable[int]) -> tuple[Pin, ...]:
    """The pins that hold two stories' articles together."""
    return _pins(one, other, together=True)


def _pins(one: Iterable[int], other: Iterable[int], together: bool) -> tuple[Pin, ...]:
    left, right = sorted(set(one))[-REMEMBERED:], sorted(set(other))[-REMEMBERED:]
    return tuple(Pin(min(a, b), max(a, b), together) for a in left for b in right if a != b)


class Pins:
    """The pins in force. A later pin for a pair replaces the earlier.

    ``apart`` are stories that pins of articles keep apart: they hold for longer than grouping remembers the
    articles.
    """

    def __init__(self, pins: Iterable[Pin] = (), apart: Iterable[tuple[int, int]] = ()) -> None:
        self._of: dict[int, dict[int, bool]] = {}
        self._stories: dict[int, set[int]] = {}
        for pin in pins:
            self.put(pin)
        for one, other in apart:
            self._part(one, other)

    def put(self, pin: Pin) -> None:
        """Remember ``pin``."""
        self._of.setdefault(pin.one, {})[pin.other] = pin.together
        self._of.setdefault(pin.other, {})[pin.one] = pin.together

    def partners(self, article: int) -> tuple[int, ...]:
        """Articles that ``article`` is pinned to, lowest id first."""
        return tuple(sorted(other for other, together in self._of.get(article, {}).items() if together))

    def apart(self, article: int, others: Collection[int]) -> bool:
        """Whether ``article`` must not share a story with any of ``others``."""
        pinned = self._of.get(article)
        return bool(pinned) and any(not together and o in others for o, together in (pinned or {}).items())

    def stories_apart(self, one: int, other: int) -> bool:
        """Whether two stories must not become one, by what was known when the pins were read."""
        return other in self._stories.get(one, ())

    def merge(self, kept: int, gone: int) -> None:
        """What was kept apart from story ``gone`` is kept apart from ``kept``."""
        for other in self._stories.pop(gone, ()):
            self._stories[other].discard(gone)
            self._part(kept, other)

    def _part(self, one: int, other: int) -> None:
        if one != other:
            self._stories.setdefault(one, set()).add(other)
            self._stories.setdefault(other, set()).add(one)

    def any_apart(self, one: Iterable[int], others: Collection[int]) -> bool:
        """Whether a pin keeps two stories' articles apart."""
        return any(article in self._of and self.apart(article, others) for article in one)

"""Faults of a request, with sentences for the reader who made it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Self

from bot.domain.page import Request
from bot.locale import Translator

#: What a reader may choose, as (label, value), in their language.
Pairs = Callable[[Translator], Sequence[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Offer:
    """Valid values for an argument of the request."""

    argument: str
    pairs: Pairs


class UserFault(Exception):
    """Something that the reader can fix. ``sentence`` and ``advice`` are English catalogue messages.

    A value that is a function is worded in the reader's language. ``offer`` are values that would have been
    right, ``step`` is a request that goes on from here, under a label.
    """

    def __init__(self, sentence: str, advice: str = "", /, **values: object) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.advice = advice
        self.values = values
        self.offer: Offer | None = None
        self.step: tuple[str, Request] | None = None

    def offering(self, argument: str, pairs: Pairs) -> Self:
        """The same fault with values to choose from."""
        self.offer = Offer(argument, pairs)
        return self

    def leading_to(self, label: str, request: Request) -> Self:
        """The same fault with a button; ``label`` is a catalogue message."""
        self.step = (label, request)
        return self

    def words(self, t: Translator) -> tuple[str, str]:
        """What happened and what to do, in the reader's language."""
        values = {name: value(t) if callable(value) else value for name, value in self.values.items()}
        return t(self.sentence, **values), t(self.advice, **values) if self.advice else ""

"""Faults on order: what the loopback Discord does wrong, to which calls, how often."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

POST_MESSAGE = ("POST", "/channels/{channel_id}/messages")
CALLBACK = ("POST", "/interactions/{interaction_id}/{interaction_token}/callback")


@dataclass
class Fault:
    """One kind of misbehaviour.

    ``kind`` is one of: ``status`` (answer ``status`` and do nothing), ``status_after`` (do it, then answer
    ``status``), ``limited`` (429 and do nothing), ``reset_before`` (cut the connection and do nothing),
    ``reset_after`` (do it, then cut the connection), ``hold`` (do it, answer only once ``released`` is set),
    ``slow`` (wait ``seconds``, then do it).
    ``scope`` is Discord's X-RateLimit-Scope: ``user``, ``global``, ``shared``, or empty for none. ``via``
    says whether the 429 comes through Discord's proxy: without it discord.py takes it for a ban and does
    not retry.
    """

    kind: str
    status: int = 502
    code: int = 0
    message: str = "a fault on order"
    retry_after: float = 0.05
    scope: str = ""
    via: bool = True
    seconds: float = 0.0
    released: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass
class Rule:
    """``fault`` for the next ``times`` calls of ``method`` on ``template`` (empty means any)."""

    fault: Fault
    method: str = ""
    template: str = ""
    times: int = 1
    channel_id: int | None = None
    hits: int = 0

    def fits(self, method: str, template: str, channel_id: int | None) -> bool:
        return (
            self.hits < self.times
            and self.method in ("", method)
            and self.template in ("", template)
            and self.channel_id in (None, channel_id)
        )


class Faults:
    """The faults on order. ``schedule``, when set, is asked first: it gets the method, the template and the
    number of this call on it (from 0), and returns a fault or None."""

    def __init__(self) -> None:
        self.rules: list[Rule] = []
        self.schedule: Callable[[str, str, int], Fault | None] | None = None
        self._calls: dict[tuple[str, str], int] = {}

    def add(
        self, fault: Fault, on: tuple[str, str] = ("", ""), *, times: int = 1, channel_id: int | None = None
    ) -> Fault:
        """Order ``fault`` and give it back (to release a ``hold``)."""
        self.rules.append(Rule(fault, *on, times=times, channel_id=channel_id))
        return fault

    def clear(self) -> None:
        self.rules.clear()
        self.schedule = None

    def next(self, method: str, template: str, channel_id: int | None) -> Fault | None:
        """The fault for this call, counted off."""
        number = self._calls.get((method, template), 0)
        self._calls[method, template] = number + 1
        if self.schedule is not None:
            fault = self.schedule(method, template, number)
            if fault is not None:
                return fault
        for rule in self.rules:
            if rule.fits(method, template, channel_id):
                rule.hits += 1
                return rule.fault
        return None

"""The rhythm of a queue's workers. Apart from the queue, which needs an extra that may not be installed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pulse:
    """How workers give signs of life, in seconds: they are missed three times before a worker counts as gone.

    ``rescue`` is how often jobs are rescued, ``tick`` how often it is asked what is due; both divide a
    minute.
    """

    heartbeat: float = 10.0
    gone: float = 30.0
    rescue: int = 10
    tick: int = 60

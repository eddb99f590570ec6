"""The intervals of a queue's workers. In a file of its own: the queue needs an extra that may be missing."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """How often workers report that they are alive, in seconds; one that misses three counts as gone.

    ``rescue`` is how often the jobs of such workers are rescued, ``tick`` how often due work is looked up;
    both divide a minute.
    """

    heartbeat: float = 10.0
    gone: float = 30.0
    rescue: int = 10
    tick: int = 60

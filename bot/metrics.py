"""What the bot counts about itself, in Prometheus's form. Recording is cheap and opens nothing.

Names follow the Prometheus conventions: a unit as suffix, ``_total`` for counters.
"""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

#: A registry of our own: the library's default one adds figures that a test could not predict.
REGISTRY = CollectorRegistry()

POLLS = Counter("vigia_polls", "Polls of feeds, by what came of them.", ["outcome"], registry=REGISTRY)
ENTRIES = Counter(
    "vigia_entries",
    "Entries that are new, and those that bear on a concern.",
    ["kind"],
    registry=REGISTRY,
)
COMMANDS = Histogram(
    "vigia_command_seconds",
    "Time from a request to its page, by command.",
    ["command"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5),
    registry=REGISTRY,
)
LOOP_LAG = Gauge("vigia_event_loop_lag_seconds", "How late the event loop woke up last.", registry=REGISTRY)
POLL_LAG = Gauge(
    "vigia_poll_lag_seconds", "How long the feed that waits longest has been due.", registry=REGISTRY
)
FEEDS = Gauge("vigia_feeds", "Feeds that are polled, by their health.", ["health"], registry=REGISTRY)
STORE = Gauge("vigia_store_reachable", "1 while the store answers, else 0.", registry=REGISTRY)
OUTBOX = Gauge("vigia_outbox_messages", "Messages in the outbox, by state.", ["state"], registry=REGISTRY)


def record_poll(*, failure: str, fresh: int, matched: int) -> None:
    """Count one poll. ``failure`` is a code, empty when the feed was read."""
    POLLS.labels(outcome=failure or "read").inc()
    ENTRIES.labels(kind="fresh").inc(fresh)
    ENTRIES.labels(kind="matched").inc(matched)

"""What was looked at lately: kept for a while, and bounded in bytes."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.domain.audience import Server
from bot.domain.entry import Entry
from bot.feeds.facts import PollFacts
from bot.feeds.previews import KEPT, MOST, MOST_BYTES, MOST_BYTES_EACH, Previewed, Previews

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
HERE = Server(1)


def previewed(size: int) -> Previewed:
    entry = Entry(guid="1", url="https://nota.example.mx/1", title="Uno", summary="x" * size)
    return Previewed(PollFacts("https://nota.example.mx/feed"), (entry,), NOW)


def test_a_preview_is_kept_for_a_while() -> None:
    previews = Previews()
    previews.keep(HERE, 7, previewed(10))
    assert previews.of(HERE, 7, NOW + KEPT) == previewed(10)
    assert previews.of(HERE, 7, NOW + 2 * KEPT) is None
    assert previews.of(Server(2), 7, NOW) is None


def test_there_are_so_many_previews_and_so_many_bytes() -> None:
    previews = Previews()
    for feed_id in range(MOST + 4):
        previews.keep(HERE, feed_id, previewed(10))
    assert [feed_id for feed_id in range(MOST + 4) if previews.of(HERE, feed_id, NOW)] == list(
        range(4, MOST + 4)
    )
    big = MOST_BYTES_EACH * 9 // 10
    for feed_id in range(8):
        previews.keep(HERE, feed_id, previewed(big))
    kept = [found for feed_id in range(MOST + 4) if (found := previews.of(HERE, feed_id, NOW))]
    assert sum(one.size for one in kept) <= MOST_BYTES
    assert len(kept) == MOST_BYTES // previewed(big).size


def test_what_was_read_of_too_large_a_feed_is_read_again() -> None:
    previews = Previews()
    previews.keep(HERE, 7, previewed(MOST_BYTES_EACH))
    assert previews.of(HERE, 7, NOW) == Previewed(None, (), NOW)

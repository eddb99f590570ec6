from __future__ import annotations

import asyncio
import gzip
import zlib
from collections.abc import Sequence

import pytest

from bot.feeds.inflate import _TURN, BodyRefused, Inflater
from bot.feeds.receive import _MOST_HELD, LastBody, Received, Receiver

BODY = b"<rss version='2.0'><channel><title>Frontera</title></channel></rss>" * 2_000
PACKED = gzip.compress(BODY, 6, mtime=0)


async def receive(pieces: Sequence[bytes], coding: str = "gzip", last: LastBody | None = None) -> Received:
    inflater = Inflater(coding=coding, max_wire=6_000_000, max_body=8_000_000)
    receiver = Receiver(inflater, coding, last)
    for piece in pieces:
        await receiver.take(piece)
    return await receiver.finish()


def known(received: Received) -> LastBody:
    return LastBody(received.body_hash, received.wire_hash)


async def test_the_same_bytes_are_the_same_body_however_they_are_cut() -> None:
    first = await receive([PACKED])
    assert (first.body, first.wire_bytes) == (BODY, len(PACKED))
    again = await receive([PACKED[:7], PACKED[7:]], last=known(first))
    assert again == Received(None, first.body_hash, first.wire_hash, len(PACKED))


@pytest.mark.parametrize(
    ("wire", "coding"),
    [
        (gzip.compress(BODY, 1, mtime=0), "gzip"),
        (gzip.compress(BODY, 6, mtime=1), "gzip"),
        (zlib.compress(BODY), "deflate"),
        (PACKED, ""),
        (BODY, ""),
    ],
    ids=["packed otherwise", "packed later", "another coding", "without its label", "not packed"],
)
async def test_the_same_body_in_other_bytes_or_another_coding_is_inflated(wire: bytes, coding: str) -> None:
    first = await receive([PACKED])
    other = await receive([wire], coding, known(first))
    assert (other.body, other.body_hash) == (BODY, first.body_hash)
    assert other.wire_hash != first.wire_hash
    assert (await receive([wire], coding, known(other))).body is None


async def test_other_bytes_are_another_body_and_are_not_held_back_for_ever() -> None:
    first = await receive([PACKED])
    for changed in (BODY + b" ", BODY[:-1], b""):
        other = await receive([gzip.compress(changed)], last=known(first))
        assert other.body == changed and other.body_hash != first.body_hash
    longer = b"x" * (_MOST_HELD + 1)
    assert (await receive([longer[:-9], longer[-9:]], "", known(await receive([longer], "")))).body == longer


async def test_limits_hold_for_what_was_held_back() -> None:
    last = known(await receive([PACKED]))
    with pytest.raises(BodyRefused) as refused:
        await receive([gzip.compress(b" " * 9_000_000)], last=last)
    assert refused.value.code == "bomb"
    cut = await receive([PACKED[:-9]], last=last)
    assert not cut.complete and cut.body and BODY.startswith(cut.body)


async def test_others_have_their_turns_while_one_piece_becomes_megabytes() -> None:
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    task = asyncio.create_task(others())
    received = await receive([gzip.compress(b" " * 8_000_000)])
    task.cancel()
    assert received.body is not None and len(received.body) == 8_000_000
    assert turns >= 8_000_000 // _TURN

"""What makes a posted message known again in a channel's history."""

from __future__ import annotations


def tag_of(nonce: str) -> int:
    """The id that the message's container carries: a positive 31-bit number, as Discord wants it.

    A nonce is not given back in a channel's history; the id of a component is ("Component Reference").
    ``nonce`` is hexadecimal.
    """
    return int(nonce[:8], 16) & 0x7FFF_FFFF or 1

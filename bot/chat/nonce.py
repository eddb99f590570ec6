"""What makes a posted message known again: a nonce for Discord, and a tag in the message for us."""

from __future__ import annotations

from datetime import date
from hashlib import blake2b


def nonce_of(guild_id: int, channel_id: int, kind: str, day: date, part: int) -> str:
    """Sixteen hexadecimal characters that depend on nothing but what the message is.

    Discord answers a repeated nonce with the message that it made the first time ("Create Message",
    ``enforce_nonce``), for some minutes, and takes at most 25 characters.
    """
    identity = f"{guild_id}|{channel_id}|{kind}|{day.isoformat()}|{part}"
    return blake2b(identity.encode(), digest_size=8).hexdigest()


def tag_of(nonce: str) -> int:
    """The id that the message's container carries: a positive 31-bit number, as Discord wants it.

    A nonce is not given back in a channel's history, a component's id is.
    """
    return int(nonce[:8], 16) & 0x7FFF_FFFF or 1

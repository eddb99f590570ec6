"""Limit the memory that glibc's allocator keeps for threads."""

from __future__ import annotations

import ctypes

#: <malloc.h>: the most arenas that glibc keeps.
_M_ARENA_MAX = -8


def share_one_arena() -> None:
    """Make all threads allocate from one arena; call it before the first thread starts.

    glibc gives each thread an arena of its own and returns little of it: 4 MB here, with our dozen threads.
    Python's lock already keeps them from allocating at the same time. Nothing happens without glibc.
    """
    try:
        libc = ctypes.CDLL(None)
        libc.mallopt(_M_ARENA_MAX, 1)
    except (OSError, AttributeError, TypeError):
        return

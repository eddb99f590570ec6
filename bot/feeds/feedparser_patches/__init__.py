"""Replacements for parts of feedparser that make reading faster, and what depends on them.

They reach into feedparser's insides, so they are used only with the versions they were proved on; with any
other version feedparser reads by itself, more slowly and with the same results. ``docs/feedparser.md`` says
what each does, how it is proved and how a new version is taken in.
"""

from __future__ import annotations

import feedparser
import feedparser.api

PROVED_ON = ("6.0.14",)
"""The versions of feedparser with which the tests of these modules were run."""

ALONE = "\0alone"
"""The key of an entry that left all state as it was before the first (``watching``). No element can have
such a name."""


def apply() -> bool:
    """Put the patches into feedparser, for the whole process; False where its version is not a proved one."""
    if feedparser.__version__ not in PROVED_ON:
        return False
    # Only here: another version need not have these modules and the classes that ours derive from.
    from feedparser import mixin

    from bot.feeds.feedparser_patches.lean import LeanLooseParser, joined
    from bot.feeds.feedparser_patches.watching import WatchedParser

    feedparser.api.PREFERRED_XML_PARSERS[:] = ["bot.feeds.feedparser_patches.buffered_sax"]
    feedparser.api.StrictFeedParser = WatchedParser
    feedparser.api.LooseFeedParser = LeanLooseParser
    mixin._urljoin = joined
    return True

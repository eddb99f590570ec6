"""The probe for regular expressions finds those that take more than their share."""

from __future__ import annotations

import multiprocessing
import re
import sys

import pytest

from bot.feeds import parse
from scripts.probe_patterns import BOUNDED, attacks, patterns, probe


def test_a_repetition_in_a_repetition_is_attacked() -> None:
    """What stood in the way of a document's first tag: a loop of loops over comments."""
    loops = re.compile(r"(?:<!--.*?-->\s*)+<rss", re.DOTALL)
    assert any("<!--" in pump and "-->" in pump for _, pump in attacks(loops))


@pytest.mark.skipif(sys.platform == "win32", reason="processes are forked")
def test_slow_patterns_are_found_and_quick_ones_pass() -> None:
    multiprocessing.set_start_method("fork", force=True)
    exponential = probe("x", re.compile(r"(?:a+)+b"))
    assert exponential is not None and exponential.seconds is None
    assert probe("x", re.compile(r"a+b"), at_a_place=True) is None
    assert probe("x", parse._HTML, at_a_place=True) is None


def test_what_is_excused_exists() -> None:
    names = {name for name, _, _ in patterns(("bot.feeds",))}
    assert set(BOUNDED) <= names

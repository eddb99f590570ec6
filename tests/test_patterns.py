"""Patterns that are compiled at their first use."""

from __future__ import annotations

import ast
import re
from importlib import import_module
from pkgutil import walk_packages
from time import process_time

import pytest

import bot
from bot import patterns
from bot.patterns import compile_all, late_pattern
from bot.ranking import signs
from bot.stories import reading
from bot.summaries import sentence_filter, sentences
from scripts import probe_patterns


@pytest.fixture(autouse=True)
def own_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patterns, "_declared", list(patterns._declared))


def test_a_late_pattern_answers_as_a_compiled_one() -> None:
    late, compiled = (make(r"(t)(\w)", re.IGNORECASE) for make in (late_pattern, re.compile))
    text = "Two tests, to try"
    assert late.findall(text) == compiled.findall(text)
    assert late.sub(r"\2", text) == compiled.sub(r"\2", text)
    assert late.split(text) == compiled.split(text)
    assert (late.pattern, late.groups) == (compiled.pattern, compiled.groups)
    found = late.match(text)
    assert found is not None and found.span() == (0, 2)
    assert late.fullmatch("to") and not late.fullmatch("two") and late.search("attic")


def test_a_fault_is_raised_where_it_is_used() -> None:
    faulty = late_pattern("(")
    with pytest.raises(re.error):
        faulty.search("a")
    with pytest.raises(re.error):
        compile_all()


def test_every_pattern_compiles() -> None:
    for module in walk_packages(bot.__path__, "bot."):
        if "migrations" not in module.name and not module.name.startswith("bot.scale"):
            import_module(module.name)
    compile_all()


#: Texts on which patterns of several rooms once took seconds: runs of one sign.
RUNS = [sign * 20_000 for sign in (" ", ".", "&", "Aa ", "0.000", "\n", "a, ")]


@pytest.mark.parametrize("run", RUNS, ids=lambda run: repr(run[:5]))
def test_runs_of_one_sign_take_no_time(run: str) -> None:
    texts = run, f"Aa{run}\0", f"Listed: {run}\0", f"9 {run}\0"
    began = process_time()
    for text in texts:
        for pattern in (
            signs._PEOPLE,
            reading._DATELINE,
            reading._OUTLET_TAIL,
            sentence_filter._PLACE_AND_YEAR,
            sentences._STOP,
            sentences._BREAK,
            sentences._INLINE_TAIL,
        ):
            for _ in pattern.finditer(text):
                pass
    assert process_time() - began < 2


def test_the_probe_reads_late_patterns_and_those_that_a_function_writes() -> None:
    (late,) = probe_patterns._held((late_pattern("a+"),))
    assert isinstance(late, re.Pattern) and late.pattern == "a+"
    written = probe_patterns._written_where_used(ast.parse('re.sub("b+", "", text) or re.escape("c")'))
    assert [(used, pattern.pattern) for used, pattern in written] == [("sub", "b+")]


def test_the_probe_finds_what_is_more_than_linear(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probe_patterns, "attacks", lambda pattern: [("", "a")])
    assert probe_patterns.probe("slow", re.compile(r"(?:a+)+b")) is not None
    assert probe_patterns.probe("fast", re.compile(r"ab")) is None

"""Patterns that are compiled at their first use."""

from __future__ import annotations

import re
from importlib import import_module
from pkgutil import walk_packages

import pytest

import bot
from bot import patterns
from bot.patterns import compile_all, late_pattern


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

"""Probe every regular expression of ``bot/`` for texts on which it takes more than its share of time.

python scripts/probe_patterns.py            every pattern of bot/
python scripts/probe_patterns.py bot.feeds  those of some modules

Patterns are those that a module holds, compiled or to be compiled at their first use; those that a function
writes where it uses them; and those that are made from data when the judges are loaded.

For each repetition in a pattern a text is made that leads up to it, repeats it and then fails, which is
where a pattern begins to try what it tried before. Each is searched in twice the length and compared: a
pattern that is more than linear is listed with the seconds that 20,000 characters would take it, and one
that does not end in time is "exponential". Exit 1 if any takes longer than the limit. Patterns that meet
only short texts are named in ``BOUNDED`` with the reason.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import math
import multiprocessing
import pkgutil
import re
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import bot
from bot.evidence import EvidenceJudge
from bot.patterns import _LatePattern
from bot.record import load_record
from bot.topics.matcher import Matcher
from bot.topics.policies import PolicyNames

LENGTH = 20_000
"""Characters to which times are drawn out: half of what is looked at of one text (``text._MAX_RAW``)."""

LIMIT = 1.0  # seconds
_START = 1_500  # characters of the first probe
_PATIENCE = 1  # seconds of processor time for all probes of one pattern's text

#: Patterns that are more than linear and meet only what is short.
BOUNDED = {
    "bot.feeds.boilerplate._ENDS": "looked for in the last 160 characters of a line",
    "bot.feeds.dates._DAYS": "a date has at most 100 characters",
    "bot.feeds.links._SCHEME": "a link has at most 8,192 characters",
    "bot.settings:findall": "the operator's own setting",
    "bot.topics.form:split": "the first 500 characters of a publisher's name",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """A pattern that takes too long: ``seconds`` for ``LENGTH`` characters, None where it did not end."""

    name: str
    seconds: float | None
    text: str


def patterns(prefixes: tuple[str, ...] = ("bot",)) -> Iterator[tuple[str, re.Pattern[Any], bool]]:
    """Every compiled pattern that a module holds, by its name, and whether it is only matched at a place.

    One that stands in several places comes once, as the first of them uses it.
    """
    seen: set[tuple[str | bytes, int]] = set()
    for name, pattern, at_a_place in (*_in_modules(), *_loaded()):
        what = pattern.pattern, pattern.flags
        if name.startswith(prefixes) and what not in seen:
            seen.add(what)
            yield name, pattern, at_a_place


def _in_modules() -> Iterator[tuple[str, re.Pattern[Any], bool]]:
    for module in pkgutil.walk_packages(bot.__path__, "bot."):
        if ".migrations" in module.name or module.name.startswith(("bot.scale", "bot.patterns")):
            continue  # the last lists those of all others
        held = importlib.import_module(module.name)
        source = Path(held.__file__ or "").read_text(encoding="utf-8")
        for name, value in vars(held).items():
            uses = set(re.findall(rf"\b{re.escape(name)}\.(\w+)", source))
            for pattern in _held(value):
                yield f"{module.name}.{name}", pattern, bool(uses) and uses <= {"match", "fullmatch"}
        for used, pattern in _written_where_used(ast.parse(source)):
            yield f"{module.name}:{used}", pattern, used in ("match", "fullmatch")


def _held(value: object) -> list[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        return [value]
    if isinstance(value, _LatePattern):
        return [value.search.__self__]  # the compiled one, whose method it is
    if isinstance(value, dict):
        value = tuple(value.values())
    if isinstance(value, tuple | list | frozenset | set):
        return [pattern for one in value for pattern in _held(one)]
    return []


def _written_where_used(tree: ast.AST) -> Iterator[tuple[str, re.Pattern[Any]]]:
    """The patterns of ``re.sub("…", …)`` and the like, by the function of ``re`` that takes them."""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args):
            continue
        first = node.args[0]
        if (
            isinstance(node.func.value, ast.Name)
            and node.func.value.id == "re"
            and node.func.attr not in ("escape", "compile")  # modules hold what is compiled
            and isinstance(first, ast.Constant)
            and isinstance(first.value, str | bytes)
        ):
            yield node.func.attr, re.compile(first.value)


def _loaded() -> list[tuple[str, re.Pattern[Any], bool]]:
    """The patterns that are made from data: of the matcher, the record and the article's questions."""
    made: list[tuple[str, re.Pattern[Any], bool]] = []
    compile_one = re.compile

    def noted(pattern: Any, flags: int = 0) -> re.Pattern[Any]:
        compiled = compile_one(pattern, flags)
        caller = sys._getframe(1)
        while caller.f_globals["__name__"] == "bot.patterns" and caller.f_back is not None:
            caller = caller.f_back
        where = caller.f_globals["__name__"]
        if where.startswith("bot."):
            made.append((f"{where}.{caller.f_code.co_name}", compiled, False))
        return compiled

    re.compile = noted  # type: ignore[assignment]
    try:
        Matcher.load()
        EvidenceJudge.shipped()
        PolicyNames.of(load_record())
    finally:
        re.compile = compile_one
    return made


def attacks(pattern: re.Pattern[Any]) -> list[tuple[str, str]]:
    """What leads up to a repetition, and what is repeated: of each in the pattern, and some plain ones."""
    text = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    found: dict[tuple[str, str], None] = {}

    def walk(nodes: Any, before: str) -> str:
        for code, about in nodes:
            if code in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
                least, most, inner = about
                body = walk(inner, before) or "a"
                if most > 20:
                    found[before, body] = None
                    found["", before + body] = None
                before += body * min(least, 50)
            else:
                before += _example(code, about, walk, before)
        return before if not nodes else "".join(_example(c, a, walk, "") for c, a in nodes)

    walk(
        parser.parse(
            text, pattern.flags & ~re.UNICODE if isinstance(pattern.pattern, bytes) else pattern.flags
        ),
        "",
    )
    return [*found, *(("", sign) for sign in " a0<&\n.-")][:60]


def _example(code: Any, about: Any, walk: Any, before: str) -> str:
    """The shortest text that a node matches, more or less."""
    if code is codes.LITERAL:
        return chr(about)
    if code is codes.ANY:
        return "x"
    if code is codes.NOT_LITERAL:
        return "x" if about != ord("x") else "y"
    if code is codes.IN:
        return _one_of(about)
    if code is codes.BRANCH:
        return str(walk(about[1][0], before))
    if code is codes.SUBPATTERN:
        return str(walk(about[3], before))
    if code is codes.ATOMIC_GROUP:
        return str(walk(about, before))
    if code in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
        return str(walk(about[2], before)) * min(about[0], 50)
    return ""


def _one_of(choices: Any) -> str:
    kinds = {codes.CATEGORY_DIGIT: "0", codes.CATEGORY_SPACE: " ", codes.CATEGORY_WORD: "a"}
    negated = bool(choices) and choices[0][0] is codes.NEGATE
    for code, about in choices:
        if not negated and code is codes.LITERAL:
            return chr(about)
        if not negated and code is codes.RANGE:
            return chr(about[0])
        if not negated and code is codes.CATEGORY:
            return kinds.get(about, "x")
    return "x"


def probe(name: str, pattern: re.Pattern[Any], *, at_a_place: bool = False) -> Finding | None:
    """The worst that was found of a pattern; None where it is as good as linear.

    ``at_a_place`` says that it is only matched where a text begins, and not searched for.
    """
    worst: Finding | None = None
    for lead, pump in attacks(pattern):
        waiting, sending = multiprocessing.Pipe(duplex=False)
        child = multiprocessing.Process(target=_measured, args=(pattern, lead, pump, at_a_place, sending))
        child.start()
        sending.close()
        child.join()
        seconds = waiting.recv() if child.exitcode == 0 else None
        if seconds is None:
            return Finding(name, None, f"{lead!r} + {pump!r} * n")
        if seconds > LIMIT and (worst is None or seconds > (worst.seconds or 0)):
            worst = Finding(name, seconds, f"{lead!r} + {pump!r} * n")
    return worst


def _measured(pattern: re.Pattern[Any], lead: str, pump: str, at_a_place: bool, answer: Any) -> None:
    signal.setitimer(signal.ITIMER_VIRTUAL, _PATIENCE)  # its default ends the process, in the engine too
    once, twice = (
        min(_seconds(pattern, lead, pump, length, at_a_place) for _ in range(3))
        for length in (_START, 2 * _START)
    )
    # Below a millisecond a clock says little; a cube of the length is the worst that is not exponential.
    growth = min(max(twice / once, 2.0), 9.0) if once > 0.001 else 4.0
    answer.send(twice * growth ** math.log2(LENGTH / (2 * _START)))


def _seconds(pattern: re.Pattern[Any], lead: str, pump: str, length: int, at_a_place: bool) -> float:
    text = lead + pump * (length // len(pump)) + "\0"
    attack: Any = text.encode("latin-1", "replace") if isinstance(pattern.pattern, bytes) else text
    began = time.process_time()
    if at_a_place:
        pattern.match(attack)
        pattern.fullmatch(attack)
    else:
        for _ in pattern.finditer(attack):
            pass
    return time.process_time() - began


def main() -> int:
    """Probe, print what was found, and say by the exit whether anything takes too long."""
    form = argparse.RawDescriptionHelpFormatter
    given = argparse.ArgumentParser(description=__doc__, formatter_class=form)
    given.add_argument("modules", nargs="*", default=["bot"])
    multiprocessing.set_start_method("fork")
    probed = bad = 0
    for name, pattern, at_a_place in patterns(tuple(given.parse_args().modules)):
        probed += 1
        found = probe(name, pattern, at_a_place=at_a_place)
        if found is None:
            continue
        bounded = BOUNDED.get(name)
        bad += bounded is None
        seconds = "exponential" if found.seconds is None else f"{found.seconds:.1f} s"
        print(
            f"{'bounded' if bounded else 'TOO SLOW'}  {name}: {seconds} on {found.text} {bounded or ''}",
            flush=True,
        )
    print(f"{probed} patterns probed, {bad} too slow")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())

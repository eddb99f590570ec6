"""Regular expressions that are compiled at their first use.

All of them take a tenth of a second to compile, and an answer needs few. ``compile_all`` prepares the bot in
service, so that nobody waits for them there.
"""

from __future__ import annotations

import re
from typing import Any, cast

_METHODS = ("match", "fullmatch", "search", "sub", "subn", "split", "findall", "finditer")
_declared: list[_LatePattern] = []


class _LatePattern:
    """Stands for a compiled pattern, whose methods become attributes of its own once it is compiled."""

    def __init__(self, pattern: str, flags: re.RegexFlag) -> None:
        self.pattern = pattern
        self._flags = flags
        _declared.append(self)

    def __getattr__(self, name: str) -> Any:  # called for what is not there, and so before it is compiled
        compiled = re.compile(self.pattern, self._flags)
        self.__dict__.update((method, getattr(compiled, method)) for method in _METHODS)
        return getattr(compiled, name)


def late_pattern(pattern: str, flags: re.RegexFlag = re.NOFLAG) -> re.Pattern[str]:
    """What ``re.compile`` returns, compiled when it is first used: a fault in ``pattern`` is raised there."""
    return cast(re.Pattern[str], _LatePattern(pattern, flags))


def compile_all() -> None:
    """Compile every pattern that was declared so far. Raises re.error."""
    for pattern in tuple(_declared):
        _ = pattern.search

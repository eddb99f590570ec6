"""What holds for the whole suite."""

from __future__ import annotations

import pytest
from hypothesis import settings

from tests.support import other_feedparser

#: The same examples in every run: a red suite says that the code changed, not that chance found something.
settings.register_profile("vigia", derandomize=True, deadline=None, database=None)
settings.load_profile("vigia")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--plain-feedparser", action="store_true", help="run as with a feedparser that its patches do not fit"
    )


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--plain-feedparser"):
        other_feedparser.activate()

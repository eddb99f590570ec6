"""The installed feedparser under the number of a version that its patches were not proved on.

``pytest --plain-feedparser`` puts this folder before the installed packages, here and in every process
that the tests start, so that the whole suite runs as it would with a feedparser that nobody has looked at.
"""

from __future__ import annotations

import sys
from pathlib import Path

FOLDER = str(Path(__file__).parent)


def activate() -> None:
    """Let ``import feedparser`` find this one; call it before anything of the bot is imported."""
    sys.path.insert(0, FOLDER)


def search_path() -> tuple[str, ...]:
    """What goes before the other paths in a new process's ``PYTHONPATH``."""
    return (FOLDER,) if FOLDER in sys.path else ()

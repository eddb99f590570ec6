from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.context import Room, room


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Room]:
    """A context with an empty store."""
    with room(tmp_path) as opened:
        yield opened

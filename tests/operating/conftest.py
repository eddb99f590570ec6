from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.databases import postgres
from tests.support.process import Vigia

__all__ = ["postgres"]


@pytest.fixture
def vigia(tmp_path: Path) -> Vigia:
    return Vigia(tmp_path)

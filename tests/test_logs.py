"""What a trace in the log shows."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = """
import logging, sys
from bot.logs import set_up_logs
set_up_logs("INFO", sys.argv[1], ["right-secret"])
def ask(words):
    value = words.upper()
    raise ValueError("broken by right-secret")
try:
    ask(sys.argv[2])
except ValueError:
    logging.getLogger("discord").exception("failed")
"""


@pytest.mark.parametrize("form", ["console", "json"])
def test_a_trace_shows_code_and_no_values(form: str) -> None:
    told = subprocess.run(
        [sys.executable, "-c", PROGRAM, form, "what a member typed"],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert "ValueError: broken by ***" in told.stderr and "in ask" in told.stderr
    assert "a member typed" not in told.stderr.lower()

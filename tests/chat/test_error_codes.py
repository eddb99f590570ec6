"""What Discord's error codes do, and the page that says so."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import discord
import pytest

from bot.chat.error_codes import CODES, Cause, cause_of
from bot.chat.errors import reported_error
from bot.chat.outcome import MISSING_TRIES, Action, SendOutcome, after_error
from tests.chat.test_outcome import NOW, message

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "discord.md").read_text(encoding="utf-8")
ROWS = {
    int(cells[0]): cells[1:]
    for cells in (
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in re.findall(r"^\|\s*\d+ \|.*\|$", PAGE, re.MULTILINE)
    )
}
#: The status that Discord sends with a code. The reference does not say it for each; 403 and 404 are the ones
#: under which trouble that passes and lost access look alike.
STATUS = {Cause.GONE: 404, Cause.DELETED: 404, Cause.EXPIRED: 404, Cause.TOKEN: 401}


def refusal(status: int, code: int) -> discord.HTTPException:
    kinds = {403: discord.Forbidden, 404: discord.NotFound}
    response = SimpleNamespace(status=status, reason="")
    return kinds.get(status, discord.HTTPException)(response, {"code": code, "message": "no"})


def after(code: int, kind: str, attempts: int = 1) -> SendOutcome:
    status = STATUS.get(
        CODES[code].cause, 400 if CODES[code].cause in (Cause.BLOCKED, Cause.INVALID) else 403
    )
    return after_error(replace(message(attempts=attempts), kind=kind), refusal(status, code), NOW)


def effect(code: int, kind: str) -> str:
    """What comes of a message, in the page's words."""
    first, last = after(code, kind), after(code, kind, MISSING_TRIES)
    if first.action is Action.POSTPONE:
        ends = {Action.FAIL_AND_PAUSE: "asked again, then paused", Action.FAIL: "asked again, then given up"}
        return ends.get(last.action, "tried again")
    return {Action.SENT: "posted", Action.FAIL: "given up", Action.FAIL_AND_PAUSE: "paused"}[first.action]


def answer(code: int) -> str:
    """What comes of an answer to a member, in the page's words."""
    known = CODES[code].cause
    if known is Cause.ANSWERED:
        return "no error" if reported_error(refusal(400, code)).text.quiet else "said"
    quiet = reported_error(refusal(STATUS.get(known, 403), code)).text.quiet
    return "nobody waits" if quiet else "said"


def test_the_page_has_every_code_and_no_other() -> None:
    assert list(ROWS) == sorted(CODES)
    assert {code: row[0] for code, row in ROWS.items()} == {code: one.name for code, one in CODES.items()}


@pytest.mark.parametrize("code", sorted(CODES))
def test_the_page_says_what_a_code_does(code: int) -> None:
    told = tuple(effect(code, kind) for kind in ("daily", "alert", "notice"))
    assert tuple(ROWS[code][1:]) == (*told, answer(code))


@pytest.mark.parametrize("status", [400, 403, 404])
@pytest.mark.parametrize("code", [code for code, one in CODES.items() if one.cause is Cause.TROUBLE])
def test_trouble_of_discords_own_never_pauses_and_is_tried_for_hours(status: int, code: int) -> None:
    outcome = after_error(message(attempts=30), refusal(status, code), NOW)
    assert outcome.action is Action.POSTPONE


@pytest.mark.parametrize("code", [0, 40012, 90001, 999999])
def test_a_403_with_an_unknown_code_is_no_lost_access(code: int) -> None:
    assert cause_of(403, code) is Cause.TROUBLE
    assert after_error(message(attempts=30), refusal(403, code), NOW).action is Action.POSTPONE


def test_a_400_without_a_code_is_an_upstreams_and_is_tried_again() -> None:
    assert after_error(message(), refusal(400, 0), NOW).action is Action.POSTPONE
    assert after_error(message(), refusal(400, 90001), NOW).action is Action.FAIL


def test_a_digest_that_was_asked_for_pauses_nothing() -> None:
    outcome = after_error(replace(message(), kind="now-1503"), refusal(403, 50013), NOW)
    assert (outcome.action, outcome.reason) == (Action.FAIL, "forbidden")

"""What the operator changes in the terminal is the terminal's: no server and no direct message sees it.

Two stores are alike but for what the terminal did with its feeds: it removed one that all read, and added two
that nobody else reads, so that numbers differ too. Every answer, digest and alert of anybody else must be the
same in both.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.commands import asking
from bot.commands.lookup import find
from bot.commands.registry import COMMANDS
from bot.commands.spec import Asker, Command
from bot.domain.audience import DEFAULTS, TERMINAL, TERMINAL_USER, DirectMessage, Member, Server, View
from bot.locale import translator
from bot.publishing.alerts import AlertPlanner
from bot.publishing.digests import DigestPlanner
from bot.store import digests, feeds, follows, outbox
from bot.store.feeds import changing
from tests.support.audience import spot
from tests.support.context import GUILD, Room, room

PUBLIC = "Border Patrol finds drug tunnel from Mexico to San Diego under the border wall"
SECRET = "Texas National Guard lays razor wire along the Rio Grande at Eagle Pass"
ALSO_SECRET = "Border Patrol agents rescue migrants locked in a trailer near Laredo, Texas"
OTHERS: dict[str, View] = {"direct message": DEFAULTS, "plain server": Server(GUILD)}


@dataclass(frozen=True)
class Desk:
    """A store with one story of a default feed and two of feeds that nobody but the terminal may read."""

    room: Room
    stories: dict[str, int]

    async def page(self, line: str, view: View) -> str:
        """All of a page: its words, what can be chosen on it, its pictures."""
        asked = line.format(
            **self.stories, public_url="https://desk.example/1", secret_url="https://private.example/2"
        )
        return repr(await self.room.answer(asked, asker(view)))

    async def completed(self, command: str, parameter: str, view: View) -> list[str]:
        (chosen,) = [one for one in find(command).parameters if one.name == parameter]
        found = await asking.complete(self.room.context, asker(view), find(command), chosen, "")
        return [label for label, _ in found]


def asker(view: View) -> Asker:
    user = TERMINAL_USER if view == TERMINAL else Member(5)
    return Asker(user, view=view, language="en", admin=view != DEFAULTS, channel_id=41)


def desk_in(here: Room, *, changed: bool) -> Desk:
    now = here.clock.now()
    (public,) = here.follow("Desk")
    secret, also_secret = (
        here.database.write_sync(
            feeds.add_candidate,
            url=f"https://{name.lower()}.example/feed",
            publisher=name,
            title=name,
            language="en",
            now=now,
        )
        for name in ("Private", "Privately")
    )
    if changed:
        for feed, action in (
            (public, changing.REMOVE),
            (secret, changing.ADD),
            (also_secret, changing.ADD),
        ):
            here.database.write_sync(changing.change_feeds, TERMINAL, [feed.id], action, now=now)
    # What is followed or due comes after this.
    for owner in (Server(GUILD), TERMINAL):
        here.database.write_sync(
            digests.set_subscription,
            spot(GUILD, 41) if owner != TERMINAL else TERMINAL,
            minute_of_day=16 * 60,
            zone="UTC",
            language="en",
            now=now,
        )
    for to, view in (
        (DirectMessage(5), DEFAULTS),
        (DirectMessage(6), Server(GUILD)),
        (spot(GUILD, 41), Server(GUILD)),
        (TERMINAL, TERMINAL),
    ):
        wanted = [(follows.CONCERN, concern.id) for concern in here.context.brief.concerns]
        here.database.write_sync(follows.follow, to, wanted, view=view, language="en", zone="UTC", now=now)
    here.clock.advance(minutes=2)
    here.bring(public, PUBLIC)
    here.bring(secret, SECRET)
    here.bring(also_secret, ALSO_SECRET)
    here.clock.advance(minutes=2)
    one, two, _ = here.group()
    return Desk(here, {"public": one, "secret": two})


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with room(tmp_path_factory.mktemp("untouched")) as here:
        yield desk_in(here, changed=False)


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with room(tmp_path_factory.mktemp("changed")) as here:
        yield desk_in(here, changed=True)


#: Every way to ask for news, and whether the answer names the public story.
LINES = {
    "/latest": True,
    "/new": True,
    "/week border_security": True,
    "/concern border_security": True,
    "/search tunnel": True,
    '/search "razor wire"': False,
    "/story {public}": True,
    "/story {secret}": False,
    "/why {public}": True,
    "/why {secret}": False,
    "/whynot address:{public_url}": True,
    "/whynot address:{secret_url}": False,
    "/timeline border_security": True,
    "/concerns": True,
    "/trend": False,
    "/sources": False,
}


@pytest.mark.parametrize("view", OTHERS.values(), ids=OTHERS)
@pytest.mark.parametrize("line", LINES)
async def test_an_answer_is_the_same_whatever_the_terminal_reads(
    untouched: Desk, changed: Desk, line: str, view: View
) -> None:
    answer = await changed.page(line, view)
    assert answer == await untouched.page(line, view)
    assert SECRET not in answer and ALSO_SECRET not in answer and (PUBLIC in answer) == LINES[line]


@pytest.mark.parametrize("line", LINES)
async def test_the_terminal_itself_reads_what_it_chose(untouched: Desk, changed: Desk, line: str) -> None:
    answer = await changed.page(line, TERMINAL)
    assert PUBLIC not in answer or line.startswith("/whynot"), "which names what was dropped"
    assert answer != await untouched.page(line, TERMINAL)


@pytest.mark.parametrize("view", OTHERS.values(), ids=OTHERS)
@pytest.mark.parametrize(
    ("command", "parameter"), [("story", "story"), ("why", "story"), ("feeds pause", "feed")]
)
async def test_completion_is_the_same_whatever_the_terminal_reads(
    untouched: Desk, changed: Desk, command: str, parameter: str, view: View
) -> None:
    offered = await changed.completed(command, parameter, view)
    assert offered == await untouched.completed(command, parameter, view)
    assert len(offered) == 1 and not any(word in offered[0] for word in ("Private", SECRET[:20]))
    assert await changed.completed(command, parameter, TERMINAL) != offered


async def test_digests_and_alerts_are_the_same_whatever_the_terminal_reads(tmp_path: Path) -> None:
    sent: list[dict[str, str]] = []
    for name, change in (("untouched", False), ("changed", True)):
        folder = tmp_path / name
        folder.mkdir()
        with room(folder) as here:
            desk_in(here, changed=change)
            await AlertPlanner(here.context).plan()
            await AlertPlanner(here.context, terminal=True).plan()
            here.clock.advance(hours=2)
            await DigestPlanner(here.context).plan_due()
            await DigestPlanner(here.context, terminal=True).plan_due()
            found: dict[str, str] = {}
            for terminal in (False, True):
                for message in here.database.write_sync(
                    outbox.claim,
                    now=here.clock.now(),
                    owner="t",
                    lease=timedelta(minutes=1),
                    limit=50,
                    terminal=terminal,
                ):
                    found[f"{message.to} {message.kind.partition('-')[0]}"] = message.body
            sent.append(found)
    untouched, changed = sent
    others = [key for key in untouched if "terminal" not in key]
    assert len(others) == 4 and len(untouched) == 6
    for key in others:
        assert changed[key] == untouched[key]
        assert PUBLIC in changed[key] and SECRET not in changed[key]
    for key in set(untouched).difference(others):
        assert PUBLIC not in changed[key] and SECRET in changed[key]


@pytest.mark.parametrize(
    "command", [one for one in COMMANDS if one.admin and not one.operator], ids=lambda one: one.name
)
def test_what_is_a_servers_is_refused_in_a_direct_message(command: Command) -> None:
    """Also to somebody who may manage the server that they think of: there is none here."""
    admin = Asker(user=Member(5), view=DEFAULTS, language="en", admin=True)
    assert asking.refusal(replace(admin, view=Server(GUILD)), command) is None
    fault = asking.refusal(admin, command)
    assert fault is not None and "works in a server only" in fault.words(translator("en"))[0]

"""Many feeds at once: counted before, undone after; lists of feeds in and out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.commands.spec import Asker
from bot.domain.audience import TERMINAL, TERMINAL_USER, Member, Server
from bot.domain.feed_state import NEVER
from bot.domain.page import File, Page, Request
from bot.feeds.fetch import FetchRequest, FetchResult
from bot.feeds.opml import OpmlFeed, read_opml, write_opml
from bot.store import feeds, guilds
from bot.store import tables as t
from bot.store.feeds.changing import MOST_ADDED
from tests.support.context import GUILD, Room

ADMIN = Asker(user=Member(9), view=Server(GUILD), language="en", admin=True, channel_id=41)
LIST = "https://lists.example/feeds.opml"


class OneFile:
    """Answers every fetch with the same file."""

    def __init__(self, body: bytes | None, status: int = 200, failure: str | None = None) -> None:
        self._body, self._status, self._failure = body, status, failure

    async def fetch(self, request: FetchRequest) -> FetchResult:
        return FetchResult(
            request.url, request.url, None if self._failure else self._status, self._failure, body=self._body
        )


def serve(here: Room, body: bytes | None, status: int = 200, failure: str | None = None) -> None:
    here.context = replace(here.context, fetcher=OneFile(body, status, failure))


def scopes(here: Room) -> dict[str, str]:
    return {feed.publisher: feed.scope for feed in here.database.read_sync(feeds.feeds_of, Server(GUILD))}


def said(page: Page) -> str:
    return f"{page.title}\n" + "\n".join(str(block) for block in page.blocks)


async def test_one_feed_is_paused_and_undone_at_once(here: Room) -> None:
    (context, _) = here.follow("Desk", "Sol")
    page = await here.ask(f"/feeds pause feed:{context.id}", ADMIN)
    assert scopes(here) == {"Desk": "paused", "Sol": "default"}
    await here.press(page, "Undo", ADMIN)
    assert scopes(here) == {"Desk": "default", "Sol": "default"}


@pytest.mark.parametrize("line", ["/feeds resume feed:{id}", "/feeds add feed:{id}"])
async def test_a_feed_that_ended_with_a_410_is_started_again(here: Room, line: str) -> None:
    (desk, _) = here.follow("Desk", "Sol")
    ended = replace(desk.state, health="gone", last_reason="gone", failures=3, next_due_at=NEVER)
    values = {"state": ended.dump(), "health": "gone", "next_due_at": NEVER}
    here.database.write_sync(lambda session: session.execute(t.feed.update().values(values)))
    assert here.database.read_sync(feeds.count_due, here.clock.now()) == 0
    page = await here.ask(line.format(id=desk.id), ADMIN)
    assert page.tone == "good" and "Undo" not in [button.label for button in page.buttons]
    again = here.database.read_sync(feeds.feed_by_id, desk.id, Server(GUILD))
    assert (again.health, again.state.failures) == ("new", 0)
    assert here.database.read_sync(feeds.count_due, here.clock.now()) == 1, "and no other"
    (entry,) = here.database.read_sync(guilds.audit_of, Server(GUILD))
    assert entry.detail["feeds"] == ["Desk"]
    assert "Nothing changed" in said(await here.ask(line.format(id=desk.id), ADMIN))


async def test_several_are_counted_first(here: Room) -> None:
    here.follow("Desk", "Sol", "Luz")
    asked = await here.ask("/feeds remove which:all", ADMIN)
    assert asked.title == "Remove 3 feeds?" and set(scopes(here).values()) == {"default"}
    done = await here.press(asked, "Remove", ADMIN)
    assert set(scopes(here).values()) == {"removed"}
    await here.press(done, "Undo", ADMIN)
    assert set(scopes(here).values()) == {"default"}


async def test_a_count_that_changed_meanwhile_is_asked_again(here: Room) -> None:
    first, *_ = here.follow("Desk", "Sol", "Luz")
    asked = await here.ask("/feeds pause which:all", ADMIN)
    await here.ask(f"/feeds remove feed:{first.id}", ADMIN)
    again = await here.press(asked, "Pause", ADMIN)
    assert again.title == "Pause 2 feeds?" and "paused" not in scopes(here).values()


async def test_undo_brings_back_exactly_what_was(here: Room) -> None:
    first, second, _ = here.follow("Desk", "Sol", "Luz")
    await here.ask(f"/feeds pause feed:{first.id}", ADMIN)
    await here.ask(f"/feeds remove feed:{second.id}", ADMIN)
    asked = await here.ask("/feeds resume which:all", ADMIN)
    assert asked.title == "Resume 1 feed?"
    done = await here.press(asked, "Resume", ADMIN)
    assert scopes(here)["Desk"] == "default"
    await here.press(done, "Undo", ADMIN)
    assert scopes(here) == {"Desk": "paused", "Sol": "removed", "Luz": "default"}
    assert (await here.press(done, "Undo", ADMIN)).tone == "problem"


async def test_the_command_takes_back_the_last_change(here: Room) -> None:
    first, *_ = here.follow("Desk")
    await here.ask(f"/feeds remove feed:{first.id}", ADMIN)
    assert (await here.ask("/feeds undo", ADMIN)).tone == "good"
    assert scopes(here) == {"Desk": "default"}
    assert (await here.ask("/feeds undo", ADMIN)).tone == "problem"


async def test_only_those_that_fail(here: Room) -> None:
    here.follow("Desk", "Sol")
    assert (await here.ask("/feeds pause which:failing", ADMIN)).tone == "problem"


async def test_the_audit_says_who_changed_how_many(here: Room) -> None:
    here.follow("Desk", "Sol")
    await here.press(await here.ask("/feeds pause which:all", ADMIN), "Pause", ADMIN)
    (entry,) = here.database.read_sync(guilds.audit_of, Server(GUILD))
    assert (entry.action, entry.by, entry.detail["count"]) == ("feeds_paused", Member(9), 2)


async def test_a_paused_feed_stays_in_the_list(here: Room) -> None:
    first, *_ = here.follow("Desk", "Sol")
    await here.ask(f"/feeds pause feed:{first.id}", ADMIN)
    page = await here.ask("/feeds list", ADMIN)
    assert "paused here" in said(page)
    assert (await here.press(page, "Resume those paused", ADMIN)).title == "Resume 1 feed?"


async def test_what_is_exported_can_be_imported(here: Room) -> None:
    here.follow("Desk", "Sol")
    page = await here.ask("/feeds export", ADMIN)
    (file,) = [block for block in page.blocks if isinstance(block, File)]
    listed = read_opml(file.data)
    assert [feed.title for feed in listed.feeds] == ["Desk", "Sol"]
    serve(here, file.data)
    assert (await here.ask(f"/feeds import address:{LIST}", ADMIN)).title == "Nothing to add"


async def test_an_import_is_shown_confirmed_and_undone(here: Room) -> None:
    here.follow("Desk")
    listed = [OpmlFeed(f"https://f{n}.example/rss", f"Feed {n}") for n in range(12)]
    listed += [OpmlFeed("https://desk.example/feed", "Desk")]
    serve(here, write_opml("Mine", listed, here.clock.now()))
    asked = await here.ask(f"/feeds import file:{LIST}", ADMIN)
    assert asked.title == "Add 12 feeds?" and "1 is followed already." in said(asked)
    assert len(scopes(here)) == 1
    done = await here.press(asked, "Add", ADMIN)
    assert list(scopes(here).values()).count("added") == 12
    assert here.database.read_sync(guilds.audit_of, Server(GUILD))[0].action == "feeds_imported"
    await here.press(done, "Undo", ADMIN)
    assert list(scopes(here).values()).count("added") == 0


async def test_an_import_keeps_to_what_one_server_may_add(here: Room) -> None:
    listed = [OpmlFeed(f"https://f{n}.example/rss", f"Feed {n}") for n in range(MOST_ADDED + 7)]
    serve(here, write_opml("Mine", listed, here.clock.now()))
    asked = await here.ask(f"/feeds import address:{LIST}", ADMIN)
    assert asked.title == f"Add {MOST_ADDED} feeds?" and "7 are left out" in said(asked)


async def test_an_older_import_is_not_followed(here: Room) -> None:
    serve(here, write_opml("A", [OpmlFeed("https://a.example/rss", "A")], here.clock.now()))
    older = await here.ask(f"/feeds import address:{LIST}", ADMIN)
    serve(here, write_opml("B", [OpmlFeed("https://b.example/rss", "B")], here.clock.now()))
    await here.ask(f"/feeds import address:{LIST}", ADMIN)
    assert (await here.press(older, "Add", ADMIN)).tone == "problem" and scopes(here) == {}


@pytest.mark.parametrize(
    ("body", "status", "failure"),
    [(b"<html>", 200, None), (b"", 404, None), (None, 200, "dns"), (b"x" * 1_000_001, 200, None)],
)
async def test_what_is_no_list_is_told(here: Room, body: bytes, status: int, failure: str | None) -> None:
    serve(here, body, status, failure)
    assert (await here.ask(f"/feeds import address:{LIST}", ADMIN)).tone == "problem"


async def test_the_terminal_reads_a_file_and_a_server_does_not(here: Room, tmp_path: Path) -> None:
    path = tmp_path / "mine.opml"
    path.write_bytes(write_opml("A", [OpmlFeed("https://a.example/rss", "A")], here.clock.now()))
    owner = Asker(user=TERMINAL_USER, view=TERMINAL, language="en", admin=True)
    assert (await here.ask(f"/feeds import file:{path}", owner)).title == "Add 1 feed?"
    assert (await here.ask("/feeds import file:/nowhere/at/all", owner)).tone == "problem"
    serve(here, None, failure="bad_address")
    assert (await here.ask(f"/feeds import file:{path}", ADMIN)).tone == "problem"


@pytest.mark.parametrize("command", ["feeds pause", "feeds remove", "feeds resume"])
async def test_a_command_without_a_feed_asks_which_with_a_select(here: Room, command: str) -> None:
    desk, sol = here.follow("Desk", "Sol")
    if command == "feeds resume":
        await here.ask(f"/feeds pause feed:{desk.id}", ADMIN)
    page = await here.ask(f"/{command}", ADMIN)
    assert "Which feed?" in said(page)
    (choice,) = page.choices
    offered = {option.value for option in choice.options}
    assert offered == ({str(desk.id)} if command == "feeds resume" else {str(desk.id), str(sol.id)})
    chosen = Request(choice.request.command, {**choice.request.arguments, choice.argument: str(desk.id)})
    await here.ask(chosen, ADMIN)
    wanted = {"feeds pause": "paused", "feeds remove": "removed", "feeds resume": "default"}[command]
    assert scopes(here)["Desk"] == wanted


async def test_where_no_feed_is_paused_resuming_offers_none(here: Room) -> None:
    here.follow("Desk")
    page = await here.ask("/feeds resume", ADMIN)
    assert page.tone == "problem" and not page.choices

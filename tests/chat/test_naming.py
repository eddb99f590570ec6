"""Commands that a page names become mentions, which Discord shows in the reader's language."""

from __future__ import annotations

import pytest

from bot.chat.naming import with_mentions
from bot.chat.render import draw, pieces
from bot.chat.split import MAX_TEXT
from bot.domain.page import Code, Heading, Item, Link, Mention, Note, Page, Paragraph, Span
from tests.chat.conftest import Stage
from tests.support.discord.faults import Fault

IDS = {"latest": 7, "feeds list": 9, "feeds add": 9, "digest set": 11}


def spans(*given: Span) -> tuple[Span, ...]:
    (block,) = with_mentions(Page("Title", (Paragraph(given),)), IDS).blocks
    assert isinstance(block, Paragraph)
    return tuple(span for span in block.spans if span)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/feeds list shows them.", (Mention("command", 9, "feeds list"), " shows them.")),
        ("as /latest shows", ("as ", Mention("command", 7, "latest"), " shows")),
        ("(/latest): more", ("(", Mention("command", 7, "latest"), "): more")),
        ("/feeds then", ("/feeds then",)),
        ("/feeds pause too", ("/feeds pause too",)),
        ("and/latest", ("and/latest",)),
        ("https://paper.example/latest", ("https://paper.example/latest",)),
        ("/latest/more", ("/latest/more",)),
        ("/latestest", ("/latestest",)),
        ("</latest:7>", ("</latest:7>",)),
    ],
)
def test_commands_in_running_text(text: str, expected: tuple[Span, ...]) -> None:
    assert spans(text) == expected


def test_what_is_to_be_typed_behind_a_command_stays_to_be_typed() -> None:
    assert spans(Code("/digest set")) == (Mention("command", 11, "digest set"),)
    assert spans(Code("/latest days:365")) == (Mention("command", 7, "latest"), " ", Code("days:365"))
    assert spans(Code("/unknown thing")) == (Code("/unknown thing"),)
    assert spans(Code("python bot.py")) == (Code("python bot.py"),)


def test_links_titles_and_headings_are_left_alone() -> None:
    blocks = (Heading("/latest"), Item((Link("/latest", "https://a.example"),), (("see /latest",),)))
    named = with_mentions(Page("/latest", blocks), IDS)
    item = named.blocks[1]
    assert (named.title, named.blocks[0]) == ("/latest", Heading("/latest"))
    assert isinstance(item, Item) and item.spans == blocks[1].spans  # type: ignore[union-attr]
    assert Mention("command", 7, "latest") in item.details[0]


def test_a_page_that_just_fits_stays_as_it_is() -> None:
    half = "word " * (MAX_TEXT // 10 - 18)
    page = Page("T", (Paragraph((half, half)), *(Note(("see /latest",)) for _ in range(6))))
    assert len(pieces(page)) == 1
    assert with_mentions(page, {"latest": 10**18}) is page


def test_a_mention_is_drawn_as_discord_reads_it() -> None:
    page = with_mentions(Page("T", (Note(("See /feeds list.",)),)), IDS)
    assert "See </feeds list:9>." in str(draw(page).view.to_components())


async def test_the_ids_are_those_that_discord_gave(stage: Stage) -> None:
    ids = {command["name"]: command["id"] for command in stage.discord.world.commands}
    assert stage.client is not None
    assert stage.client.command_ids["feeds list"] == int(ids["feeds"])
    assert stage.client.command_ids["latest"] == int(ids["latest"])

    await stage.stop()
    await stage.start()  # the commands are known: they are not sent again, and their ids are asked for
    assert stage.client is not None and len(stage.remembered) == 1
    assert stage.client.command_ids["digest set"] == int(ids["digest"])


async def test_answers_name_commands_as_mentions(stage: Stage) -> None:
    told = await stage.discord.slash(stage.guild, stage.ana, "story", {"story": "nothing like it"})
    (latest_id,) = (one["id"] for one in stage.discord.world.commands if one["name"] == "latest")
    assert f"</latest:{latest_id}>" in told.text


async def test_a_bot_that_is_not_told_the_ids_starts_and_names_commands_in_words(stage: Stage) -> None:
    await stage.stop()
    stage.discord.faults.add(Fault("status", status=403), ("GET", "/applications/{application_id}/commands"))
    await stage.start()
    told = await stage.discord.slash(stage.guild, stage.ana, "story", {"story": "nothing like it"})
    assert "/latest" in told.text and "</latest" not in told.text

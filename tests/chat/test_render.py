"""Whatever a page holds, its messages are such as Discord takes."""

from __future__ import annotations

import discord
import pytest
from hypothesis import HealthCheck, given, settings

from bot.chat.custom_id import decode, key_in, with_kept
from bot.chat.limits import MAX_TEXT, Unsendable, assert_sendable, cut
from bot.chat.render import Share, draw, pieces
from bot.domain.page import (
    Button,
    Choice,
    Divider,
    File,
    Heading,
    Item,
    Link,
    Mention,
    Option,
    Page,
    Paragraph,
    Picture,
    Request,
)
from tests.chat.pages import development, digest, pages, png
from tests.support.discord.document import document
from tests.support.discord.limits import message_faults, text_of

FIELDS = {"flags": 1 << 15, "tts": False, "nonce": "0123456789abcdef", "enforce_nonce": True}


def judged(page: Page, **given: object) -> dict:
    """The payload of ``page``, after Discord's document and its servers' limits found nothing wrong."""
    drawn = draw(page, **given)
    body = {**FIELDS, "components": drawn.view.to_components()}
    assert document().request_faults("POST", "/channels/{channel_id}/messages", body) == []
    assert message_faults(body, frozenset(file.filename for file in drawn.files)) == []
    return body


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(pages)
def test_any_page_becomes_messages_that_discord_takes(page: Page) -> None:
    for piece in pieces(page):
        judged(piece, share=Share("Share", Request("latest")), tag=7)


@pytest.mark.parametrize("stories", [0, 1, 10, 100])
@pytest.mark.parametrize("length", [20, 300, 5000])
def test_digests_of_any_length_fit_and_lose_nothing(stories: int, length: int) -> None:
    page = digest(stories, title="Ñ" * length)
    made = pieces(page)
    bodies = [judged(piece) for piece in made]
    text = "\n".join(text_of(body) for body in bodies)
    for part in range(5):
        for number in range(stories):
            assert f"https://news.example/{part * 1000 + number}>" in text
    assert [bool(piece.buttons) for piece in made] == [False] * (len(made) - 1) + [True]


def test_a_block_longer_than_a_message_is_cut_to_its_words_and_not_to_markup() -> None:
    spans = [span for n in range(300) for span in (Link(f"A headline, {n}*", f"https://a.example/{n}"), ", ")]
    (piece,) = pieces(Page("Title", (Paragraph(tuple(spans)),)))
    text = text_of(judged(piece))
    assert r"A headline, 0\*, A headline, 1\*" in text and "https" not in text and r"\\" not in text


def test_a_page_that_fits_is_one_message_as_it_is() -> None:
    page = digest(3)
    assert pieces(page) == (page,)


def test_long_pages_are_cut_at_dividers_and_count_themselves() -> None:
    page = digest(12, parts=6)
    made = pieces(page)
    assert len(made) > 1
    assert [piece.title for piece in made] == [
        f"{page.title} ({n}/{len(made)})" for n in range(1, len(made) + 1)
    ]
    assert all(isinstance(piece.blocks[0], Heading) for piece in made)
    assert not any(isinstance(piece.blocks[-1], Divider) for piece in made)


def test_a_part_longer_than_a_message_is_cut_between_its_blocks() -> None:
    page = digest(60, parts=1)
    assert len(pieces(page)) > 1


def test_a_block_longer_than_a_message_is_cut_short() -> None:
    spans = tuple("<@everyone> " * 100 for _ in range(20))
    (piece,) = pieces(Page("Title", (Paragraph(spans),)))
    assert text_of(judged(piece)).endswith("…")


def test_an_empty_page_is_its_title() -> None:
    assert text_of(judged(Page("Nothing"))) == "## Nothing"


def test_controls_carry_their_requests() -> None:
    more = Request("latest", {"before": "1769904000"})
    choice = Choice(
        "Concern", Request("latest", {"days": "7"}), "concern", (Option("Border", "border_security"),)
    )
    page = Page("T", (), (Button("More", more, primary=True), Button("More", more)), (choice,))
    body = judged(page, share=Share("Share", Request("latest")))
    select, *buttons = [item for row in body["components"][0]["components"][1:] for item in row["components"]]
    assert decode(select["custom_id"]).argument == "concern"
    assert [decode(button["custom_id"]).kind for button in buttons] == ["b", "b", "x"]
    assert decode(buttons[0]["custom_id"]).request == more
    assert len({button["custom_id"] for button in buttons}) == 3


def test_a_request_that_does_not_fit_is_kept_under_a_key() -> None:
    long = Request("search", {"words": "frontera " * 30})
    choice = Choice("Which", long, "concern", (Option("Long", "x" * 300), Option("Short", "y")))
    page = Page("T", (), (Button("Year", long), Button("Help", Request("help"))), (choice,))
    body, kept = judged(page, share=Share("Share", long)), draw(page, share=Share("Share", long)).kept
    select, row = body["components"][0]["components"][1:]
    assert [button["label"] for button in row["components"]] == ["Year", "Help", "Share"]
    ids = [select["components"][0]["custom_id"], *(button["custom_id"] for button in row["components"])]
    requests = []
    for custom_id in ids:
        key = key_in(custom_id)
        requests.append(decode(with_kept(custom_id, kept[key]) if key else custom_id).request)
    assert requests == [long, long, Request("help"), long]
    first, second = select["components"][0]["options"]
    assert kept[str(key_in(first["value"]))] == "x" * 300 and key_in(second["value"]) is None
    assert len(set(ids)) == 4


def test_pictures_are_attached_with_their_words() -> None:
    page = Page("Trend", (Picture(png(), "Rising since May"), Picture(png(), "x" * 3000)))
    drawn = draw(page)
    body = judged(page)
    first, second = body["components"][0]["components"][1:]
    assert first["items"][0]["media"]["url"] == f"attachment://{drawn.files[0].filename}"
    assert first["items"][0]["description"] == "Rising since May"
    assert len({file.filename for file in drawn.files}) == 2
    assert len(second["items"][0]["description"]) <= 1024


def test_files_are_attached_and_shown() -> None:
    page = Page("Feeds", (Paragraph(("3 feeds",)), File("feeds.opml", b"<opml/>")))
    drawn = draw(page)
    body = judged(page)
    assert body["components"][0]["components"][1]["file"]["url"] == "attachment://feeds.opml"
    assert drawn.files[0].fp.read() == b"<opml/>"


def test_channels_and_roles_are_chosen_from_what_discord_lists() -> None:
    wanted = Request("setup")
    page = Page(
        "T",
        (),
        (),
        (Choice("Where", wanted, "channel", of="channels"), Choice("Who", wanted, "role", of="roles")),
    )
    body = judged(page)
    kinds = [row["components"][0]["type"] for row in body["components"][0]["components"][1:]]
    assert kinds == [8, 6]


def test_several_options_can_be_chosen_where_that_is_meant() -> None:
    options = tuple(Option(name, name, chosen=True) for name in ("a", "b"))
    body = judged(Page("T", (), (), (Choice("Which", Request("setup"), "concerns", options, most=5),)))
    select = body["components"][0]["components"][1]["components"][0]
    assert select["max_values"] == 2 and all(option["default"] for option in select["options"])


def test_a_role_is_named_above_the_page() -> None:
    body = judged(pieces(digest(40))[0], mention=99)
    assert body["components"][0]["content"] == "<@&99>"


def test_what_is_named_by_its_id_is_a_mention() -> None:
    page = Page("T", (Item((Mention("channel", 5), " ", Mention("role", 6), " ", Mention("member", 7))),))
    assert "<#5> <@&6> <@7>" in text_of(judged(page))


def test_titles_that_try_to_wake_people_are_words() -> None:
    page = Page("@everyone", (Item((Link("@here <@1> <t:0:R>", "https://a.example/"),)), development(1)))
    text = text_of(judged(page))
    assert "@everyone" not in text and "@here" not in text and "<@1>" not in text.replace("\\<", "")


def test_unsendable_names_every_fault() -> None:
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(discord.ui.TextDisplay("x" * (MAX_TEXT + 1)))
    view.add_item(discord.ui.ActionRow(discord.ui.Button(label="y" * 81, custom_id="a")))
    view.add_item(discord.ui.ActionRow(discord.ui.Button(label="y", custom_id="a")))
    with pytest.raises(Unsendable) as refused:
        assert_sendable(view, nonce="z" * 26)
    assert len(refused.value.faults) == 4
    with pytest.raises(Unsendable):
        assert_sendable(discord.ui.LayoutView(timeout=None))


def test_cut_counts_as_discord_does() -> None:
    assert cut("abc", 3) == "abc"
    assert cut("abcd", 3) == "ab…"
    assert cut("😀😀😀", 4) == "😀…"

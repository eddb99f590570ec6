"""Nothing that a stranger writes becomes markup."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat import markup
from bot.domain.page import Code, Heading, Item, Link, Note, Paragraph, Strong, When
from tests.chat.pages import NOON, lines


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("*bold* _it_ ~~no~~ ||spoiler||", r"\*bold\* \_it\_ \~\~no\~\~ \|\|spoiler\|\|"),
        ("`code`", r"\`code\`"),
        (
            "<@1> <@&2> <#3> <t:0:R> </help:4> <:a:5>",
            r"\<@1\> \<@&2\> \<\#3\> \<t:0:R\> \</help:4\> \<:a:5\>",
        ),
        ("see https://evil.example", r"see https\://evil.example"),
        ("[text](https://evil.example)", r"\[text\](https\://evil.example)"),
        ("# heading", r"\# heading"),
        ("a\n# b\r\n\t> c", r"a \# b \> c"),
        ("back\\slash", r"back\\slash"),
        ("Migración: 3.000 «niños» — 50%", "Migración: 3.000 «niños» — 50%"),
    ],
)
def test_marks_are_shown_as_they_stand(text: str, drawn: str) -> None:
    assert markup.escape(text) == drawn


@pytest.mark.parametrize("text", ["@everyone", "@here", "@EVERYONE"])
def test_words_that_wake_everyone_are_broken(text: str) -> None:
    assert text not in markup.escape(text)


@pytest.mark.parametrize(
    ("text", "drawn"), [("- a", r"\- a"), ("+ a", r"\+ a"), ("1. a", r"1\. a"), ("12) a", r"12\) a")]
)
def test_a_line_does_not_begin_a_list(text: str, drawn: str) -> None:
    assert markup.block(Paragraph((text,))) == drawn
    assert markup.block(Paragraph(("-5 degrees",))) == "-5 degrees"
    assert markup.block(Paragraph(("1.5 million",))) == "1.5 million"


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://a.example/x_(y)", "https://a.example/x_%28y%29"),
        ("https://a.example/a b", "https://a.example/a%20b"),
        ("https://a.example/á?q=%C3%A1", "https://a.example/%C3%A1?q=%C3%A1"),
        ("https://a.example/>)\n#", "https://a.example/%3E%29%0A#"),
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("ftp://a.example/", ""),
        ("https://", ""),
        ("//a.example", ""),
        ("http://[broken", ""),
    ],
)
def test_only_safe_addresses_become_links(url: str, safe: str) -> None:
    assert markup.safe_url(url) == safe
    assert markup.link("Title", url) == (f"[Title](<{safe}>)" if safe else "Title")


def test_an_address_that_is_too_long_is_told_by_its_site() -> None:
    assert markup.link("Title", "https://a.example/" + "x" * 2000) == "Title (a.example …)"


def test_brackets_cannot_end_a_link_early() -> None:
    assert markup.link("[Video] a](https://evil.example)", "https://a.example/") == (
        r"[(Video) a)(https\://evil.example)](<https://a.example/>)"
    )


def test_blocks() -> None:
    assert markup.block(Heading("Border")) == "### Border"
    assert markup.block(Item(("a",))) == "- a"
    assert (
        markup.block(Item((Link("a", "https://a.example/"),), (("b",), ())))
        == "[a](<https://a.example/>)\n-# b"
    )
    assert markup.block(Note(("few", " sources"))) == "-# few sources"
    assert markup.block(Paragraph((Strong("x*"), " ", Code("/help `a`"), " ", When(NOON, True)))) == (
        r"**x\*** `/help ˋaˋ` <t:1771783200:R>"
    )


def test_a_run_separates_what_would_read_as_one() -> None:
    item = Item(("a",))
    drawn = markup.run([Heading("H"), item, item, Note(("n",)), Paragraph(("p",)), Paragraph(("q",))])
    assert drawn == "### H\n- a\n- a\n\n-# n\n\np\n\nq"


@given(st.text(max_size=500))
def test_escaped_text_has_no_live_marks(text: str) -> None:
    drawn = markup.escape(text)
    assert "\n" not in drawn
    bare = re.sub(r"\\.", "", drawn)
    assert not re.search(r"[*_~`|<>\[\]#\\]|://|@(everyone|here)", bare, re.IGNORECASE)


@given(st.text(max_size=300), st.text(max_size=300))
def test_links_have_one_end(text: str, tail: str) -> None:
    drawn = markup.link(text, "https://a.example/" + tail)
    if drawn.startswith("["):
        found = re.fullmatch(r"\[((?:[^\[\]\\]|\\.)*)\]\(<(https://[!-~]*)>\)", drawn)
        assert found and not set("()<> ") & set(found[2])


@given(lines)
def test_a_line_is_one_line(spans: tuple) -> None:
    assert "\n" not in markup.line(spans)

"""References to characters, in bytes before they are parsed and in text afterwards."""

from __future__ import annotations

import time
from xml.parsers import expat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.references import joined_surrogates, plain_references


@pytest.mark.parametrize(
    ("body", "plain"),
    [
        ("?a=1&b=2&copy=3&reg=9", "?a=1&amp;b=2&amp;copy=3&amp;reg=9"),
        ("AT&amp;T &#233; &#xE9; R&D &lt;b&gt;", "AT&amp;T &#233; &#xE9; R&amp;D &lt;b&gt;"),
        ("<![CDATA[a&b &oacute;]]>c&d<![CDATA[e&f]]>", "<![CDATA[a&b &oacute;]]>c&amp;d<![CDATA[e&f]]>"),
        ("a&b<![CDATA[never&closed", "a&amp;b<![CDATA[never&closed"),
        ("Migraci&oacute;n &nbsp;&NTILDE;&hellip;", "Migraci&#243;n &#160;&#209;&#8230;"),
        ("&bogus; &Oacute &;", "&amp;bogus; &amp;Oacute &amp;;"),
        ("&#147;S&iacute;&#148; &#x80; &#0146;", "&#147;S&#237;&#148; &#x80; &#146;"),
        ("&#0000000233; &#x0000E9;", "&#233; &#233;"),
        ("<!ENTITY oacute 'o'><t>&oacute;&eacute;</t>", "<!ENTITY oacute 'o'><t>&oacute;&#233;</t>"),
        ("&amp;oacute; &amp;#55357;", "&amp;oacute; &amp;#55357;"),
    ],
)
def test_what_any_parser_reads(body: str, plain: str) -> None:
    assert plain_references(body.encode()) == (plain.encode(), False)


@pytest.mark.parametrize(
    ("body", "plain"),
    [
        ("&#55357;&#57000; a", "&#128680; a"),
        ("&#xD83D;&#xDEA8; a", "&#128680; a"),
        ("&#xd83d;&#57000; a", "&#128680; a"),
        ("&#55357; a", "&#65533; a"),
        ("&#56808;&#55357; a", "&#65533;&#65533; a"),
        ("&#55357;&#55357;&#57000;", "&#65533;&#128680;"),
        ("&#1114112; &#x110000; &#99999999999;", "&#65533; &#65533; &#65533;"),
        ("&#xFFFF; &#65534;", "&#65533; &#65533;"),
        ("a&#0;b&#8;c&#x1F;d", "abcd"),
    ],
)
def test_references_to_no_character(body: str, plain: str) -> None:
    assert plain_references(body.encode()) == (plain.encode(), True)


def test_surrogates_that_came_through_an_escape() -> None:
    assert joined_surrogates("&#55357;&#57000; Alerta &#xD83D;&#xDEA8; &#233;") == "🚨 Alerta 🚨 &#233;"
    assert joined_surrogates("&#55357; alone") == "&#55357; alone"


@given(st.text(st.sampled_from("&#x;0123456789dDaAmpltoacute \u00e9<>[]!CDAT")))
def test_no_reference_is_left_that_a_parser_would_refuse(text: str) -> None:
    inside = "".join(sign for sign in text if sign not in "<>")
    plain, _ = plain_references(inside.encode())
    parser = expat.ParserCreate("utf-8")
    parser.Parse(b"<a>" + plain.replace(b"]]", b"") + b"</a>", True)


@pytest.mark.parametrize(
    "flood", [b"&#", b"&#55357;", b"&oacute;", b"&aaaaaaaaaaaaaaaa", b"&#0", b"<!ENTITY a "]
)
def test_floods_are_linear(flood: bytes) -> None:
    started = time.process_time()
    plain_references(flood * (1_000_000 // len(flood)))
    assert time.process_time() - started < 10  # quadratic would be hours

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds import charsets
from bot.feeds.charsets import codec_of
from bot.feeds.repair import Repaired, declared_charset, is_wide, repaired

SPANISH = "<rss><channel><title>Juárez y México: ¿qué pasó?</title></channel></rss>"


def test_one_bad_byte_does_not_cost_the_other_accents() -> None:
    body = SPANISH.encode().replace(b"qu\xc3\xa9", b"qu\xe9")
    found = repaired(body)
    assert found.body.decode() == SPANISH


def test_a_cut_sequence_becomes_a_replacement_character() -> None:
    found = repaired(SPANISH.encode() + b"\xc3")
    assert found.body.decode().endswith("�")


@pytest.mark.parametrize("head", ["", "<?xml version='1.0' encoding='UTF-8'?>"])
def test_a_latin_feed_that_says_nothing_else_is_read_as_such(head: str) -> None:
    assert repaired((head + SPANISH).encode("latin-1")) == Repaired((head + SPANISH).encode())


def test_a_declared_charset_is_believed_unless_the_bytes_are_utf8() -> None:
    head = b"<?xml version='1.0' encoding='ISO-8859-1'?>"
    assert repaired(head + SPANISH.encode("latin-1")).body == head + SPANISH.encode()
    assert repaired(head + SPANISH.encode()).body == head + SPANISH.encode()
    windows = SPANISH + "“ ”"
    assert repaired(head + windows.encode("cp1252")).body == head + windows.encode()


@pytest.mark.parametrize("name", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"])
def test_wide_charsets_become_utf8(name: str) -> None:
    body = SPANISH.encode(name)
    assert is_wide(body)
    assert repaired(body) == Repaired(SPANISH.encode())


@pytest.mark.parametrize(
    "printed",
    ["\ufeff", "\n\n ", "<br />\n<b>Warning</b>: in <b>/x.php</b> on line <b>3</b><br />\n", "Notice: x\n",
     "<!-- cached -->\n"],
)  # fmt: skip
def test_what_a_script_printed_before_the_feed_is_cut_off(printed: str) -> None:
    head = "<?xml version='1.0' encoding='UTF-8'?>"
    for feed in (head + SPANISH, SPANISH):
        assert repaired((printed + feed).encode()).body == feed.encode()


@pytest.mark.parametrize(
    "section", ["<!--[CDATA[{}]]-->", "<![cdata[{}]]>", "<! [CDATA[{}]]>", "<![ CDATA[{}]]>"]
)
def test_sections_are_sections(section: str) -> None:
    body = f"<rss><title>{section.format('Uno <b>A</b>')}</title></rss>"
    assert repaired(body.encode()).body == b"<rss><title><![CDATA[Uno <b>A</b>]]></title></rss>"


@pytest.mark.parametrize("label", ["punycode", "unicode_escape", "rot13", "idna", "utf-7", "zlib", "x-none"])
def test_what_the_web_does_not_know_as_a_charset_is_utf8(label: str) -> None:
    assert codec_of(label) == "utf-8"
    body = f"<?xml version='1.0' encoding='{label}'?>{SPANISH}".encode()
    assert repaired(body, f"text/xml; charset={label}").body == body


def test_charsets_of_the_web() -> None:
    labels = [(label, codec) for codec, names in charsets._CODECS.items() for label in names.split()]
    assert len(labels) == len({label for label, _ in labels})
    for label, codec in labels:
        assert codec_of(f" {label.upper()} ") == codec
        "Año".encode(codec, "replace").decode(codec)


def test_control_characters_are_dropped() -> None:
    assert repaired(b"<a>b\x00\x08\x1b\tc</a>").body == b"<a>b\tc</a>"


def test_which_charset_is_named() -> None:
    assert declared_charset(b"<?xml version='1.0' encoding='UTF-8'?>", "") == "utf-8"
    assert (
        declared_charset(b"<?xml version='1.0' encoding='UTF-8'?>", "text/xml; charset=latin-1") == "latin-1"
    )
    assert declared_charset(b"<rss>", "text/xml") is None


@given(st.binary())
def test_any_bytes_pass(body: bytes) -> None:
    repaired(body)


@given(st.text())
def test_well_formed_utf8_loses_nothing(inside: str) -> None:
    safe = "".join(sign for sign in inside if sign.isprintable()).replace("&", "").replace("<", "")
    body = f"<a>{safe}</a>".encode()
    assert repaired(body).body == body


@pytest.mark.parametrize(
    "flood", [b"&", b"<![CDATA[", b"&#", b"\xe9", b"\xc3\xa9\xe9", b"&aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"]
)
def test_floods_are_linear(flood: bytes) -> None:
    started = time.process_time()
    repaired(flood * (2_000_000 // len(flood)))
    assert time.process_time() - started < 10  # quadratic would be hours

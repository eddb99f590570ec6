"""Which of what an item calls its link is one."""

from __future__ import annotations

import pytest

from bot.feeds.links import web_address

BASE = "https://feeds.example.mx/dir/rss.xml"


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("https://nota.example.mx/1", "https://nota.example.mx/1"),
        ("www.nota.example.mx/1", "https://www.nota.example.mx/1"),
        ("nota.example.mx/1", "https://nota.example.mx/1"),
        ("nota.example.gob.mx", "https://nota.example.gob.mx/"),
        ("nota.example.com:8080/1", "https://nota.example.com:8080/1"),
        ("//nota.example.mx/1", "https://nota.example.mx/1"),
        ("http:/nota.example.mx/1", "http://nota.example.mx/1"),
        ("https//nota.example.mx/1", "https://nota.example.mx/1"),
        ("http:// nota.example.mx/1", "http://nota.example.mx/1"),
        ("htttps://nota.example.mx/1", "https://nota.example.mx/1"),
        ("ttp://nota.example.mx/1", "http://nota.example.mx/1"),
        ("<![CDATA[https://nota.example.mx/1]]>", "https://nota.example.mx/1"),
        ("/nota/1", "https://feeds.example.mx/nota/1"),
        ("nota/1", "https://feeds.example.mx/dir/nota/1"),
        ("nota.html", "https://feeds.example.mx/dir/nota.html"),
        ("?id=7", "https://feeds.example.mx/dir/rss.xml?id=7"),
    ],
)
def test_links(text: str, address: str) -> None:
    assert web_address(text, BASE) == address


@pytest.mark.parametrize(
    "text",
    ["", "MX-2026-0142", "N/A", "null", "undefined", "#", "#b3", "javascript:void(0)", "mailto:a@example.mx",
     "urn:x:1", "tag:example.mx,2026:1", "Ver la nota", "ver/la nota", "0", "n/d",
     "SRE/2026/142", "2026/11/28", "1-A/2026", "-", "http://", "ftp://x.example.mx/1"],
)  # fmt: skip
def test_what_is_no_link(text: str) -> None:
    assert web_address(text, BASE) == ""


def test_a_link_that_is_longer_than_most_is_kept() -> None:
    long = "https://nota.example.mx/" + "a" * 3_000
    assert web_address(long, BASE) == long


def test_a_relative_address_needs_a_base() -> None:
    assert web_address("/nota/1") == web_address("nota/1") == ""

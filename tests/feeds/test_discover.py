from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.discover import MAX_CANDIDATES, discover

URL = "https://diario.example.mx/mexico/"


def urls(page: str, url: str = URL) -> list[str]:
    return [candidate.url for candidate in discover(page.encode(), url)]


def test_declared_feeds_come_first_and_comments_last() -> None:
    page = """<html><head>
    <link rel="alternate" type="application/rss+xml" title="Comentarios" href="/comments/feed/">
    <link type='application/atom+xml' rel='ALTERNATE' href='atom.xml' title='Portada &amp; m&aacute;s'>
    <LINK REL=alternate TYPE=application/feed+json HREF=https://diario.example.mx/feed.json>
    <link rel="alternate" type="application/json" href="https://diario.example.mx/wp-json/wp/v2/pages/2">
    <link rel="alternate" hreflang="en" href="https://diario.example.mx/en/">
    <link rel="stylesheet" href="/rss.css"></head><body><a href="/rss/frontera.xml">RSS</a>
    <a href="https://other.example.org/feed/">elsewhere</a></body>"""
    found = discover(page.encode(), URL)
    assert [(one.url, one.title, one.declared) for one in found] == [
        ("https://diario.example.mx/mexico/atom.xml", "Portada & más", True),
        ("https://diario.example.mx/feed.json", "", True),
        ("https://diario.example.mx/comments/feed/", "Comentarios", True),
        ("https://diario.example.mx/rss/frontera.xml", "", False),
    ]


def test_without_declarations_the_usual_places_are_guessed() -> None:
    found = urls("<html><body>Hola</body></html>")
    assert found[:3] == [
        "https://diario.example.mx/mexico/feed/",
        "https://diario.example.mx/feed/",
        "https://diario.example.mx/rss",
    ]
    assert len(found) <= MAX_CANDIDATES


def test_a_base_element_counts() -> None:
    page = '<base href="https://cdn.example.mx/x/"><link rel=alternate type=application/rss+xml href=rss>'
    assert urls(page)[0] == "https://cdn.example.mx/x/rss"


@pytest.mark.parametrize(
    "page",
    [
        '<script>"<link rel=alternate type=application/rss+xml href=/no>"</script>',
        "<!-- <link rel=alternate type=application/rss+xml href=/no> -->",
        "<link rel=alternate type=application/rss+xml href='javascript:alert(1)'>",
        "<link rel=alternate type=application/rss+xml href='file:///etc/passwd'>",
        "<link rel=alternate type=application/rss+xml>",
        "<script>never closed <link rel=alternate type=application/rss+xml href=/no>",
    ],
)
def test_what_declares_nothing(page: str) -> None:
    assert not any(candidate.declared for candidate in discover(page.encode(), URL))


def test_the_pages_charset_is_used() -> None:
    page = '<meta charset="iso-8859-1"><link rel=alternate type=application/rss+xml href=/r title="México">'
    assert discover(page.encode("latin-1"), URL)[0].title == "México"
    assert discover(page.encode("latin-1").replace(b"iso-8859-1", b"bogus"), URL)[0].title == "M�xico"


@given(st.binary(max_size=500), st.text(max_size=50))
def test_any_page_gives_web_addresses(page: bytes, tail: str) -> None:
    for candidate in discover(page, "https://example.org/" + tail):
        assert candidate.url.startswith(("http://", "https://"))


@pytest.mark.parametrize("flood", [b"<link ", b"<script>", b"<!--", b"<a href='", b"a=", b"<link a=b>"])
def test_floods_are_linear(flood: bytes) -> None:
    started = time.process_time()
    discover(flood * (1_000_000 // len(flood)), URL)
    assert time.process_time() - started < 10  # quadratic would be hours

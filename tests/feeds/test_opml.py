from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.errors import OpmlError
from bot.feeds.opml import MAX_BYTES, OpmlFeed, read_opml, write_opml

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)


def test_a_list_is_read() -> None:
    found = read_opml(
        b"""<?xml version="1.0"?><opml version="1.1"><head><title>Mis fuentes</title></head><body>
        <outline text="Frontera"><outline type="rss" text="Diario &amp; m&#225;s" language="es"
          xmlUrl="https://diario.example.mx/rss?utm_source=x" htmlUrl="https://diario.example.mx/"/>
          <outline TYPE="rss" TITLE="again" XMLURL="https://diario.example.mx/rss"/></outline>
        <outline text="a page" type="link" url="https://x.example/"/>
        <outline text="bad" type="rss" xmlUrl="javascript:alert(1)"/>
        <outline text="feed" type="rss" xmlUrl="feed://otro.example.mx/rss"/></body></opml>"""
    )
    assert found.title == "Mis fuentes"
    assert found.feeds == (
        OpmlFeed(
            "https://diario.example.mx/rss", "Diario & más", "https://diario.example.mx/", "Frontera", "es"
        ),
        OpmlFeed("https://otro.example.mx/rss", "feed"),
    )
    assert found.skipped == ("javascript:alert(1)",)


names = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=30).filter(
    lambda text: not set(text) & set("<>&")
)


@given(st.lists(names, unique=True, max_size=8), st.sampled_from(["", "Carpeta «x»", 'a"b']))
def test_what_is_written_is_read_again(titles: list[str], folder: str) -> None:
    feeds = [
        OpmlFeed(f"https://f.example/{number}?a=1&b=2", title, "https://f.example/", folder, "es")
        for number, title in enumerate(titles)
    ]
    found = read_opml(write_opml("Vigía", feeds, NOW))
    assert found.title == "Vigía"
    assert [(one.url, one.folder, one.language) for one in found.feeds] == [
        (one.url, folder, "es") for one in feeds
    ]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "not_opml"),
        (b"<html></html>", "not_opml"),
        (b"<opml><body>", "not_opml"),
        (b'<!DOCTYPE o [<!ENTITY a "b">]><opml><body/></opml>', "not_opml"),
        (b"<opml>" + b"<outline>" * 40, "not_opml"),
        (b" " * (MAX_BYTES + 1), "too_large"),
        (
            b"<opml><body>"
            + b"".join(b'<outline xmlUrl="https://a.example/%d"/>' % n for n in range(1_001))
            + b"</body></opml>",
            "too_many_feeds",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "data",
)
def test_what_is_no_list_has_a_code(data: bytes, code: str) -> None:
    with pytest.raises(OpmlError) as refused:
        read_opml(data)
    assert refused.value.code == code


def test_a_broken_end_keeps_what_came_before() -> None:
    found = read_opml(b'<opml><body><outline text="A" xmlUrl="https://a.example/rss"/><outline')
    assert [feed.url for feed in found.feeds] == ["https://a.example/rss"]


@given(st.binary(max_size=300))
def test_any_bytes_are_a_list_or_are_refused(noise: bytes) -> None:
    for data in (noise, b"<opml><body><outline xmlUrl='" + noise):
        try:
            read_opml(data)
        except OpmlError as refused:
            assert refused.code

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any
from unittest.mock import patch

import feedparser
import feedparser.api
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.feeds.feedparser_patches.lean import LeanLooseParser, LeanParser, _Text
from tests.feeds import samples

[*_, STRICT] = LeanParser.__bases__
[*_, LOOSE] = LeanLooseParser.__bases__

TEXTS = st.lists(
    st.sampled_from(
        (
            "Juárez",
            "JuÃ¡rez",
            "\x93cita\x94",
            "Â\x93",
            "plain",
            "—",
            "&#146;",
            "&amp;",
            "&lt;p&gt;",
            "&nbsp;",
            "\n",
        )
    ),
    max_size=4,
).map("".join)
ELEMENTS = st.one_of(
    st.tuples(
        st.sampled_from(
            (
                "<title>{}</title>",
                "<title type='html'>{}</title>",
                "<link>https://t.example.org/{}</link>",
                "<guid>{}</guid>",
                "<description>{}</description>",
                "<content type='application/octet-stream'>{}</content>",
                "<content mode='base64' type='text/html'>SnXDoXJleg=={}</content>",
                "<content type='xhtml' src='a'><div><b>{}</b></div></content>",
                "<summary type='text/plain'>{}</summary>",
                "<author><name>{}</name></author>",
                "<category term='{}'/>",
                "<source><title>{}</title></source>",
                "<x:y xmlns:x='urn:x'>{}</x:y>",
            )
        ),
        TEXTS,
    ).map(lambda pair: pair[0].format(pair[1])),
    st.sampled_from(("<b>", "</channel>", "<svg xmlns='http://www.w3.org/2000/svg'><title>s</title></svg>")),
)


def read(body: bytes) -> dict[str, Any]:
    headers = {"content-type": "application/xml; charset=utf-8"}
    found = feedparser.parse(
        io.BytesIO(body), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
    )
    return {**found, "bozo_exception": repr(dict.get(found, "bozo_exception"))}


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(ELEMENTS, max_size=6).map("".join), max_size=3), st.booleans())
def test_it_gives_what_feedparser_gives(items: Sequence[str], atom: bool) -> None:
    body = samples.rss(items)
    if atom:
        body = body.replace(b'<rss version="2.0"><channel>', b'<feed xmlns="http://www.w3.org/2005/Atom">')
        body = body.replace(b"</channel></rss>", b"</feed>").replace(b"item>", b"entry>")
    with patch.multiple(feedparser.api, StrictFeedParser=LeanParser, LooseFeedParser=LeanLooseParser):
        lean = read(body)
    with patch.multiple(feedparser.api, StrictFeedParser=STRICT, LooseFeedParser=LOOSE):
        assert lean == read(body)


def test_feedparser_still_translates_what_is_handed_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    def translate(self: str, table: object) -> str:
        seen.append(str(self))
        return str(self)

    monkeypatch.setattr(_Text, "translate", translate)
    with patch.object(feedparser.api, "StrictFeedParser", LeanParser):
        entry = read(samples.rss(["<title>Juárez</title>"]))["entries"][0]
    assert "Juárez" in seen
    assert type(entry["title"]) is str

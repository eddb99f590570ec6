from __future__ import annotations

import pytest

from bot.domain.entry import Entry
from bot.feeds.identity import canonical_url, entry_keys
from bot.feeds.variants import typed_address


def key(url: str) -> bytes | None:
    return entry_keys(Entry(guid="", url=canonical_url(url), title="t", summary=""), "P").url_key


PAGE = "https://nota.example.mx/nota.jsp?id=7"
HEX = "0123456789abcdef0123456789abcdef"


@pytest.mark.parametrize(
    "url",
    [
        "https://nota.example.mx/nota.jsp;jsessionid=A1F?id=7",
        "https://nota.example.mx/nota.jsp;JSESSIONID=0A-f.node3?id=7",
        "https://nota.example.mx/nota.jsp%3Bjsessionid=A1F?id=7",
        "https://nota.example.mx/nota.jsp?id=7&PHPSESSID=abc",
        "https://nota.example.mx/nota.jsp?jsessionid=3&id=7",
        f"https://nota.example.mx/nota.jsp?id=7&sid={HEX}",
        f"https://nota.example.mx/nota.jsp?s={HEX}&id=7",
        "https://nota.example.mx/nota.jsp?id=7&session_id=k3J9dlo20Lq8sPz71Bxw",
        "https://nota.example.mx/nota.jsp?id=7&CFID=12&CFTOKEN=34",
        "https://nota.example.mx/nota.jsp?ASPSESSIONIDQQAADCTR=X&id=7",
        "https://nota.example.mx/(S(lit3py55t21z5v55vlm25s55))/nota.jsp?id=7",
        f"https://nota.example.mx/nota.jsp;sid={HEX}?id=7",
        "https://nota.example.mx/nota.jsp?id=7&osCsid=5d41402a",
    ],
)
def test_a_session_is_no_part_of_an_address(url: str) -> None:
    assert canonical_url(url) == PAGE
    assert key(url) == key(PAGE)


@pytest.mark.parametrize(
    "url",
    [
        "https://nota.example.mx/article.php?sid=1234",
        f"https://nota.example.mx/article.php?sid={HEX}",
        f"https://nota.example.mx/?s={HEX}",
        "https://senado.example.mx/votes?session=2&congress=118",
        "https://nota.example.mx/nota;id=7",
        "https://nota.example.mx/a;b=c/d",
        "https://nota.example.mx/wiki/CBP_(S(a)",
        "https://nota.example.mx/session/7?obsession=1",
    ],
)
def test_what_may_tell_pages_apart_stays(url: str) -> None:
    assert canonical_url(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "https://nota.example.mx/ok0?outputType=amp",
        "https://nota.example.mx/ok0?amp=1",
        "https://nota.example.mx/ok0?amp",
        "https://nota.example.mx/ok0/?amp",
        "https://nota.example.mx/ok0/amp/",
        "https://nota.example.mx/amp/ok0",
        "https://amp.nota.example.mx/ok0",
        "https://nota.example.mx/ok0.amp",
        "https://nota.example.mx/ok0?amp_js_v=0.1&usqp=mq331AQ",
        "https://nota.example.mx/ok0?output=amp&utm_source=x",
        "https://nota.example.mx/ok0?_amp=true",
    ],
)
def test_an_amp_edition_is_the_same_page(url: str) -> None:
    assert key(url) == key("https://nota.example.mx/ok0")


@pytest.mark.parametrize(
    "url",
    [
        "https://nota.example.mx/amparo",
        "https://nota.example.mx/ok0?amparo=1",
        "https://nota.example.mx/ok0?type=ampliada1x",
        "https://nota.example.mx/champ",
        "https://nota.example.mx/stamp/ok0",
    ],
)
def test_words_that_begin_alike_are_no_amp_edition(url: str) -> None:
    assert key(url) != key("https://nota.example.mx/ok0")
    assert key(url) != key("https://nota.example.mx/")


WANTED = "https://nota.example.mx/feed"


@pytest.mark.parametrize(
    "text",
    [
        WANTED,
        "nota.example.mx/feed",
        "//nota.example.mx/feed",
        f"<{WANTED}>",
        f" < {WANTED} > ",
        f"<{WANTED}|Nota>",
        f"||{WANTED}||",
        f"[Nota]({WANTED})",
        f"[Nota](<{WANTED}>)",
        f"`{WANTED}`",
        f"**{WANTED}**",
        f"_{WANTED}_",
        f"~~{WANTED}~~",
        f"{WANTED}>",
        f"<{WANTED}",
        f"{WANTED})",
        f"{WANTED}…",
        f"URL: {WANTED}",
        f"http://{WANTED}",
        WANTED.replace("https:", "https"),
        WANTED.replace("https:", "ttps:"),
        f"https://www.google.com/url?sa=D&q={WANTED}&ust=1",
        "https://l.facebook.com/l.php?u=https%3A%2F%2Fnota.example.mx%2Ffeed&h=1",
        f"“{WANTED}”",
        f"«{WANTED}»",
        f"({WANTED}).",
        f"{WANTED},",
        f"<URL:{WANTED}>",
        f"\u200b{WANTED}\ufeff",
        "feed://nota.example.mx/feed",
        "FEED://nota.example.mx/feed",
        "feeds://nota.example.mx/feed",
        "feed:nota.example.mx/feed",
        f"feed:{WANTED}",
        f"feed://{WANTED}",
        f"<feed:{WANTED}>",
        "rss://nota.example.mx/feed",
        f"web+rss:{WANTED}",
        "itpc://nota.example.mx/feed",
        "HTTPS://nota.example.mx/feed",
        "https:/nota.example.mx/feed",
        "https:nota.example.mx/feed",
        "https://www.google.com/amp/s/nota.example.mx/feed",
        "https://www.google.com.mx/amp/s/nota.example.mx/feed",
        "https://nota-example-mx.cdn.ampproject.org/c/s/nota.example.mx/feed",
    ],
)
def test_what_is_typed_is_taken_as_the_address_that_is_meant(text: str) -> None:
    assert canonical_url(typed_address(text)) == WANTED


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("http://nota.example.mx/a_(b)", "http://nota.example.mx/a_(b)"),
        ("http://[2001:db8::1]/", "http://[2001:db8::1]/"),
        ("https://www.google.com/search?q=amp", "https://www.google.com/search?q=amp"),
        ("feed.example.mx", "https://feed.example.mx"),
        ("feedburner.example/x", "https://feedburner.example/x"),
        ("ftp://nota.example.mx/feed", "ftp://nota.example.mx/feed"),
        ("mailto:redaccion@nota.example.mx", "mailto:redaccion@nota.example.mx"),
        ("localhost:8000/feed", "https://localhost:8000/feed"),
        ("https://a.example/?u=feed://b.example", "https://a.example/?u=feed://b.example"),
    ],
)
def test_an_address_that_means_itself_stays(text: str, address: str) -> None:
    assert typed_address(text) == address


@pytest.mark.parametrize("text", ["", "<>", "<", "[](", "feed:", "\u200b"])
def test_nothing_typed_is_no_address(text: str) -> None:
    assert canonical_url(typed_address(text)) == ""

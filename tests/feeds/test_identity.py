from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.entry import Entry
from bot.feeds.identity import bounded_guid, canonical_url, content_key, entry_keys, keys_of

ENTRY = Entry(guid="nota-1", url="https://diario.example.mx/nota/1", title="Título", summary="Texto.")


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("https://Example.ORG", "https://example.org/"),
        ("HTTP://example.org:80/a", "http://example.org/a"),
        ("https://example.org:8443/a", "https://example.org:8443/a"),
        (" https://example.org/a\n", "https://example.org/a"),
        ("https://example.org/a\tb\nc", "https://example.org/abc"),
        ("https://example.org/a b", "https://example.org/a%20b"),
        ("https://example.org/a?utm_source=rss&utm_medium=x&id=7", "https://example.org/a?id=7"),
        ("https://example.org/a?fbclid=1#utm_source=rss", "https://example.org/a"),
        ("https://example.org/a?id=7&amp;utm_source=rss", "https://example.org/a?id=7"),
        (
            "https://example.org/a?gbraid=1&gad_source=2&mtm_campaign=3&_hsenc=4&srsltid=5",
            "https://example.org/a",
        ),
        ("https://example.org/a?ref=rss&source=newsletter&from=feed", "https://example.org/a"),
        (
            "https://example.org/a?ref=47&source=dof&from=2026",
            "https://example.org/a?ref=47&source=dof&from=2026",
        ),
        ("https://example.org/a?b=1&a=%2F+x", "https://example.org/a?b=1&a=%2F+x"),
        ("https://ana:clave@example.org/a", "https://example.org/a"),
        ("//example.org/a", "https://example.org/a"),
        ("https://[2001:db8::1]/a", "https://[2001:db8::1]/a"),
        ("https://example.org/ñ?q=é", "https://example.org/ñ?q=é"),
        ("https://example.org/(a)", "https://example.org/(a)"),
        ("https://example.org/<a>", "https://example.org/%3Ca%3E"),
    ],
)
def test_one_form_for_an_address(url: str, canonical: str) -> None:
    assert canonical_url(url) == canonical


@pytest.mark.parametrize(
    "url",
    [
        "",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\tscript:alert(1)",
        " javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "vbscript:x",
        "discord://invite",
        "ftp://example.org/",
        "mailto:a@example.org",
        "/relative",
        "nonsense",
        "http://",
        "http://[::1",
        "http://a b/",
        "https://example.org:port/",
        "https://example.org/" + "x" * 9_000,
    ],
)
def test_what_is_no_web_address_is_empty(url: str) -> None:
    assert canonical_url(url) == ""


def test_relative_addresses_need_a_base() -> None:
    assert canonical_url("/nota/2", "https://diario.example.mx/rss") == "https://diario.example.mx/nota/2"
    assert canonical_url("javascript:x", "https://diario.example.mx/rss") == ""


@given(st.text())
def test_a_canonical_address_is_stable_and_safe(text: str) -> None:
    for url in (text, "https://example.org/" + text, "https://" + text):
        once = canonical_url(url)
        assert canonical_url(once) == once
        if once:
            assert urlsplit(once).scheme in ("http", "https")
            assert not set(once) & set(' \t\r\n<>"|\\^`{}')
            assert "@" not in urlsplit(once).netloc


def same(one: Entry, other: Entry) -> bool:
    a, b = entry_keys(one, "diario"), entry_keys(other, "diario")
    return a.guid_key == b.guid_key or (a.url_key is not None and a.url_key == b.url_key)


@pytest.mark.parametrize(
    "changed",
    [
        {"guid": "nota-1-nueva"},
        {"url": "http://www.diario.example.mx/nota/1/"},
        {"guid": "x", "url": "http://diario.example.mx/nota/1/amp"},
        {"url": "https://otra.example.mx/x"},
        {"title": "Título corregido", "summary": "Otro texto."},
    ],
)
def test_the_same_entry_is_known_again(changed: dict[str, str]) -> None:
    assert same(ENTRY, replace(ENTRY, **changed))


def test_different_entries_are_told_apart() -> None:
    assert not same(ENTRY, replace(ENTRY, guid="nota-2", url="https://diario.example.mx/nota/2"))
    keys = entry_keys(ENTRY, "diario")
    assert keys.guid_key != entry_keys(ENTRY, "otro").guid_key
    assert (len(keys.guid_key), len(keys.url_key or b""), len(keys.content_key)) == (16, 16, 8)


def test_a_guid_that_is_an_address_survives_https_and_tracking() -> None:
    one = Entry(guid="http://www.d.example/1?utm_source=rss", url="", title="T", summary="")
    two = replace(one, guid="https://d.example/1")
    assert entry_keys(one, "d").guid_key == entry_keys(two, "d").guid_key


def test_an_address_that_many_entries_share_identifies_none() -> None:
    blog = [replace(ENTRY, guid=f"post-{number}") for number in range(3)]
    keys = keys_of(blog, "diario")
    assert all(key.url_key is None for key in keys)
    assert len({key.guid_key for key in keys}) == 3
    front = replace(ENTRY, url="https://diario.example.mx/")
    assert entry_keys(front, "diario").url_key is None


def test_a_guid_that_many_entries_share_is_told_apart_by_address() -> None:
    entries = [replace(ENTRY, guid="feed", url=f"https://d.example/{number}") for number in range(3)]
    keys = keys_of(entries, "diario")
    assert len({key.guid_key for key in keys}) == 3
    assert all(key.url_key for key in keys)


def test_an_entry_without_guid_and_address_is_its_text() -> None:
    one = Entry(guid="", url="", title="A", summary="B")
    assert entry_keys(one, "d").guid_key == entry_keys(replace(one, title="a"), "d").guid_key
    assert entry_keys(one, "d").guid_key != entry_keys(replace(one, title="C"), "d").guid_key


def test_the_content_key_follows_the_words_and_not_the_spacing() -> None:
    assert content_key(ENTRY) == content_key(replace(ENTRY, title=" título "))
    assert content_key(ENTRY) != content_key(replace(ENTRY, summary="Texto: 12 detenidos."))


def test_long_guids_are_hashed_and_not_cut() -> None:
    assert bounded_guid("x" * 600) != bounded_guid("x" * 601)
    assert len(bounded_guid("x" * 10_000)) < 60

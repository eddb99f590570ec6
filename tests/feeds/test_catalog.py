from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.catalog import (
    KINDS,
    LANGUAGES,
    REGIONS,
    CatalogError,
    Fault,
    FeedSource,
    load_catalog,
    parse_catalog,
)

OURS = Path(__file__).parents[2] / "feeds.yaml"

GOOD = """\
feeds:
  - url: https://example.org/feed.xml
    title: Example, border desk
    publisher: Example
    language: en
    kind: news
    region: border
"""


def faults_of(text: str) -> list[tuple[int, str, str]]:
    with pytest.raises(CatalogError) as caught:
        parse_catalog(text)
    for fault in caught.value.faults:
        assert fault.sentence().endswith(".")
    return [(fault.line, fault.key, fault.code) for fault in caught.value.faults]


def with_line(old: str, new: str) -> str:
    assert old in GOOD
    return GOOD.replace(old, new)


class TestOurs:
    def test_it_loads_and_knows_what_it_leaves_out(self) -> None:
        sources = load_catalog(OURS)
        assert len(sources) == 110
        assert sum(source.enabled for source in sources) == 87
        assert all(source.reason for source in sources if not source.enabled)

    def test_both_languages_and_every_kind_and_the_border_are_there(self) -> None:
        enabled = [source for source in load_catalog(OURS) if source.enabled]
        assert {source.language for source in enabled} == set(LANGUAGES)
        off_by_default = {"courts", "gob_mx"}
        assert {source.kind for source in enabled} == set(KINDS) - off_by_default
        assert {source.region for source in enabled} <= set(REGIONS)
        assert sum(source.language == "es" for source in enabled) >= 30

    def test_sections_of_one_house_are_one_publisher(self) -> None:
        houses = [source.publisher for source in load_catalog(OURS)]
        assert houses.count("La Jornada") == 3
        assert houses.count("El País") == 3
        assert houses.count("BBC") == 2

    def test_newsrooms_of_one_owner_are_separate_publishers(self) -> None:
        assert {"Border Report", "KTSM", "ValleyCentral"} <= {s.publisher for s in load_catalog(OURS)}

    def test_titles_are_told_apart_in_a_list(self) -> None:
        titles = [source.title for source in load_catalog(OURS)]
        assert len(set(titles)) == len(titles)


class TestGood:
    def test_the_least_that_a_feed_needs(self) -> None:
        assert parse_catalog(GOOD) == (
            FeedSource(
                url="https://example.org/feed.xml",
                publisher="Example",
                title="Example, border desk",
                language="en",
                kind="news",
                region="border",
            ),
        )

    def test_all_that_a_feed_can_say(self) -> None:
        text = GOOD + "    enabled: false\n    reason: it answers 404\n    browser_like: true\n"
        (source,) = parse_catalog(text)
        assert (source.enabled, source.reason, source.browser_like) == (False, "it answers 404", True)

    def test_a_list_may_be_empty(self) -> None:
        assert parse_catalog("feeds: []\n") == ()

    def test_a_title_that_looks_like_a_number_is_still_a_title(self) -> None:
        (source,) = parse_catalog(with_line("title: Example, border desk", "title: 24"))
        assert source.title == "24"

    def test_the_same_path_with_another_query_is_another_feed(self) -> None:
        second = GOOD.replace("feeds:\n", "").replace("feed.xml", "feed.xml?section=2")
        assert len(parse_catalog(GOOD + second)) == 2

    def test_a_byte_order_mark_is_no_fault(self, tmp_path: Path) -> None:
        path = tmp_path / "feeds.yaml"
        path.write_text(GOOD, encoding="utf-8-sig")
        assert len(load_catalog(path)) == 1


class TestFaults:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            pytest.param("feeds:\n  - url: 'https://x\n", (3, "", "yaml_syntax"), id="open quote"),
            pytest.param("feeds:\n\t- url: x\n", (2, "", "yaml_syntax"), id="tab"),
            pytest.param("feeds: []\n---\nfeeds: []\n", (2, "", "yaml_syntax"), id="two documents"),
            pytest.param("feeds: []\n# \x07\n", (2, "", "yaml_syntax"), id="control character"),
            pytest.param("[" * 5000, (0, "", "too_deep"), id="deep"),
            pytest.param("", (0, "feeds", "no_feeds_key"), id="empty"),
            pytest.param("# only a comment\n", (0, "feeds", "no_feeds_key"), id="comment only"),
            pytest.param("\n- a\n", (2, "the file", "not_a_mapping"), id="a list at the top"),
            pytest.param("feeds:\n", (1, "feeds", "not_a_list"), id="nothing under feeds"),
            pytest.param("feeds:\n  a: b\n", (2, "feeds", "not_a_list"), id="a block under feeds"),
            pytest.param("feeds:\n  - just words\n", (2, "feeds[0]", "not_a_mapping"), id="a bare item"),
            pytest.param("feeds:\n  -\n", (2, "feeds[0]", "not_a_mapping"), id="an empty item"),
            pytest.param("other: 1\nfeeds: []\n", (1, "other", "unknown_key"), id="unknown at the top"),
            pytest.param("feeds: []\nfeeds: []\n", (2, "feeds", "duplicate_key"), id="feeds twice"),
        ],
    )
    def test_of_the_file(self, text: str, expected: tuple[int, str, str]) -> None:
        assert faults_of(text) == [expected]

    @pytest.mark.parametrize(
        ("old", "new", "expected"),
        [
            (
                "title:",
                "titel:",
                [(2, "feeds[0].title", "missing_key"), (3, "feeds[0].titel", "unknown_key")],
            ),
            ("    title: Example, border desk\n", "", [(2, "feeds[0].title", "missing_key")]),
            ("title: Example, border desk", "title:", [(3, "feeds[0].title", "empty_value")]),
            ("title: Example, border desk", "title: '  '", [(3, "feeds[0].title", "empty_value")]),
            ("title: Example, border desk", "title: [a, b]", [(3, "feeds[0].title", "not_text")]),
            ("title: Example, border desk", "title: " + "a" * 101, [(3, "feeds[0].title", "too_long")]),
            ("    title:", "    ? [a]\n    : b\n    title:", [(3, "feeds[0]", "key_not_text")]),
            ("language: en", "language: fr", [(5, "feeds[0].language", "unknown_choice")]),
            ("language: en", "language: EN", [(5, "feeds[0].language", "unknown_choice")]),
            ("kind: news", "kind: blog", [(6, "feeds[0].kind", "unknown_choice")]),
            ("region: border", "region: moon", [(7, "feeds[0].region", "unknown_choice")]),
            ("kind: news", "kind: news\n    kind: news", [(7, "feeds[0].kind", "duplicate_key")]),
            ("kind: news", "kind: news\n    enabled: maybe", [(7, "feeds[0].enabled", "not_a_flag")]),
            ("kind: news", "kind: news\n    browser_like: [1]", [(7, "feeds[0].browser_like", "not_a_flag")]),
            (
                "kind: news",
                "kind: news\n    enabled: false",
                [(7, "feeds[0].enabled", "disabled_without_reason")],
            ),
            ("https://example.org", "ftp://example.org", [(2, "feeds[0].url", "bad_scheme")]),
            ("https://example.org", "javascript:alert(1)//", [(2, "feeds[0].url", "bad_scheme")]),
            ("https://example.org", "example.org", [(2, "feeds[0].url", "bad_scheme")]),
            ("https://example.org", "https://", [(2, "feeds[0].url", "bad_url")]),
            ("https://example.org", "https://[::1", [(2, "feeds[0].url", "bad_url")]),
            ("https://example.org", "https://example.org:99999", [(2, "feeds[0].url", "bad_url")]),
            ("https://example.org", "https://example .org", [(2, "feeds[0].url", "bad_url")]),
            (
                "https://example.org",
                "https://me:secret@example.org",
                [(2, "feeds[0].url", "url_credentials")],
            ),
        ],
    )
    def test_of_a_feed(self, old: str, new: str, expected: list[tuple[int, str, str]]) -> None:
        assert faults_of(with_line(old, new)) == expected

    @pytest.mark.parametrize(
        "again",
        [
            "https://example.org/feed.xml",
            "http://example.org/feed.xml",
            "https://EXAMPLE.org:443/feed.xml",
            "https://example.org/feed.xml/",
            "https://example.org/feed.xml#top",
        ],
    )
    def test_an_address_stands_once(self, again: str) -> None:
        second = GOOD.replace("feeds:\n", "").replace("https://example.org/feed.xml", again)
        with pytest.raises(CatalogError) as caught:
            parse_catalog(GOOD + second)
        (fault,) = caught.value.faults
        assert (fault.line, fault.key, fault.code) == (8, "feeds[1].url", "duplicate_url")
        assert fault.data["first"] == "2"

    def test_all_faults_are_told_at_once_in_the_order_of_lines(self) -> None:
        text = (
            "feeds:\n"
            "  - url: gopher://example.org\n"
            "    title: A\n"
            "    publisher: A\n"
            "    language: de\n"
            "    kind: news\n"
            "    region: border\n"
            "  - title: B\n"
            "    publisher: B\n"
            "    language: es\n"
            "    kind: newz\n"
            "    region: mexico\n"
            "    colour: red\n"
        )
        assert faults_of(text) == [
            (2, "feeds[0].url", "bad_scheme"),
            (5, "feeds[0].language", "unknown_choice"),
            (8, "feeds[1].url", "missing_key"),
            (11, "feeds[1].kind", "unknown_choice"),
            (13, "feeds[1].colour", "unknown_key"),
        ]

    def test_the_error_reads_as_a_list_of_sentences(self) -> None:
        with pytest.raises(CatalogError) as caught:
            parse_catalog(GOOD.replace("language: en", "languag: en"), "mine.yaml")
        assert str(caught.value).splitlines() == [
            "mine.yaml has 2 faults:",
            "  line 2: feeds[0].language is missing.",
            "  line 5: feeds[0].languag is not a key we know; did you mean “language”.",
        ]

    def test_a_password_is_not_repeated(self) -> None:
        with pytest.raises(CatalogError) as caught:
            parse_catalog(with_line("https://example.org", "https://me:hunter2@example.org"))
        assert "hunter2" not in str(caught.value)

    def test_a_file_that_is_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(CatalogError) as caught:
            load_catalog(tmp_path / "feeds.yaml")
        assert [fault.code for fault in caught.value.faults] == ["unreadable"]
        assert "No such file" in str(caught.value)

    def test_a_file_in_another_encoding(self, tmp_path: Path) -> None:
        path = tmp_path / "feeds.yaml"
        path.write_bytes(GOOD.replace("Example, border desk", "Línea").encode("latin-1"))
        with pytest.raises(CatalogError) as caught:
            load_catalog(path)
        assert [(fault.line, fault.code) for fault in caught.value.faults] == [(3, "not_utf8")]

    @given(st.text(alphabet="feds:-\n \t[]{}'\"&*!|>%@#a1", max_size=80))
    def test_whatever_the_text_it_is_read_or_refused(self, text: str) -> None:
        try:
            sources = parse_catalog(text)
        except CatalogError as error:
            assert error.faults and all(isinstance(fault, Fault) for fault in error.faults)
            assert str(error)
        else:
            assert isinstance(sources, tuple)


def test_of_each_feed_it_is_said_what_is_known_how_and_since_when() -> None:
    """A guess is called one: "no answer was seen" is knowledge too, if it has a date."""
    vague = [
        source.url
        for source in load_catalog(OURS)
        if not re.search(r"\b20\d\d\b", source.known) or len(source.known.split()) < 4
    ]
    assert vague == []
    of = {source.url: source.known for source in load_catalog(OURS)}
    assert not any("defense.gov" in url or "dof.gob.mx" in url for url in of)
    assert all(
        "without a feed" in known or "presumed" in known for url, known in of.items() if "/www.gob.mx/" in url
    )

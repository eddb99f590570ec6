from __future__ import annotations

import io
import json
import xml.etree.ElementTree as ET
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import feedparser
import pytest

from bot.samples import SampleFeed, sample_feeds

NOW = datetime(2026, 11, 24, 15, 30, 12, 345678, tzinfo=UTC)
FEEDS = sample_feeds(NOW)
ATOM = "{http://www.w3.org/2005/Atom}"


def items_of(feed: SampleFeed) -> list[tuple[str, str, str, datetime]]:
    """Title, link, text and date of each item, read without the bot's own parser."""
    if "json" in feed.content_type:
        return [
            (i["title"], i["url"], i["content_text"], datetime.fromisoformat(i["date_published"]))
            for i in json.loads(feed.body)["items"]
        ]
    root = ET.fromstring(feed.body)
    if root.tag == "rss":
        return [
            (
                item.findtext("title", ""),
                item.findtext("link", ""),
                item.findtext("description", ""),
                parsedate_to_datetime(item.findtext("pubDate", "")),
            )
            for item in root.iter("item")
        ]
    return [
        (
            entry.findtext(f"{ATOM}title", ""),
            entry.find(f"{ATOM}link").attrib["href"],  # type: ignore[union-attr]
            entry.findtext(f"{ATOM}summary", ""),
            datetime.fromisoformat(entry.findtext(f"{ATOM}published", "")),
        )
        for entry in root.iter(f"{ATOM}entry")
    ]


ALL = [(feed, *item) for feed in FEEDS for item in items_of(feed)]


@pytest.mark.parametrize("feed", FEEDS, ids=lambda feed: feed.source.publisher)
class TestEach:
    def test_it_has_a_good_handful_of_items(self, feed: SampleFeed) -> None:
        assert 8 <= len(items_of(feed)) <= 14
        assert len(feed.body) < 50_000

    def test_its_items_lie_in_the_last_ten_days_newest_first(self, feed: SampleFeed) -> None:
        for _, _, _, at in items_of(feed):
            assert NOW - timedelta(days=10) < at < NOW - timedelta(hours=3)
        dates = [at for *_, at in items_of(feed)]
        assert dates == sorted(dates, reverse=True)

    def test_nothing_is_left_to_fill_in(self, feed: SampleFeed) -> None:
        assert b"{{" not in feed.body

    def test_it_says_that_it_is_invented(self, feed: SampleFeed) -> None:
        word, sentence = {
            "en": ("sample", "none of this happened"),
            "es": ("muestra", "nada de esto ocurrió"),
        }[feed.source.language]
        assert word in feed.source.publisher.lower()
        assert sentence in feed.body.decode()

    def test_it_leads_only_to_addresses_that_nobody_owns(self, feed: SampleFeed) -> None:
        hosts = {urlsplit(link).hostname for _, link, _, _ in items_of(feed)}
        hosts.add(urlsplit(feed.source.url).hostname)
        assert hosts <= {"example.com", "example.org", "example.net"}

    def test_feedparser_reads_it_whole(self, feed: SampleFeed) -> None:
        if "json" in feed.content_type:
            pytest.skip("feedparser does not read JSON Feed")
        parsed = feedparser.parse(io.BytesIO(feed.body), response_headers={"content-type": feed.content_type})
        assert not parsed.bozo
        assert len(parsed.entries) == len(items_of(feed))
        assert all(entry.published_parsed for entry in parsed.entries)


class TestTogether:
    def test_both_languages_three_formats_and_every_kind(self) -> None:
        assert [f.source.language for f in FEEDS].count("en") == [f.source.language for f in FEEDS].count(
            "es"
        )
        assert len({feed.content_type for feed in FEEDS}) == 3
        assert {feed.source.kind for feed in FEEDS} == {"news", "official", "think_tank"}
        assert len({feed.source.url for feed in FEEDS}) == len(FEEDS)

    def test_one_event_is_told_in_both_languages_and_its_figure_changes(self) -> None:
        told = [(f.source.language, title, at) for f, title, _, _, at in ALL if "Laredo" in title]
        english = sorted((at, title) for language, title, at in told if language == "en")
        spanish = sorted(
            (at, title) for language, title, at in told if language == "es" and "ráiler" in title
        )
        assert "Nine" in english[0][1] and "12" in english[-1][1]
        assert "nueve" in spanish[0][1] and any("12" in title for _, title in spanish)
        assert len({f.source.publisher for f, title, *_ in ALL if "Laredo" in title}) >= 4

    def test_one_article_stands_twice_with_tracking_in_its_second_address(self) -> None:
        bare = [link.split("?")[0] for _, _, link, _, _ in ALL]
        twice = {link for link in bare if bare.count(link) > 1}
        assert twice == {"https://example.com/gaceta/albergues-juarez"}

    @pytest.mark.parametrize(
        "words", ["New Mexico", "Gulf of Mexico", "Border collie", "Selección mexicana", "Cancún", "Belarus"]
    )
    def test_there_is_something_to_leave_out(self, words: str) -> None:
        assert any(words in title for _, title, *_ in ALL)

    def test_the_time_zone_of_now_does_not_matter(self) -> None:
        elsewhere = NOW.astimezone(timezone(timedelta(hours=-6)))
        assert sample_feeds(elsewhere) == FEEDS

    def test_a_now_without_a_zone_is_refused(self) -> None:
        with pytest.raises(ValueError, match="time zone"):
            sample_feeds(NOW.replace(tzinfo=None))

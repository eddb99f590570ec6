"""Two query feeds of an aggregator through the real command line: whose reports they bring."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from tests.support import feed_server as serve
from tests.support.feed_server import FeedServer
from tests.support.process import Vigia

EVENT = "Border Patrol agents find a tunnel under the border wall in San Diego"
SEIZURE = "CBP officers seize 40 kilos of fentanyl at the border crossing in Laredo, Texas"


def item(code: str, title: str, source: str, site: str, minutes: int) -> str:
    """An item as a search feed of Google News has it: its address is the aggregator's."""
    at = format_datetime(datetime.now(UTC) - timedelta(minutes=minutes))
    return (
        f"<item><title>{title} - {source}</title><pubDate>{at}</pubDate>"
        f"<link>https://news.google.com/rss/articles/{code}?oc=5</link>"
        f"<guid isPermaLink='false'>{code}</guid>"
        f"<description>&lt;a href='https://news.google.com/rss/articles/{code}?oc=5'&gt;{title}&lt;/a&gt;"
        f"&amp;nbsp;{source}</description><source url='{site}'>{source}</source></item>"
    )


def query(*items: str) -> bytes:
    channel = "<title>query - Google News</title><link>https://news.google.com/</link>"
    return (
        f"<?xml version='1.0'?><rss version='2.0'><channel>{channel}{''.join(items)}</channel></rss>".encode()
    )


async def test_a_report_is_its_sources_and_the_query_is_only_how_it_came(vigia: Vigia) -> None:
    first = item("CBMiA", EVENT, "Example Courier", "https://www.courier.example", 50)
    again = item("CBMiA", EVENT, "Example Courier", "https://www.courier.example", 50)
    other = item("CBMiB", f"{EVENT}, officials say", "Example Herald", "https://herald.example", 40)
    office = item("CBMiC", SEIZURE, "Example Customs", "https://www.customs.example", 30)
    async with FeedServer() as feeds:
        feeds.pages["/tunnel"] = serve.feed(query(first, other))
        feeds.pages["/border"] = serve.feed(query(again, office))
        vigia.follow(feeds.url("/tunnel"), feeds.url("/border"))
        polled = await vigia.run("poll")
        assert polled.status == 0, polled.err
        latest = " ".join((await vigia.run("ask", "/latest")).out.split())
    assert "Example Courier" in latest and "Example Customs" in latest
    assert "Publisher 1" not in latest and "Publisher 2" not in latest and "Google" not in latest
    assert "2 outlets" in latest, (
        "two queries that list one paper's report are one outlet, and the other is another"
    )

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.feeds.errors import NotAFeed
from bot.feeds.feedparser_patches.incremental import ItemMemory, cut, merge
from bot.feeds.parse import parse_document, read_document
from bot.feeds.parsed import FeedReading, ParsedFeed
from bot.feeds.pool import ParserPool
from tests.feeds import samples

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
URL = "https://diario.example.mx/rss"

# Also what leaves feedparser in another state than it was in, is refused or ends what is well-formed.
PARTS = (
    "<title>Nota &amp; algo</title>",
    "<title>Ju&aacute;rez</title>",
    "<link>/nota/1</link>",
    "<link>https://t.example.org/2?a=1&b=2</link>",
    "<guid>x</guid>",
    "<guid isPermaLink='false'>y</guid>",
    "<pubDate>Mon, 02 Mar 2026 08:30:00 GMT</pubDate>",
    "<pubDate>Wed, 04 Mar 2026 08:30:00 GMT</pubDate>",
    "<pubDate>--03-02</pubDate>",
    "<description><![CDATA[<p>Uno <item> & dos</p>]]></description>",
    "<description type='text/html'><div>tres</div></description>",
    "<content type='html'>cuatro</content>",
    "<content type='application/xhtml+xml'><div><title>t</title><description>d</description></div></content>",
    "<image><url>https://t.example.org/i.png</url><description>i</description></image>",
    "<x:y xmlns:x='urn:x'>z</x:y>",
    "<media:title xmlns:media='http://search.yahoo.com/mrss/'>m</media:title>",
    "<author>Ana (a@t.example.org)</author>",
    "<category>c</category>",
    "<source url='https://s.example'>s</source>",
    "<textInput><title>buscar</title></textInput>",
    "<language>en</language>",
    "<a xml:lang='en'>b</a>",
    "<a xml:base='https://b.example/'>b</a>",
    "<svg xmlns='http://www.w3.org/2000/svg'><title>s</title></svg>",
    "<!-- c -->",
    "<?p i?>",
    "<item><title>dentro</title></item>",
    "<channel><title>otro</title></channel>",
    "</channel>",
    "<b>",
    "\x0b",
    "",
)
ITEM = st.lists(st.sampled_from(PARTS), max_size=5).map("".join)
PLAIN = st.integers(0, 30).map(lambda n: samples.news(n, "Mon, 02 Mar 2026 08:30:00 GMT"))
ITEMS = st.lists(st.one_of(PLAIN, ITEM), max_size=6)
HEADS = (
    "<lastBuildDate>Mon, 02 Mar 2026 08:00:00 GMT</lastBuildDate>",
    "<lastBuildDate>Mon, 02 Mar 2026 09:00:00 GMT</lastBuildDate>",
    "<language>es</language>",
    "<ttl>60</ttl>",
    "<image><title>i</title></image>",
    "<!-- <item><title>no</title></item> -->",
    "<? <item></item> ?>",
)


def document(items: Sequence[str], head: str, atom: bool) -> bytes:
    body = samples.rss(items, head=head)
    if not atom:
        return body
    body = body.replace(b'<rss version="2.0"><channel>', b'<feed xmlns="http://www.w3.org/2005/Atom">')
    body = body.replace(b"</channel></rss>", b"</feed>")
    return body.replace(b"<item>", b"<entry>").replace(b"</item>", b"</entry>").replace(b"guid", b"id")


def outcome(body: bytes, now: datetime = NOW) -> FeedReading | str:
    try:
        return read_document(body, "", URL, now)
    except NotAFeed as refused:
        return refused.code


def again(memory: ItemMemory, body: bytes, now: datetime = NOW) -> tuple[ParsedFeed | str, int]:
    """What ``ParserPool.parse`` does, in this process, and how many items were not read again."""
    parts = cut(body, "")
    if parts is not None:
        known = memory.recall(parts, URL, now)
        rest = parts.without(known)
        read = outcome(rest, now) if known and rest is not None else ""
        if not isinstance(read, str) and (merged := merge(parts, known, read)) is not None:
            memory.keep(parts, URL, merged, now)
            return merged.feed, len(parts.items) - len(parts.fresh(known))
    read = outcome(body, now)
    if isinstance(read, str):
        return read, 0
    if parts is not None:
        memory.keep(parts, URL, read, now)
    return read.feed, 0


@settings(max_examples=150, deadline=None)
@given(st.data(), st.booleans())
def test_any_edits_of_any_feed_read_the_same_as_the_whole(data: st.DataObject, atom: bool) -> None:
    memory = ItemMemory()
    items, now = data.draw(ITEMS), NOW
    for _ in range(3):
        head = "".join(data.draw(st.lists(st.sampled_from(HEADS), max_size=2)))
        body = document(items, head, atom)
        whole = outcome(body, now)
        assert again(memory, body, now)[0] == (whole if isinstance(whole, str) else whole.feed)
        kept = data.draw(st.lists(st.sampled_from(items), max_size=8)) if items else []
        items = data.draw(st.permutations(kept + data.draw(st.lists(st.one_of(PLAIN, ITEM), max_size=2))))
        now += timedelta(days=data.draw(st.sampled_from((0, 2, -2))))


def test_only_new_items_are_read_under_a_new_build_date() -> None:
    memory = ItemMemory()
    items = [samples.news(n) for n in range(10)]
    assert again(memory, document(items, HEADS[0], False))[1] == 0
    body = document([samples.news(10), *items[:9]], HEADS[1], False)
    feed, spared = again(memory, body)
    assert (feed, spared) == (parse_document(body, "", URL, NOW), 9)
    assert again(memory, document(items, HEADS[2], False))[1] == 0, "another head is another context"


@pytest.mark.parametrize(
    "part",
    [
        "<x:y xmlns:x='urn:x'>z</x:y>",
        "<description type='text/html'><div>tres</div></description>",
        "<!-- c -->",
        "<item/>",
        "<a xml:base='https://b.example/'>b</a>",
    ],
)
def test_items_that_may_influence_others_are_never_remembered(part: str) -> None:
    memory = ItemMemory()
    body = document([samples.news(1), samples.news(2) + part, samples.news(3)], "", False)
    again(memory, body)
    assert again(memory, body)[1] == 0


def test_a_date_that_was_too_far_ahead_is_judged_again() -> None:
    memory = ItemMemory()
    body = document([samples.news(1), samples.news(2, "Wed, 04 Mar 2026 08:30:00 GMT")], "", False)
    assert again(memory, body)[0].entries[1].published is None  # type: ignore[union-attr]
    feed, spared = again(memory, body, NOW + timedelta(days=2))
    assert spared == 1
    assert feed.entries[1].published == datetime(2026, 3, 4, 8, 30, tzinfo=UTC)  # type: ignore[union-attr]


def test_the_memory_is_bounded_and_what_changes_daily_stays_in_it() -> None:
    memory = ItemMemory(most=2_000)
    body = document([samples.news(n) for n in range(20)], "", False)
    parts = cut(body, "")
    assert parts is not None
    read = read_document(body, "", URL, NOW)
    urls = [f"{URL}/{number}" for number in range(20)]

    def known() -> list[bool]:
        return [bool(memory.recall(parts, url, NOW)) for url in urls]

    for hours in (0, 12, 24):
        for url in urls:
            memory.keep(parts, url, read, NOW + timedelta(hours=hours))
        assert 0 < len(memory) < 20
        assert known() == [number < len(memory) for number in range(20)]
    memory.keep(parts, urls[19], read, NOW + timedelta(days=3))
    assert known()[19] and not known()[0]


@pytest.mark.parametrize("noise", [b"<!-- --> ", b"<![CDATA[", b"<?p ?>", b"<item", b"<item>", b"</channel>"])
def test_cutting_a_hostile_document_takes_no_longer_than_its_length(noise: bytes) -> None:
    many = noise * 20_000
    for body in (many, b"<rss><channel>" + many, samples.RSS + many, samples.RSS + many + b"x"):
        assert cut(body, "") is None or noise in (b"<!-- --> ", b"</channel>")


async def test_the_pool_reads_what_is_new_and_returns_the_whole() -> None:
    items = [samples.news(n) for n in range(10)]
    async with ParserPool(1) as pool:
        for count in (10, 9, 10):
            body = document(items[-count:], "", False)
            assert await pool.parse(body, "", URL, NOW) == parse_document(body, "", URL, NOW)
        with pytest.raises(NotAFeed) as refused:
            await pool.parse(
                document([*items, "<title>x</title>" + "<b>" * 600 + "</b>" * 600], "", False), "", URL, NOW
            )
        assert refused.value.code == "too_deep"

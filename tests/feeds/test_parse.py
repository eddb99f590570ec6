from __future__ import annotations

import html
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.errors import NotAFeed
from bot.feeds.parse import parse_document
from bot.feeds.parsed import ParsedFeed, from_plain
from tests.feeds import samples

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
URL = "https://diario.example.mx/rss"
DECLARING = '<!DOCTYPE r [{}]><rss version="2.0"><channel><item><title>{}</title></item></channel></rss>'


def read(body: bytes, content_type: str = "", url: str = URL) -> ParsedFeed:
    return parse_document(body, content_type, url, NOW)


def test_rss() -> None:
    feed = read(samples.RSS)
    assert (feed.title, feed.language, feed.format) == ("Diario de la Frontera", "es", "rss20")
    assert feed.site_url == "https://diario.example.mx/"
    assert (feed.ttl_seconds, feed.skip_hours, feed.skip_days) == (5_400, (0, 3), (6,))
    first, second = feed.entries
    assert first.title == "Ciudad Juárez: abren un albergue & comedor"
    assert first.url == "https://diario.example.mx/nota/1?id=7"
    assert first.guid == "nota-1"
    assert first.summary == "El albergue recibe a 200 personas.\nAbre el lunes."
    assert first.published == datetime(2026, 3, 2, 14, 30, tzinfo=UTC)
    assert (first.author, first.categories) == ("Redacción", ("Migración",))
    assert second.url == "https://diario.example.mx/nota/2"
    assert (second.published, second.updated, feed.undated) == (None, None, 1)
    assert feed.problems == ()


def test_atom() -> None:
    feed = read(samples.ATOM)
    assert (feed.title, feed.language, feed.format) == ("Border Desk", "en", "atom10")
    [entry] = feed.entries
    assert entry.url == "https://desk.example.org/1"
    assert entry.summary == "Delegations meet."
    assert entry.published == datetime(2026, 3, 2, 10, tzinfo=UTC)
    assert entry.updated == datetime(2026, 3, 2, 11, tzinfo=UTC)


def test_json_feed() -> None:
    feed = read(samples.JSON_FEED, url="https://notas.example.mx/feed.json")
    assert (feed.title, feed.language, feed.format) == ("Notas breves", "es", "jsonfeed")
    first, second = feed.entries
    assert (first.title, first.url, first.guid) == ("Cifras < 10 & más", "https://notas.example.mx/12", "12")
    assert (first.summary, first.author, first.categories) == ("Texto", "Ana", ("frontera",))
    assert first.published == NOW
    assert (second.title, second.url) == ("Sin título, solo texto.", "https://notas.example.mx/13")
    assert feed.undated == 1


def test_news_sitemap() -> None:
    feed = read(samples.NEWS_SITEMAP)
    assert (feed.title, feed.language, feed.format) == ("Periódico", "es", "news-sitemap")
    [entry] = feed.entries
    assert (entry.title, entry.url) == ("Sedena despliega 500 elementos", "https://periodico.example.mx/a")
    assert entry.published == datetime(2026, 3, 2, 17, tzinfo=UTC)
    assert entry.categories == ("Sedena", "Sonora")


def test_google_news_titles_lose_the_outlet() -> None:
    [entry] = read(samples.GOOGLE_NEWS, url="https://news.google.com/rss/search?q=x").entries
    assert (entry.title, entry.summary) == ("Talks resume - in part", "")
    assert entry.url == "https://news.google.com/rss/articles/CBMiabc?oc=5"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \n ", "empty"),
        (b"<!DOCTYPE html><html><body>Checking your browser</body></html>", "html"),
        (b"<!-- hello --><html></html>", "html"),
        (b'<?xml version="1.0"?><!DOCTYPE html PUBLIC "x" "y"><html xmlns="z"/>', "html"),
        (b"Technical Difficulties", "unknown_format"),
        (b"\x89PNG\r\n\x1a\n" + bytes(64), "unknown_format"),
        (b"<opml><body/></opml>", "unknown_format"),
        (b"{not json", "broken_json"),
        (b'{"version": "https://jsonfeed.org/version/1"}', "unknown_format"),
        (b'{"items": []}', "unknown_format"),
        (b"[" * 100_000, "broken_json"),
        (b"<sitemapindex><sitemap><loc>x</loc></sitemap></sitemapindex>", "sitemap_index"),
        (b"<urlset><url><loc>https://a.example/x</loc></url></urlset>", "unknown_format"),
    ],
)
def test_what_is_no_feed_has_a_code(body: bytes, code: str) -> None:
    with pytest.raises(NotAFeed) as refused:
        read(body, "application/rss+xml")
    assert refused.value.code == code


def test_a_bad_byte_and_a_bare_ampersand_are_mended() -> None:
    body = samples.RSS.replace("Migración".encode(), b"Migraci\xf3n").replace(b"&amp;id=7", b"&copy=7")
    first = read(body).entries[0]
    assert first.title == "Ciudad Juárez: abren un albergue & comedor"
    assert first.url == "https://diario.example.mx/nota/1?copy=7"
    assert first.categories == ("Migración",)


@pytest.mark.parametrize(
    "content_type", ["", "text/xml", "text/html", "application/octet-stream", "text/xml; charset=utf-8"]
)
@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1", "windows-1252", "utf-16"])
def test_accents_survive_every_declared_charset(charset: str, content_type: str) -> None:
    body = samples.RSS.decode().replace('encoding="UTF-8"', f'encoding="{charset}"').encode(charset)
    if "charset" in content_type and charset != "utf-8":
        content_type = f"text/xml; charset={charset}"
    assert read(body, content_type).entries[0].title.startswith("Ciudad Juárez")


def test_a_broken_feed_gives_what_can_be_read() -> None:
    body = samples.rss([samples.news(number) for number in range(20)])
    feed = read(body[: len(body) * 3 // 4])
    assert 10 <= len(feed.entries) < 20
    assert "malformed" in feed.problems


def test_undefined_entities_are_read() -> None:
    [entry] = read(samples.rss(["<title>Ju&aacute;rez&nbsp;hoy</title>"])).entries
    assert entry.title == "Juárez hoy"


def test_relative_links_are_resolved_and_relative_guids_are_not() -> None:
    item = "<title>x</title><link>/nota/1</link><guid>nota-1</guid>"
    for url in (URL, "https://nueva.example.mx/rss"):
        [entry] = read(samples.rss([item]), url=url).entries
        assert (entry.guid, entry.url) == ("nota-1", url.replace("/rss", "/nota/1"))
    [entry] = read(samples.rss(["<title>x</title><guid>/nota/1</guid>"])).entries
    assert entry.url == "https://diario.example.mx/nota/1"


def test_an_entry_with_nothing_to_read_is_dropped_and_a_text_alone_gets_a_title() -> None:
    empty = ["<link>https://t.example.org/1</link>", "<title>&lt;img src='a'&gt;</title>"]
    items = [*empty, "<description>Uno</description>"]
    [entry] = read(samples.rss(items)).entries
    assert (entry.title, entry.summary) == ("Uno", "")


def test_xml_base_counts() -> None:
    body = samples.ATOM.replace(b'xml:lang="en"', b'xml:lang="en" xml:base="/en/"')
    body = body.replace(b'rel="alternate" href="https://desk.example.org/1"', b'rel="alternate" href="1"')
    assert read(body).entries[0].url == "https://diario.example.mx/en/1"


def test_links_that_are_no_web_addresses_are_dropped() -> None:
    items = [
        f"<title>{n}</title><link>{link}</link>"
        for n, link in enumerate(("javascript:x", "data:x", "file:///x"))
    ]
    feed = read(samples.rss(items))
    assert [entry.url for entry in feed.entries] == ["", "", ""]
    assert "no_links" in feed.problems and "all_undated" in feed.problems


def test_an_entity_bomb_and_a_foreign_file_come_to_nothing() -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    bomb = DECLARING.format(f'<!ENTITY l0 "ha">{laughs}', "x &l9;")
    [entry] = read(bomb.encode()).entries
    assert len(entry.title) <= 300
    foreign = DECLARING.format('<!ENTITY f SYSTEM "file:///etc/hostname">', "[&f;]")
    [entry] = read(foreign.encode()).entries
    assert entry.title in ("[]", "[&f;]")


def test_entities_under_expats_threshold_are_cut() -> None:
    body = DECLARING.format('<!ENTITY a "' + "x" * 70_000 + '">', "&a;" * 100)
    [entry] = read(body.encode()).entries
    assert len(entry.title) == 300


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (samples.rss(["<title>x</title>"] * 5_001), "too_many_entries"),
        (samples.rss(["<title>x</title>" + "<category>c</category>" * 5_000]), "category_flood"),
        (samples.rss(["<title>x</title><author>" + "a" * 20_000 + "@</author>"]), "author_flood"),
        (
            samples.rss(["<title " + " ".join(f"a{n}='>'" for n in range(300)) + ">x</title>"]),
            "attribute_flood",
        ),
        (samples.rss(["<b>" * 600 + "</b>" * 600]), "too_deep"),
        (b"<urlset>" + b"<url/>" * 5_001 + b"</urlset>", "too_many_entries"),
        (
            b'{"version": "https://jsonfeed.org/version/1", "items": [' + b"{}," * 5_001 + b"{}]}",
            "too_many_entries",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "body",
)
def test_floods_are_refused_before_feedparser_sees_them(body: bytes, code: str) -> None:
    with pytest.raises(NotAFeed) as refused:
        read(body)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("head", "seconds"),
    [
        ("<ttl>60</ttl>", 3_600),
        ("<ttl></ttl>", None),
        ("<ttl>-5</ttl>", None),
        ("<ttl>99999999999</ttl>", None),
        ("<ttl>0</ttl>", None),
        ("<updatePeriod>daily</updatePeriod><updateFrequency>2</updateFrequency>", 43_200),
        ("<updatePeriod>\n hourly\n</updatePeriod><updateFrequency>\n 1</updateFrequency>", 3_600),
        ("<updatePeriod>weekly</updatePeriod><updateFrequency>0.1</updateFrequency>", 604_800),
        ("<updatePeriod>daily</updatePeriod><updateFrequency></updateFrequency>", 86_400),
        ("<updatePeriod>always</updatePeriod>", None),
        ("<updatePeriod>hourly</updatePeriod><ttl>120</ttl>", 7_200),
        ("", None),
    ],
)
def test_how_long_a_feed_asks_to_be_left_alone(head: str, seconds: int | None) -> None:
    assert read(samples.rss([samples.news(1)], head=head)).ttl_seconds == seconds


def test_a_feed_passes_between_processes_unchanged() -> None:
    for body in (samples.RSS, samples.ATOM, samples.JSON_FEED, samples.NEWS_SITEMAP):
        feed = read(body)
        assert from_plain(feed.to_plain(), feed.entries) == feed


@given(st.binary(max_size=400))
def test_any_bytes_are_a_feed_or_are_refused(noise: bytes) -> None:
    for body in (noise, b"<rss version='2.0'><channel><item><title>" + noise, b'{"items": [' + noise):
        try:
            read(body)
        except NotAFeed as refused:
            assert refused.code


ITEM = "<item><title>{}</title><link>https://nota.example.mx/{}</link><description>texto</description></item>"


def rss(items: str) -> bytes:
    return (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>T</title>{items}</channel></rss>'.encode()
    )


@pytest.mark.parametrize(
    "opening",
    ["&lt;![CDATA[", "&amp;lt;![CDATA[", "&#60;![CDATA[", "<![CDATA[<![CDATA[", "<!--[CDATA["],
)
def test_no_form_of_an_escaped_section_empties_a_feed(opening: str) -> None:
    closing = "]]-->" if "<!--" in opening else "]]>" * opening.count("<![CDATA[") or "]]&gt;"
    title, link = f"{opening}Uno{closing}", f"{opening}https://nota.example.mx/1{closing}"
    [entry] = read(rss(f"<item><title>{title}</title><link>{link}</link></item>")).entries
    assert (entry.title.rstrip("]>"), entry.url) == ("Uno", "https://nota.example.mx/1")


@pytest.mark.parametrize("how", ["escaped", "section"])
def test_items_that_were_escaped_as_a_whole_are_read(how: str) -> None:
    items = ITEM.format("Uno", 1) + ITEM.format("Dos &amp; tres", 2)
    body = rss(f"<![CDATA[{items}]]>" if how == "section" else html.escape(items))
    feed = read(body)
    assert [entry.title for entry in feed.entries] == ["Uno", "Dos & tres"]
    assert "malformed" in feed.problems


def test_a_sign_that_begins_no_tag_is_a_sign() -> None:
    feed = read(rss(ITEM.format("Uno", 1) + ITEM.format("A < B, 3<5", 2) + ITEM.format("Tres", 3)))
    assert [entry.title for entry in feed.entries] == ["Uno", "A < B, 3<5", "Tres"]
    assert "malformed" in feed.problems


def test_an_enclosure_that_is_a_picture_is_no_page() -> None:
    enclosure = '<enclosure url="https://nota.example.mx/{}"/>'
    items = "".join(
        f"<item><title>T{name}</title>{enclosure.format(name)}</item>" for name in ("a.jpg", "a.pdf")
    )
    assert [entry.url for entry in read(rss(items)).entries] == ["", "https://nota.example.mx/a.pdf"]


def test_a_guid_says_more_than_a_link_to_the_front_page() -> None:
    item = (
        "<item><title>T</title><link>https://n.example.mx/</link><guid>https://n.example.mx/7</guid></item>"
    )
    assert read(rss(item)).entries[0].url == "https://n.example.mx/7"


SITEMAP = (
    '<?xml version="1.0" encoding="UTF-8"?><urlset xmlns:{0}="http://www.google.com/schemas/sitemap-news/0.9">'
    "<url><loc>https://n.example.mx/1</loc><{0}:title>{1}</{0}:title></url>"
    "<url><loc>https://n.example.mx/2</loc><{0}:title>Dos</{0}:title></url></urlset>"
)


def test_sitemaps_as_sites_write_them() -> None:
    def titles(body: bytes) -> list[str]:
        return [entry.title for entry in read(body).entries]

    assert titles(SITEMAP.format("gn", "Migraci&oacute;n &amp; más").encode()) == ["Migración & más", "Dos"]
    assert titles(SITEMAP.format("news", "Migración").encode("latin-1")) == ["Migración", "Dos"]
    wide = SITEMAP.replace("UTF-8", "UTF-16").format("news", "Migración").encode("utf-16")
    assert titles(wide) == ["Migración", "Dos"]
    assert titles(SITEMAP.format("news", "A <b> B").encode()) == ["A B", "Dos"]
    assert titles(SITEMAP.format("news", "Uno").encode()[:-20]) == ["Uno", "Dos"]


JSON = (
    '{"version": "https://jsonfeed.org/version/1.1", "title": "T", "items": ['
    '{"id": "1", "title": "Uno", "content_text": "Texto uno."},'
    ' {"id": "2", "title": "Dós", "content_text": "b"}]}'
)


@pytest.mark.parametrize(
    ("body", "titles"),
    [
        (JSON.replace(" uno", "\n\t\x0b uno").encode(), ["Uno", "Dós"]),
        (("\ufeff" + JSON).encode(), ["Uno", "Dós"]),
        (JSON.encode("utf-16"), ["Uno", "Dós"]),
        (JSON.encode("latin-1"), ["Uno", "Dós"]),
        (JSON.replace("}]}", "},]}").encode(), ["Uno", "Dós"]),
        (JSON.replace("Texto", "Te\\xto").encode(), ["Uno", "Dós"]),
        ((JSON + "\n<!-- cached -->").encode(), ["Uno", "Dós"]),
        (JSON.encode()[:-30], ["Uno"]),
    ],
)
def test_json_as_scripts_write_it(body: bytes, titles: list[str]) -> None:
    assert [entry.title for entry in read(body).entries] == titles


@pytest.mark.parametrize("version", ["", '"version": null, ', '"version": "1.1", ', '"version": 1, '])
def test_what_is_plainly_a_json_feed_is_read_without_its_version(version: str) -> None:
    body = (
        "{" + version + '"title": "T", "items": ['
        '{"id": "1", "url": "https://a.example/1", "title": "Uno", "content_text": "Texto"},'
        '{"id": 2, "content_html": "<p>Sin enlace</p>", "title": "Dos"}]}'
    )
    feed = read(body.encode())
    assert [entry.title for entry in feed.entries] == ["Uno", "Dos"]
    assert feed.format == "jsonfeed" and "malformed" in feed.problems


@pytest.mark.parametrize(
    "body",
    [
        b'{"items": []}',
        b'{"items": [{"id": "1", "title": "a video of another service", "etag": "x"}]}',
        b'{"items": [{"url": "https://a.example/1", "title": "a place without an id"}]}',
        b'{"items": ["https://a.example/1"]}',
        b'{"items": [{"id": "1", "url": "https://a.example/1"}, {"name": "no item"}]}',
        b'{"data": [{"id": "1", "url": "https://a.example/1"}]}',
    ],
)
def test_other_json_is_no_feed(body: bytes) -> None:
    with pytest.raises(NotAFeed):
        read(body)

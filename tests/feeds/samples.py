"""Small feeds, written for these tests."""

from __future__ import annotations

from collections.abc import Iterable

RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"
     xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel>
 <title>Diario de la Frontera</title><link>https://diario.example.mx/</link><language>es-MX</language>
 <ttl>90</ttl><sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>1</sy:updateFrequency>
 <skipHours><hour>3</hour><hour>24</hour></skipHours><skipDays><day>Sunday</day></skipDays>
 <item>
  <title>Ciudad Juárez: abren un albergue &amp;amp; comedor</title>
  <link>https://diario.example.mx/nota/1?utm_source=rss&amp;id=7</link>
  <guid isPermaLink="false">nota-1</guid>
  <pubDate>Mon, 02 Mar 2026 08:30:00 -0600</pubDate>
  <description><![CDATA[<p>El albergue recibe a <b>200</b> personas.</p><p>Abre el lunes.</p>
  <p>La entrada Ciudad Juárez apareció primero en Diario de la Frontera.</p>]]></description>
  <category>Migración</category><category>Migración</category><dc:creator>Redacción</dc:creator>
 </item>
 <item>
  <title>Sin fecha</title><link>/nota/2</link><guid>https://diario.example.mx/nota/2</guid>
  <description>Otra nota.</description>
 </item>
</channel></rss>
""".encode()

ATOM = b"""<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">
 <title>Border Desk</title><link href="https://desk.example.org/"/><id>urn:desk</id>
 <entry><title type="html">Trade talks &amp;lt;resume&amp;gt;</title><id>urn:desk:1</id>
  <link rel="replies" href="https://desk.example.org/1#comments"/>
  <link rel="alternate" href="https://desk.example.org/1"/>
  <published>2026-03-02T10:00:00Z</published><updated>2026-03-02T11:00:00Z</updated>
  <content type="html">&lt;p&gt;Delegations meet.&lt;/p&gt;&lt;script&gt;alert(1)&lt;/script&gt;</content>
 </entry>
</feed>
"""

JSON_FEED = """{"version": "https://jsonfeed.org/version/1.1", "title": "Notas breves", "language": "es",
"home_page_url": "https://notas.example.mx/", "items": [
{"id": 12, "url": "/12", "title": "Cifras < 10 & más", "content_html": "<p>Texto</p>",
 "tags": ["frontera", 3],
 "date_published": "2026-03-02T09:00:00-06:00", "authors": [{"name": "Ana"}]},
{"id": "https://notas.example.mx/13", "content_text": "Sin título, solo texto."}, "no item", {"id": "14"}]}
""".encode()

NEWS_SITEMAP = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
 xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc>https://periodico.example.mx/a</loc><lastmod>2026-03-02T12:00:00-06:00</lastmod>
<news:news><news:publication><news:name>Periódico</news:name>
<news:language>es</news:language></news:publication>
<news:publication_date>2026-03-02T11:00:00-06:00</news:publication_date>
<news:title>Sedena despliega 500 elementos</news:title>
<news:keywords>Sedena, Sonora</news:keywords></news:news>
<image:image><image:loc>https://periodico.example.mx/a.jpg</image:loc>
<image:title>Foto</image:title></image:image>
</url>
<url><loc>https://periodico.example.mx/b</loc></url>
</urlset>
""".encode()

GOOGLE_NEWS = b"""<?xml version="1.0"?><rss version="2.0">
<channel><title>"site:example.com" - Google News</title>
<link>https://news.google.com/</link><item><title>Talks resume - in part - The AppContext</title>
<link>https://news.google.com/rss/articles/CBMiabc?oc=5</link><guid isPermaLink="false">CBMiabc</guid>
<pubDate>Mon, 02 Mar 2026 12:00:00 GMT</pubDate>
<description>&lt;a href="x"&gt;Talks resume&lt;/a&gt;</description>
<source url="https://desk.example.org">The Desk</source></item></channel></rss>"""


def rss(items: Iterable[str], *, head: str = "") -> bytes:
    """An RSS document around raw item markup."""
    inside = "".join(f"<item>{item}</item>" for item in items)
    return (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>T</title>'
        f"<link>https://t.example.org/</link>{head}{inside}</channel></rss>"
    ).encode()


def news(number: int, published: str = "", *, site: str = "https://t.example.org") -> str:
    """The markup of one item."""
    date = f"<pubDate>{published}</pubDate>" if published else ""
    return f"<title>News {number}</title><link>{site}/{number}</link><guid>{site}/{number}</guid>{date}"

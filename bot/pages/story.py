"""One event: who reports it, in which language, and what changed."""

from __future__ import annotations

from collections.abc import Sequence

from bot.locale import Translator
from bot.pages.page import Block, Button, Heading, Item, Link, Note, Page, Paragraph, Request, Span, When
from bot.pages.wording import language_name, topic_name
from bot.store.views import Article, Development
from bot.summaries.extract import Cited, Source, summarize

#: Issue of length: a story's gist is three sentences, so that it stays above the fold of a phone.
GIST_SENTENCES = 3
_SHOWN = 12


def story_page(t: Translator, development: Development) -> Page:
    """The gist in cited sentences, then every outlet in both languages, newest first."""
    by_id = {article.id: article for article in development.articles}
    blocks: list[Block] = []
    for cited in summarize(_sources(development.articles), GIST_SENTENCES, language=t.language):
        blocks.append(Paragraph(_cited(t, cited, by_id[cited.article_id])))
    for language in (t.language, "es" if t.language == "en" else "en"):
        articles = [article for article in development.articles if article.language == language]
        if articles:
            blocks.append(Heading(language_name(t, language).capitalize()))
            blocks += [_report(article) for article in articles[:_SHOWN]]
    blocks.append(
        Note(
            (
                t.many("{n} publisher", "{n} publishers", len(development.publishers)),
                " · ",
                ", ".join(topic_name(t, topic) for topic in development.topics),
                " · ",
                t("first seen"),
                " ",
                When(development.first_at),
            )
        )
    )
    return Page(
        development.lead(t.language).title,
        tuple(blocks),
        (Button(t("Why is this here?"), Request("why", {"story": str(development.story_id)})),),
    )


def _sources(articles: Sequence[Article]) -> list[Source]:
    return [
        Source(
            article_id=article.id,
            language=article.language,
            title=article.title,
            summary=article.summary,
            at=article.published_at,
            publisher=article.publisher,
        )
        for article in articles
    ]


def _cited(t: Translator, cited: Cited, article: Article) -> tuple[Span, ...]:
    spans: list[Span] = [cited.text, " — ", Link(article.publisher, article.url)]
    if cited.language != t.language:
        spans.append(f" ({language_name(t, cited.language)})")
    return tuple(spans)


def _report(article: Article) -> Item:
    return Item(
        (Link(article.title, article.url),),
        ((article.publisher, " · ", When(article.published_at, relative=True)),),
    )

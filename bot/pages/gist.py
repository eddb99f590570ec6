"""What a story or a week comes to, in a few sentences, each with its sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.domain.articles import Article
from bot.domain.page import Block, Link, Note, Paragraph, Span
from bot.locale import Translator
from bot.pages.wording import language_name
from bot.summaries.extract import Cited, Source
from bot.summaries.llm import Written

#: A story's gist is three sentences, so that it stays above the fold of a phone.
STORY_SENTENCES = 3
#: A concern's week is five: one for each of its most reported stories.
WEEK_SENTENCES = 5
#: Sources named behind one sentence.
_NAMED = 3


@dataclass(frozen=True, slots=True)
class Gist:
    """Sentences and what they rest on. ``model`` is who phrased them; empty where they are quoted."""

    sentences: tuple[Written, ...]
    model: str = ""


def quoted(cited: Sequence[Cited]) -> Gist:
    """Sentences as their articles have them."""
    return Gist(tuple(Written(one.text, (one.article_id,), one.language) for one in cited))


def gist_sources(articles: Sequence[Article]) -> list[Source]:
    """Articles as the summaries read them."""
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


def gist_blocks(t: Translator, gist: Gist, by_id: Mapping[int, Article]) -> list[Block]:
    """Each sentence with links to its sources; a model's phrasing is labelled."""
    blocks: list[Block] = []
    for sentence in gist.sentences:
        sources = [by_id[article_id] for article_id in sentence.article_ids if article_id in by_id]
        if sources:
            blocks.append(Paragraph(_sentence(t, sentence, sources)))
    if gist.model and blocks:
        blocks.append(Note((t("Phrased by {model} from the sentences of these sources.", model=gist.model),)))
    return blocks


def _sentence(t: Translator, sentence: Written, sources: Sequence[Article]) -> tuple[Span, ...]:
    spans: list[Span] = [sentence.text, " — "]
    for position, article in enumerate(sources[:_NAMED]):
        spans += [", "] if position else []
        spans.append(Link(article.publisher, article.url))
    if sentence.language != t.language:
        spans.append(f" ({language_name(t, sentence.language)})")
    return tuple(spans)

"""What a story or a week comes to, in a few sentences, each with its sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.domain.articles import Article
from bot.domain.page import Block, Link, Note, Paragraph, Span
from bot.domain.stories import Development
from bot.locale import Translator
from bot.pages.wording import language_name
from bot.stories.headlines import lead_article
from bot.stories.reading import title_key
from bot.stories.shown_titles import title_of
from bot.summaries.extract import Cited, Source, summarize
from bot.summaries.llm import Written

#: A story's gist is three sentences, so that it stays above the fold of a phone.
STORY_SENTENCES = 3
#: A concern's week is five: one for each of its most reported stories.
WEEK_SENTENCES = 5
#: Sources named behind one sentence.
_NAMED = 3
#: Letters of a gist that stands under a headline: two lines of a phone.
LINE = 150
#: A story's newest reports that such a line is chosen from: in a list each costs a millisecond.
LINE_READ = 6
#: Lines remembered: those of the lists that are asked for all day.
_REMEMBERED = 2_048


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
            title=title_of(article),
            summary=article.summary,
            at=article.published_at,
            publisher=article.publisher,
        )
        for article in articles
    ]


def gist_line(development: Development, language: str) -> str:
    """A sentence of a story's reports that adds to its headline, cut to a line.

    In the language of its headline, which is the reader's where a report is. Empty where the reports say no
    more than their headlines.
    """
    lead = lead_article(development, language)
    reports = [one for one in development.uncorrected if one.language == lead.language][:LINE_READ]
    return _line(tuple(gist_sources(reports)), lead.language, title_of(lead))


def key_sentences(development: Development, language: str, most: int) -> tuple[str, ...]:
    """At most ``most`` sentences of a story's reports that are no headlines, in its headline's language."""
    lead = lead_article(development, language)
    reports = [one for one in development.uncorrected if one.language == lead.language][: 2 * LINE_READ]
    return _telling(gist_sources(reports), lead.language, title_of(lead), most)


@lru_cache(maxsize=_REMEMBERED)
def _line(sources: tuple[Source, ...], language: str, title: str) -> str:
    return next((cut_line(text) for text in _telling(sources, language, title, 1)), "")


def _telling(sources: Sequence[Source], language: str, title: str, most: int) -> tuple[str, ...]:
    headlines = {title_key(source.title) for source in sources}
    cited = summarize(sources, most, language, title=title)
    return tuple(one.text for one in cited if title_key(one.text) not in headlines)


def cut_line(text: str, most: int = LINE) -> str:
    """A sentence cut to ``most`` letters, between words."""
    if len(text) <= most:
        return text
    return text[: most - 1].rsplit(" ", 1)[0].rstrip(" ,;:–—-") + "…"


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

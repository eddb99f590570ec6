"""One event: what is told of it, who reports it in which language, what changed, and where reports differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.article import Brief
from bot.domain.articles import Article
from bot.domain.page import (
    Block,
    Button,
    Heading,
    Item,
    Link,
    Note,
    Page,
    Request,
    Span,
    Strong,
    When,
)
from bot.domain.stories import Development, StoryRevision
from bot.locale import Translator
from bot.pages.corrections import correction_note, correction_sentence
from bot.pages.facts import (
    VOICES,
    counts_before,
    disagreement_words,
    documents_of,
    facts_line,
    victim_counts,
)
from bot.pages.gist import Gist, gist_blocks
from bot.pages.importance import why_here
from bot.pages.wording import language_name, topic_name
from bot.ranking.rank import rank
from bot.stories.document import Document
from bot.stories.features import features
from bot.stories.headlines import lead_article
from bot.stories.independent_sources import IndependentSource, independent_sources
from bot.stories.novelty import disagreements
from bot.stories.shown_titles import title_of

_SHOWN = 12
_REVISIONS_SHOWN = 8
_CORRECTIONS_SHOWN = 4
_RELATED_SHOWN = 3
#: Publishers named for one figure or one voice.
_NAMED = 4


def story_page(
    t: Translator,
    brief: Brief,
    development: Development,
    gist: Gist,
    revisions: Sequence[StoryRevision] = (),
    related: Sequence[Development] = (),
    *,
    admin: bool = False,
    operator: bool = False,
) -> Page:
    """The gist in cited sentences, what differs, every outlet in both languages, and what was added when.

    ``related`` are other stories that may be the same event, told in the other language.
    """
    by_id = {article.id: article for article in development.articles}
    documents = documents_of(development.articles)
    blocks: list[Block] = [
        Item((correction_sentence(t, mark, development),))
        for mark in development.corrections[:_CORRECTIONS_SHOWN]
    ]
    blocks += _official(t, development)
    blocks += gist_blocks(t, gist, by_id)
    if why := why_here(t, brief, rank(development)):
        blocks.append(Note(why))
    blocks += _differences(t, documents, by_id)
    blocks += _voices(t, documents, by_id)
    for language in (t.language, "es" if t.language == "en" else "en"):
        articles = [article for article in development.reports if article.language == language]
        if articles:
            blocks.append(Heading(language_name(t, language).capitalize()))
            blocks += [
                _report(article, correction_note(t, development, article.id)) for article in articles[:_SHOWN]
            ]
            if len(articles) > _SHOWN:
                more = len(articles) - _SHOWN
                blocks.append(Note((t.many("and {n} more", "and {n} more", more),)))
    blocks += _changes(t, revisions, documents, by_id)
    blocks += _related(t, related)
    reports = [one for one in documents if not one.primary] or documents
    blocks.append(Note((_sources(t, independent_sources(reports)), *_documents_counted(t, development))))
    blocks.append(
        Note(
            (
                ", ".join(topic_name(t, topic) for topic in development.topics),
                " · ",
                t("first reported"),
                " ",
                When(development.first_at),
            )
        )
    )
    story = {"story": str(development.story_id)}
    buttons = [
        Button(t("Follow this story"), Request("follow", story)),
        Button(t("Why is this here?"), Request("why", story)),
    ]
    if admin:
        buttons.append(Button(t("Wrong topic"), Request("wrong", story)))
    if operator:
        buttons.append(Button(t("Split or merge"), Request("stories split", story)))
    return Page(title_of(lead_article(development, t.language)), tuple(blocks), tuple(buttons))


def _official(t: Translator, development: Development) -> list[Block]:
    """The official documents first: what was decided, in its own words, before what is said of it."""
    if development.reports == development.articles:
        return []
    return [Heading(t("Official")), *(_report(article) for article in development.documents[:_SHOWN])]


def _documents_counted(t: Translator, development: Development) -> tuple[Span, ...]:
    """How many documents there are beside the reports; nothing where there are none."""
    if development.reports == development.articles:
        return ()
    count = t.many("{n} official document", "{n} official documents", len(development.documents))
    return (" · ", count)


def _differences(t: Translator, documents: Sequence[Document], by_id: Mapping[int, Article]) -> list[Block]:
    """Figures that disagree, a line for each: who gives it, and whether it is the latest or official."""
    official = {one.id for one in documents if one.official}
    items: list[Block] = []
    for found in disagreements(documents):
        latest = max(found.claims, key=lambda one: (one.at, one.article_id)).value
        values = [claim.value for claim in found.claims]
        for value, (words, ids) in zip(dict.fromkeys(values), disagreement_words(t, found), strict=True):
            spans: list[Span] = [Strong(words), ": ", *_outlets(t, [by_id[id] for id in ids])]
            if value == latest:
                spans += [" · ", t("latest")]
            if not official.isdisjoint(ids):
                spans += [" · ", t("official")]
            items.append(Item(tuple(spans)))
    return [Heading(t("Figures that disagree")), *items] if items else []


def _voices(t: Translator, documents: Sequence[Document], by_id: Mapping[int, Article]) -> list[Block]:
    """Who said what: of each voice the newest headline in which it speaks; nothing where only one does."""
    newest: dict[str, Document] = {}
    for document in sorted(documents, key=lambda one: (one.at, one.id), reverse=True):
        if voice := features(document).speaker:
            newest.setdefault(voice, document)
    if len(newest) < 2:
        return []
    items: list[Block] = []
    for voice in (voice for voice in VOICES if voice in newest):
        article = by_id[newest[voice].id]
        name = t(VOICES[voice])
        who = Strong(name[:1].upper() + name[1:])
        said: tuple[Span, ...] = (who, ": ", Link(title_of(article), article.url))
        items.append(Item(said, ((article.publisher, " · ", When(article.published_at, relative=True)),)))
    return [Heading(t("Who said what")), *items]


def _changes(
    t: Translator,
    revisions: Sequence[StoryRevision],
    documents: Sequence[Document],
    by_id: Mapping[int, Article],
) -> list[Block]:
    """The headline of each later article that added something, newest first, with the facts.

    Articles that this server does not see are left out.
    """
    told = [
        revision
        for revision in revisions
        if revision.number > 1 and revision.added and revision.article_id in by_id
    ]
    if not told:
        return []
    counts = victim_counts(documents)
    items: list[Block] = []
    for revision in sorted(told, key=lambda one: one.number, reverse=True)[:_REVISIONS_SHOWN]:
        article = by_id[revision.article_id]
        details: list[tuple[Span, ...]] = [(article.publisher, " · ", When(article.published_at, True))]
        if facts := facts_line(t, revision.added, counts_before(counts, article.published_at)):
            details.append((facts,))
        items.append(Item((Link(title_of(article), article.url),), tuple(details)))
    return [Heading(t("What was added, newest first")), *items]


def _related(t: Translator, related: Sequence[Development]) -> list[Block]:
    if not related:
        return []
    blocks: list[Block] = [Heading(t("Perhaps related"))]
    for other in related[:_RELATED_SHOWN]:
        lead = lead_article(other, t.language)
        detail: list[Span] = [lead.publisher, " · ", When(lead.published_at, relative=True)]
        if lead.language != t.language:
            detail += [" · ", t("in {language}", language=language_name(t, lead.language))]
        blocks.append(Item((Link(title_of(lead), lead.url),), (tuple(detail),)))
    return blocks


def _sources(t: Translator, found: Sequence[IndependentSource]) -> str:
    """How many speak for themselves: an agency's text in five papers is one source."""
    if len(found) == 1:
        return t("One source: {name}", name=_source(t, found[0]))
    count = t.many("{n} independent source", "{n} independent sources", len(found))
    names = [_source(t, source) for source in found[:_NAMED]]
    if len(found) > _NAMED:
        names.append(t.many("and {n} more", "and {n} more", len(found) - _NAMED))
    return f"{count}: {', '.join(names)}"


def _source(t: Translator, source: IndependentSource) -> str:
    reports = len(source.article_ids)
    if source.kind == "wire":
        return t.many(
            "{name} (agency, {n} report)", "{name} (agency, {n} reports)", reports, name=source.name
        )
    if reports == 1:
        return source.name
    return t.many("{name} ({n} report)", "{name} ({n} reports)", reports, name=source.name)


def _outlets(t: Translator, articles: Sequence[Article]) -> list[Span]:
    spans: list[Span] = []
    for article in articles[:_NAMED]:
        spans += [", "] if spans else []
        spans.append(Link(article.publisher, article.url))
    if len(articles) > _NAMED:
        spans.append(" " + t.many("and {n} more", "and {n} more", len(articles) - _NAMED))
    return spans


def _report(article: Article, mark: str = "") -> Item:
    detail: list[Span] = [article.publisher, " · ", When(article.published_at, relative=True)]
    if mark:
        detail += [" · ", Strong(mark)]
    return Item((Link(title_of(article), article.url),), (tuple(detail),))

"""One development in a list: its headline, who reports it, a line of what it says, what changed, why here."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.article import Brief
from bot.domain.page import Item, Link, Span, When
from bot.domain.stories import Development
from bot.locale import Translator
from bot.pages.corrections import correction_lines
from bot.pages.gist import cut_line, gist_line, key_sentences
from bot.pages.importance import bears_on, bears_plainly, why_here
from bot.pages.key_facts import key_facts
from bot.pages.wording import development_item, language_name
from bot.ranking.rank import Rank
from bot.stories.headlines import lead_article
from bot.stories.shown_titles import title_of

#: Letters of a gist in a digest, where a day has to fit in a message.
SHORT_LINE = 110
#: Sentences told of the first development of a digest.
LEAD_SENTENCES = 2


@dataclass(frozen=True, slots=True)
class Ranked:
    """A development with its rank; ``changed`` says what was added since the reader was told, if anything."""

    development: Development
    ranking: Rank
    changed: str = ""


def full_item(t: Translator, brief: Brief, one: Ranked) -> Item:
    """A development as most lists draw it."""
    item = development_item(t, one.development)
    details = list(item.details)
    if line := said_line(t, one.development):
        details.insert(0, (line,))
    if one.changed:
        details.insert(0, (one.changed,))
    if why := why_here(t, brief, one.ranking):
        details.append(why)
    return replace(item, details=tuple(details))


def short_item(t: Translator, brief: Brief, one: Ranked) -> Item:
    """A development in two lines beneath its headline, as the digest draws it."""
    line = said_line(t, one.development)
    details: list[tuple[Span, ...]] = [_outlets(t, one)]
    if one.changed:
        details.insert(0, (one.changed,))
    elif line:
        details.insert(0, (cut_line(line, SHORT_LINE),))
    if bears_plainly(one.ranking):
        details[-1] += (" · ", *bears_on(t, brief, one.ranking))
    details += correction_lines(t, one.development)
    return Item(_headline(t, one.development), tuple(details))


def lead_item(t: Translator, brief: Brief, one: Ranked) -> Item:
    """The first development of a digest: two sentences of its sources, who reports it, why it is first."""
    item = development_item(t, one.development)
    details = list(item.details)
    if one.changed:
        details.insert(0, (one.changed,))
    foreign = lead_article(one.development, t.language).language != t.language
    if foreign and (line := said_line(t, one.development)):
        details.insert(0, (line,))
    if sentences := key_sentences(one.development, t.language, LEAD_SENTENCES):
        details.insert(0, (" ".join(sentences),))
    if why := why_here(t, brief, one.ranking):
        details.append(why)
    return replace(item, details=tuple(details))


def said_line(t: Translator, development: Development) -> str:
    """What a development says beyond its headline; of one in another language, its key facts."""
    lead = lead_article(development, t.language)
    if lead.language != t.language:
        return key_facts(t, lead)
    return gist_line(development, t.language)


def _headline(t: Translator, development: Development) -> tuple[Span, ...]:
    lead = lead_article(development, t.language)
    return (Link(title_of(lead), lead.url),)


def _outlets(t: Translator, one: Ranked) -> tuple[Span, ...]:
    """Who reports a development, how many more do, when, and in which other language."""
    lead = lead_article(one.development, t.language)
    spans: list[Span] = [lead.publisher]
    others = len(one.development.publishers) - 1
    if others > 0:
        spans.append(" " + t.many("and {n} more publisher", "and {n} more publishers", others))
    if lead.language != t.language:
        spans += [" · ", t("in {language}", language=language_name(t, lead.language))]
    spans += [" · ", When(lead.published_at, relative=True)]
    return tuple(spans)

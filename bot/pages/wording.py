"""The words that several pages share: names of topics, kinds and states, and how a development is set."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.clock import is_known, offset_words, zone_name
from bot.domain.audience import Place, ServerChannel
from bot.domain.feeds import DOCUMENT, HealthCounts, article_kind
from bot.domain.page import Block, Item, Link, Mention, Note, Paragraph, Span, Strong, When
from bot.domain.stories import Development
from bot.locale import Translator, message
from bot.pages.corrections import correction_lines
from bot.sources.numbers import shown_number
from bot.stories.headlines import lead_article
from bot.stories.shown_titles import title_of
from bot.topics.form import form_of_article

#: What readers call each topic, as messages.
TOPIC_NAMES = {
    "border_security": message("border security"),
    "migration": message("migration"),
    "organized_crime": message("organized crime"),
    "security_cooperation": message("security cooperation"),
    "regional_security": message("regional security"),
    "defense_policy": message("defense policy"),
    "trade_leverage": message("trade as leverage"),
}

#: From this on the newest report's date stands beside the headline's: "10 hours ago, last 9" says nothing.
_LATER = timedelta(days=1)

_KINDS = {
    "news": message("news"),
    "official": message("official"),
    "think_tank": message("think tank"),
    "document": message("official document"),
}

#: What readers call a report that is no plain news, by its form (``bot.topics.form``).
FORM_NAMES = {
    "correction": message("correction"),
    "satire": message("satire"),
    "opinion": message("opinion"),
    "analysis": message("analysis"),
    "explainer": message("explainer"),
    "live": message("live coverage"),
    "recap": message("recap"),
    "audio_video": message("audio or video"),
    "gallery": message("photos"),
}

_LANGUAGES = {"en": message("English"), "es": message("Spanish")}


#: Which way a report points for the author's worry.
_DIRECTIONS = {
    "worse": message("↘ worse"),
    "better": message("↗ better"),
    "mixed": message("→ mixed"),
    "unclear": message("→ direction unclear"),
}


def direction_sign(t: Translator, direction: str) -> str:
    """Which way evidence points for the author's worry: an arrow and a word."""
    return t(_DIRECTIONS[direction])


def topic_name(t: Translator, topic: str) -> str:
    """What readers call a topic."""
    return t(TOPIC_NAMES[topic]) if topic in TOPIC_NAMES else topic


def kind_name(t: Translator, kind: str) -> str:
    """What readers call a kind of feed."""
    known = article_kind(kind)
    return t(_KINDS[known]) if known in _KINDS else kind


def form_name(t: Translator, form: str) -> str:
    """What readers call a report that is no plain news."""
    return t(FORM_NAMES[form])


def language_name(t: Translator, language: str) -> str:
    """The name of a language, in the reader's language, as it stands within a sentence."""
    return t(_LANGUAGES[language]) if language in _LANGUAGES else language


def development_item(t: Translator, development: Development) -> Item:
    """A story as one line with its source, and beneath it who else reports it.

    The headline is of an article in the reader's language where there is one. Lists stand in the order of
    the newest reports, so that its date is told where it is another day's.
    """
    lead = lead_article(development, t.language)
    first: list[Span] = [lead.publisher, " · ", When(lead.published_at, relative=True)]
    form = form_of_article(lead)
    if form in FORM_NAMES:
        first[:0] = [form_name(t, form), " · "]
    if development.last_at - lead.published_at >= _LATER:
        first += [" · ", t("last report"), " ", When(development.last_at, relative=True)]
    if lead.kind == DOCUMENT:
        first += [" · ", kind_name(t, DOCUMENT)]
    if lead.language != t.language:
        first += [" · ", t("in {language}", language=language_name(t, lead.language))]
    details: list[tuple[Span, ...]] = [tuple(first)]
    if official := documents_line(t, development):
        details.insert(0, official)
    others = development.other_outlets(lead)
    if others:
        also: list[Span] = [t("also:"), " "]
        for position, article in enumerate(others[:4]):
            also += [", "] if position else []
            also.append(Link(_outlet(t, article.publisher, article.language, lead.language), article.url))
        if len(others) > 4:
            also.append(" " + t.many("and {n} more", "and {n} more", len(others) - 4))
        details.append(tuple(also))
    details += correction_lines(t, development)
    return Item((Link(title_of(lead), lead.url),), tuple(details))


#: Documents named in one line; one event seldom has more.
_DOCUMENTS_NAMED = 3


def documents_line(t: Translator, development: Development) -> tuple[Span, ...]:
    """The official documents of a development, each by its number; empty for one that is told by them
    alone.
    """
    if development.reports == development.articles:
        return ()
    spans: list[Span] = [t("Official:"), " "]
    for position, document in enumerate(development.documents[:_DOCUMENTS_NAMED]):
        spans += [", "] if position else []
        name = shown_number(f"{document.title}\n{document.summary}")
        spans.append(Link(name or title_of(document), document.url))
        spans += [f" ({document.publisher})"]
    more = len(development.documents) - _DOCUMENTS_NAMED
    if more > 0:
        spans.append(" " + t.many("and {n} more", "and {n} more", more))
    return tuple(spans)


def _outlet(t: Translator, publisher: str, language: str, lead_language: str) -> str:
    return publisher if language == lead_language else f"{publisher} ({language})"


def coverage_note(t: Translator, health: HealthCounts) -> Note | None:
    """One line on feeds that are out of reach, so that a thin answer is not taken for a quiet week."""
    if health.total == 0:
        return Note((t("No feeds are followed here yet: add one with /feeds add."),))
    if health.never_polled == health.total:
        return Note((t("No feed has been read yet; the first answers come after the first poll."),))
    if health.failing == 0:
        return None
    return Note(
        (
            t.many(
                "{failing} of {n} feed cannot be read now (/sources): some news may be missing.",
                "{failing} of {n} feeds cannot be read now (/sources): some news may be missing.",
                health.total,
                failing=t.number(health.failing),
            ),
        )
    )


def place_name(t: Translator, place: Place) -> Span:
    """Where digests are posted."""
    return Mention("channel", place.id) if isinstance(place, ServerChannel) else t("this terminal")


def place_argument(place: Place) -> dict[str, str]:
    """The argument by which a request means a place; the terminal is the only one there and needs none."""
    return {"channel": str(place.id)} if isinstance(place, ServerChannel) else {}


def zone_words(t: Translator, zone: str, now: datetime) -> str:
    """A time zone with what its clocks say now, so that whoever chose it sees whether it is the right one."""
    shown, offset = zone_name(zone), offset_words(zone, now)
    where = shown if shown == offset else f"{shown}, {offset}"
    return t("{zone}, now {moment}", zone=where, moment=t.moment(now, zone))


def unknown_zone(t: Translator, zone: str) -> list[Block]:
    """That this machine does not know a zone that was stored, and what to do; nothing where it does."""
    if is_known(zone):
        return []
    sentence = t(
        "This machine does not know the time zone “{zone}”, so that hours are those of UTC."
        " /settings timezone sets another.",
        zone=zone,
    )
    return [Paragraph((Strong(sentence),))]

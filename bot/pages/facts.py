"""What a story's articles add and where they disagree, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from bot.domain.articles import Article
from bot.domain.feeds import DOCUMENT, OFFICIAL
from bot.locale import Translator, message
from bot.stories.document import Document
from bot.stories.features import features
from bot.stories.novelty import Disagreement
from bot.stories.shown_titles import title_of

#: Articles of a story whose figures and voices are compared, the newest: more take too long and say the same.
COMPARED = 60
#: Facts told of one change: as much as one line holds.
FACTS_SHOWN = 6
#: Kinds of facts that tell a change by themselves.
_TELLING = ("killed", "hurt", "corrected", "reversed", "denied", "reply")
#: Who answers for the first time, by the names of ``bot/stories/voices.txt``.
REPLIES = {
    "washington": message("Washington responds"),
    "mexico": message("Mexico responds"),
    "local": message("a state or a city responds"),
    "courts": message("a court responds"),
    "governments": message("another government responds"),
    "international": message("an international body responds"),
    "criminal": message("a criminal group responds"),
    "society": message("civil society responds"),
    "company": message("a company responds"),
}
#: Whose voice a headline is.
VOICES = {
    "washington": message("Washington"),
    "mexico": message("Mexico City"),
    "local": message("states and cities"),
    "courts": message("courts"),
    "governments": message("other governments"),
    "international": message("international bodies"),
    "criminal": message("criminal groups"),
    "society": message("civil society"),
    "company": message("companies"),
}


def documents_of(articles: Iterable[Article], most: int = COMPARED) -> list[Document]:
    """The articles as the story rooms read them, at most ``most`` of those given first."""
    return [
        Document(
            id=article.id,
            language=article.language,
            title=article.title,
            summary=article.summary,
            at=article.published_at,
            publisher=article.publisher,
            official=article.kind in (OFFICIAL, DOCUMENT),
            primary=article.kind == DOCUMENT,
            form=article.form,
        )
        for article, _ in zip(articles, range(most), strict=False)
    ]


def victim_counts(documents: Iterable[Document]) -> list[tuple[datetime, str, int]]:
    """Every count of victims, oldest first: when, ``killed`` or ``hurt``, and how many."""
    counts: list[tuple[datetime, str, int]] = []
    for document in sorted(documents, key=lambda one: (one.at, one.id)):
        victims = features(document).victims
        given = (("killed", victims.killed), ("hurt", victims.hurt))
        counts += [(document.at, kind, value) for kind, value in given if value]
    return counts


def counts_before(counts: Iterable[tuple[datetime, str, int]], moment: datetime) -> dict[str, int]:
    """The newest count of each kind that was published before a moment."""
    return {kind: value for at, kind, value in counts if at < moment}


def fact_words(t: Translator, fact: str, before: Mapping[str, int] | None = None) -> str:
    """A fact as ``bot.stories.novelty`` writes it (``kind:value``), in words; counts with what they were.

    Empty for a ``term`` or a ``step``: they are the reason why a text counts as new; the headline tells it.
    """
    kind, _, value = fact.partition(":")
    match kind:
        case "killed" | "hurt" if value.isdigit():
            return _count(t, kind, int(value), (before or {}).get(kind))
        case "reply" if value in REPLIES:
            return t(REPLIES[value])
        case "official":
            return t("{publisher} speaks for the first time", publisher=value)
        case "reported":
            return t("the first report, by {publisher}", publisher=value)
        case "document":
            return t("the official document {name}", name=value)
        case "figure":
            return t("the figure {n}", n=_number(t, value))
        case "name":
            return value
        case "corrected":
            return t("corrects an earlier report")
        case "reversed":
            return t("an earlier decision no longer holds")
        case "denied":
            return t("an earlier report is denied")
        case "term" | "step":
            return ""
        case _:
            return fact


def facts_line(t: Translator, facts: Iterable[str], before: Mapping[str, int] | None = None) -> str:
    """The facts that say something by themselves, in one line, each once; empty where none does."""
    said = dict.fromkeys(fact_words(t, fact, before) for fact in facts)
    return ", ".join(words for words in said if words)


def new_facts(t: Translator, facts: Sequence[str], articles: Sequence[Article], first: int) -> str:
    """What a story's article ``first`` and those after it added, in one line; counts with what they were.

    Where that is in no name and no figure, the newest headline says it.
    """
    at = next((one.published_at for one in articles if one.id == first), None)
    before = {} if at is None else counts_before(victim_counts(documents_of(articles)), at)
    telling = [fact for fact in facts if fact_words(t, fact, before)]
    line = t("New: {facts}", facts=facts_line(t, telling[:FACTS_SHOWN], before) or title_of(articles[0]))
    more = len(telling) - FACTS_SHOWN
    return line if more <= 0 else line + " " + t.many("and {n} more", "and {n} more", more)


def added_line(t: Translator, facts: Sequence[str], articles: Sequence[Article], first: int) -> str:
    """The counts and corrections that a story's article ``first`` and those after it added, in one line.

    Empty where they added none: a new name says nothing by itself.
    """
    at = next((one.published_at for one in articles if one.id == first), None)
    before = {} if at is None else counts_before(victim_counts(documents_of(articles)), at)
    said = facts_line(t, [fact for fact in facts if fact.partition(":")[0] in _TELLING], before)
    return t("New: {facts}", facts=said) if said else ""


def disagreement_words(t: Translator, found: Disagreement) -> list[tuple[str, tuple[int, ...]]]:
    """Each count with the articles that give it, highest first: ("12 dead", (7, 9)), ("9 dead", (3,))."""
    by_value: dict[int, list[int]] = {}
    for claim in found.claims:
        by_value.setdefault(claim.value, []).append(claim.article_id)
    return [(_count(t, found.kind, value, None), tuple(ids)) for value, ids in by_value.items()]


def _count(t: Translator, kind: str, value: int, before: int | None) -> str:
    now = _victims(t, kind, value)
    if before is None or before == value:
        return now
    return t("{now} (before: {before})", now=now, before=t.number(before))


def _victims(t: Translator, kind: str, value: int) -> str:
    if kind == "killed":
        return t.many("{n} dead", "{n} dead", value)
    return t.many("{n} wounded", "{n} wounded", value)


def _number(t: Translator, value: str) -> str:
    try:
        return t.number(float(value))
    except (ValueError, OverflowError):
        return value

"""Why an article is shown: the words in their sentence, the concept, the rule, the score."""

from __future__ import annotations

from collections.abc import Sequence

from bot.article import CONCERN_OF_TOPIC, Brief
from bot.locale import Translator
from bot.pages.page import (
    Block,
    Button,
    Heading,
    Item,
    Link,
    Note,
    Page,
    Paragraph,
    Request,
    Span,
    Strong,
    When,
)
from bot.pages.wording import topic_name
from bot.store.views import Article
from bot.topics.match import Finding, TopicScore

#: Letters shown on either side of a phrase: enough to read it in its sentence, short enough for a phone.
CONTEXT = 45
#: A rule needs two or three concepts; more would only repeat.
_FINDINGS_SHOWN = 4


def why_page(t: Translator, brief: Brief, article: Article, *, admin: bool = False) -> Page:
    """Each topic that was given, with the phrases that led to it."""
    blocks: list[Block] = [
        Paragraph((Link(article.title, article.url),)),
        Note((article.publisher, " · ", When(article.published_at))),
    ]
    for topic in article.match.topics:
        concern = brief.concern(CONCERN_OF_TOPIC[topic.topic])
        blocks.append(Heading(f"{concern.name.in_(t.language)} · {topic_name(t, topic.topic)}"))
        blocks.append(Note(_rule(t, topic)))
        for finding in telling(topic.findings):
            blocks.append(Item(_in_its_sentence(article, finding), (_meaning(t, finding),)))
    buttons = [Button(t("Its concerns"), Request("concerns"))]
    if admin and article.story_id is not None:
        buttons.append(Button(t("Wrong topic"), Request("wrong", {"article": str(article.id)})))
    return Page(t("Why this is here"), tuple(blocks), tuple(buttons))


def telling(findings: Sequence[Finding]) -> list[Finding]:
    """One finding for each concept, the first in the title where there is one: more would only repeat."""
    chosen: dict[str, Finding] = {}
    for finding in sorted(findings, key=lambda one: (one.field != "title", one.start)):
        chosen.setdefault(finding.concept, finding)
    return list(chosen.values())[:_FINDINGS_SHOWN]


def _rule(t: Translator, topic: TopicScore) -> tuple[Span, ...]:
    return (t("Rule “{rule}”, score {score}.", rule=topic.rule, score=t.number(round(topic.score, 2))),)


def _meaning(t: Translator, finding: Finding) -> tuple[Span, ...]:
    field = t("title") if finding.field == "title" else t("text")
    return (t("read as “{concept}”, in the {field}", concept=finding.concept.replace("_", " "), field=field),)


def _in_its_sentence(article: Article, finding: Finding) -> tuple[Span, ...]:
    text = article.title if finding.field == "title" else article.summary
    before, phrase, after = text[: finding.start], text[finding.start : finding.end], text[finding.end :]
    opening = before if len(before) <= CONTEXT else "…" + before[-CONTEXT:].partition(" ")[2]
    closing = after if len(after) <= CONTEXT else after[:CONTEXT].rpartition(" ")[0] + "…"
    return (opening, Strong(phrase), closing)

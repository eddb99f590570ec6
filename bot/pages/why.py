"""Why an article is shown: the words in their sentence, the concept, the rule, the score."""

from __future__ import annotations

from collections.abc import Sequence

from bot.article import CONCERN_OF_TOPIC, Brief
from bot.domain.articles import Article
from bot.domain.evidence import Evidence
from bot.domain.match import FOLLOWS, Finding, Match, TopicScore
from bot.domain.page import (
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
from bot.locale import Translator, message
from bot.pages.whynot import VERDICTS
from bot.pages.wording import direction_sign, topic_name
from bot.record import PolicyObject
from bot.stories.shown_titles import title_of
from bot.topics.rules import LINE
from bot.topics.taxonomy import Taxonomy

#: Letters shown on either side of a phrase: enough to read it in its sentence, short enough for a phone.
CONTEXT = 45
#: A rule needs two or three concepts; more would only repeat.
_FINDINGS_SHOWN = 4
#: Policies told of one article: reports that name more list them.
_POLICIES_SHOWN = 3
#: Characters of a button's label in Discord.
_LABEL = 80


#: What a concept is, by its kind and by what it ties a text to.
_KINDS_OF: dict[tuple[str, str | None], str] = {
    ("place", "mx"): message("a place in Mexico"),
    ("place", "us"): message("a place in the United States"),
    ("place", "ca"): message("a place in Central America"),
    ("place", "border"): message("the border"),
    ("place", "elsewhere"): message("a place elsewhere"),
    ("place", None): message("a place"),
    ("agency", "mx"): message("an authority of Mexico"),
    ("agency", "us"): message("an authority of the United States"),
    ("agency", None): message("an authority"),
    ("programme", None): message("a program"),
    ("law", None): message("a law"),
    ("actor", None): message("someone who acts"),
    ("person", None): message("a person in office"),
    ("act", None): message("what happens"),
    ("thing", None): message("what it is about"),
    ("sign", None): message("counts only together with others"),
    ("setting", None): message("another subject"),
}


#: How directly a report bears on a question, by its weight.
_DIRECTNESS = {
    3: message("an act, a ruling or an official figure"),
    2: message("solid evidence"),
    1: message("said in passing"),
}
#: Why a report that is shown bears on none of the article's questions.
_NO_EVIDENCE = {
    "opinion": message("It is an opinion, and so no evidence for any of the article's questions."),
    "looking_back": message("It looks back, and so it is no evidence for any of the article's questions."),
    "no_rule": message("It bears on none of the article's questions."),
    "other_subject": message("It bears on none of the article's questions."),
    "elsewhere": message("It bears on none of the article's questions."),
}


def why_page(
    t: Translator,
    brief: Brief,
    taxonomy: Taxonomy,
    article: Article,
    evidence: Evidence,
    policies: Sequence[tuple[PolicyObject, Finding]] = (),
    *,
    admin: bool = False,
) -> Page:
    """Each topic and each question of the article with the phrases that led to it, and the policies named."""
    blocks: list[Block] = [
        Paragraph((Link(title_of(article), article.url),)),
        Note((article.publisher, " · ", When(article.published_at))),
    ]
    if article.match.reason == FOLLOWS:
        blocks += _follows(t, article.match)
    for topic in article.match.topics:
        concern = brief.concern(CONCERN_OF_TOPIC[topic.topic])
        names = (concern.name.in_(t.language), topic_name(t, topic.topic))
        same = names[0].casefold() == names[1].casefold()
        blocks.append(Heading(names[0] if same else " · ".join(names)))
        if topic.rule != FOLLOWS:
            blocks.append(Note(_rule(t, taxonomy, topic)))
        for finding in one_per_concept(topic.findings):
            blocks.append(Item(_in_its_sentence(article, finding), (_meaning(t, taxonomy, finding),)))
    blocks += _questions(t, brief, article, evidence)
    blocks += _policies(t, article, policies)
    buttons = [Button(t("Its concerns"), Request("concerns"))]
    buttons += [
        Button(policy.name.in_(t.language)[:_LABEL], Request("policy", {"policy": policy.id}))
        for policy, _ in policies[:_POLICIES_SHOWN]
    ]
    if admin and article.story_id is not None:
        buttons.append(Button(t("Wrong topic"), Request("wrong", {"article": str(article.id)})))
    return Page(t("Why this is here"), tuple(blocks), tuple(buttons))


def _follows(t: Translator, match: Match) -> list[Block]:
    """That it goes on with a story, and the matcher's own verdict beside it."""
    blocks: list[Block] = [
        Paragraph((t("It goes on with the story that it stands in: names or figures of both are the same."),))
    ]
    if own := VERDICTS.get(match.overruled):
        blocks.append(Note((t("By itself it would not be here: {reason}", reason=t(own)),)))
    return blocks


def _questions(t: Translator, brief: Brief, article: Article, evidence: Evidence) -> list[Block]:
    """The questions that it bears on, each with its direction and words; or why it bears on none."""
    if not evidence.bearings:
        reason = _NO_EVIDENCE.get(evidence.reason)
        return [Note((t(reason),))] if reason else []
    blocks: list[Block] = [Heading(t("Questions that it bears on"))]
    for bearing in evidence.bearings:
        said = [_in_its_sentence(article, finding) for finding in one_per_concept(bearing.findings)[:1]]
        way = (direction_sign(t, bearing.direction), " · ", t(_DIRECTNESS[bearing.weight]))
        blocks.append(Item((Strong(brief.question(bearing.question).text.in_(t.language)),), (way, *said)))
    return blocks


def _policies(
    t: Translator, article: Article, policies: Sequence[tuple[PolicyObject, Finding]]
) -> list[Block]:
    if not policies:
        return []
    blocks: list[Block] = [Heading(t("Policies that it names"))]
    for policy, finding in policies[:_POLICIES_SHOWN]:
        field = t("in the title") if finding.field == "title" else t("in the text")
        blocks.append(Item(_in_its_sentence(article, finding), ((policy.name.in_(t.language), ", ", field),)))
    return blocks


def one_per_concept(findings: Sequence[Finding]) -> list[Finding]:
    """One finding for each concept, the first in the title where there is one: more would only repeat."""
    chosen: dict[str, Finding] = {}
    for finding in sorted(findings, key=lambda one: (one.field != "title", one.start)):
        chosen.setdefault(finding.concept, finding)
    return list(chosen.values())[:_FINDINGS_SHOWN]


def _rule(t: Translator, taxonomy: Taxonomy, topic: TopicScore) -> tuple[Span, ...]:
    """The rule in its own words; rules that the taxonomy has dropped since are named."""
    rule = next((rule for rule in taxonomy.rules if rule.id == topic.rule), None)
    said = rule.say[t.language] if rule else t("Rule “{rule}”.", rule=topic.rule)
    score = t.number(round(topic.score, 2))
    return (said, " ", t("Score {score}, where {line} is enough.", score=score, line=t.number(LINE)))


def _meaning(t: Translator, taxonomy: Taxonomy, finding: Finding) -> tuple[Span, ...]:
    field = t("in the title") if finding.field == "title" else t("in the text")
    concept = taxonomy.concepts.get(finding.concept)
    if concept is None:
        return (field,)
    kind = _KINDS_OF.get((concept.kind, concept.tie)) or _KINDS_OF.get((concept.kind, None))
    return (t(kind), ", ", field) if kind else (field,)


def _in_its_sentence(article: Article, finding: Finding) -> tuple[Span, ...]:
    text = title_of(article) if finding.field == "title" else article.summary
    before, phrase, after = text[: finding.start], text[finding.start : finding.end], text[finding.end :]
    opening = before if len(before) <= CONTEXT else "…" + before[-CONTEXT:].partition(" ")[2]
    closing = after if len(after) <= CONTEXT else after[:CONTEXT].rpartition(" ")[0] + "…"
    return (opening, Strong(phrase), closing)

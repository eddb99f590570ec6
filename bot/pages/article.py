"""The article brief and the concerns in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.article import WHO, WORKS, Bilingual, Brief, Concern, Institution, Question, Section
from bot.domain.articles import Article
from bot.domain.evidence import Bearing
from bot.domain.feeds import HealthCounts
from bot.domain.page import (
    Block,
    Button,
    Choice,
    Divider,
    Heading,
    Item,
    Link,
    Note,
    Option,
    Page,
    Paragraph,
    Request,
    Span,
    Strong,
    When,
)
from bot.domain.stories import Development
from bot.locale import Translator
from bot.pages.choices import story_choice
from bot.pages.gist import Gist, gist_blocks
from bot.pages.importance import why_here
from bot.pages.items import Ranked, full_item
from bot.pages.policy_words import now_line
from bot.pages.wording import coverage_note, direction_sign, language_name
from bot.ranking.bearing import best_evidence, home_of, reporting
from bot.ranking.rank import Rank
from bot.record import Record
from bot.record.current import current_policies
from bot.store.questions import Answers
from bot.stories.headlines import lead_article
from bot.stories.shown_titles import title_of

#: Developments on a concern's page besides the evidence of its questions, which takes two phone screens.
CONCERN_DEVELOPMENTS = 2


def concern_page(
    t: Translator,
    brief: Brief,
    record: Record,
    concern: Concern,
    told: Mapping[str, Answers],
    developments: Sequence[tuple[Development, Rank]],
    health: HealthCounts,
) -> Page:
    """What the article says and asks about one concern, what bears on each question, and what else happened.

    ``told`` is what bears on each of its questions, ``developments`` those of the concern, what matters most
    first.
    """
    blocks: list[Block] = [Paragraph((concern.says.in_(t.language),))]
    blocks.append(Heading(t("What it leaves open")))
    blocks.append(Note((_who_asks(t, concern),)))
    best = {
        question.id: best_evidence(question.id, told[question.id].found) for question in concern.questions
    }
    blocks += [
        _question(t, record, question, best[question.id], told[question.id]) for question in concern.questions
    ]
    blocks += [Divider(), Heading(t("What has happened since"))]
    above = [development for found in best.values() for development, _ in found]
    shown_above = {development.story_id for development in above}
    rest = [Ranked(*one) for one in developments if one[0].story_id not in shown_above]
    # Those that are told under another concern come after those that are told here.
    shown = sorted(rest, key=lambda one: home_of(one.development) != concern.id)[:CONCERN_DEVELOPMENTS]
    blocks += [full_item(t, brief, one) for one in shown]
    if not developments:
        blocks.append(Paragraph((t("Nothing has been found under this concern in the last 30 days."),)))
    elif not shown:
        blocks.append(Paragraph((t("Everything found in the last 30 days is above."),)))
    note = coverage_note(t, health)
    if note:
        blocks.append(note)
    buttons = [Button(t("Latest developments"), Request("latest", {"concern": concern.id}), primary=True)]
    buttons.append(Button(t("The week"), Request("week", {"concern": concern.id})))
    buttons.append(Button(t("Timeline"), Request("timeline", {"concern": concern.id})))
    buttons.append(Button(t("Chart"), Request("trend", {"concern": concern.id})))
    buttons.append(Button(t("Policies"), Request("policies", {"concern": concern.id})))
    buttons.append(Button(t("Follow"), Request("follow", {"concern": concern.id})))
    buttons.append(Button(t("All concerns"), Request("concerns")))
    listed = list({one.story_id: one for one in [*above, *(one.development for one in shown)]}.values())
    return Page(concern.name.in_(t.language), tuple(blocks), tuple(buttons), story_choice(t, listed))


def _who_asks(t: Translator, concern: Concern) -> str:
    """Whose questions these are: the article asks one of all in words."""
    if any(question.asked_in_article for question in concern.questions):
        return t("The article asks the first in words; the others are ours, drawn from what it says.")
    return t("The article asks none of these in words; they are ours, drawn from what it says.")


def week_page(
    t: Translator,
    brief: Brief,
    concern: Concern,
    developments: Sequence[tuple[Development, Rank]],
    gist: Gist,
    health: HealthCounts,
) -> Page:
    """A concern's week: a sentence for each story that matters most, and why the first stands there."""
    by_id = {article.id: article for development, _ in developments for article in development.articles}
    cited = {id for sentence in gist.sentences for id in sentence.article_ids}
    told = [
        (one, ranking)
        for one, ranking in developments
        if not cited.isdisjoint(article.id for article in one.articles)
    ]
    blocks = gist_blocks(t, gist, by_id)
    if told and (why := why_here(t, brief, told[0][1])):
        blocks.insert(1, Note(why))
    if not blocks:
        blocks.append(Paragraph((t("Nothing was reported under this concern in the last seven days."),)))
    note = coverage_note(t, health)
    if note:
        blocks.append(note)
    kept = {"concern": concern.id}
    return Page(
        t("The week · {concern}", concern=concern.name.in_(t.language)),
        tuple(blocks),
        (
            Button(t("Latest developments"), Request("latest", kept), primary=True),
            Button(t("What matters most"), Request("latest", {**kept, "order": "importance"})),
            Button(t("The concern"), Request("concern", {"name": concern.id})),
        ),
        story_choice(t, (one for one, _ in told)),
    )


def _question(
    t: Translator,
    record: Record,
    question: Question,
    best: Sequence[tuple[Development, Bearing]],
    told: Answers,
) -> Item:
    """A question with where it stands, its best evidence, or that there is none and what the last was."""
    details = list(_now(t, record, [question]))
    details += [_report(t, development, bearing) for development, bearing in best]
    if not best and told.last is not None:
        lead = lead_article(told.last, t.language)
        since = t("Nothing since {date}:", date=t.day(lead.published_at.date()))
        details.append((since, " ", *_report(t, told.last, None, lead)))
    elif not best:
        details.append((t("No report on this in the last 30 days."),))
    return Item((Strong(question.text.in_(t.language)),), tuple(details))


def _now(t: Translator, record: Record, questions: Sequence[Question]) -> tuple[tuple[Span, ...], ...]:
    """Where the record says that the questions stand, in one line; none where it does not say."""
    found = current_policies(record, (question.id for question in questions))
    return (now_line(t, found[0]),) if found else ()


def _report(
    t: Translator, development: Development, bearing: Bearing | None, lead: Article | None = None
) -> tuple[Span, ...]:
    lead = lead or reporting(development, bearing, t.language)
    spans: list[Span] = [direction_sign(t, bearing.direction), " · "] if bearing is not None else []
    spans += [Link(title_of(lead), lead.url), " · ", lead.publisher, " · ", When(lead.published_at)]
    if lead.language != t.language:
        spans += [" · ", t("in {language}", language=language_name(t, lead.language))]
    return tuple(spans)


def article_page(t: Translator, brief: Brief, part: str | None, name: str | None = None) -> Page:
    """The brief: one part of it, with a select for the others.

    ``name`` is the id of someone or something in the part that says who and what appears. Raises KeyError.
    """
    if part == WHO:
        shown, blocks = WHO, _who(t, brief) if name is None else [_named(t.language, brief, name)]
    elif part == WORKS:
        shown, blocks = WORKS, _works(t, brief)
    else:
        section = brief.section(part)
        shown, blocks = section.id, _section(t, brief, section)
    choice = Choice(
        placeholder=t("Read another part"),
        request=Request("article"),
        argument="part",
        options=tuple(Option(title.in_(t.language), id_, chosen=id_ == shown) for id_, title in brief.parts),
    )
    return Page(
        title=t("The article behind Vigía"),
        blocks=(
            Heading(dict(brief.parts)[shown].in_(t.language)),
            *blocks,
            Divider(),
            Note(_source_line(t, brief)),
        ),
        buttons=(Button(t("Its concerns"), Request("concerns"), primary=True),),
        choices=(choice, *(_names(t, brief) if shown == WHO else ())),
    )


def _section(t: Translator, brief: Brief, section: Section) -> list[Block]:
    blocks: list[Block] = [
        Paragraph((paragraph,)) for paragraph in section.text.in_(t.language).split("\n\n")
    ]
    blocks += [
        Item((Strong(event.when.in_(t.language)), " ", event.text.in_(t.language)))
        for event in brief.dates_of(section)
    ]
    return blocks


def _who(t: Translator, brief: Brief) -> list[Block]:
    """People with the office that they held, then the names of institutions, programs and agreements."""
    language = t.language
    people: list[Block] = [Item((Strong(one.name), ", ", one.role.in_(language))) for one in brief.people]
    others = ", ".join(_short_name(other, language) for other in brief.institutions)
    return [*people, Divider(), Paragraph((others,))]


def _short_name(institution: Institution, language: str) -> str:
    return (institution.acronym or institution.name).in_(language)


def _names(t: Translator, brief: Brief) -> tuple[Choice, ...]:
    """Selects of those who appear, each to be read about."""
    language, request = t.language, Request("article", {"part": WHO})
    people = tuple(Option(one.name, one.id, one.role.in_(language)) for one in brief.people)
    others = tuple(Option(one.name.in_(language), one.id) for one in brief.institutions)
    return (
        Choice(t("Who was that?"), request, "who", people),
        Choice(t("Institutions, programs and agreements"), request, "who", others),
    )


def _named(language: str, brief: Brief, name: str) -> Item:
    """What the article tells of someone or something, and beneath it what we add. Raises KeyError."""
    for person in brief.people:
        if person.id == name:
            head: tuple[Span, ...] = (Strong(person.name), ", ", person.role.in_(language))
            return Item(head, _told(language, person.part, person.note))
    for other in brief.institutions:
        if other.id == name:
            acronym = f" ({other.acronym.in_(language)})" if other.acronym else ""
            return Item((Strong(other.name.in_(language)), acronym), _told(language, other.part, other.note))
    raise KeyError(name)


def _works(t: Translator, brief: Brief) -> list[Block]:
    """The works that the article cites, and what rests on each."""
    return [
        Item(
            (Link(work.entry, work.url) if work.url else work.entry,),
            _told(t.language, work.backs, work.note),
        )
        for work in brief.references
    ]


def _told(language: str, said: Bilingual, note: Bilingual | None) -> tuple[tuple[Span, ...], ...]:
    """What the article says, and beneath it what we add."""
    return ((said.in_(language),), *(((note.in_(language),),) if note else ()))


def _source_line(t: Translator, brief: Brief) -> tuple[str | Link, ...]:
    source = brief.source
    return (
        t(
            "Our own summary of “{title}” ({date}); it quotes nothing.",
            title=source.title,
            date=source.date.in_(t.language),
        ),
    )

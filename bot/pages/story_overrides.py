"""Stories that an operator splits or merges: what can be done, whether it is meant, and that it was done."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.articles import Article
from bot.domain.page import (
    Block,
    Button,
    Choice,
    Heading,
    Item,
    Link,
    Note,
    Option,
    Page,
    Paragraph,
    Request,
    Span,
    When,
)
from bot.domain.stories import Development
from bot.locale import Translator
from bot.stories.headlines import lead_article
from bot.stories.shown_titles import title_of

#: What a select holds, and how many reports fit into the button that asks for them.
_OFFERED, MOST_AT_ONCE = 25, 5
_SHOWN = 10


def ask_pin_page(t: Translator, story: Development, others: Sequence[Development]) -> Page:
    """What can be split off a story, and which of ``others`` it could be made one with."""
    here = {"story": str(story.story_id)}
    blocks: list[Block] = [
        _lead(t, story),
        _size(t, story),
        Note((_everywhere(t),)),
    ]
    choices: list[Choice] = []
    if len(story.articles) > 1:
        choices.append(
            Choice(
                t("Reports that are another event"),
                Request("stories split", here),
                "article",
                tuple(_report_option(one) for one in story.articles[:_OFFERED]),
                most=min(MOST_AT_ONCE, len(story.articles) - 1, _OFFERED),
            )
        )
    else:
        blocks.append(Note((t("It has one report, so there is nothing to split off."),)))
    offered = [other for other in others if other.story_id != story.story_id][:_OFFERED]
    if offered:
        choices.append(
            Choice(
                t("The story that is the same event"),
                Request("stories merge", here),
                "into",
                tuple(_story_option(t, one) for one in offered),
            )
        )
    if len(story.articles) > _OFFERED:
        blocks.append(Note((t("Any other report can be named by its number in /stories split."),)))
    return Page(t("Split or merge"), tuple(blocks), (_open(t, story.story_id),), tuple(choices))


def confirm_split_page(t: Translator, story: Development, leaving: Sequence[Article]) -> Page:
    """Whether these reports are really to become a story of their own."""
    given = ",".join(str(article.id) for article in leaving)
    request = Request("stories split", {"story": str(story.story_id), "article": given, "confirm": "yes"})
    return Page(
        t("Split this story?"),
        (
            Heading(t("It becomes a story of its own")),
            *_reports(t, leaving),
            Heading(t("It stays")),
            *_reports(t, [article for article in story.articles if article not in leaving]),
            Note((_everywhere(t),)),
        ),
        (
            Button(t("Split"), request, danger=True),
            Button(t("Leave it as it is"), Request("story", {"story": str(story.story_id)})),
        ),
        tone="warning",
    )


def split_page(t: Translator, old: int, founded: Development | None, new: int) -> Page:
    """That a story was split. ``founded`` is what this server sees of the new one."""
    undo = Request("stories merge", {"story": str(new), "into": str(old), "confirm": "yes"})
    blocks: list[Block] = [_lead(t, founded), _size(t, founded)] if founded else []
    blocks.append(Paragraph((t("It is a story of its own now, and grouping will keep the two apart."),)))
    return Page(
        t("Split"),
        tuple(blocks),
        (
            _open(t, new),
            Button(t("The story that it was in"), Request("story", {"story": str(old)})),
            Button(t("Undo"), undo),
        ),
        tone="good",
    )


def confirm_merge_page(t: Translator, gone: Development, kept: Development) -> Page:
    """Whether two stories are really to become one."""
    given = {"story": str(gone.story_id), "into": str(kept.story_id), "confirm": "yes"}
    return Page(
        t("Make one story of these two?"),
        (_lead(t, kept), _size(t, kept), _lead(t, gone), _size(t, gone), Note((_everywhere(t),))),
        (
            Button(t("Merge"), Request("stories merge", given), danger=True),
            Button(t("Leave it as it is"), Request("story", {"story": str(gone.story_id)})),
        ),
        tone="warning",
    )


def merged_page(t: Translator, kept: Development | None, story_id: int, decision: int) -> Page:
    """That two stories are one. ``decision`` is by what it can be taken back."""
    undo = Request("stories split", {"story": str(story_id), "undo": str(decision), "confirm": "yes"})
    blocks: list[Block] = [_lead(t, kept), _size(t, kept)] if kept else []
    blocks.append(Paragraph((t("They are one story now, and grouping will keep it so."),)))
    return Page(t("Merged"), tuple(blocks), (_open(t, story_id), Button(t("Undo"), undo)), tone="good")


def _everywhere(t: Translator) -> str:
    return t("Stories are shared: what is decided here holds for every server, and nobody is told it anew.")


def _lead(t: Translator, story: Development) -> Paragraph:
    lead = lead_article(story, t.language)
    return Paragraph((Link(title_of(lead), lead.url),))


def _size(t: Translator, story: Development) -> Note:
    reports = t.many("{n} report", "{n} reports", len(story.articles))
    return Note((reports, " · ", When(story.last_at), " · ", When(story.last_at, relative=True)))


def _reports(t: Translator, articles: Sequence[Article]) -> list[Block]:
    blocks: list[Block] = []
    for article in articles[:_SHOWN]:
        detail: tuple[Span, ...] = (article.publisher, " · ", When(article.published_at))
        blocks.append(Item((Link(title_of(article), article.url),), (detail,)))
    if len(articles) > _SHOWN:
        more = len(articles) - _SHOWN
        blocks.append(Note((t.many("and {n} more", "and {n} more", more),)))
    return blocks


def _report_option(article: Article) -> Option:
    return Option(title_of(article)[:100], str(article.id), f"{article.publisher} · {article.id}"[:100])


def _story_option(t: Translator, story: Development) -> Option:
    lead = lead_article(story, t.language)
    return Option(title_of(lead)[:100], str(story.story_id), f"{lead.publisher} · {story.story_id}"[:100])


def _open(t: Translator, story_id: int) -> Button:
    return Button(t("The story"), Request("story", {"story": str(story_id)}))

"""A topic that an admin corrects, so that a mistake becomes a test."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.articles import Article
from bot.domain.match import TOPICS
from bot.domain.page import (
    Block,
    Button,
    Choice,
    Item,
    Link,
    Note,
    Option,
    Page,
    Paragraph,
    Request,
    When,
)
from bot.locale import Translator
from bot.pages.wording import topic_name
from bot.stories.shown_titles import title_of

#: What is chosen for an article that bears on no concern at all.
NOT_RELEVANT = "none"
_OTHERS_SHOWN = 25


def ask_topic_page(
    t: Translator, article: Article, wanted: Sequence[str] | None, others: Sequence[Article]
) -> Page:
    """Which topic is right for an article? ``wanted`` is what this server said of it before."""
    blocks: list[Block] = [
        Paragraph((Link(title_of(article), article.url),)),
        Note((article.publisher, " · ", When(article.published_at))),
        Item((t("Its topics now: {topics}.", topics=_topics(t, article.topics)),)),
    ]
    if wanted is not None:
        blocks.append(Item((t("Corrected here to: {topics}.", topics=_topics(t, wanted)),)))
    choices = [_topic_choice(t, article, "topic", t("Which topic is right?"), wanted or ())]
    reports = [one for one in others if one.id != article.id][:_OTHERS_SHOWN]
    if reports:
        choices.append(
            Choice(
                t("Another report of the same event"),
                Request("wrong"),
                "article",
                tuple(Option(title_of(one)[:100], str(one.id), one.publisher) for one in reports),
            )
        )
    return Page(t("Wrong topic"), tuple(blocks), _buttons(t, article, wanted), tuple(choices))


def noted_page(t: Translator, article: Article, wanted: Sequence[str]) -> Page:
    """What was noted, what becomes of it, and a second topic if there is one."""
    blocks: list[Block] = [
        Paragraph((Link(title_of(article), article.url),)),
        Item((t("Corrected here to: {topics}.", topics=_topics(t, wanted)),)),
        Note(
            (
                t(
                    "The correction is kept with the article's text and helps to test the matcher;"
                    " it does not change what is shown now."
                ),
            )
        ),
    ]
    choices: tuple[Choice, ...] = ()
    if wanted:
        choices = (_topic_choice(t, article, "also", t("Is there a second topic?"), wanted),)
    return Page(t("Noted"), tuple(blocks), _buttons(t, article, wanted), choices, tone="good")


def dropped_page(t: Translator, article: Article) -> Page:
    """That a correction was taken back."""
    return Page(
        t("Taken back"),
        (
            Paragraph((Link(title_of(article), article.url),)),
            Item((t("Its topics now: {topics}.", topics=_topics(t, article.topics)),)),
        ),
        tone="good",
    )


def _topics(t: Translator, topics: Sequence[str]) -> str:
    return ", ".join(topic_name(t, topic) for topic in topics) if topics else t("no concern")


def _topic_choice(
    t: Translator, article: Article, argument: str, placeholder: str, wanted: Sequence[str]
) -> Choice:
    options = [
        Option(topic_name(t, topic), topic) for topic in TOPICS if argument == "topic" or topic not in wanted
    ]
    if argument == "topic":
        options.append(Option(t("None: it bears on no concern"), NOT_RELEVANT))
    return Choice(placeholder, Request("wrong", {"article": str(article.id)}), argument, tuple(options))


def _buttons(t: Translator, article: Article, wanted: Sequence[str] | None) -> tuple[Button, ...]:
    buttons = []
    if wanted is not None:
        undo = Request("wrong", {"article": str(article.id), "undo": "yes"})
        buttons.append(Button(t("Take it back"), undo))
    if article.story_id is not None:
        buttons.append(Button(t("The story"), Request("story", {"story": str(article.story_id)})))
    return tuple(buttons)

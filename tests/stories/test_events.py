"""Official documents join events, and never become part of what makes them one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.stories.document import Document
from bot.stories.events import EventGrouper
from bot.stories.story_overrides import MergeConstraint

START = datetime(2026, 11, 24, 12, tzinfo=UTC)
CLOSURE = (
    "Closure of the San Luis Crossing in Arizona at Night",
    "U.S. Customs and Border Protection closes the San Luis crossing from 22:00 to 06:00. FR Doc. 2026-23817",
)
CLOSURE_NEWS = "U.S. closes San Luis border crossing in Arizona at night, stranding truck drivers"


def report(id: int, title: str, summary: str = "", *, hours: float = 0, language: str = "en") -> Document:
    return Document(id, language, title, summary, START + timedelta(hours=hours), f"Paper {id}")


def official(id: int, title: str, summary: str = "", *, hours: float = 0, language: str = "en") -> Document:
    at = START + timedelta(hours=hours)
    return Document(id, language, title, summary, at, "Register", official=True, primary=True)


def told(grouper: EventGrouper, *documents: Document) -> dict[int, int]:
    """Place documents in their order; the story of each at the end."""
    stories: dict[int, int] = {}
    for one in documents:
        placement = grouper.place(one)
        story = placement.story if placement.story is not None else one.id
        grouper.add(one, story)
        stories[one.id] = story
        for gone in placement.merges:
            grouper.merge(story, gone)
            stories = {id: story if known == gone else known for id, known in stories.items()}
    return stories


@pytest.mark.parametrize("first", ["news", "document"])
def test_a_document_stands_with_the_news_of_it_whichever_came_first(first: str) -> None:
    news, document = report(1, CLOSURE_NEWS, hours=3), official(2, *CLOSURE)
    pair = (news, document) if first == "news" else (document, news)
    assert len(set(told(EventGrouper(), *pair).values())) == 1


def test_the_first_report_of_a_document_is_news() -> None:
    grouper = EventGrouper()
    told(grouper, official(1, *CLOSURE))
    assert grouper.place(report(2, CLOSURE_NEWS, hours=3)).facts == ("reported:Paper 2",)


def test_a_document_without_news_stands_alone() -> None:
    other = report(1, "Mayor of Tijuana opens a new market hall after years of works", hours=1)
    assert set(told(EventGrouper(), other, official(2, *CLOSURE)).values()) == {1, 2}


def test_a_number_decides_by_itself_in_either_language() -> None:
    order = official(1, "Adjusting Conditions of Entry", "Executive Order 14461")
    news = report(
        2, "Trump firma la orden ejecutiva 14461", "Nadie sabe qué cambia.", hours=50, language="es"
    )
    assert told(EventGrouper(), order, news) == {1: 1, 2: 1}


def test_a_document_draws_no_reports_together() -> None:
    omnibus = official(
        1,
        "Omnibus Notice on Ports of Entry",
        "Closes San Luis crossing in Arizona at night. Opens a bridge for trucks at Laredo.",
    )
    laredo = report(2, "New bridge for trucks opens at Laredo after ten years of quarrels", hours=1)
    closure = report(3, CLOSURE_NEWS, hours=2)
    stories = told(EventGrouper(), laredo, closure, omnibus)
    assert stories[2] != stories[3]


def test_an_order_in_two_places_is_one_document() -> None:
    title = "Restoring Returns of Asylum Seekers to Mexico While Their Cases Are Heard"
    signed, printed = official(1, title), official(2, title, "Executive Order 14461", hours=110)
    assert told(EventGrouper(), signed, printed) == {1: 1, 2: 1}


def test_another_month_s_notice_of_the_same_kind_is_another_event() -> None:
    old = report(1, CLOSURE_NEWS)
    assert told(EventGrouper(), old, official(2, *CLOSURE, hours=24 * 9))[2] == 2


def test_what_an_admin_parted_stays_apart() -> None:
    apart = EventGrouper([MergeConstraint(1, 2, together=False)], [(1, 2)])
    assert told(apart, report(1, CLOSURE_NEWS), official(2, *CLOSURE)) == {1: 1, 2: 2}
    joined = EventGrouper([MergeConstraint(1, 2, together=True)])
    assert told(joined, report(1, "Something else"), official(2, *CLOSURE)) == {1: 1, 2: 1}


def test_the_window_forgets_documents_too() -> None:
    grouper = EventGrouper()
    told(grouper, report(1, CLOSURE_NEWS), official(2, *CLOSURE))
    assert len(grouper) == 2
    assert grouper.forget_before(START + timedelta(days=1)) == 2
    assert len(grouper) == 0


def test_a_window_that_was_loaded_again_decides_the_same() -> None:
    news, document = report(1, CLOSURE_NEWS), official(2, *CLOSURE)
    for order in ((news, document), (document, news)):
        grouper = EventGrouper()
        for one in order:
            grouper.add(one, 1)
        later = report(
            3, "San Luis crossing in Arizona closed at night: truck drivers wait at border", hours=5
        )
        assert grouper.place(later).story == 1

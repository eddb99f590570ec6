"""A parser that fails on an item costs that item, and one that fails on all accuses nobody."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.feeds import parse
from bot.feeds.errors import ParseFailed
from bot.feeds.health import is_hard
from bot.feeds.parser_process import answer
from tests.feeds import samples

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
URL = "https://diario.example.mx/rss"


@pytest.fixture
def faulty(monkeypatch: pytest.MonkeyPatch) -> None:
    """A feedparser that raises for every document in which "faulty" stands."""
    right = parse.feedparser.parse

    def parse_or_raise(stream: Any, **options: Any) -> Any:
        body = stream.getvalue()
        if b"faulty" in body:
            raise UnicodeEncodeError("utf-8", "x", 0, 1, "surrogates not allowed")
        return right(stream, **options)

    monkeypatch.setattr(parse.feedparser, "parse", parse_or_raise)


def items(*faulty: int, of: int = 9) -> list[str]:
    return [f"<title>{'faulty' if at in faulty else 'Nota'} {at}</title>" for at in range(of)]


@pytest.mark.usefixtures("faulty")
@pytest.mark.parametrize("bad", [(4,), (0, 8), (2, 3, 5), (0,)])
def test_the_other_items_are_read_in_their_order(bad: tuple[int, ...]) -> None:
    feed = parse.parse_document(samples.rss(items(*bad)), "", URL, NOW)
    assert [entry.title for entry in feed.entries] == [f"Nota {at}" for at in range(9) if at not in bad]
    assert feed.title == "T" and "malformed" in feed.problems


@pytest.mark.usefixtures("faulty")
def test_a_fault_in_all_is_told_with_its_type_and_place() -> None:
    body = samples.rss(items(0, 1, of=2))
    with pytest.raises(ParseFailed) as error:
        parse.parse_document(body, "", URL, NOW)
    assert error.value.code == "parser_failed"
    assert error.value.data["type"] == "UnicodeEncodeError"
    assert str(error.value.data["place"]).startswith("test_salvage.py:")
    [(code, data)] = answer(body, "", URL, int(NOW.timestamp()))
    assert code == "parser_failed" and dict(data) == error.value.data
    assert not is_hard(code)


def test_items_of_which_none_can_be_read_are_a_failure() -> None:
    for body in (
        samples.rss(["<link>https://d.example.mx/1</link>"]),
        b'{"version": "jsonfeed.org", "items": [{}]}',
    ):
        assert parse.parse_document(body, "", URL, NOW).failure == "no_readable_items"
    assert parse.parse_document(samples.rss([]), "", URL, NOW).failure is None


def test_a_sitemap_goes_on_behind_a_fault() -> None:
    def url(number: int, title: str) -> str:
        return f"<url><loc>https://d.example.mx/{number}</loc><news:title>{title}</news:title></url>"

    for wrong in ("Uno < dos", "Uno <b>dos</i>", "Uno &#55357; dos", "Uno </url>"):
        body = f"<urlset>{url(1, 'Primera')}{url(2, wrong)}{url(3, 'Tercera')}{url(4, 'Cuarta')}</urlset>"
        feed = parse.parse_document(body.encode(), "", URL, NOW)
        titles = [entry.title for entry in feed.entries]
        assert titles[0] == "Primera" and titles[-2:] == ["Tercera", "Cuarta"], wrong
        assert "malformed" in feed.problems, wrong

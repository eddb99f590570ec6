"""Every official source reads its own form, and says so where an answer has another."""

from __future__ import annotations

import importlib
import unicodedata

import pytest

from bot.domain.feeds import SOURCE_KINDS
from bot.feeds.catalog import load_catalog
from bot.feeds.errors import NotAFeed
from bot.sources import registry
from tests.sources.cases import CASES, CHALLENGE, FIXTURES, Format

LABELS = ("Publisher:", "Gives:", "Validators:", "Empty:", "Known faults:", "Proof:", "Default:")

each_source = pytest.mark.parametrize("case", CASES, ids=str)


@each_source
def test_normal(case: Format) -> None:
    feed = case.read(case.body)
    assert len(feed.entries) == case.items
    first = feed.entries[0]
    assert first.title == case.first
    assert first.url and first.guid
    for number in case.numbers:
        assert number in first.text()
    assert all(entry.published for entry in feed.entries)


@each_source
def test_a_missing_field_costs_no_document(case: Format) -> None:
    for field in case.fields:
        feed = case.read(case.without(field))
        assert len(feed.entries) >= case.items - (field in case.vital), field
        assert all(entry.title for entry in feed.entries)


@each_source
def test_an_unknown_field_changes_nothing(case: Format) -> None:
    assert case.read(case.extended()).entries == case.read(case.body).entries


@each_source
@pytest.mark.parametrize("turn", range(5))
def test_a_wrongly_typed_field_is_a_missing_one(case: Format, turn: int) -> None:
    others = case.read(case.body).entries[1:]
    for field in case.fields:
        assert case.read(case.mistyped(field, turn)).entries[-len(others) :] == others, field


@each_source
def test_deeper_nesting_costs_no_other_document(case: Format) -> None:
    assert case.read(case.nested()).entries[1:] == case.read(case.body).entries[1:]


@each_source
def test_a_document_nested_without_end_is_refused(case: Format) -> None:
    with pytest.raises(NotAFeed):
        case.read(b'{"results":' * 100_000)


@each_source
def test_an_empty_day_is_no_fault(case: Format) -> None:
    assert case.read(case.empty()).entries == ()


@each_source
def test_a_challenge_page_is_a_fault(case: Format) -> None:
    with pytest.raises(NotAFeed) as raised:
        case.read(CHALLENGE)
    assert raised.value.code in ("challenge_page", "html")


@each_source
def test_a_changed_form_is_a_fault(case: Format) -> None:
    for body in case.changed():
        with pytest.raises(NotAFeed) as raised:
            case.read(body)
        assert raised.value.code in ("changed_form", "unknown_format"), body[:80]


@each_source
def test_accents_and_encodings(case: Format) -> None:
    word = "Añañá “Ü”"
    marked = case.body.decode().replace(case.first, f"{word} {case.first}")
    plain = case.read(marked.encode()).entries
    assert plain[0].title == f"{word} {case.first}"
    assert case.read(b"\xef\xbb\xbf" + marked.encode()).entries == plain
    apart = unicodedata.normalize("NFD", marked)
    assert case.read(apart.encode()).entries[0].title == plain[0].title


@each_source
def test_its_own_address_is_known(case: Format) -> None:
    source = registry.source_at(case.url)
    assert source is not None and source.kind == case.kind


@pytest.mark.parametrize("kind", SOURCE_KINDS)
def test_a_quality_card(kind: str) -> None:
    module = importlib.import_module(f"bot.sources.{kind}")
    card = registry.SOURCES[kind].card
    assert module.__doc__ is not None
    for label in LABELS:
        assert f"\n{label} " in module.__doc__, label
    fixtures = [
        part for part in card.proof.replace("tests/sources/fixtures/", "").split(" · ") if "/" not in part
    ]
    assert (FIXTURES / fixtures[0]).exists()
    assert fixtures[0] in module.__doc__


def test_every_kind_has_its_source_and_every_shipped_address_its_kind() -> None:
    assert tuple(registry.SOURCES) == SOURCE_KINDS
    for feed in load_catalog(FIXTURES.parents[2] / "feeds.yaml"):
        source = registry.source_at(feed.url)
        assert feed.kind == source.kind if source else feed.kind not in SOURCE_KINDS, feed.url

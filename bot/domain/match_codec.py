"""A matcher's verdict as compact bytes, and back."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from bot.domain.match import Finding, Match, TopicScore


def pack_match(match: Match) -> bytes:
    """A verdict as compressed JSON: lists in the order of the fields."""
    values = [
        [_score_out(score) for score in match.topics],
        match.reason,
        match.score,
        list(match.concepts),
        _score_out(match.nearest) if match.nearest else None,
        _findings_out(match.excluded),
        *([match.overruled] if match.overruled else []),
    ]
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
    return zlib.compress(text.encode("utf-8", "replace"))


def unpack_match(packed: bytes) -> Match:
    """The verdict that ``pack_match`` wrote."""
    if not packed:
        return Match((), "unknown", 0.0)
    topics, reason, score, concepts, nearest, excluded, *overruled = json.loads(zlib.decompress(packed))
    return Match(
        topics=tuple(_score_in(one) for one in topics),
        reason=reason,
        score=score,
        concepts=tuple(concepts),
        nearest=_score_in(nearest) if nearest else None,
        excluded=_findings_in(excluded),
        overruled=overruled[0] if overruled else "",
    )


def concepts_of(packed: bytes) -> tuple[str, ...]:
    """The concepts of a packed verdict, without the rest of it."""
    return tuple(json.loads(zlib.decompress(packed))[3]) if packed else ()


def without_findings(match: Match) -> Match:
    """The verdict without the places in the text that led to it."""
    topics = tuple(replace(topic, findings=()) for topic in match.topics)
    return replace(match, topics=topics, excluded=())


def _score_out(score: TopicScore) -> list[Any]:
    return [score.topic, score.score, score.rule, _findings_out(score.findings)]


def _score_in(raw: list[Any]) -> TopicScore:
    topic, score, rule, findings = raw
    return TopicScore(topic, score, rule, _findings_in(findings))


def _findings_out(findings: Iterable[Finding]) -> list[list[Any]]:
    return [[one.concept, one.surface, one.field, one.start, one.end, one.role] for one in findings]


def _findings_in(raw: list[list[Any]]) -> tuple[Finding, ...]:
    return tuple(Finding(*one) for one in raw)

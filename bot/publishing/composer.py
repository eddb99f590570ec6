"""A digest put together from the store: for the preview that an admin asks for, and for the day's post."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from bot.article import Brief, Concern
from bot.domain.audience import View
from bot.domain.feeds import DOCUMENT, HealthCounts
from bot.domain.page import Page
from bot.domain.stories import Correction, Development
from bot.locale import Translator, translator
from bot.pages.digest import DigestExtras, DigestPart, DigestWindow, digest_page, places
from bot.pages.facts import added_line
from bot.pages.items import Ranked
from bot.ranking.bearing import under_homes
from bot.ranking.rank import Rank, by_rank
from bot.record import Record
from bot.record.current import current_policies
from bot.store import developments, feeds, policies
from bot.store.developments import Addition
from bot.store.policies import ProposedStep

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

#: Stories looked at for one digest; a day has brought at most some 150 so far.
MOST_STORIES = 400


@dataclass(frozen=True, slots=True)
class DigestOrder:
    """The settings of a digest. Equal orders get the same page, composed once."""

    view: View
    concerns: tuple[str, ...]
    language: str
    day: date
    since: datetime
    until: datetime
    late: bool = False


@dataclass(frozen=True, slots=True)
class ComposedDigest:
    """A digest's page. ``empty``: it has no news; some servers want no message then."""

    page: Page
    empty: bool


@dataclass(frozen=True, slots=True)
class Material:
    """The developments of a period for servers with the same feeds, most important first.

    Stories from before it come with the period's reports; ``known`` has them whole, and ``added`` what was
    added, by story. ``steps`` are steps of policies that reports of the period propose.
    """

    found: tuple[tuple[Development, Rank], ...]
    known: Mapping[int, Development]
    added: Mapping[int, Addition]
    health: HealthCounts
    steps: tuple[ProposedStep, ...] = ()


def gather(session: Session, view: View, since: datetime, until: datetime) -> Material:
    """What is stored for digests of that period, whatever their language and concerns."""
    found = developments.changed_between(session, view, since, until, limit=MOST_STORIES)
    added = developments.additions_between(session, view, since, until)
    told = [_lately(one, since) if one.story_id in added else one for one in found]
    known = {one.story_id: one for one in found if one.story_id in added}
    health = feeds.health_counts(session, view)
    steps = policies.first_proposed(session, view, since, until)
    return Material(tuple(by_rank(told)), known, added, health, tuple(steps))


def _lately(development: Development, since: datetime) -> Development:
    """A story from before, with only its newer reports and its documents: the rest was in earlier digests."""
    if all(article.first_seen_at <= since for article in development.articles):
        return replace(development, articles=development.articles[:1])
    kept = (one for one in development.articles if one.first_seen_at > since or one.kind == DOCUMENT)
    return replace(development, articles=tuple(kept))


def compose(brief: Brief, record: Record, order: DigestOrder, material: Material) -> ComposedDigest:
    """The page for ``order``; each story appears once: as the lead, or under its one concern."""
    t = translator(order.language)
    rank_of = {development.story_id: ranking for development, ranking in material.found}
    placed = under_concerns(material, order.concerns)
    shares = places([len(stories) for stories in placed.values()])
    parts = [
        DigestPart(
            brief.concern(concern),
            tuple(_ranked(t, one, rank_of[one.story_id], material) for one in stories[:share]),
            len(stories),
        )
        for (concern, stories), share in zip(placed.items(), shares, strict=True)
    ]
    followed = [part.concern for part in parts]
    extras = _extras(brief, record, material, followed, _corrected(placed, material, order))
    page = digest_page(
        t,
        brief,
        order.day,
        parts,
        material.health,
        DigestWindow(order.since, order.until, order.concerns),
        extras,
        lead=_lead(parts),
        late=order.late,
    )
    return ComposedDigest(page, not extras.steps and not any(part.total for part in parts))


def under_concerns(material: Material, concerns: tuple[str, ...] = ()) -> Mapping[str, Sequence[Development]]:
    """What was found under its concerns, in the article's order, what matters most first."""
    return under_homes([development for development, _ in material.found], concerns)


def _ranked(t: Translator, development: Development, ranking: Rank, material: Material) -> Ranked:
    added = material.added.get(development.story_id)
    if added is None:
        return Ranked(development, ranking)
    reports = material.known[development.story_id].articles
    return Ranked(development, ranking, added_line(t, added.facts, reports, added.article_id))


def _lead(parts: Sequence[DigestPart]) -> Ranked | None:
    """The most important development, if anything makes it important."""
    able = [part.told[0] for part in parts if part.told and part.told[0].ranking.speaks]
    return max(able, key=lambda one: (one.ranking.place, one.development.last_at), default=None)


def _corrected(
    placed: Mapping[str, Sequence[Development]], material: Material, order: DigestOrder
) -> tuple[tuple[Development, Correction], ...]:
    """Corrections within the period to reports from before it, the newest of each story first."""
    found: dict[int, tuple[Development, Correction]] = {}
    for recent in (one for stories in placed.values() for one in stories):
        development = material.known.get(recent.story_id, recent)
        told = {one.id for one in development.articles if one.first_seen_at <= order.since}
        for mark in development.corrections:
            if mark.article_id in told and order.since < mark.at <= order.until:
                found.setdefault(development.story_id, (development, mark))
    return tuple(sorted(found.values(), key=lambda one: one[1].at, reverse=True))


def _extras(
    brief: Brief,
    record: Record,
    material: Material,
    followed: Sequence[Concern],
    corrected: tuple[tuple[Development, Correction], ...],
) -> DigestExtras:
    """The author's questions without news, a policy in force for each of the concerns, and the proposed steps
    of policies that bear on the concerns.
    """
    borne = {bearing.question for _, ranking in material.found for bearing in ranking.bearings}
    own = [concern for concern in followed if concern.authors_own]
    unanswered = [one for concern in own for one in concern.questions if one.id not in borne]
    in_force = [
        policy
        for concern in own
        for policy in current_policies(record, (one.id for one in concern.questions))[:1]
    ]
    asked = {one.id for concern in followed for one in concern.questions}
    touched = {policy.id: policy for policy in record.objects if asked.intersection(policy.questions)}
    steps = [(touched[step.policy], step) for step in material.steps if step.policy in touched]
    return DigestExtras(tuple(unanswered), tuple(in_force), corrected, tuple(steps))

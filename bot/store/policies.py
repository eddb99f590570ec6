"""Which policies of the record articles name, and the steps that they may tell of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from bot.domain.articles import Article, NamedPolicy
from bot.domain.audience import User, View
from bot.domain.stories import Development
from bot.store import developments, watermark
from bot.store import tables as t
from bot.store.models import PolicyReportRow
from bot.store.recency import NEWS_AGE, is_news
from bot.store.rows import ARTICLE, ArticleColumns, article_of
from bot.store.sql import chunks, col, columns, insert_ignore, joined
from bot.store.visibility import visibility

#: What an operator can make of a proposed step.
CONFIRMED, REJECTED = "confirmed", "rejected"
#: Reports that are looked at for the newest developments: one event is reported by several outlets.
LOOKED_AT = 60
#: Reports of one step that come within so long are of one event: the later ones are not announced again.
SAME_STEP = timedelta(days=14)
#: Proposals that are read for one digest; two weeks have brought some dozens so far.
_MOST_PROPOSALS = 400


@dataclass(frozen=True, slots=True)
class ProposedStep:
    """A step of a policy that an article may tell of, and what was decided and when: None as long as nothing
    was. A decision that is older than its moment's column has none.
    """

    policy: str
    status: str
    article: Article
    decision: str | None
    decided_at: datetime | None = None


class _Proposal(NamedTuple):
    policy: str
    proposes: str
    decision: str | None
    decided_at: datetime | None


def attach(session: Session, reports: Iterable[tuple[int, datetime, tuple[NamedPolicy, ...]]]) -> None:
    """Note which policies articles name: each with its id and when it was published. Safe to repeat."""
    rows = [
        {
            "article_id": article_id,
            "policy": named.policy,
            "published_at": published_at,
            "proposes": named.proposes,
        }
        for article_id, published_at, policies in reports
        for named in policies
    ]
    insert_ignore(session, t.policy_report, rows)


def newest(session: Session, policy: str, view: View, limit: int) -> list[Development]:
    """The newest developments that name a policy and that the server may see, at most ``limit``."""
    report = t.policy_report
    recent = (
        select(report.c.article_id, report.c.published_at)
        .where(report.c.policy == policy)
        .order_by(report.c.published_at.desc())
        .limit(LOOKED_AT)
        .subquery()
    )
    rows = session.execute(
        select(t.article.c.story_id)
        .join(recent, recent.c.article_id == t.article.c.id)
        .where(t.article.c.story_id.is_not(None))
        .order_by(recent.c.published_at.desc())
    )
    found: list[Development] = []
    for ids in chunks(dict.fromkeys(rows.scalars().all()), limit):  # the first are mostly all seen
        found += developments.stories(session, ids, view)
        if len(found) >= limit:
            break
    return found[:limit]


def proposed(session: Session, limit: int) -> list[ProposedStep]:
    """The steps that articles may tell of and nobody has looked at, the newest first."""
    undecided = t.policy_report.c.decision.is_(None)
    return _proposals(session, undecided, limit)


def named_by(session: Session, article_ids: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """The policies that articles name, by article; those that name none are left out."""
    report = t.policy_report.c
    found: dict[int, tuple[str, ...]] = {}
    for ids in chunks(article_ids):
        named = select(col(PolicyReportRow.article_id), col(PolicyReportRow.policy))
        here = named.where(report.article_id.in_(ids)).order_by(report.policy)
        for article_id, policy in session.execute(here):
            found[article_id] = (*found.get(article_id, ()), policy)
    return found


def first_proposed(session: Session, view: View, since: datetime, until: datetime) -> list[ProposedStep]:
    """The open steps that were first proposed after ``since`` and up to ``until``, the newest first.

    Both are moments at which the bot learned of the report, as for ``developments.changed_between``: spans
    that touch never give the same step twice. Only reports that the server may see count.
    """
    article = t.article.c
    seen = visibility(session, view).clause(article.id, article.common)
    reported = t.policy_report.c.published_at >= since - SAME_STEP - NEWS_AGE
    known = article.first_seen_at > since - SAME_STEP
    found = _proposals(session, reported & known & seen & is_news(), _MOST_PROPOSALS)
    return without_known(found, since, until)


def without_known(found: Iterable[ProposedStep], since: datetime, until: datetime) -> list[ProposedStep]:
    """Of some proposals each open step once that became known in the span and not before it.

    A step that was rejected before the span does not hide a later one; a confirmed one does.
    """
    steps: dict[tuple[str, str], ProposedStep] = {}
    known: set[tuple[str, str]] = set()
    for one in found:
        key = (one.policy, one.status)
        if one.article.first_seen_at <= since:
            if one.decision != REJECTED:
                known.add(key)
        elif one.decision == CONFIRMED:
            known.add(key)
        elif one.decision is None and one.article.first_seen_at <= until:
            steps.setdefault(key, one)
    return [one for key, one in steps.items() if key not in known]


def confirmed(session: Session, policy: str, limit: int) -> list[ProposedStep]:
    """The reported steps of a policy that an operator confirmed, the newest first."""
    report = t.policy_report
    return _proposals(session, (report.c.policy == policy) & (report.c.decision == CONFIRMED), limit)


def newly_confirmed(session: Session, view: View, since: datetime, until: datetime) -> list[ProposedStep]:
    """The steps that an operator confirmed after ``since`` and up to ``until``, the last decided first.

    Only reports that the server may see count. A step that was confirmed from another report within two
    weeks before is the same one, and is not given again.
    """
    report, article = t.policy_report.c, t.article.c
    seen = visibility(session, view).clause(article.id, article.common)
    decided = (report.decided_at > since - SAME_STEP) & (report.decided_at <= until)
    found = _proposals(session, decided & (report.decision == CONFIRMED) & seen, _MOST_PROPOSALS)
    return without_repeats(found, since)


def without_repeats(found: Iterable[ProposedStep], since: datetime) -> list[ProposedStep]:
    """Of confirmed steps those of after ``since`` that repeat none before, the last decided first."""
    first: dict[tuple[str, str], ProposedStep] = {}
    dated = ((one.decided_at, one) for one in found if one.decided_at is not None)
    for _, one in sorted(dated, key=lambda pair: pair[0]):
        first.setdefault((one.policy, one.status), one)
    return [one for one in reversed(first.values()) if one.decided_at and one.decided_at > since]


def decide(session: Session, article_id: int, policy: str, decision: str, by: User, *, now: datetime) -> bool:
    """Note what an operator makes of a proposed step, and when. False if there is none.

    A decision that was made already stays as it is, with its moment.
    """
    report = t.policy_report
    step = (report.c.article_id == article_id, report.c.policy == policy, report.c.proposes.is_not(None))
    if session.execute(select(report.c.policy).where(*step)).first() is None:
        return False
    session.execute(
        update(report)
        .where(*step, or_(report.c.decision.is_(None), report.c.decision != decision))
        .values(decision=decision, decided_by=by, decided_at=watermark.stamp(session, now))
    )
    return True


def _proposals(session: Session, where: ColumnElement[bool], limit: int) -> list[ProposedStep]:
    """Proposals under a condition. Of articles that only some server's own feed brought there are none."""
    report = t.policy_report
    rows = session.execute(
        select(*columns(_Proposal, report), *ARTICLE)
        .join(t.article, t.article.c.id == report.c.article_id)
        .where(where, report.c.proposes.is_not(None), t.article.c.common)
        .order_by(report.c.published_at.desc(), report.c.article_id.desc())
        .limit(limit)
    )
    return [
        ProposedStep(one.policy, one.proposes, article_of(article), one.decision, one.decided_at)
        for one, article in joined(rows, _Proposal, ArticleColumns)
    ]

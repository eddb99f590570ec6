"""Verdicts that admins corrected: kept with their text, to be measured against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from bot.domain.articles import Article
from bot.domain.audience import Owner, User
from bot.store import guilds
from bot.store import tables as t
from bot.store.codec import plain
from bot.store.sql import columns, insert, joined


@dataclass(frozen=True, slots=True)
class Case:
    """An article with the topics that it was given and those that an admin wants. None wanted: not relevant.

    ``published_at`` is the moment of the correction where the article is gone.
    """

    article_id: int
    language: str
    publisher: str
    url: str
    title: str
    summary: str
    given: tuple[str, ...]
    wanted: tuple[str, ...]
    published_at: datetime


class _CaseColumns(NamedTuple):
    article_id: int
    at: datetime
    language: str
    publisher: str
    url: str
    title: str
    summary: str
    given: str
    wanted: str


class _Published(NamedTuple):
    """When the article was published, None if it is gone."""

    published_at: datetime | None


def label(
    session: Session,
    owner: Owner,
    article: Article,
    wanted: Sequence[str],
    *,
    by: User,
    now: datetime,
) -> None:
    """Note which topics an article should have had. A server has one opinion of it: the last one stands."""
    values = {
        "added_by": by,
        "at": now,
        "language": article.language,
        "publisher": article.publisher,
        "url": article.url,
        "title": plain(article.title),
        "summary": plain(article.summary),
        "given": " ".join(article.topics),
        "wanted": " ".join(dict.fromkeys(wanted)),
        "note": "",
    }
    key = {"guild_id": owner, "article_id": article.id}
    statement = insert(session, t.labelled_case).values(key | values)
    session.execute(statement.on_conflict_do_update(index_elements=list(key), set_=values))
    detail = {"article": article.id, "given": list(article.topics), "wanted": list(wanted)}
    guilds.audit(session, owner, action="case_labelled", detail=detail, by=by, now=now)


def wanted_of(session: Session, owner: Owner, article_id: int) -> tuple[str, ...] | None:
    """The topics that the server wants for an article; None if it never said."""
    wanted: str | None = session.scalar(select(t.labelled_case.c.wanted).where(*_here(owner, article_id)))
    return None if wanted is None else tuple(wanted.split())


def unlabel(session: Session, owner: Owner, article_id: int, *, by: User, now: datetime) -> bool:
    """Take a server's correction back. False if there is none."""
    gone = session.execute(
        delete(t.labelled_case).where(*_here(owner, article_id)).returning(t.labelled_case.c.id)
    ).first()
    if gone is None:
        return False
    guilds.audit(session, owner, action="case_dropped", detail={"article": article_id}, by=by, now=now)
    return True


def cases(session: Session) -> list[Case]:
    """All corrections of all servers, by article and then in the order in which they were made."""
    rows = session.execute(
        select(*columns(_CaseColumns, t.labelled_case), t.article.c.published_at)
        .outerjoin(t.article, t.article.c.id == t.labelled_case.c.article_id)
        .order_by(t.labelled_case.c.article_id, t.labelled_case.c.at, t.labelled_case.c.id)
    )
    return [_case(row, article.published_at) for row, article in joined(rows, _CaseColumns, _Published)]


def _here(owner: Owner, article_id: int) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return t.labelled_case.c.guild_id == owner, t.labelled_case.c.article_id == article_id


def _case(row: _CaseColumns, published_at: datetime | None) -> Case:
    return Case(
        article_id=row.article_id,
        language=row.language,
        publisher=row.publisher,
        url=row.url,
        title=row.title,
        summary=row.summary,
        given=tuple(row.given.split()),
        wanted=tuple(row.wanted.split()),
        published_at=published_at or row.at,
    )

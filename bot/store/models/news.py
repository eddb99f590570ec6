"""What the feeds brought: feeds, articles, stories, concerns.

No ``from __future__ import annotations`` here: SQLModel reads the annotations as they stand.
"""

from datetime import datetime

from sqlalchemy import Index, LargeBinary, Text, UniqueConstraint
from sqlmodel import Field

from bot.domain.audience import User
from bot.store.models.base import NEVER_REUSED, NO_ROWID, Table, own_id, part, when, where
from bot.store.types import Big, Key16, UserKey


class FeedRow(Table, table=True):
    """An address that is polled. ``state`` is the polling policy's own memory, as JSON.

    ``listed_key`` is of the address under which the operator's list names it or last named it: feeds move.
    """

    __table_args__ = (
        UniqueConstraint("url_key"),
        Index("ix_feed_due", "next_due_at", **where("disabled_reason IS NULL")),
        NEVER_REUSED,
    )

    id: int = own_id()
    url: str = Field(sa_type=Text)
    url_key: bytes = Field(sa_type=Key16)
    host: str = Field(sa_type=Text)
    publisher: str = Field(sa_type=Text)
    title: str = Field(sa_type=Text)
    language: str = Field(sa_type=Text)
    kind: str = Field(sa_type=Text)
    region: str = Field(sa_type=Text)
    is_default: bool = Field(default=False)
    browser_like: bool = Field(default=False)
    disabled_reason: str | None = Field(default=None, sa_type=Text)
    next_due_at: datetime | None = when(default=None)
    health: str = Field(default="new", sa_type=Text)
    state: str = Field(default="", sa_type=Text)
    last_success_at: datetime | None = when(default=None)
    last_new_entry_at: datetime | None = when(default=None)
    lease_owner: str | None = Field(default=None, sa_type=Text)
    lease_until: datetime | None = when(default=None)
    listed_key: bytes | None = Field(default=None, sa_type=Key16)


class HostHoldRow(Table, table=True):
    """A host that asked for no requests, and until when."""

    __table_args__ = (NO_ROWID,)

    host: str = Field(sa_type=Text, primary_key=True)
    until: datetime = when()


class PollRow(Table, table=True):
    """One poll of one feed. The key makes a slot's effect happen once, whoever repeats it."""

    __table_args__ = (Index(None, "at"), NO_ROWID)

    feed_id: int = part(sa_type=Big, foreign_key="feed.id", ondelete="CASCADE")
    slot: int = part(sa_type=Big)
    status: str = Field(sa_type=Text)
    new_items: int = Field(default=0)
    at: datetime = when()


class ArticleRow(Table, table=True):
    """An entry that matched.

    ``common`` is whether a default feed carried it, which is what a server without feeds of its own
    sees. ``topics`` are the matched topics, strongest first, separated by spaces; ``verdict`` is the whole
    match with its why, packed: it would be half of the row. ``evidence`` is packed too, and None until an
    article that was stored before there was any is judged. ``published_at`` is never later than
    ``first_seen_at``. ``form`` is what ``bot.topics.form`` told of it when it came, from its categories
    too, which are not kept; None of what was stored before there was any. ``feed_id`` is no foreign key:
    to delete a feed would then mean to search all articles for it, and a feed that was ever read is never
    deleted.
    """

    __table_args__ = (
        UniqueConstraint("guid_key"),
        UniqueConstraint("url_key"),
        Index("ix_article_published_at", "published_at", "id"),
        Index("ix_article_story_id", "story_id", **where("story_id IS NOT NULL")),
        Index("ix_article_ungrouped", "id", **where("story_id IS NULL")),
        Index("ix_article_unjudged", "id", **where("evidence IS NULL")),
        NEVER_REUSED,
    )

    id: int = own_id()
    feed_id: int = Field(sa_type=Big)
    guid_key: bytes = Field(sa_type=Key16)
    url_key: bytes | None = Field(default=None, sa_type=Key16)
    content_key: bytes = Field(sa_type=LargeBinary(8))
    common: bool = Field(default=False)
    url: str = Field(sa_type=Text)
    title: str = Field(sa_type=Text)
    summary: str = Field(sa_type=Text)
    language: str = Field(sa_type=Text)
    publisher: str = Field(sa_type=Text)
    kind: str = Field(sa_type=Text)
    published_at: datetime = when()
    first_seen_at: datetime = when()
    story_id: int | None = Field(default=None, sa_type=Big)
    topics: str = Field(sa_type=Text)
    verdict: bytes = Field(sa_type=LargeBinary)
    evidence: str | None = Field(default=None, sa_type=Text)
    form: str | None = Field(default=None, sa_type=Text)


class SightingRow(Table, table=True):
    """Every feed that carried an article. What a server may see goes through it."""

    __table_args__ = (NO_ROWID,)

    article_id: int = part(sa_type=Big, foreign_key="article.id", ondelete="CASCADE")
    feed_id: int = part(sa_type=Big, foreign_key="feed.id", ondelete="CASCADE")
    at: datetime = when()


class ArticleRevisionRow(Table, table=True):
    """What an article said before its publisher edited it. ``number`` counts from 1."""

    __table_args__ = (NO_ROWID,)

    article_id: int = part(sa_type=Big, foreign_key="article.id", ondelete="CASCADE")
    number: int = part()
    at: datetime = when()
    title: str = Field(sa_type=Text)
    summary: str = Field(sa_type=Text)


class FingerprintRow(Table, table=True):
    """An entry that did not match, or whose article was retired: enough to know it and to say why not."""

    __table_args__ = (UniqueConstraint("guid_key"), Index(None, "url_key"), Index(None, "seen_at"))

    id: int = own_id()
    guid_key: bytes = Field(sa_type=Key16)
    url_key: bytes | None = Field(default=None, sa_type=Key16)
    content_key: bytes = Field(sa_type=LargeBinary(8))
    feed_id: int = Field(sa_type=Big, foreign_key="feed.id", ondelete="CASCADE")
    url: str = Field(sa_type=Text)
    title: str = Field(sa_type=Text)
    summary: str = Field(default="", sa_type=Text)
    language: str = Field(default="", sa_type=Text)
    reason: str = Field(sa_type=Text)
    nearest: str | None = Field(default=None, sa_type=Text)
    nearest_score: float | None = Field(default=None)
    #: The content keys of what other feeds make of it, which did not match either: 8 bytes each, newest last.
    other_contents: bytes | None = Field(default=None, sa_type=LargeBinary)
    seen_at: datetime = when()
    published_at: datetime | None = when(default=None)


class IdentityDecisionRow(Table, table=True):
    """Why an entry was taken for another, or kept apart; ``page_key`` is a hash of its address.

    ``reasons`` are codes of ``feeds.sameness`` with their points, such as "guid_weak:1 title_other:-3".
    """

    __table_args__ = (
        Index(None, "feed_id"),
        Index(None, "other_feed_id"),
        Index(None, "decided_at"),
        NO_ROWID,
    )

    page_key: bytes = Field(sa_type=Key16, primary_key=True)
    feed_id: int = Field(sa_type=Big, foreign_key="feed.id", ondelete="CASCADE")
    title: str = Field(sa_type=Text)
    other_feed_id: int = Field(sa_type=Big, foreign_key="feed.id", ondelete="CASCADE")
    other_url: str = Field(sa_type=Text)
    other_title: str = Field(sa_type=Text)
    reasons: str = Field(sa_type=Text)
    decided_at: datetime = when()


class ArticleConcernRow(Table, table=True):
    """An article under a concern. Date, story and ``common`` are copied in: 0.01 ms against 283 ms."""

    __table_args__ = (Index(None, "article_id"), NO_ROWID)

    concern_id: str = Field(sa_type=Text, primary_key=True)
    published_at: datetime = when(primary_key=True)
    article_id: int = part(sa_type=Big, foreign_key="article.id", ondelete="CASCADE")
    story_id: int = Field(sa_type=Big)
    common: bool = Field(default=False)


class ArticleQuestionRow(Table, table=True):
    """A placed article that bears on a question of the article; ``weight`` is how directly, 1 to 3."""

    __table_args__ = (
        Index(None, "article_id"),
        Index("ix_article_question_weight", "weight", "published_at"),
        NO_ROWID,
    )

    question_id: str = Field(sa_type=Text, primary_key=True)
    published_at: datetime = when(primary_key=True)
    article_id: int = part(sa_type=Big, foreign_key="article.id", ondelete="CASCADE")
    weight: int


class StoryRow(Table, table=True):
    """An event. Its id is that of the article that founded it."""

    __table_args__ = (Index("ix_story_merged_into", "merged_into", **where("merged_into IS NOT NULL")),)

    id: int = part(sa_type=Big)
    first_at: datetime = when()
    last_at: datetime = when()
    articles: int = Field(default=0)
    revision: int = Field(default=1)
    lead_article_id: int = Field(sa_type=Big)
    merged_into: int | None = Field(default=None, sa_type=Big)


class StoryRevisionRow(Table, table=True):
    """What an article added to a story. ``added`` is a JSON list of facts (``kind:value``)."""

    __table_args__ = (Index(None, "at"), NO_ROWID)

    story_id: int = part(sa_type=Big, foreign_key="story.id", ondelete="CASCADE")
    revision: int = part()
    at: datetime = when()
    article_id: int = Field(sa_type=Big)
    reason: str = Field(sa_type=Text)
    added: str = Field(default="[]", sa_type=Text)


class StoryLinkRow(Table, table=True):
    """Two stories that may be one event reported in two languages; ``low_id`` is the smaller id."""

    __table_args__ = (Index(None, "high_id"), NO_ROWID)

    low_id: int = part(sa_type=Big, foreign_key="story.id", ondelete="CASCADE")
    high_id: int = part(sa_type=Big, foreign_key="story.id", ondelete="CASCADE")
    kind: str = Field(sa_type=Text)
    score: float = Field(default=0.0)
    at: datetime = when()


class PinRow(Table, table=True):
    """Two articles that an operator wants in one story (``together``) or apart. ``one`` < ``other``."""

    __table_args__ = (Index(None, "other"), NO_ROWID)

    one: int = part(sa_type=Big, foreign_key="article.id", ondelete="CASCADE")
    other: int = part(sa_type=Big, foreign_key="article.id", ondelete="CASCADE")
    together: bool
    added_by: User | None = Field(default=None, sa_type=UserKey)
    at: datetime = when()


class ConcernSpanRow(Table, table=True):
    """How much of a concern the default feeds reported in a span of days.

    ``span`` is 1 for a day or 7 for a week; ``start`` is the day's number since 1970 in UTC (a
    week's Monday). ``stories`` are distinct within the span, so weeks are not sums of days.
    ``top_story_id`` is the story that most articles told of, the newest of several.
    """

    __table_args__ = (NO_ROWID,)

    concern_id: str = Field(sa_type=Text, primary_key=True)
    span: int = part()
    start: int = part()
    articles: int = Field(default=0)
    stories: int = Field(default=0)
    top_story_id: int | None = Field(default=None, sa_type=Big)


class PolicyReportRow(Table, table=True):
    """A policy of the record that an article names.

    ``proposes`` is the status of the step that the article may tell of, and ``decision`` what an operator
    made of it at ``decided_at``: "confirmed" or "rejected", None as long as nobody has looked.
    """

    __table_args__ = (
        Index("ix_policy_report_newest", "policy", "published_at"),
        Index("ix_policy_report_proposed", "published_at", **where("proposes IS NOT NULL")),
        Index("ix_policy_report_decided", "decided_at", **where("decided_at IS NOT NULL")),
        NO_ROWID,
    )

    article_id: int = part(sa_type=Big, foreign_key="article.id", ondelete="CASCADE")
    policy: str = Field(sa_type=Text, primary_key=True)
    published_at: datetime = when()
    proposes: str | None = Field(default=None, sa_type=Text)
    decision: str | None = Field(default=None, sa_type=Text)
    decided_by: User | None = Field(default=None, sa_type=UserKey)
    decided_at: datetime | None = when(default=None)

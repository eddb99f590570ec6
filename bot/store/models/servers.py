"""What servers, members and the bot itself need to be remembered.

No ``from __future__ import annotations`` here: SQLModel reads the annotations as they stand.
"""

from datetime import datetime

from sqlalchemy import Column, Index, Text, UniqueConstraint
from sqlmodel import Field

from bot.domain.audience import Owner, Reader, User
from bot.store.models.base import NEVER_REUSED, NO_ROWID, Table, own_id, part, when, where
from bot.store.types import Big, Key16, OwnerKey, ReaderKey, Snowflake, UserKey


class GuildRow(Table, table=True):
    """A server's settings. NULL means that the server has not chosen.

    ``notices`` is what its admins have been told, as JSON. ``muted`` names the forms of entries that are not
    shown there, separated by spaces.
    """

    guild_id: Owner = part(sa_type=OwnerKey)
    language: str | None = Field(default=None, sa_type=Text)
    timezone: str | None = Field(default=None, sa_type=Text)
    joined_at: datetime | None = when(default=None)
    left_at: datetime | None = when(default=None)
    alerts_channel: int | None = Field(default=None, sa_type=Snowflake)
    notices: str | None = Field(default=None, sa_type=Text)
    muted: str | None = Field(default=None, sa_type=Text)


class GuildFeedRow(Table, table=True):
    """Where a server's feeds differ from the defaults: ``added``, ``removed`` or ``paused``."""

    __table_args__ = (Index(None, "feed_id"), NO_ROWID)

    guild_id: Owner = part(sa_type=OwnerKey)
    feed_id: int = part(sa_type=Big, foreign_key="feed.id", ondelete="CASCADE")
    status: str = Field(sa_type=Text)
    added_by: User | None = Field(default=None, sa_type=UserKey)
    at: datetime = when()


class DigestSubscriptionRow(Table, table=True):
    """A channel's standing order. ``minute_of_day`` and ``days`` (bit 0 is Monday) are in ``zone``."""

    __table_args__ = (
        UniqueConstraint("guild_id", "channel_id", "kind"),
        Index("ix_digest_subscription_due", "next_due_at", **where("paused_at IS NULL")),
        NEVER_REUSED,
    )

    id: int = own_id()
    guild_id: Owner = Field(sa_type=OwnerKey)
    channel_id: int = Field(sa_type=Snowflake)
    kind: str = Field(sa_type=Text)
    minute_of_day: int
    days: int = Field(default=127)
    zone: str = Field(sa_type=Text)
    language: str = Field(sa_type=Text)
    concerns: str = Field(default="[]", sa_type=Text)
    empty_day: str = Field(default="line", sa_type=Text)
    options: str = Field(default="{}", sa_type=Text)
    next_due_at: datetime | None = when(default=None)
    covered_until: datetime | None = when(default=None)
    paused_at: datetime | None = when(default=None)
    pause_reason: str | None = Field(default=None, sa_type=Text)


class OutboxBodyRow(Table, table=True):
    """What is to be posted, once for all the servers that get the same."""

    __table_args__ = (NO_ROWID,)

    key: bytes = Field(sa_column=Column("key", Key16, primary_key=True))
    body: str = Field(sa_type=Text)


class OutboxRow(Table, table=True):
    """One message to be posted, once. Body, nonce and ``options`` (JSON) are frozen when it is planned."""

    __table_args__ = (
        UniqueConstraint("guild_id", "channel_id", "kind", "local_date", "part"),
        Index("ix_outbox_due", "due_at", "id", **where("state = 'pending'")),
        Index("ix_outbox_failed", "guild_id", "channel_id", "kind", **where("state = 'failed'")),
        NEVER_REUSED,
    )

    id: int = own_id()
    guild_id: int = Field(sa_type=Snowflake)
    channel_id: int = Field(sa_type=Snowflake)
    kind: str = Field(sa_type=Text)
    local_date: str = Field(sa_type=Text)
    part: int
    body_key: bytes = Field(sa_type=Key16)
    nonce: str = Field(sa_type=Text)
    state: str = Field(default="pending", sa_type=Text)
    planned_at: datetime = when()
    due_at: datetime = when()
    first_attempt_at: datetime | None = when(default=None)
    lease_owner: str | None = Field(default=None, sa_type=Text)
    lease_until: datetime | None = when(default=None)
    attempts: int = Field(default=0)
    settled_at: datetime | None = when(default=None)
    message_id: int | None = Field(default=None, sa_type=Snowflake)
    error: str | None = Field(default=None, sa_type=Text)
    options: str | None = Field(default=None, sa_type=Text)


class LedgerRow(Table, table=True):
    """A read mark: the highest revision of a story delivered to a reader, who is a user or a channel."""

    __table_args__ = (Index(None, "story_id"), NO_ROWID)

    reader: Reader = Field(sa_type=ReaderKey, primary_key=True)
    story_id: int = part(sa_type=Big)
    revision: int
    told_at: datetime = when()


class ReaderLookRow(Table, table=True):
    """When a reader last asked what is new. ``concern`` is empty for all of them."""

    __table_args__ = (NO_ROWID,)

    reader: Reader = Field(sa_type=ReaderKey, primary_key=True)
    concern: str = Field(sa_type=Text, primary_key=True)
    at: datetime = when()


class FollowRow(Table, table=True):
    """A follow: a concern, a story, a phrase or a policy for which a reader gets alerts.

    ``covered_until`` is up to when its alerts have come; NULL is since it was made.
    """

    __table_args__ = (UniqueConstraint("reader", "kind", "target"), Index(None, "kind", "target"))

    id: int = own_id()
    reader: Reader = Field(sa_type=ReaderKey)
    kind: str = Field(sa_type=Text)
    target: str = Field(sa_type=Text)
    guild_id: Owner | None = Field(default=None, sa_type=OwnerKey)
    channel_id: int | None = Field(default=None, sa_type=Snowflake)
    language: str = Field(sa_type=Text)
    options: str = Field(default="{}", sa_type=Text)
    at: datetime = when()
    paused_at: datetime | None = when(default=None)
    pause_reason: str | None = Field(default=None, sa_type=Text)
    covered_until: datetime | None = when(default=None)


class WatchRow(Table, table=True):
    """A server's own phrases for a concern. ``phrases`` is a JSON list.

    Without ``confirmed_at`` it is a candidate: shown to an admin with what it would find, not in force yet.
    """

    __table_args__ = (UniqueConstraint("guild_id", "name"),)

    id: int = own_id()
    guild_id: Owner = Field(sa_type=OwnerKey)
    name: str = Field(sa_type=Text)
    concern: str | None = Field(default=None, sa_type=Text)
    phrases: str = Field(default="[]", sa_type=Text)
    added_by: User | None = Field(default=None, sa_type=UserKey)
    at: datetime = when()
    confirmed_at: datetime | None = when(default=None)


class WatchHitRow(Table, table=True):
    """An entry in which a server's watch found one of its phrases.

    ``entry_key`` is the entry's ``guid_key``: it stays the same when a fingerprint becomes an article.
    ``at`` is when the article was published, or when an entry that is none was first seen.
    """

    __table_args__ = (Index(None, "watch_id", "at"), Index(None, "feed_id"), NO_ROWID)

    watch_id: int = part(sa_type=Big, foreign_key="watch.id", ondelete="CASCADE")
    entry_key: bytes = Field(sa_column=Column("entry_key", Key16, primary_key=True))
    article_id: int | None = Field(default=None, sa_type=Big)
    feed_id: int = Field(sa_type=Big, foreign_key="feed.id", ondelete="CASCADE")
    phrase: str = Field(sa_type=Text)
    url: str = Field(sa_type=Text)
    title: str = Field(sa_type=Text)
    language: str = Field(sa_type=Text)
    at: datetime = when()


class LabelledCaseRow(Table, table=True):
    """A verdict that an admin corrected. It outlives its article, so it carries the text."""

    __table_args__ = (UniqueConstraint("guild_id", "article_id"),)

    id: int = own_id()
    guild_id: Owner = Field(sa_type=OwnerKey)
    added_by: User | None = Field(default=None, sa_type=UserKey)
    article_id: int = Field(sa_type=Big)
    at: datetime = when()
    language: str = Field(sa_type=Text)
    publisher: str = Field(sa_type=Text)
    url: str = Field(sa_type=Text)
    title: str = Field(sa_type=Text)
    summary: str = Field(sa_type=Text)
    given: str = Field(sa_type=Text)
    wanted: str = Field(sa_type=Text)
    note: str = Field(default="", sa_type=Text)


class AuditRow(Table, table=True):
    """What an admin changed, and when. ``detail`` is JSON."""

    __table_args__ = (Index(None, "guild_id", "at"),)

    id: int = own_id()
    guild_id: Owner = Field(sa_type=OwnerKey)
    at: datetime = when()
    user_id: User | None = Field(default=None, sa_type=UserKey)
    action: str = Field(sa_type=Text)
    detail: str = Field(default="{}", sa_type=Text)


class LeaseRow(Table, table=True):
    """Who may do a thing that only one process may do, and until when."""

    __table_args__ = (NO_ROWID,)

    name: str = Field(sa_type=Text, primary_key=True)
    owner: str = Field(sa_type=Text)
    until: datetime = when()


class MetaRow(Table, table=True):
    """Facts about the store itself."""

    __table_args__ = (NO_ROWID,)

    key: str = Field(sa_type=Text, primary_key=True)
    value: str = Field(sa_type=Text)

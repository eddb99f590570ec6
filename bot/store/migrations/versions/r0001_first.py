"""The first schema. Frozen: it must not follow later changes of the models, so it imports none of them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = BIG  # seconds since 1970


def _required(name: str, kind: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False)


def _optional(name: str, kind: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=True)


def _part(name: str, kind: Any) -> sa.Column[Any]:
    """A column of a key of several columns, which the database must not count up by itself."""
    return sa.Column(name, kind, nullable=False, autoincrement=False)


def _where(condition: str) -> dict[str, Any]:
    return {f"{engine}_where": sa.text(condition) for engine in ("sqlite", "postgresql")}


def upgrade() -> None:
    _tables()
    if op.get_bind().dialect.name == "postgresql":
        _search_on_postgresql()
        return
    # Contentless: the text is kept once, in article. No triggers: a batch migration that recreates a table
    # drops them silently. The tokens come folded and stemmed; unicode61 only parts them at the spaces.
    op.execute(
        "CREATE VIRTUAL TABLE article_search USING fts5("
        "title, body, tags, content='', tokenize=\"unicode61 remove_diacritics 0\")"
    )


def _search_on_postgresql() -> None:
    op.execute(
        "CREATE TABLE article_search ("
        "article_id BIGINT PRIMARY KEY REFERENCES article (id) ON DELETE CASCADE, tokens TSVECTOR NOT NULL)"
    )
    op.execute("CREATE INDEX article_search_tokens ON article_search USING gin (tokens)")


def _tables() -> None:
    op.create_table(
        "audit",
        _required("id", BIG),
        _required("guild_id", BIG),
        _required("at", MOMENT),
        _optional("user_id", BIG),
        _required("action", sa.Text()),
        _required("detail", sa.Text()),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_audit_guild_id_at", "audit", ["guild_id", "at"])
    op.create_table(
        "concern_span",
        _required("concern_id", sa.Text()),
        _part("span", sa.Integer()),
        _part("start", sa.Integer()),
        _required("articles", sa.Integer()),
        _required("stories", sa.Integer()),
        sa.PrimaryKeyConstraint("concern_id", "span", "start"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "digest_subscription",
        _required("id", BIG),
        _required("guild_id", BIG),
        _required("channel_id", BIG),
        _required("kind", sa.Text()),
        _required("minute_of_day", sa.Integer()),
        _required("days", sa.Integer()),
        _required("zone", sa.Text()),
        _required("language", sa.Text()),
        _required("concerns", sa.Text()),
        _required("empty_day", sa.Text()),
        _required("options", sa.Text()),
        _optional("next_due_at", MOMENT),
        _optional("told_until", MOMENT),
        _optional("paused_at", MOMENT),
        _optional("pause_reason", sa.Text()),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("guild_id", "channel_id", "kind"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_digest_subscription_due", "digest_subscription", ["next_due_at"], **_where("paused_at IS NULL")
    )
    op.create_table(
        "feed",
        _required("id", BIG),
        _required("url", sa.Text()),
        _required("url_key", sa.LargeBinary(16)),
        _required("host", sa.Text()),
        _required("publisher", sa.Text()),
        _required("title", sa.Text()),
        _required("language", sa.Text()),
        _required("kind", sa.Text()),
        _required("region", sa.Text()),
        _required("is_default", sa.Boolean()),
        _required("browser_like", sa.Boolean()),
        _optional("disabled_reason", sa.Text()),
        _optional("next_due_at", MOMENT),
        _required("health", sa.Text()),
        _required("state", sa.Text()),
        _optional("last_success_at", MOMENT),
        _optional("last_new_entry_at", MOMENT),
        _optional("lease_owner", sa.Text()),
        _optional("lease_until", MOMENT),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("url_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_feed_due", "feed", ["next_due_at"], **_where("disabled_reason IS NULL"))
    op.create_table(
        "follow",
        _required("id", BIG),
        _required("reader", sa.Text()),
        _required("kind", sa.Text()),
        _required("target", sa.Text()),
        _optional("guild_id", BIG),
        _optional("channel_id", BIG),
        _required("language", sa.Text()),
        _required("options", sa.Text()),
        _required("at", MOMENT),
        _optional("paused_at", MOMENT),
        _optional("pause_reason", sa.Text()),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("reader", "kind", "target"),
    )
    op.create_index("ix_follow_kind_target", "follow", ["kind", "target"])
    op.create_table(
        "guild",
        _part("guild_id", BIG),
        _optional("language", sa.Text()),
        _optional("timezone", sa.Text()),
        _optional("joined_at", MOMENT),
        _optional("left_at", MOMENT),
        sa.PrimaryKeyConstraint("guild_id"),
    )
    op.create_table(
        "host_hold",
        _required("host", sa.Text()),
        _required("until", MOMENT),
        sa.PrimaryKeyConstraint("host"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "labelled_case",
        _required("id", BIG),
        _required("guild_id", BIG),
        _required("user_id", BIG),
        _required("article_id", BIG),
        _required("at", MOMENT),
        _required("language", sa.Text()),
        _required("publisher", sa.Text()),
        _required("url", sa.Text()),
        _required("title", sa.Text()),
        _required("summary", sa.Text()),
        _required("given", sa.Text()),
        _required("wanted", sa.Text()),
        _required("note", sa.Text()),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("guild_id", "article_id"),
    )
    op.create_table(
        "lease",
        _required("name", sa.Text()),
        _required("owner", sa.Text()),
        _required("until", MOMENT),
        sa.PrimaryKeyConstraint("name"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "ledger",
        _required("reader", sa.Text()),
        _part("story_id", BIG),
        _required("revision", sa.Integer()),
        _required("told_at", MOMENT),
        sa.PrimaryKeyConstraint("reader", "story_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_ledger_story_id", "ledger", ["story_id"])
    op.create_table(
        "meta",
        _required("key", sa.Text()),
        _required("value", sa.Text()),
        sa.PrimaryKeyConstraint("key"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "outbox",
        _required("id", BIG),
        _required("guild_id", BIG),
        _required("channel_id", BIG),
        _required("kind", sa.Text()),
        _required("local_date", sa.Text()),
        _required("part", sa.Integer()),
        _required("body_key", sa.LargeBinary(16)),
        _required("nonce", sa.Text()),
        _required("state", sa.Text()),
        _required("planned_at", MOMENT),
        _required("due_at", MOMENT),
        _optional("first_attempt_at", MOMENT),
        _optional("lease_owner", sa.Text()),
        _optional("lease_until", MOMENT),
        _required("attempts", sa.Integer()),
        _optional("settled_at", MOMENT),
        _optional("message_id", BIG),
        _optional("error", sa.Text()),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("guild_id", "channel_id", "kind", "local_date", "part"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_outbox_due", "outbox", ["due_at", "id"], **_where("state = 'pending'"))
    op.create_table(
        "outbox_body",
        _required("key", sa.LargeBinary(16)),
        _required("body", sa.Text()),
        sa.PrimaryKeyConstraint("key"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "reader_look",
        _required("reader", sa.Text()),
        _required("concern", sa.Text()),
        _required("at", MOMENT),
        sa.PrimaryKeyConstraint("reader", "concern"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "story",
        _part("id", BIG),
        _required("first_at", MOMENT),
        _required("last_at", MOMENT),
        _required("articles", sa.Integer()),
        _required("revision", sa.Integer()),
        _required("lead_article_id", BIG),
        _optional("merged_into", BIG),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_story_merged_into", "story", ["merged_into"], **_where("merged_into IS NOT NULL"))
    op.create_table(
        "watch",
        _required("id", BIG),
        _required("guild_id", BIG),
        _required("name", sa.Text()),
        _optional("concern", sa.Text()),
        _required("phrases", sa.Text()),
        _optional("added_by", BIG),
        _required("at", MOMENT),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("guild_id", "name"),
    )
    op.create_table(
        "article",
        _required("id", BIG),
        _required("feed_id", BIG),
        _required("guid_key", sa.LargeBinary(16)),
        _optional("url_key", sa.LargeBinary(16)),
        _required("content_key", sa.LargeBinary(8)),
        _required("common", sa.Boolean()),
        _required("url", sa.Text()),
        _required("title", sa.Text()),
        _required("summary", sa.Text()),
        _required("language", sa.Text()),
        _required("publisher", sa.Text()),
        _required("kind", sa.Text()),
        _required("published_at", MOMENT),
        _required("first_seen_at", MOMENT),
        _optional("story_id", BIG),
        _required("topics", sa.Text()),
        _required("verdict", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("guid_key"),
        sa.UniqueConstraint("url_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_article_published_at", "article", ["published_at", "id"])
    op.create_index("ix_article_story_id", "article", ["story_id"], **_where("story_id IS NOT NULL"))
    op.create_index("ix_article_ungrouped", "article", ["id"], **_where("story_id IS NULL"))
    op.create_table(
        "fingerprint",
        _required("id", BIG),
        _required("guid_key", sa.LargeBinary(16)),
        _optional("url_key", sa.LargeBinary(16)),
        _required("content_key", sa.LargeBinary(8)),
        _required("feed_id", BIG),
        _required("url", sa.Text()),
        _required("title", sa.Text()),
        _required("summary", sa.Text()),
        _required("language", sa.Text()),
        _required("reason", sa.Text()),
        _optional("nearest", sa.Text()),
        _optional("nearest_score", sa.Float()),
        _required("seen_at", MOMENT),
        sa.ForeignKeyConstraint(["feed_id"], ["feed.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("guid_key"),
    )
    op.create_index("ix_fingerprint_seen_at", "fingerprint", ["seen_at"])
    op.create_index("ix_fingerprint_url_key", "fingerprint", ["url_key"])
    op.create_table(
        "guild_feed",
        _part("guild_id", BIG),
        _part("feed_id", BIG),
        _required("status", sa.Text()),
        _optional("added_by", BIG),
        _required("at", MOMENT),
        sa.ForeignKeyConstraint(["feed_id"], ["feed.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("guild_id", "feed_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_guild_feed_feed_id", "guild_feed", ["feed_id"])
    op.create_table(
        "poll",
        _part("feed_id", BIG),
        _part("slot", BIG),
        _required("status", sa.Text()),
        _required("new_items", sa.Integer()),
        _required("at", MOMENT),
        sa.ForeignKeyConstraint(["feed_id"], ["feed.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("feed_id", "slot"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_poll_at", "poll", ["at"])
    op.create_table(
        "story_link",
        _part("low_id", BIG),
        _part("high_id", BIG),
        _required("kind", sa.Text()),
        _required("score", sa.Float()),
        _required("at", MOMENT),
        sa.ForeignKeyConstraint(["high_id"], ["story.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["low_id"], ["story.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("low_id", "high_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_story_link_high_id", "story_link", ["high_id"])
    op.create_table(
        "story_revision",
        _part("story_id", BIG),
        _part("revision", sa.Integer()),
        _required("at", MOMENT),
        _required("article_id", BIG),
        _required("reason", sa.Text()),
        _required("added", sa.Text()),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("story_id", "revision"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_story_revision_at", "story_revision", ["at"])
    op.create_table(
        "article_concern",
        _required("concern_id", sa.Text()),
        _required("published_at", MOMENT),
        _part("article_id", BIG),
        _required("story_id", BIG),
        _required("common", sa.Boolean()),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("concern_id", "published_at", "article_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_article_concern_article_id", "article_concern", ["article_id"])
    op.create_table(
        "article_revision",
        _part("article_id", BIG),
        _part("number", sa.Integer()),
        _required("at", MOMENT),
        _required("title", sa.Text()),
        _required("summary", sa.Text()),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("article_id", "number"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sighting",
        _part("article_id", BIG),
        _part("feed_id", BIG),
        _required("at", MOMENT),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["feed_id"], ["feed.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("article_id", "feed_id"),
        sqlite_with_rowid=False,
    )

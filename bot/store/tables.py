"""The tables as Core sees them: hot queries are written on these, because the ORM doubles their cost."""

from __future__ import annotations

from typing import cast

from sqlalchemy import Table

from bot.store import models


def _table(model: type[models.Table]) -> Table:
    return cast(Table, model.__table__)  # type: ignore[attr-defined]


guild = _table(models.GuildRow)
feed = _table(models.FeedRow)
guild_feed = _table(models.GuildFeedRow)
host_hold = _table(models.HostHoldRow)
poll = _table(models.PollRow)
article = _table(models.ArticleRow)
sighting = _table(models.SightingRow)
article_revision = _table(models.ArticleRevisionRow)
fingerprint = _table(models.FingerprintRow)
identity_decision = _table(models.IdentityDecisionRow)
article_concern = _table(models.ArticleConcernRow)
article_question = _table(models.ArticleQuestionRow)
story = _table(models.StoryRow)
story_revision = _table(models.StoryRevisionRow)
story_link = _table(models.StoryLinkRow)
pin = _table(models.PinRow)
policy_report = _table(models.PolicyReportRow)
concern_span = _table(models.ConcernSpanRow)
digest = _table(models.DigestSubscriptionRow)
outbox_body = _table(models.OutboxBodyRow)
outbox = _table(models.OutboxRow)
ledger = _table(models.LedgerRow)
reader_look = _table(models.ReaderLookRow)
follow = _table(models.FollowRow)
watch = _table(models.WatchRow)
watch_hit = _table(models.WatchHitRow)
labelled_case = _table(models.LabelledCaseRow)
audit = _table(models.AuditRow)
lease = _table(models.LeaseRow)
meta = _table(models.MetaRow)

metadata = models.Table.metadata

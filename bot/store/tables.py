"""The tables as Core sees them: hot queries are written on these, because the ORM doubles their cost."""

from __future__ import annotations

from typing import cast

from sqlalchemy import Table

from bot.store import models


def _table(model: type[models.Table]) -> Table:
    return cast(Table, model.__table__)  # type: ignore[attr-defined]


guild = _table(models.Guild)
feed = _table(models.Feed)
guild_feed = _table(models.GuildFeed)
host_hold = _table(models.HostHold)
poll = _table(models.Poll)
article = _table(models.Article)
sighting = _table(models.Sighting)
article_revision = _table(models.ArticleRevision)
fingerprint = _table(models.Fingerprint)
article_concern = _table(models.ArticleConcern)
article_question = _table(models.ArticleQuestion)
story = _table(models.Story)
story_revision = _table(models.StoryRevision)
story_link = _table(models.StoryLink)
pin = _table(models.Pin)
policy_report = _table(models.PolicyReport)
concern_span = _table(models.ConcernSpan)
digest = _table(models.Digest)
outbox_body = _table(models.OutboxBody)
outbox = _table(models.Outbox)
ledger = _table(models.Ledger)
reader_look = _table(models.ReaderLook)
follow = _table(models.Follow)
watch = _table(models.Watch)
watch_hit = _table(models.WatchHit)
labelled_case = _table(models.LabelledCase)
audit = _table(models.Audit)
lease = _table(models.Lease)
meta = _table(models.Meta)

metadata = models.Table.metadata

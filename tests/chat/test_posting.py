"""How a digest is posted: whom it wakes, with or without a sound, published or not."""

from __future__ import annotations

from bot.domain.digests import Posting
from bot.domain.page import Page
from bot.store import outbox
from tests.chat.conftest import Stage
from tests.chat.pages import digest
from tests.chat.test_deliver import DAY, states
from tests.support.audience import spot
from tests.support.discord import Fault

SILENT = 1 << 12
CROSSPOST = ("POST", "/channels/{channel_id}/messages/{message_id}/crosspost")


async def enqueue(stage: Stage, kind: str, page: Page, posting: Posting) -> None:
    now = stage.clock.now()
    drafts = stage.context.drafts(spot(stage.guild.id, stage.channel.id), kind, DAY, page, now, posting)
    await stage.context.database.write(outbox.enqueue, drafts, now=now)


async def post(stage: Stage, posting: Posting, stories: int = 1) -> None:
    await enqueue(stage, "daily", digest(stories, title="<@&8>"), posting)
    await stage.delivery.send_due()


async def crossposts(stage: Stage) -> int:
    return sum((call.method, call.template) == CROSSPOST for call in stage.discord.calls)


async def test_only_the_chosen_role_is_woken(stage: Stage) -> None:
    await post(stage, Posting(role=7))
    (posted,) = stage.channel.messages
    assert posted.pings == ("role 7",)
    assert posted.request["allowed_mentions"]["parse"] == []


async def test_a_quiet_digest_makes_no_sound(stage: Stage) -> None:
    await post(stage, Posting(silent=True))
    assert stage.channel.messages[0].request["flags"] & SILENT
    assert stage.channel.messages[0].pings == ()


async def test_a_digest_is_published_in_an_announcement_channel_only(stage: Stage) -> None:
    await post(stage, Posting(publish=True))
    assert await crossposts(stage) == 0
    stage.channel.kind = 5
    await stage.discord.gateway.dispatch("CHANNEL_UPDATE", stage.channel.wire(), stage.guild.id)
    stage.clock.advance(days=1)
    await enqueue(stage, "next", digest(40), Posting(publish=True))
    sent = await stage.delivery.send_due()
    assert sent > 1 and await crossposts(stage) == sent


async def test_a_digest_that_cannot_be_published_is_still_posted(stage: Stage) -> None:
    stage.channel.kind = 5
    await stage.discord.gateway.dispatch("CHANNEL_UPDATE", stage.channel.wire(), stage.guild.id)
    stage.discord.faults.add(Fault("status", status=403, code=50013), CROSSPOST)
    await post(stage, Posting(publish=True))
    assert await states(stage) == {"sent": 1}

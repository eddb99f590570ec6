"""A digest of this moment: a preview for who asks, and one that is posted now."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from bot.commands.arguments import place_here
from bot.commands.digests import WHICH, given_place, resumed_channel, selected_digest
from bot.commands.faults import UserFault
from bot.commands.spec import Arguments, Asker, Command, Parameter
from bot.context import AppContext
from bot.domain.digests import NOW, PLAIN, DigestOutcome, DigestSubscription
from bot.domain.page import Page, Request
from bot.domain.schedule import EVERY_DAY, first_span, local_day
from bot.locale import message, translator
from bot.pages.digest_outcomes import request_page
from bot.pages.wording import place_argument
from bot.publishing.composer import DigestOrder, Material, compose, gather
from bot.store import digests, outbox, outcomes

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


async def preview(context: AppContext, asker: Asker, given: Arguments) -> Page:
    """The digest as it would be posted now, shown to the asker alone."""
    _, _, page = await _composed(context, asker, given)
    return page


async def now(context: AppContext, asker: Asker, given: Arguments) -> Page:
    """Post a digest now, in the digest's channel, or here where none is set. It wakes nobody.

    With ``posted``, what came of one that was asked for before.
    """
    if "posted" in given:
        return await _asked_for(context, asker, given)
    subscription, day, page = await _composed(context, asker, given)
    place = subscription.place if subscription else place_here(asker)
    moment = context.clock.now()
    kind = f"{NOW}{moment:%H%M}"
    posting = replace(subscription.posting, role=None) if subscription else PLAIN
    drafts = context.drafts(place, kind, day, page, moment, posting)

    def post(session: Session) -> DigestOutcome | None:
        # A second one within the minute is the same one, and is not posted twice.
        outbox.enqueue(session, drafts, now=moment)
        return outcomes.of_request(session, place, kind, day)

    outcome = await context.database.write(post)
    asked = {**place_argument(place), "posted": f"{day.isoformat()}.{kind}"}
    return request_page(translator(asker.language), place, outcome, Request("digest now", asked))


async def _asked_for(context: AppContext, asker: Asker, given: Arguments) -> Page:
    """What came of a digest that was asked for: its day and kind are in ``posted``."""
    found = re.fullmatch(rf"(\d{{4}}-\d\d-\d\d)\.({NOW}\d{{4}})", given["posted"], re.ASCII)
    try:
        day = date.fromisoformat(found[1] if found else "")
    except ValueError:
        raise UserFault(message("That digest is no longer known.")) from None
    assert found is not None, "a date was found in it"
    place = given_place(asker, given) or place_here(asker)
    outcome = await context.database.read(outcomes.of_request, place, found[2], day)
    kept = {name: given[name] for name in ("channel", "posted") if name in given}
    return request_page(translator(asker.language), place, outcome, Request("digest now", kept))


async def _composed(
    context: AppContext, asker: Asker, given: Arguments
) -> tuple[DigestSubscription | None, date, Page]:
    """A digest of this moment: whose it is, for which day, and its page."""
    owner, moment = asker.owner, context.clock.now()

    def read(session: Session) -> tuple[DigestSubscription | None, DigestOrder, Material]:
        mine = selected_digest(asker, given, digests.subscriptions_of(session, owner))
        settings = context.settings_in(session, owner)
        order = DigestOrder(
            view=owner,
            concerns=mine.concerns if mine else (),
            language=settings.language,
            day=local_day(moment, settings.timezone),
            since=moment - first_span(mine.days if mine else EVERY_DAY),
            until=moment,
        )
        return mine, order, gather(session, order.view, order.since, order.until)

    mine, order, material = await context.database.read(read)
    composed = await asyncio.to_thread(compose, context.brief, context.record, order, material)
    return mine, order.day, composed.page


async def _now_channel(context: AppContext, asker: Asker, given: Arguments) -> int | None:
    """Where a digest is posted that is asked for now; nowhere if the question is what came of one."""
    if "posted" in given:
        return None
    return await resumed_channel(context, asker, given) or asker.channel_id


COMMANDS = (
    Command(
        "digest preview",
        message("The digest as it would be posted now"),
        preview,
        (WHICH,),
        admin=True,
        slow=True,
    ),
    Command(
        "digest now",
        message("Post a digest now"),
        now,
        (WHICH, Parameter("posted", message("Which one was asked for"), hidden=True)),
        admin=True,
        slow=True,
        destination=_now_channel,
    ),
)

"""Why a phrase cannot be followed or watched for, in words."""

from __future__ import annotations

from bot.commands.faults import UserFault
from bot.commands.spec import Asker
from bot.context import AppContext
from bot.locale import message
from bot.pages.watch import FAULTS
from bot.store import watches
from bot.topics.phrases import MOST_PHRASES, MOST_WORDS, PhraseFault


async def phrase_fault(context: AppContext, asker: Asker, fault: PhraseFault) -> UserFault:
    """The fault as a reader is told of it; of words that are everywhere, with how often they occur."""
    if fault.code == "too_common":
        found, looked_at = await context.database.read(watches.how_often, asker.view, fault.phrase)
        return UserFault(
            message("“{phrase}” stands in {found} of the {all} newest articles: it tells nothing apart."),
            message("Choose words that few texts have, such as a name or a town."),
            phrase=fault.phrase[:60],
            found=found,
            all=looked_at,
        )
    return UserFault(
        FAULTS[fault.code],
        message("Write them as they appear in texts, separated by commas."),
        phrase=fault.phrase[:60],
        words=MOST_WORDS,
        most=MOST_PHRASES,
    )

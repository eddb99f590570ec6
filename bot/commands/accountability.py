"""The audit of a server, and the data stored about a user."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.commands.spec import Arguments, Asker, Command, Parameter
from bot.context import AppContext
from bot.domain.page import Page
from bot.locale import message, translator
from bot.pages.audit import PER_PAGE, audit_page
from bot.pages.privacy import delete_page, deleted_page, privacy_page
from bot.store import guilds
from bot.store import privacy as store

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


async def audit(context: AppContext, asker: Asker, given: Arguments) -> Page:
    """Who changed what in this server, and when."""
    before = int(given["before"]) if "before" in given else None
    found = await context.database.read(guilds.audit_of, asker.owner, before_id=before, limit=PER_PAGE + 1)
    return audit_page(translator(asker.language), found[:PER_PAGE], len(found) > PER_PAGE)


async def privacy(context: AppContext, asker: Asker, given: Arguments) -> Page:
    """What is stored about the asker; deleted once that is confirmed."""
    t = translator(asker.language)
    wish = given.get("delete")
    if wish == "yes":

        def forget(session: Session) -> store.UserData:
            store.forget_user(session, asker.user)
            return store.user_data(session, asker.user)

        return deleted_page(t, await context.database.write(forget))
    kept = await context.database.read(store.user_data, asker.user)
    return delete_page(t, kept) if wish == "ask" and kept.own else privacy_page(t, kept)


COMMANDS = (
    Command(
        "privacy",
        message("What is kept about you, and deleting it"),
        privacy,
        (
            Parameter(
                "delete",
                message("Whether to delete it"),
                "choice",
                choices=(("ask", "ask"), ("yes", "yes")),
                hidden=True,
            ),
        ),
        personal=True,
    ),
    Command(
        "audit",
        message("Who changed what in this server, and when"),
        audit,
        (Parameter("before", message("Where to continue"), "whole", low=1, hidden=True),),
        admin=True,
    ),
)

"""Following a concern, a story, a policy or a phrase, for oneself or for a channel."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.commands.arguments import place_here
from bot.commands.faults import UserFault
from bot.commands.phrase_faults import phrase_fault
from bot.commands.policies import one_named
from bot.commands.spec import Arguments, Asker, Command, Parameter
from bot.context import AppContext
from bot.domain.audience import (
    TERMINAL,
    Defaults,
    Destination,
    DirectMessage,
    Member,
    Place,
    ServerChannel,
    TerminalUser,
)
from bot.domain.page import Page
from bot.locale import message, translator
from bot.pages.alert import dropped_page, follow_name, followed_page, following_page, what_page
from bot.store import developments, follows
from bot.store.developments import titles_of
from bot.store.follows import CONCERN, PHRASE, POLICY, STORY, Follow
from bot.topics.phrases import PhraseFault, read_phrases

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

HERE = "here"
#: The newest developments, as what might be followed.
_NEWEST = 6


async def follow(context: AppContext, asker: Asker, given: Arguments) -> Page:
    """Follow for a member, or for this channel; without arguments, ask what."""
    wanted = await _wanted(context, asker, given)
    if not wanted:
        newest = await context.database.read(developments.latest, asker.view, limit=_NEWEST)
        return what_page(translator(asker.language), context.brief, newest, given)
    here = given.get("where") == HERE
    to: Destination = _channel(asker) if here else _asker(asker)
    now = context.clock.now()

    def change(session: Session) -> tuple[list[Follow], dict[int, str]]:
        settings = context.settings_in(session, asker.view)
        made = follows.follow(
            session,
            to,
            wanted,
            view=asker.view,
            language=settings.language if here else asker.language,
            zone=given.get("zone", settings.timezone),
            by=asker.user,
            now=now,
        )
        if made is None:
            raise _too_many()
        return made, _titles(session, asker, made)

    made, titles = await context.database.write(change)
    return followed_page(translator(asker.language), context.brief, context.record, made, titles, now)


async def following(context: AppContext, asker: Asker, given: Arguments) -> Page:
    """All that is followed; a button drops one follow or resumes all."""
    if "drop" in given:
        return await _drop(context, asker, int(given["drop"]))
    if "undo" in given:
        return await _take_back(context, asker, int(given["undo"]))
    channels = given.get("where") == "channel"
    if channels:
        _only_admins(asker)
    now = context.clock.now()

    def read(session: Session) -> tuple[list[Follow], dict[int, str]]:
        known = (
            follows.of_channels(session, asker.owner) if channels else follows.of_reader(session, asker.user)
        )
        return known, _titles(session, asker, known)

    def resume(session: Session) -> tuple[list[Follow], dict[int, str]]:
        for reader in dict.fromkeys(one.reader for one in read(session)[0]):
            follows.resume_reader(session, reader, now=now)
        return read(session)

    resumed = given.get("resume") == "yes"
    known, titles = await (context.database.write(resume) if resumed else context.database.read(read))
    return following_page(
        translator(asker.language), context.brief, context.record, known, titles, channels=channels
    )


async def _wanted(context: AppContext, asker: Asker, given: Arguments) -> list[tuple[str, str]]:
    """What is to be followed, by kind and target. Raises UserFault."""
    wanted: list[tuple[str, str]] = []
    if "concern" in given:
        wanted.append((CONCERN, given["concern"]))
    if "story" in given:
        found = await context.database.read(developments.story, int(given["story"]), asker.view)
        if found is None:
            raise UserFault(
                message("There is no development {id} here."),
                message("/latest lists those there are."),
                id=given["story"],
            )
        wanted.append((STORY, str(found.story_id)))
    if "policy" in given:
        wanted.append((POLICY, one_named(context.record, given["policy"]).id))
    if "phrase" in given:
        try:
            wanted += [(PHRASE, phrase) for phrase in read_phrases(given["phrase"])]
        except PhraseFault as fault:
            raise await phrase_fault(context, asker, fault) from None
    return wanted


async def _drop(context: AppContext, asker: Asker, follow_id: int) -> Page:
    t, now = translator(asker.language), context.clock.now()

    def change(session: Session) -> tuple[Follow, dict[int, str]]:
        known = _own(asker, follows.by_id(session, follow_id))
        follows.unfollow(session, follow_id, by=asker.user, now=now)
        return known, _titles(session, asker, [known])

    known, titles = await context.database.write(change)
    return dropped_page(t, follow_name(t, context.brief, context.record, known, titles), known)


async def _take_back(context: AppContext, asker: Asker, follow_id: int) -> Page:
    now = context.clock.now()

    def change(session: Session) -> tuple[Follow, dict[int, str]]:
        known = _own(asker, follows.dropped(session, follow_id))
        if not follows.take_back(session, follow_id, by=asker.user, now=now):
            raise _too_many()
        return known, _titles(session, asker, [known])

    known, titles = await context.database.write(change)
    return followed_page(translator(asker.language), context.brief, context.record, [known], titles, now)


def _own(asker: Asker, known: Follow | None) -> Follow:
    """``known``, if the asker may change it. Raises UserFault."""
    if known is not None and isinstance(known.to, ServerChannel) and known.to.owner == asker.view:
        if not asker.admin:
            raise UserFault(
                message("Only members who can manage this server can change the alerts of its channels."),
                message("/following shows what you follow yourself."),
            )
    elif known is None or known.reader != asker.user:
        raise UserFault(message("That is not followed any more."), message("/following shows what is."))
    return known


def _too_many() -> UserFault:
    return UserFault(
        message("{most} things are followed, which is as many as one may."),
        message("Stop following one with /following."),
        most=follows.MOST_FOLLOWS,
    )


def _titles(session: Session, asker: Asker, known: Sequence[Follow]) -> dict[int, str]:
    """The headlines of the stories that are followed."""
    ids = [int(one.target) for one in known if one.kind == STORY]
    return titles_of(session, asker.view, ids, asker.language) if ids else {}


def _asker(asker: Asker) -> Destination:
    """Where alerts for the asker's own follows go."""
    match asker.user:
        case Member(id=user_id):
            return DirectMessage(user_id)
        case TerminalUser():
            return TERMINAL


def _channel(asker: Asker) -> Place:
    """This channel, for askers who may have alerts posted there. Raises UserFault."""
    _only_admins(asker)
    return place_here(asker)


def _only_admins(asker: Asker) -> None:
    if isinstance(asker.view, Defaults) or not asker.admin:
        raise UserFault(
            message("Only members who can manage this server can have alerts posted in a channel."),
            message("Without “where”, alerts come by direct message."),
        )


async def _alerts_channel(context: AppContext, asker: Asker, given: Arguments) -> int | None:
    """Where alerts will be posted: this channel, if that is asked for."""
    return asker.channel_id if given.get("where") == HERE else None


COMMANDS = (
    Command(
        "follow",
        message("Get alerts for a concern, a policy, a story or a phrase"),
        follow,
        (
            Parameter("concern", message("Which concern"), "concern"),
            Parameter("phrase", message("Words that have to occur, such as a town or a name")),
            Parameter("policy", message("Which policy, by name or document number"), "policy"),
            Parameter("story", message("Which development, by number or headline"), "story"),
            Parameter(
                "where",
                message("By direct message, or in this channel (admins)"),
                "choice",
                choices=(("direct", message("by direct message")), (HERE, message("in this channel"))),
            ),
            Parameter("zone", message("Your time zone, for quiet hours"), "zone"),
        ),
        personal=True,
        destination=_alerts_channel,
    ),
    Command(
        "following",
        message("What you follow, and how to stop"),
        following,
        (
            Parameter(
                "where",
                message("What you follow, or this server's channels (admins)"),
                "choice",
                choices=(("mine", message("mine")), ("channel", message("this server's channels"))),
            ),
            Parameter("drop", message("What not to follow any more"), "whole", low=1, hidden=True),
            Parameter("undo", message("What to follow again"), "whole", low=1, hidden=True),
            Parameter("resume", message("Whether to go on"), hidden=True),
        ),
        personal=True,
    ),
)

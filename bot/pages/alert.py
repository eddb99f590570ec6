"""What a reader follows: setting it, the list, and an alert."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.article import Brief
from bot.domain.audience import ServerChannel, Terminal
from bot.domain.page import (
    Block,
    Button,
    Choice,
    Code,
    Divider,
    Heading,
    Item,
    Note,
    Option,
    Page,
    Paragraph,
    Request,
    Span,
    Strong,
    When,
)
from bot.domain.schedule import ALERT_INTERVAL
from bot.domain.stories import Development
from bot.locale import Translator, message
from bot.pages.choices import story_choice
from bot.pages.facts import new_facts
from bot.pages.policy_words import told_item
from bot.pages.wording import development_item, place_name, zone_words
from bot.record import Record
from bot.store.follows import CONCERN, PHRASE, POLICY, Follow
from bot.store.policies import ProposedStep

_PAUSED = {
    "direct_closed": (
        message("Discord does not let the bot send direct messages to this account."),
        message("In a server that both are in: Privacy Settings, allow direct messages. Then resume."),
    ),
    "forbidden": (
        message("Discord does not let the bot post in that channel."),
        message("The bot needs View Channel, Send Messages and Read Message History there. Then resume it."),
    ),
}


@dataclass(frozen=True, slots=True)
class Update:
    """A story in an alert. ``facts`` are what its article ``first`` and those after it added."""

    development: Development
    facts: tuple[str, ...] = ()
    first: int = 0


@dataclass(frozen=True, slots=True)
class FollowNews:
    """The news of one follow in an alert: its stories and how many ``more``, and confirmed steps."""

    follow: Follow
    updates: tuple[Update, ...]
    more: int = 0
    steps: tuple[ProposedStep, ...] = ()


def follow_name(
    t: Translator, brief: Brief, record: Record, follow: Follow, titles: Mapping[int, str]
) -> str:
    """What is followed, in words. ``titles`` are the headlines of followed stories."""
    if follow.kind == CONCERN:
        return brief.concern(follow.target).name.in_(t.language)
    if follow.kind == PHRASE:
        return t("“{words}”", words=follow.target)
    if follow.kind == POLICY:
        # The operator's own policies can leave the record while they are followed.
        names = (one.name.in_(t.language) for one in record.objects if one.id == follow.target)
        return next(names, follow.target)
    title = titles.get(int(follow.target))
    return title or t("story {id}", id=follow.target)


def what_page(t: Translator, brief: Brief, newest: Sequence[Development], given: Mapping[str, str]) -> Page:
    """What there is to follow: the concerns, the newest stories, words. ``given`` is kept for the choice."""
    concerns = tuple(
        Button(concern.name.in_(t.language), Request("follow", {**given, "concern": concern.id}))
        for concern in brief.concerns
    )
    choices = tuple(
        replace(choice, placeholder=t("Follow a development"), request=Request("follow", given))
        for choice in story_choice(t, newest)
    )
    blocks = (
        Paragraph((t("A concern, a development, or words that have to occur:"),)),
        Item((Code("/follow phrase:Nuevo Laredo"),)),
    )
    return Page(t("What is to be followed?"), blocks, concerns, choices)


def followed_page(
    t: Translator,
    brief: Brief,
    record: Record,
    follows: Sequence[Follow],
    titles: Mapping[int, str],
    now: datetime,
) -> Page:
    """Confirms a follow: where its alerts go, and how often."""
    first = follows[0]
    blocks: list[Block] = [Item((Strong(follow_name(t, brief, record, one, titles)),)) for one in follows]
    blocks.append(Paragraph(_where(t, first)))
    blocks.append(
        Note(
            (
                t(
                    "What comes within {interval} is one message; there are at most ten a day, and"
                    " none between 22:00 and 07:00 ({zone}). Held alerts arrive at 07:00.",
                    interval=t.duration(ALERT_INTERVAL),
                    zone=zone_words(t, first.zone, now),
                ),
            )
        )
    )
    buttons = [Button(t("All that is followed"), _list(first))]
    buttons += [
        Button(t("Stop following"), Request("following", {"drop": str(one.id)}), danger=True)
        for one in follows
        if len(follows) == 1
    ]
    return Page(t("Followed"), tuple(blocks), tuple(buttons), tone="good")


def following_page(
    t: Translator,
    brief: Brief,
    record: Record,
    follows: Sequence[Follow],
    titles: Mapping[int, str],
    *,
    channels: bool,
) -> Page:
    """All that a reader, or a server's channels, follow, with a select to stop one."""
    title = t("Followed in this server's channels") if channels else t("What is followed")
    if not follows:
        empty = t("Nothing is followed yet.")
        return Page(title, (Paragraph((empty, " ", t("Follow something with"), " ", Code("/follow"))),))
    blocks: list[Block] = [*_paused(t, follows)]
    for one in follows:
        spans: list[Span] = [Strong(follow_name(t, brief, record, one, titles))]
        if one.paused_at is not None:
            spans += [" · ", t("paused")]
        blocks.append(Item(tuple(spans), (_where(t, one),)))
    buttons: tuple[Button, ...] = ()
    if any(one.paused_at for one in follows):
        resumed = {"resume": "yes", **({"where": "channel"} if channels else {})}
        buttons = (Button(t("Resume"), Request("following", resumed), primary=True),)
    options = tuple(
        Option(follow_name(t, brief, record, one, titles), str(one.id), _kind(t, one)) for one in follows
    )
    choice = Choice(t("Stop following…"), Request("following"), "drop", options[:25])
    return Page(title, tuple(blocks), buttons, (choice,))


def dropped_page(t: Translator, name: str, follow: Follow) -> Page:
    """Confirms that a follow was dropped, with a button that restores it."""
    undo = Request("following", {"undo": str(follow.id)})
    return Page(
        t("No longer followed"),
        (Paragraph((Strong(name),)),),
        (Button(t("Undo"), undo), Button(t("All that is followed"), _list(follow))),
        tone="good",
    )


def alert_page(
    t: Translator,
    brief: Brief,
    record: Record,
    touched: Sequence[FollowNews],
    titles: Mapping[int, str],
) -> Page:
    """News on what is followed: for each follow the confirmed steps and the stories, with new facts, and how
    many more there are.
    """
    blocks: list[Block] = []
    for one in touched:
        if blocks:
            blocks.append(Divider())
        blocks.append(Heading(follow_name(t, brief, record, one.follow, titles)))
        blocks += [told_item(t, step) for step in one.steps]
        if one.steps:
            blocks.append(Note((t("Confirmed by an operator of this bot; not yet in the record."),)))
        for update in one.updates:
            blocks.append(development_item(t, update.development))
            if update.facts:
                blocks.append(Note((new_facts(t, update.facts, update.development.articles, update.first),)))
        if one.more:
            blocks.append(Note((t.many("and {n} more", "and {n} more", one.more),)))
    first = touched[0].follow
    buttons = [
        Button(
            t("Stop: {name}", name=follow_name(t, brief, record, one.follow, titles)),
            Request("following", {"drop": str(one.follow.id)}),
        )
        for one in touched[:4]
    ]
    buttons.append(Button(t("All that is followed"), _list(first)))
    return Page(t("News on what is followed"), tuple(blocks), tuple(buttons), private=False)


def _paused(t: Translator, follows: Sequence[Follow]) -> list[Block]:
    """Why what is followed is paused, and the fix, each reason once."""
    blocks: list[Block] = []
    for reason in dict.fromkeys(one.pause_reason for one in follows if one.paused_at):
        since = next(one.paused_at for one in follows if one.pause_reason == reason)
        said, fix = _PAUSED.get(reason or "", (message("It could not be posted."), ""))
        if since is not None:
            blocks.append(Paragraph((t("Paused since"), " ", When(since), ". ", t(said))))
        if fix:
            blocks.append(Paragraph((t(fix),)))
    return blocks


def _where(t: Translator, follow: Follow) -> tuple[Span, ...]:
    if isinstance(follow.to, ServerChannel):
        return (t("Posted in"), " ", place_name(t, follow.to), ".")
    if isinstance(follow.to, Terminal):
        return (t("Alerts are printed here while the prompt is open."),)
    return (t("Alerts come by direct message."),)


def _list(follow: Follow) -> Request:
    return Request("following", {"where": "channel"} if isinstance(follow.to, ServerChannel) else {})


def _kind(t: Translator, follow: Follow) -> str:
    names = {CONCERN: t("a concern"), PHRASE: t("a phrase"), POLICY: t("a policy")}
    return names.get(follow.kind, t("a story"))

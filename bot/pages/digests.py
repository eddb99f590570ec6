"""A server's digests as its admins see them: how each is set, and what can be done with it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.article import Brief
from bot.clock import zone_name
from bot.domain.audience import ServerChannel
from bot.domain.digests import DeliveryState, DigestOutcome, DigestSubscription
from bot.domain.page import (
    Block,
    Button,
    Choice,
    Code,
    Item,
    Mention,
    Note,
    Option,
    Page,
    Paragraph,
    Request,
    Span,
    When,
)
from bot.domain.schedule import EVERY_DAY, WORKING_DAYS
from bot.locale import Translator, message
from bot.pages.digest_outcomes import outcome_spans
from bot.pages.wording import language_name, place_argument, place_name, unknown_zone

WEEKDAYS = (
    message("Monday"),
    message("Tuesday"),
    message("Wednesday"),
    message("Thursday"),
    message("Friday"),
    message("Saturday"),
    message("Sunday"),
)

#: Why a digest is paused, in words; and what to do about it.
_PAUSED = {
    "admin": (message("It was paused here."), ""),
    "forbidden": (
        message("Discord does not let the bot post in that channel."),
        message("The bot needs View Channel, Send Messages and Read Message History there. Then resume it."),
    ),
    "other_server": (
        message("That channel belongs to another server."),
        message("Choose another channel with /setup, or remove this digest."),
    ),
    "channel_missing": (
        message("The channel is no longer there."),
        message("Choose another channel with /setup, or remove this digest."),
    ),
}


def clock(minute_of_day: int) -> str:
    """A minute of the day as HH:MM."""
    return f"{minute_of_day // 60:02d}:{minute_of_day % 60:02d}"


def rhythm(t: Translator, subscription: DigestSubscription) -> str:
    """On which days and when, in the server's zone."""
    days, hour, zone = subscription.days, clock(subscription.minute_of_day), zone_name(subscription.zone)
    if days == EVERY_DAY:
        return t("Every day at {hour} ({zone})", hour=hour, zone=zone)
    if days == WORKING_DAYS:
        return t("Monday to Friday at {hour} ({zone})", hour=hour, zone=zone)
    return t("Every {weekday} at {hour} ({zone})", weekday=days_name(t, days), hour=hour, zone=zone)


def days_name(t: Translator, days: int) -> str:
    """A set of weekdays in words."""
    if days == EVERY_DAY:
        return t("every day")
    if days == WORKING_DAYS:
        return t("Monday to Friday")
    return ", ".join(t(WEEKDAYS[day]) for day in range(7) if days >> day & 1)


def concern_names(t: Translator, brief: Brief, concerns: Sequence[str]) -> str:
    """The concerns by name; none means all of them."""
    if not concerns:
        return t("all concerns")
    return ", ".join(brief.concern(concern).name.in_(t.language) for concern in concerns)


def plan_items(t: Translator, brief: Brief, subscription: DigestSubscription) -> list[Block]:
    """How a digest is set, a line for each thing, and first whether its zone is unknown here."""
    posting = subscription.posting
    empty = t("one line") if subscription.empty_day == "line" else t("no post")
    lines: list[tuple[Span, ...]] = [
        (t("Where:"), " ", place_name(t, subscription.place)),
        (t("When:"), " ", rhythm(t, subscription)),
        (t("What:"), " ", concern_names(t, brief, subscription.concerns)),
        (t("Language:"), " ", language_name(t, subscription.language)),
        (t("On a day without news:"), " ", empty),
    ]
    if isinstance(subscription.place, ServerChannel):
        lines.append(
            (t("Role mentioned:"), " ", Mention("role", posting.role) if posting.role else t("nobody"))
        )
    if posting.silent:
        lines.append((t("Posted without a sound."),))
    if posting.publish:
        lines.append((t("Published to followers where the channel is an announcement channel."),))
    if subscription.paused_at is None and subscription.next_due_at:
        due = subscription.next_due_at
        lines.append((t("Next digest:"), " ", When(due), " · ", When(due, True)))
    return [*unknown_zone(t, subscription.zone), *(Item(line) for line in lines)]


def digest_set_page(t: Translator, brief: Brief, subscription: DigestSubscription, *, waits: bool) -> Page:
    """What was set, and when the next digest comes. ``waits`` is whether a day that has one is left out."""
    here, paused = _of(subscription), subscription.paused_at is not None
    blocks = [*paused_blocks(t, subscription), *plan_items(t, brief, subscription)]
    if waits and not paused:
        said = t("Today's digest has been posted, and there is one a day; later news comes with the next.")
        blocks.append(Note((said,)))
    first = (
        Button(t("Resume"), Request("digest resume", here), primary=True)
        if paused
        else Button(t("Preview"), Request("digest preview", here), primary=True)
    )
    return Page(
        t("Digest scheduled"),
        tuple(blocks),
        (
            first,
            Button(t("Post one now"), Request("digest now", here)),
            Button(t("All settings"), Request("settings show")),
        ),
        tone="warning" if paused else "good",
    )


def digest_status_page(
    t: Translator,
    brief: Brief,
    known: Sequence[DigestSubscription],
    shown: DigestSubscription | None,
    last: DigestOutcome | None = None,
    was_due: datetime | None = None,
) -> Page:
    """The digests of a server: one of them in full, with what can be done, and a select for the others.

    ``last`` is what became of its last one; ``was_due`` when its next one was due until now, if that was
    further ahead than it can be.
    """
    if shown is None:
        return Page(
            t("Digest"),
            (Paragraph((t("No digest is set in this server yet."),)),),
            (Button(t("Set up"), Request("setup"), primary=True),),
        )
    blocks = [*paused_blocks(t, shown), *plan_items(t, brief, shown)]
    if was_due is not None:
        astray = t("Until now it was due more than eight days ahead, for a wrong clock; it is computed anew:")
        blocks.append(Paragraph((astray, " ", When(was_due), ".")))
    failed = last is not None and last.state not in (DeliveryState.SENT, DeliveryState.PENDING)
    if last is not None:
        line, reason = outcome_spans(t, last)
        told: tuple[Span, ...] = (t("Last digest:"), " ", When(last.due_at), " · ", *line)
        blocks.append(Item(told, (reason,) if reason else ()))
    blocks.append(Note((t("Change it with"), " ", Code("/digest set"))))
    here = _of(shown)
    if shown.paused_at is None:
        buttons = [
            Button(t("Preview"), Request("digest preview", here), primary=True),
            Button(t("Pause"), Request("digest pause", here)),
        ]
    else:
        buttons = [Button(t("Resume"), Request("digest resume", here), primary=True)]
    if isinstance(shown.place, ServerChannel):
        buttons += _switches(t, shown)
    buttons.append(Button(t("So far"), Request("digest history", here)))
    buttons.append(Button(t("Remove"), Request("digest remove", here), danger=True))
    return Page(
        t("Digest"),
        tuple(blocks),
        tuple(buttons),
        _others(t, known, shown),
        tone="warning" if failed or was_due is not None or shown.paused_at is not None else "plain",
    )


def paused_blocks(t: Translator, subscription: DigestSubscription) -> list[Block]:
    """Since when and why a digest is paused, and the fix; nothing for one that runs."""
    if subscription.paused_at is None:
        return []
    said, fix = _PAUSED.get(subscription.pause_reason or "", (message("It could not be posted."), ""))
    told: list[Span] = [t("Paused since"), " ", When(subscription.paused_at), ". ", t(said)]
    blocks: list[Block] = [Paragraph(tuple(told))]
    if fix:
        blocks.append(Paragraph((t(fix),)))
    return blocks


def digest_paused_page(t: Translator, subscription: DigestSubscription) -> Page:
    """Confirms that a digest is paused, with a button that resumes it."""
    return Page(
        t("Digest"),
        (
            Paragraph((t("The digest is paused in"), " ", place_name(t, subscription.place), ".")),
            Note((t("News from the pause is included when it resumes, up to a week back."),)),
        ),
        (Button(t("Resume"), Request("digest resume", _of(subscription)), primary=True),),
        tone="good",
    )


def digest_resumed_page(t: Translator, subscription: DigestSubscription) -> Page:
    """Confirms that a digest is resumed, and says when the next comes."""
    due = subscription.next_due_at
    spans: list[Span] = [t("The digest is resumed in"), " ", place_name(t, subscription.place), "."]
    blocks: list[Block] = [Paragraph(tuple(spans))]
    if due:
        blocks.append(Item((t("Next digest:"), " ", When(due), " · ", When(due, True))))
    return Page(
        t("Digest"),
        tuple(blocks),
        (Button(t("Post one now"), Request("digest now", _of(subscription))),),
        tone="good",
    )


def digest_remove_page(t: Translator, subscription: DigestSubscription) -> Page:
    """Whether a digest is really to be removed."""
    return Page(
        t("Remove this digest?"),
        (
            Item((t("Where:"), " ", place_name(t, subscription.place))),
            Item((t("When:"), " ", rhythm(t, subscription))),
            Note((t("Its settings are deleted. To stop it for a while, pause it."),)),
        ),
        (
            Button(
                t("Remove"), Request("digest remove", {**_of(subscription), "confirm": "yes"}), danger=True
            ),
            Button(t("Pause"), Request("digest pause", _of(subscription))),
        ),
        tone="warning",
    )


def digest_removed_page(t: Translator) -> Page:
    """Confirms that a digest was removed."""
    return Page(
        t("Digest"),
        (Paragraph((t("The digest was removed. What was posted stays."),)),),
        (Button(t("Set up"), Request("setup")),),
        tone="good",
    )


def _of(subscription: DigestSubscription) -> dict[str, str]:
    return place_argument(subscription.place)


def _switches(t: Translator, shown: DigestSubscription) -> list[Button]:
    """Buttons that change a setting to its opposite."""
    posting, here = shown.posting, _of(shown)

    def turn(label: str, name: str, value: str) -> Button:
        return Button(label, Request("digest set", {**here, name: value}))

    buttons = [
        turn(t("Post with a sound"), "quiet", "no")
        if posting.silent
        else turn(t("Post without a sound"), "quiet", "yes"),
        turn(t("Be silent on a day without news"), "empty", "silence")
        if shown.empty_day == "line"
        else turn(t("Post a line on a day without news"), "empty", "line"),
    ]
    if posting.role:
        buttons.append(turn(t("Tell nobody"), "role", "none"))
    return buttons


def _others(
    t: Translator, known: Sequence[DigestSubscription], shown: DigestSubscription
) -> tuple[Choice, ...]:
    if len(known) < 2:
        return ()
    options = tuple(
        Option(
            rhythm(t, one),
            str(one.place.id),
            f"#{one.place.id}",
            chosen=one.place == shown.place,
        )
        for one in known
        if isinstance(one.place, ServerChannel)
    )
    return (Choice(t("Another digest of this server"), Request("digest status"), "channel", options),)

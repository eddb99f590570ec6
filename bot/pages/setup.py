"""Setting up a server: what is set, what is missing, and the control for the next thing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.article import Brief
from bot.domain.audience import Place, ServerChannel
from bot.domain.digests import DigestSubscription
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
from bot.locale import LANGUAGES, Translator, message
from bot.pages.digests import clock, concern_names
from bot.pages.wording import language_name, place_argument, place_name, unknown_zone, zone_words

#: In the order in which they are asked for.
STEPS = ("channel", "time", "zone", "language", "concerns")

_NAMES = {
    "channel": message("Channel"),
    "time": message("Hour"),
    "zone": message("Time zone"),
    "language": message("Language"),
    "concerns": message("Concerns"),
}
_QUESTIONS = {
    "channel": message("Where is the digest to be posted?"),
    "time": message("At what hour?"),
    "zone": message("In which time zone is that hour meant?"),
    "language": message("In which language are posts for everyone written?"),
    "concerns": message("Which concerns of the article is it to tell of?"),
}


@dataclass(frozen=True, slots=True)
class Setup:
    """How far a server is set up. ``missing`` are the steps that nobody has chosen yet.

    Without a ``subscription``, ``place`` and ``minute`` are what was chosen so far. ``here`` is where it is
    asked.
    """

    place: Place | None
    minute: int | None
    zone: str
    language: str
    concerns: tuple[str, ...]
    missing: tuple[str, ...]
    step: str
    subscription: DigestSubscription | None = None
    here: Place | None = None
    now: datetime = field(kw_only=True)

    @property
    def draft(self) -> dict[str, str]:
        """What a button has to carry, as long as it is not stored."""
        if self.subscription is not None:
            return {}
        kept = place_argument(self.place) if self.place is not None else {}
        return kept if self.minute is None else {**kept, "time": clock(self.minute)}


def setup_page(t: Translator, brief: Brief, setup: Setup, zones: tuple[str, ...]) -> Page:
    """What is set and missing, the control for the next step, and buttons for the others."""
    blocks: list[Block] = []
    if setup.missing:
        blocks.append(Paragraph((t("Five steps and the digest is scheduled. Each can be changed later."),)))
    blocks += [*unknown_zone(t, setup.zone), *(_line(t, brief, setup, step) for step in STEPS)]
    due = setup.subscription.next_due_at if setup.subscription else None
    if due and setup.subscription and setup.subscription.paused_at is None:
        blocks.append(Item((t("Next digest:"), " ", When(due), " · ", When(due, True))))
    choices: tuple[Choice, ...] = ()
    buttons: list[Button] = []
    if setup.step:
        blocks += [Divider(), Heading(t(_QUESTIONS[setup.step]))]
        blocks += _hint(t, setup.step)
        choices = _control(t, brief, setup, zones)
        if setup.step == "channel" and isinstance(setup.here, ServerChannel):
            wanted = Request("setup", {**setup.draft, **place_argument(setup.here)})
            buttons.append(Button(t("Here"), wanted, primary=True))
    if setup.subscription is not None:
        of = place_argument(setup.subscription.place)
        buttons.append(Button(t("Preview"), Request("digest preview", of), primary=not setup.missing))
        if not setup.missing:
            buttons.append(Button(t("Post one now"), Request("digest now", of)))
    buttons += [
        Button(t(_NAMES[step]), Request("setup", {**setup.draft, "step": step}))
        for step in STEPS
        if step != setup.step and (step != "concerns" or setup.subscription)
    ]
    return Page(
        t("Set up Vigía in this server") if setup.missing else t("Vigía is set up in this server"),
        tuple(blocks),
        tuple(buttons),
        choices,
        tone="plain" if setup.missing else "good",
    )


def _line(t: Translator, brief: Brief, setup: Setup, step: str) -> Item:
    mark = "○ " if step in setup.missing else "✓ "
    return Item((mark, Strong(t(_NAMES[step])), ": ", _value(t, brief, setup, step)))


def _value(t: Translator, brief: Brief, setup: Setup, step: str) -> Span:
    chosen = step not in setup.missing
    match step:
        case "channel" if setup.place is not None:
            return place_name(t, setup.place)
        case "time" if setup.minute is not None:
            return clock(setup.minute)
        case "zone":
            name = zone_words(t, setup.zone, setup.now)
            return name if chosen else t("{value}, unless another is chosen", value=name)
        case "language":
            name = language_name(t, setup.language)
            return name if chosen else t("{value}, unless another is chosen", value=name)
        case "concerns" if setup.subscription is not None:
            name = concern_names(t, brief, setup.concerns)
            return name if chosen else t("{value}, unless some are chosen", value=name)
    return t("not chosen yet")


def _hint(t: Translator, step: str) -> list[Block]:
    match step:
        case "time":
            return [Note((t("For 08:15, use"), " ", Code("/digest set")))]
        case "zone":
            return [Note((t("For another zone, use"), " ", Code("/settings timezone")))]
        case "language":
            return [Note((t("Answers to one reader are in that reader's own language."),))]
    return []


def _control(t: Translator, brief: Brief, setup: Setup, zones: tuple[str, ...]) -> tuple[Choice, ...]:
    wanted, of, most = Request("setup", setup.draft), "options", 1
    options: tuple[Option, ...] = ()
    match setup.step:
        case "channel":
            of = "channels"
        case "time":
            options = tuple(
                Option(clock(hour * 60), clock(hour * 60), chosen=setup.minute == hour * 60)
                for hour in range(24)
            )
        case "zone":
            options = tuple(Option(zone, zone, chosen=zone == setup.zone) for zone in zones)
        case "language":
            options = tuple(
                Option(language_name(t, language), language, chosen=language == setup.language)
                for language in LANGUAGES
            )
        case _:
            most = len(brief.concerns)
            options = tuple(
                Option(
                    concern.name.in_(t.language),
                    concern.id,
                    concern.summary.in_(t.language),
                    chosen=not setup.concerns or concern.id in setup.concerns,
                )
                for concern in brief.concerns
            )
    carried: Mapping[str, str] = {
        name: value for name, value in wanted.arguments.items() if name != setup.step
    }
    return (Choice(t("Choose here"), Request("setup", carried), setup.step, options, most, of),)

"""The policies of the record: the list of them, and one with its steps and documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.article import Brief
from bot.domain.feeds import HealthCounts
from bot.domain.page import (
    Block,
    Button,
    Choice,
    Heading,
    Item,
    Note,
    Option,
    Page,
    Paragraph,
    Request,
    Strong,
)
from bot.domain.stories import Development
from bot.locale import Translator
from bot.pages.choices import concern_choice, policy_choice, story_choice
from bot.pages.policy_words import (
    COUNTRY_NAMES,
    KIND_NAMES,
    STATUS_NAMES,
    amount_item,
    step_date,
    step_item,
    told_item,
)
from bot.pages.wording import coverage_note, development_item
from bot.record import PolicyObject, Record
from bot.store.policies import ProposedStep
from bot.stories.shown_titles import title_of

#: Policies on one page of the list: each takes three lines of a phone.
PER_PAGE = 8
#: Steps on one page of a policy: each takes four lines with its document.
STEPS_SHOWN = 4
#: Amounts beside the steps; a policy with more of them has a page of its own for its money.
AMOUNTS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class PolicyFilter:
    """Which policies a list shows; None leaves that open."""

    concern: str | None = None
    status: str | None = None
    country: str | None = None
    page: int = 1

    def asked(self, **changed: str | None) -> Request:
        """The list with something else about it, from its first page on unless ``page`` is changed."""
        kept = {"concern": self.concern, "status": self.status, "country": self.country} | changed
        return Request("policies", {name: value for name, value in kept.items() if value})


def policies_page(t: Translator, brief: Brief, chosen: PolicyFilter, found: Sequence[PolicyObject]) -> Page:
    """One page of the policies that a reader asked for, those that changed last first."""
    start = (chosen.page - 1) * PER_PAGE
    shown = found[start : start + PER_PAGE]
    blocks: list[Block] = [_line(t, policy) for policy in shown]
    if shown:
        more = t.many("{n} policy in all.", "{n} policies in all.", len(found))
        blocks.append(Note((more, " ", t("Their steps were looked up and do not change by themselves."))))
    else:
        blocks.append(Paragraph((t("The record has no such policy."),)))
    buttons = []
    if start + PER_PAGE < len(found):
        buttons.append(Button(t("More"), chosen.asked(page=str(chosen.page + 1)), primary=True))
    if chosen.status != "in_force":
        buttons.append(Button(t("Only those in force"), chosen.asked(status="in_force")))
    if chosen.status or chosen.country or chosen.concern:
        buttons.append(Button(t("All policies"), Request("policies")))
    title = t("Policies")
    if chosen.concern:
        title += " · " + brief.concern(chosen.concern).name.in_(t.language)
    if chosen.status:
        title += " · " + t(STATUS_NAMES[chosen.status])
    if chosen.country:
        title += " · " + t(COUNTRY_NAMES[chosen.country])
    concerns = concern_choice(t, brief, chosen.asked(concern=None), "concern", chosen.concern)
    return Page(title, tuple(blocks), tuple(buttons), (*policy_choice(t, shown), concerns))


def policy_page(
    t: Translator,
    record: Record,
    policy: PolicyObject,
    reports: Sequence[Development],
    health: HealthCounts,
    page: int | None = None,
    told: Sequence[ProposedStep] = (),
) -> Page:
    """What a policy is, its status, its steps with their documents, its neighbours and the newest reports.

    ``told`` are steps that reports tell and an operator confirmed. ``page`` counts the steps' pages from the
    first; left out, the newest are shown.
    """
    pages = -(-len(policy.steps) // STEPS_SHOWN)
    shown = min(page or pages, pages)
    # The last page is always full, so that the newest steps stand with what led to them.
    last = len(policy.steps) - (pages - shown) * STEPS_SHOWN
    steps = policy.steps[max(0, last - STEPS_SHOWN) : last]
    blocks: list[Block] = [Paragraph((policy.what.in_(t.language),)), _status(t, policy)]
    blocks.append(Heading(t("Its steps")))
    if pages > 1:
        blocks.append(
            Note(
                (
                    t(
                        "{first} to {last} of {n}.",
                        first=max(1, last - STEPS_SHOWN + 1),
                        last=last,
                        n=len(policy.steps),
                    ),
                )
            )
        )
    blocks += [step_item(t, step) for step in steps]
    if told and shown == pages:
        blocks.append(Heading(t("Told by reports, not yet in the record")))
        blocks += [told_item(t, one) for one in told]
    if policy.amounts and shown == pages:
        blocks.append(Heading(t("Money")))
        blocks += [amount_item(t, amount) for amount in policy.amounts[-AMOUNTS_SHOWN:]]
    if shown == pages:
        blocks += _reports(t, reports, health)
    return Page(
        policy.name.in_(t.language),
        tuple(blocks),
        _policy_buttons(t, record, policy, shown, pages),
        story_choice(t, reports) if shown == pages else (),
    )


def review_page(t: Translator, record: Record, proposed: Sequence[ProposedStep]) -> Page:
    """The steps that reports may tell of, for an operator to confirm or reject."""
    names = {policy.id: policy.name.in_(t.language) for policy in record.objects}
    known = [one for one in proposed if one.policy in names]
    blocks: list[Block] = [told_item(t, one, names[one.policy]) for one in known]
    if not known:
        blocks.append(Paragraph((t("No report tells of a step that nobody has looked at."),)))
    else:
        blocks.append(
            Note((t("A confirmed step shows on its policy’s page with the report as its source."),))
        )
    options = tuple(
        Option(names[one.policy], f"{one.article.id}:{one.policy}", title_of(one.article)) for one in known
    )
    choices = (
        (
            Choice(t("Confirm a step"), Request("record review"), "confirm", options),
            Choice(t("Reject a step"), Request("record review"), "reject", options),
        )
        if options
        else ()
    )
    return Page(
        t("Steps that may follow"), tuple(blocks), (Button(t("Policies"), Request("policies")),), choices
    )


def _reports(t: Translator, reports: Sequence[Development], health: HealthCounts) -> list[Block]:
    blocks: list[Block] = [Heading(t("Newest reports that name it"))]
    blocks += [development_item(t, development) for development in reports]
    if not reports:
        blocks.append(Paragraph((t("No report that is stored here names it."),)))
        if note := coverage_note(t, health):
            blocks.append(note)
    return blocks


def _policy_buttons(
    t: Translator, record: Record, policy: PolicyObject, shown: int, pages: int
) -> tuple[Button, ...]:
    buttons = []
    if shown > 1:
        earlier = {"policy": policy.id, "page": str(shown - 1)}
        buttons.append(Button(t("Earlier steps"), Request("policy", earlier), primary=True))
    if shown < pages:
        later = {"policy": policy.id, "page": str(shown + 1)}
        buttons.append(Button(t("Later steps"), Request("policy", later), primary=True))
    for label, other in ((t("Before it"), policy.predecessor), (t("After it"), policy.successor)):
        if other is not None:
            name = record.policy(other).name.in_(t.language)
            buttons.append(Button(f"{label}: {name}"[:80], Request("policy", {"policy": other})))
    if len(policy.amounts) > AMOUNTS_SHOWN:
        buttons.append(Button(t("All its money"), Request("policy", {"policy": policy.id, "show": "money"})))
    buttons.append(Button(t("All policies"), Request("policies")))
    return tuple(buttons)


def money_page(t: Translator, policy: PolicyObject) -> Page:
    """All amounts of a policy, in the order of the record."""
    blocks: list[Block] = [amount_item(t, amount) for amount in policy.amounts]
    if not blocks:
        blocks.append(Paragraph((t("The record has no amount for this policy."),)))
    title = t("Money") + " · " + policy.name.in_(t.language)
    return Page(title, tuple(blocks), (Button(t("The policy"), Request("policy", {"policy": policy.id})),))


def _status(t: Translator, policy: PolicyObject) -> Item:
    since = t("since {date}", date=step_date(t, policy.status_step.date))
    countries = ", ".join(t(COUNTRY_NAMES[country]) for country in policy.countries)
    return Item(
        (Strong(t("Now: {status}", status=t(STATUS_NAMES[policy.status]))), " · ", since),
        ((t(KIND_NAMES[policy.kind]), " · ", countries),),
    )


def _line(t: Translator, policy: PolicyObject) -> Item:
    last = policy.steps[-1]
    return Item(
        (Strong(policy.name.in_(t.language)), " · ", t(STATUS_NAMES[policy.status])),
        ((step_date(t, last.date), ": ", last.sentence.in_(t.language)),),
    )

"""The policies of the record: all of them, and one with its steps, documents and newest reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.commands.faults import UserFault
from bot.commands.policy_names import policies_by_name
from bot.commands.spec import Arguments, Asker, Command, Parameter
from bot.context import AppContext
from bot.domain.feeds import HealthCounts
from bot.domain.page import Page, Request
from bot.domain.stories import Development
from bot.locale import message, translator
from bot.pages.policies import PolicyFilter, money_page, policies_page, policy_page, review_page
from bot.pages.policy_words import COUNTRY_NAMES, STATUS_NAMES
from bot.record import PolicyObject, Record
from bot.store import feeds
from bot.store import policies as store

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

#: Policies offered where a name means several.
OFFERED = 10
#: Reports on a policy's page: it is the steps that it is opened for.
REPORTS_SHOWN = 3
#: Steps that reports tell and an operator confirmed, until the record has them.
TOLD_SHOWN = 3
#: Proposed steps on one page: what a select offers with room to read.
PROPOSED_SHOWN = 10


async def policies(context: AppContext, asker: Asker, given: Arguments) -> Page:
    """The policies, those that changed last first."""
    chosen = PolicyFilter(
        given.get("concern"), given.get("status"), given.get("country"), int(given.get("page", 1))
    )
    questions = set()
    if chosen.concern:
        questions = {question.id for question in context.brief.concern(chosen.concern).questions}
    found = [
        policy
        for policy in context.record.objects
        if (not chosen.concern or questions.intersection(policy.questions))
        and chosen.status in (None, policy.status)
        and (not chosen.country or chosen.country in policy.countries)
    ]
    found.sort(key=lambda policy: policy.steps[-1].date, reverse=True)
    return policies_page(translator(asker.language), context.brief, chosen, found)


async def policy(context: AppContext, asker: Asker, given: Arguments) -> Page:
    """One policy: what it is, where it stands, its steps with their documents."""
    chosen = one_named(context.record, given["policy"])
    if given.get("show") == "money":
        return money_page(translator(asker.language), chosen)
    view = asker.view

    def read(session: Session) -> tuple[HealthCounts, list[Development], list[store.ProposedStep]]:
        return (
            feeds.health_counts(session, view),
            store.newest(session, chosen.id, view, REPORTS_SHOWN),
            store.confirmed(session, chosen.id, TOLD_SHOWN),
        )

    health, reports, told = await context.database.read(read)
    page = int(given["page"]) if "page" in given else None
    return policy_page(translator(asker.language), context.record, chosen, reports, health, page, told)


async def review(context: AppContext, asker: Asker, given: Arguments) -> Page:
    """The steps that reports may tell of; an operator confirms or rejects each."""
    for word, decision in (("confirm", store.CONFIRMED), ("reject", store.REJECTED)):
        if word in given:
            article, _, policy_id = given[word].partition(":")
            number = int(article) if article.isascii() and article.isdigit() and len(article) < 19 else 0
            known = await context.database.write(
                store.decide, number, policy_id, decision, asker.user, now=context.clock.now()
            )
            if not known:
                raise UserFault(
                    message("There is no such step to decide on."), message("/record review lists them.")
                )
    proposed = await context.database.read(store.proposed, PROPOSED_SHOWN)
    return review_page(translator(asker.language), context.record, proposed)


def one_named(record: Record, value: str) -> PolicyObject:
    """The policy that ``value`` means. Raises UserFault where there is none, or several."""
    found = policies_by_name(record, value)
    if len(found) == 1:
        return found[0]
    fault = UserFault(
        message("Several policies are called “{value}”.")
        if found
        else message("There is no policy “{value}”."),
        message("/policies lists those there are."),
        value=value[:60],
    )
    if not found:
        raise fault.leading_to(message("All policies"), Request("policies"))
    raise fault.offering("policy", lambda t: [(one.name.in_(t.language), one.id) for one in found[:OFFERED]])


COMMANDS = (
    Command(
        "policies",
        message("Policies since 2017, with where they stand and their last step"),
        policies,
        (
            Parameter("concern", message("Which concern"), "concern"),
            Parameter(
                "status",
                message("Where they stand"),
                "choice",
                choices=tuple(STATUS_NAMES.items()),
            ),
            Parameter(
                "country",
                message("Whose policies"),
                "choice",
                choices=tuple(COUNTRY_NAMES.items()),
            ),
            Parameter("page", message("Which page"), "whole", low=1, high=100, hidden=True),
        ),
    ),
    Command(
        "policy",
        message("One policy: where it stands, its steps with their documents, and the newest reports"),
        policy,
        (
            Parameter(
                "policy",
                message("Which policy, by name or document number"),
                "policy",
                required=True,
                example="Remain in Mexico",
            ),
            Parameter("page", message("Which page"), "whole", low=1, high=100, hidden=True),
            Parameter("show", message("What of it"), hidden=True),
        ),
    ),
    Command(
        "record review",
        message("Steps of policies that reports may tell of: confirm or reject them"),
        review,
        (
            Parameter("confirm", message("Which step to confirm"), hidden=True),
            Parameter("reject", message("Which step to reject"), hidden=True),
        ),
        admin=True,
        operator=True,
    ),
)

"""The selects that several pages share: to open a concern, a development or a policy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.article import Brief
from bot.domain.page import Choice, Option, Request
from bot.domain.stories import Development
from bot.locale import Translator
from bot.pages.policy_words import STATUS_NAMES
from bot.record import PolicyObject
from bot.stories.headlines import lead_article
from bot.stories.shown_titles import title_of


def concern_choice(
    t: Translator, brief: Brief, request: Request, argument: str, chosen: str | None = None
) -> Choice:
    """A select of the article's concerns."""
    return Choice(
        placeholder=t("Open a concern"),
        request=request,
        argument=argument,
        options=tuple(
            Option(
                concern.name.in_(t.language),
                concern.id,
                concern.summary.in_(t.language),
                chosen=concern.id == chosen,
            )
            for concern in brief.concerns
        ),
    )


def story_choice(t: Translator, developments: Iterable[Development]) -> tuple[Choice, ...]:
    """A select of the developments on a page, to open one; none for a page without any."""
    leads = {one.story_id: lead_article(one, t.language) for one in developments}
    if not leads:
        return ()
    options = tuple(Option(title_of(lead), str(story), lead.publisher) for story, lead in leads.items())
    return (Choice(t("Open a development"), Request("story"), "story", options),)


def policy_choice(t: Translator, policies: Sequence[PolicyObject]) -> tuple[Choice, ...]:
    """A select of the policies on a page, to open one; none for a page without any."""
    if not policies:
        return ()
    options = tuple(
        Option(policy.name.in_(t.language), policy.id, t(STATUS_NAMES[policy.status])) for policy in policies
    )
    return (Choice(t("Open a policy"), Request("policy"), "policy", options),)

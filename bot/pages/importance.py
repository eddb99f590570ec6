"""Why a development stands where it does, in words."""

from __future__ import annotations

from bot.article import Brief
from bot.domain.evidence import SOLID
from bot.domain.page import Span, Strong
from bot.locale import Translator, message
from bot.pages.wording import direction_sign
from bot.ranking.rank import Rank

#: Kinds of act that are a reason to stand high; the others are none.
_ACTS = {
    "decided": message("a decision"),
    "announced": message("an announcement or agreement"),
    "figure": message("a figure"),
    "mass": message("many people at once"),
    "verdict": message("a verdict"),
    "proposed": message("a proposal"),
}
#: The same where a national authority acts.
_OFFICIAL_ACTS = {
    "decided": message("an official act"),
    "announced": message("an official announcement or agreement"),
    "figure": message("an official figure"),
}


def why_here(t: Translator, brief: Brief, ranking: Rank) -> tuple[Span, ...]:
    """Why a development ranks as it does: who says it, the act, the question, how many report it.

    Empty where nothing speaks for it.
    """
    reasons: list[tuple[Span, ...]] = []
    if ranking.signs.official:
        reasons.append((t("an official source"),))
    official = _OFFICIAL_ACTS if ranking.signs.authority else {}
    if act := official.get(ranking.kind) or _ACTS.get(ranking.kind):
        reasons.append((t(act),))
    if bears_plainly(ranking):
        reasons.append(bears_on(t, brief, ranking))
    if ranking.outlets > 1:
        reasons.append((t.many("{n} outlet", "{n} outlets", ranking.outlets),))
    if not reasons:
        return ()
    spans: list[Span] = [t("Why here:"), " "]
    for place, reason in enumerate(reasons):
        spans += [" · ", *reason] if place else reason
    return tuple(spans)


def bears_plainly(ranking: Rank) -> bool:
    """Whether what a development says on a question is solid enough to be told as such.

    What stands further down in a report is marginal, and often of something else.
    """
    return bool(ranking.bearings) and ranking.bearings[0].weight >= SOLID


def bears_on(t: Translator, brief: Brief, ranking: Rank) -> tuple[Span, ...]:
    """The question that a development bears on most, by its subject, and in which direction it points.

    Raises IndexError where it bears on none.
    """
    first = ranking.bearings[0]
    subject = brief.question(first.question).short.in_(t.language)
    spans: list[Span] = [t("bears on"), " ", Strong(subject)]
    if first.direction != "unclear":
        spans += [" ", direction_sign(t, first.direction)]
    return tuple(spans)

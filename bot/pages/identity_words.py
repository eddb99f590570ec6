"""Why an entry was taken for a known article or kept apart from it, in words."""

from __future__ import annotations

from bot.domain.page import Item, Link, Span
from bot.feeds.sameness import SAME_FROM
from bot.locale import Translator, message
from bot.store.identity_decisions import IdentityDecision
from bot.stories.shown_titles import shown_title

_REASONS = {
    "guid_own": message("its identifier is the same"),
    "guid_weak": message("its number is the same, which proves little"),
    "address_own": message("its address is the same"),
    "address_weak": message("its address is the same, which stands for a list or a place on a page"),
    "address_other": message("its address is another"),
    "guid_and_address": message("number and address agree"),
    "title_equal": message("the headline is the same"),
    "title_alike": message("the headlines are alike"),
    "title_other": message("the headline is another"),
    "text_equal": message("the texts are nearly the same"),
    "date_equal": message("the date is the same"),
    "date_other": message("the dates are of different days"),
}


def identity_item(t: Translator, decided: IdentityDecision) -> Item:
    """What an entry was compared with, what came of it, and each reason with its points."""
    compared = decided.compared
    said = (
        t("It was taken for an article that was known already:")
        if compared.sameness.same
        else t("It was kept apart from one that was known already:")
    )
    other: Span = Link(shown_title(compared.other_title, "") or compared.other_url, compared.other_url)
    return Item((said, " ", other), ((_why(t, decided),),))


def _why(t: Translator, decided: IdentityDecision) -> str:
    sameness = decided.compared.sameness
    reasons = "; ".join(
        t("{reason} ({points})", reason=t(_REASONS[code]), points=f"{points:+}")
        for code, points in sameness.reasons
        if code in _REASONS
    )
    return t(
        "{reasons}. Together {score}; {line} or more is the same article.",
        reasons=reasons[:1].upper() + reasons[1:],
        score=t.number(sameness.score),
        line=t.number(SAME_FROM),
    )

"""What a reader sees when something could not be done."""

from __future__ import annotations

from bot.domain.page import Block, Button, Choice, Note, Page, Paragraph
from bot.locale import Translator


def problem_page(
    t: Translator,
    sentence: str,
    advice: str = "",
    reference: str = "",
    *,
    buttons: tuple[Button, ...] = (),
    choices: tuple[Choice, ...] = (),
) -> Page:
    """What happened, what to do about it, and a reference that the log has too."""
    blocks: list[Block] = [Paragraph((sentence,))]
    if advice:
        blocks.append(Paragraph((advice,)))
    if reference:
        blocks.append(Note((t("Reference: {reference}", reference=reference),)))
    return Page(t("That did not work"), tuple(blocks), buttons, choices, tone="problem")

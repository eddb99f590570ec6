"""Values: what a report is evidence of."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.match import Finding

#: What a report says of the author's worry.
DIRECTIONS = ("worse", "better", "mixed", "unclear")


@dataclass(frozen=True, slots=True)
class Bearing:
    """A report is evidence for a question.

    ``weight`` is 3 for an act, ruling or official figure that changes the answer, 2 for solid evidence, and 1
    for what stands further down in the text. ``rule`` is the id of the rule in ``lexicon/questions.yaml``
    that said so, ``findings`` the words that filled it.
    """

    question: str
    weight: int
    direction: str
    rule: str
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """The questions that a report bears on, strongest first.

    ``reason`` is ``bears``, or why there is none: ``not_relevant`` (no topic of ours), ``opinion``,
    ``looking_back`` (an anniversary or history), ``other_subject`` (sport, film …), ``elsewhere`` (set in
    another part of the world) or ``no_rule``.
    """

    bearings: tuple[Bearing, ...]
    reason: str

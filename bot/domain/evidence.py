"""What a report is evidence of, and its form in the store."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from bot.domain.match import Finding

#: What a report says of the author's worry.
DIRECTIONS = ("worse", "better", "mixed", "unclear")
#: The reason of evidence that bears on a question.
BEARS = "bears"
#: Packed texts whose evidence is remembered: a page reads hundreds of reports, and few rules judged them.
_REMEMBERED = 2_048
#: The weight of solid evidence, and of an act of government, a ruling or an official figure.
SOLID, DECISIVE = 2, 3


@dataclass(frozen=True, slots=True)
class Bearing:
    """A report is evidence for a question.

    ``weight`` is 3 for an act, ruling or official figure that changes the answer, 2 for solid evidence, and 1
    for what stands further down in the text. ``rule`` is the id of the rule in ``lexicon/questions.yaml``
    that said so, ``findings`` the words that filled it; the store does not keep these.
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
    another part of the world), ``no_rule``, or ``unjudged``: a row of the store that waits to be judged.
    """

    bearings: tuple[Bearing, ...]
    reason: str


NOT_JUDGED = Evidence((), "unjudged")


def pack_evidence(evidence: Evidence) -> str:
    """Evidence in some twenty characters a bearing: ``question:weight:direction:rule``, or the reason."""
    if not evidence.bearings:
        return evidence.reason
    return " ".join(f"{one.question}:{one.weight}:{one.direction}:{one.rule}" for one in evidence.bearings)


@lru_cache(maxsize=_REMEMBERED)
def unpack_evidence(packed: str | None) -> Evidence:
    """What ``pack_evidence`` wrote, without findings; None is a row that was not judged."""
    if not packed:
        return NOT_JUDGED
    if ":" not in packed:
        return Evidence((), packed)
    bearings = []
    for part in packed.split(" "):
        question, weight, direction, rule = part.split(":")
        bearings.append(Bearing(question, int(weight), direction, rule))
    return Evidence(tuple(bearings), BEARS)

"""Which of the article's questions a report bears on, how directly, in which direction, and why."""

from bot.domain.evidence import DIRECTIONS, Bearing, Evidence
from bot.evidence.judge import EvidenceJudge

__all__ = ["DIRECTIONS", "Bearing", "Evidence", "EvidenceJudge"]

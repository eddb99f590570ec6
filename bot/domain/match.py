"""The verdict on an entry: which topics, how strongly, and why."""

from __future__ import annotations

from dataclasses import dataclass

#: The labels that the matcher gives, in the order in which pages list them.
TOPICS = (
    "border_security",
    "migration",
    "organized_crime",
    "security_cooperation",
    "regional_security",
    "defense_policy",
    "trade_leverage",
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One phrase found in an entry. ``start`` and ``end`` index the field's own text."""

    concept: str
    surface: str
    field: str
    start: int
    end: int
    role: str


@dataclass(frozen=True, slots=True)
class TopicScore:
    """How strongly an entry speaks of a topic, and the rule that said so."""

    topic: str
    score: float
    rule: str
    findings: tuple[Finding, ...] = ()


#: The reason of a verdict on an entry that is shown because it goes on with a story.
FOLLOWS = "follows"


@dataclass(frozen=True, slots=True)
class Match:
    """The verdict on an entry.

    ``topics`` holds only those at or above the line, strongest first; ``nearest`` is the best that
    stayed below it. ``reason`` names the rule that decided the whole, e.g. ``matched``, ``no_nexus``,
    ``bears`` where only what it is evidence of makes it relevant, or ``follows``, where the story that it
    goes on with does: ``overruled`` is then the matcher's own reason. ``concepts`` are all concept ids found,
    which grouping uses as a bridge between languages.
    """

    topics: tuple[TopicScore, ...]
    reason: str
    score: float
    concepts: tuple[str, ...] = ()
    nearest: TopicScore | None = None
    excluded: tuple[Finding, ...] = ()
    overruled: str = ""

    @property
    def relevant(self) -> bool:
        """Whether the entry speaks of at least one topic."""
        return bool(self.topics)

    @property
    def topic_ids(self) -> tuple[str, ...]:
        """The ids of the topics, strongest first."""
        return tuple(topic.topic for topic in self.topics)

"""The words of the brief: what it holds, as plain values in both languages."""

from __future__ import annotations

from dataclasses import dataclass

#: The concerns in the order in which pages list them: the author's own two, then three of its background.
CONCERNS = (
    "border_security",
    "regional_security",
    "organized_crime",
    "defense_policy",
    "trade_leverage",
)

#: The concern that each topic of the matcher belongs to.
CONCERN_OF_TOPIC: dict[str, str] = {
    "border_security": "border_security",
    "migration": "border_security",
    "organized_crime": "organized_crime",
    "security_cooperation": "regional_security",
    "regional_security": "regional_security",
    "defense_policy": "defense_policy",
    "trade_leverage": "trade_leverage",
}


@dataclass(frozen=True, slots=True)
class Bilingual:
    """One text in both languages."""

    en: str
    es: str

    def in_(self, language: str) -> str:
        """The text in ``language``; English for a language that we do not speak."""
        return self.es if language == "es" else self.en


@dataclass(frozen=True, slots=True)
class ArticleSource:
    """Where the article stood, as far as its text tells. ``title`` is its own, in its own language."""

    title: str
    date: Bilingual
    where: Bilingual


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the brief."""

    id: str
    title: Bilingual
    paragraphs: tuple[Bilingual, ...]

    @property
    def text(self) -> Bilingual:
        """All paragraphs as one text, an empty line between them."""
        return Bilingual(
            "\n\n".join(paragraph.en for paragraph in self.paragraphs),
            "\n\n".join(paragraph.es for paragraph in self.paragraphs),
        )


@dataclass(frozen=True, slots=True)
class Question:
    """Something that the article leaves open, with the topics where an answer would show.

    ``short`` names its subject within a line of a list. ``asked_in_article`` is whether the article asks it
    in words; the other questions are ours.
    """

    id: str
    text: Bilingual
    short: Bilingual
    topics: tuple[str, ...]
    asked_in_article: bool = False


@dataclass(frozen=True, slots=True)
class Concern:
    """What the article worries about: ``summary`` in a line, ``says`` in a paragraph.

    ``origin`` is ``author`` for the two that the author names, and ``background`` for the three that the
    article's background raises.
    """

    id: str
    origin: str
    name: Bilingual
    summary: Bilingual
    says: Bilingual
    questions: tuple[Question, ...]
    topics: tuple[str, ...]

    @property
    def authors_own(self) -> bool:
        """Whether the author names this concern, rather than the background raising it."""
        return self.origin == "author"


@dataclass(frozen=True, slots=True)
class Person:
    """Someone in the article: the office held then, and the part played. ``note`` is what we add."""

    id: str
    name: str
    role: Bilingual
    part: Bilingual
    note: Bilingual | None = None


@dataclass(frozen=True, slots=True)
class Institution:
    """An institution, programme, agreement or actor (``kind``) in the article. ``note`` is what we add."""

    id: str
    kind: str
    name: Bilingual
    part: Bilingual
    acronym: Bilingual | None = None
    note: Bilingual | None = None


@dataclass(frozen=True, slots=True)
class DatedEvent:
    """A moment in the article. ``date`` is ISO 8601, as short as what is known, and sorts;
    ``when`` is how to say it; ``section`` is the part of the brief that it belongs to.
    """

    id: str
    date: str
    section: str
    when: Bilingual
    text: Bilingual
    note: Bilingual | None = None


@dataclass(frozen=True, slots=True)
class Reference:
    """A work that the article cites, in its own language, and what rests on it."""

    id: str
    entry: str
    backs: Bilingual
    url: str = ""
    note: Bilingual | None = None


#: Parts of the brief beside its sections: who it names, and the works that it rests on.
WHO, WORKS = "who", "works"
_WHO_TITLE = Bilingual("Who and what it names", "Quién y qué aparece")
_WORKS_TITLE = Bilingual("What it rests on", "En qué se apoya")


@dataclass(frozen=True, slots=True)
class Brief:
    """The whole brief. ``dates`` are in order of time, ``concerns`` in the order of ``CONCERNS``."""

    source: ArticleSource
    sections: tuple[Section, ...]
    concerns: tuple[Concern, ...]
    people: tuple[Person, ...]
    institutions: tuple[Institution, ...]
    dates: tuple[DatedEvent, ...]
    references: tuple[Reference, ...]

    @property
    def parts(self) -> tuple[tuple[str, Bilingual], ...]:
        """The id and title of everything that can be read, in order."""
        sections = tuple((section.id, section.title) for section in self.sections)
        return (*sections, (WHO, _WHO_TITLE), (WORKS, _WORKS_TITLE))

    def concern(self, concern_id: str) -> Concern:
        """The concern with this id. Raises KeyError for an id that is none of ``CONCERNS``."""
        for concern in self.concerns:
            if concern.id == concern_id:
                return concern
        raise KeyError(concern_id)

    def section(self, section_id: str | None = None) -> Section:
        """The part with this id; the first for None or for an id that is not known."""
        for section in self.sections:
            if section.id == section_id:
                return section
        return self.sections[0]

    def question(self, question_id: str) -> Question:
        """The open question with this id. Raises KeyError where there is none."""
        for concern in self.concerns:
            for question in concern.questions:
                if question.id == question_id:
                    return question
        raise KeyError(question_id)

    def dates_of(self, section: Section) -> tuple[DatedEvent, ...]:
        """The dated events that belong to a part, in order of time."""
        return tuple(event for event in self.dates if event.section == section.id)

"""The seed article as the bot knows it: our own brief in English and Spanish, and its concerns."""

from bot.article.blocks import KeyFault
from bot.article.brief import (
    CONCERN_OF_TOPIC,
    CONCERNS,
    WHO,
    WORKS,
    ArticleSource,
    Bilingual,
    Brief,
    Concern,
    DatedEvent,
    Institution,
    Person,
    Question,
    Reference,
    Section,
)
from bot.article.placing import concern_of_question, concerns_of
from bot.article.reading import BriefError, load_brief, read_brief

__all__ = [
    "CONCERNS",
    "CONCERN_OF_TOPIC",
    "WHO",
    "WORKS",
    "ArticleSource",
    "Bilingual",
    "Brief",
    "BriefError",
    "Concern",
    "DatedEvent",
    "Institution",
    "KeyFault",
    "Person",
    "Question",
    "Reference",
    "Section",
    "concern_of_question",
    "concerns_of",
    "load_brief",
    "read_brief",
]

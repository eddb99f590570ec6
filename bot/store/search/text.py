"""What goes into the index for an article."""

from __future__ import annotations

from dataclasses import dataclass

from bot.article import CONCERN_OF_TOPIC
from bot.store.search.analyse import tokens


@dataclass(frozen=True, slots=True)
class Text:
    """An article's words. ``topics`` are parted by spaces, as in the article's row."""

    id: int
    language: str
    title: str
    body: str
    topics: str

    def title_tokens(self) -> list[str]:
        """The title's tokens."""
        return tokens(self.title, self.language)

    def body_tokens(self) -> list[str]:
        """The body's tokens."""
        return tokens(self.body, self.language)

    def tags(self) -> list[str]:
        """One token for the language and one for each concern, to narrow a search inside the index."""
        concerns = {CONCERN_OF_TOPIC[one] for one in self.topics.split() if one in CONCERN_OF_TOPIC}
        return [language_tag(self.language), *(concern_tag(one) for one in sorted(concerns))]


def concern_tag(concern: str) -> str:
    """The token that stands for a concern; no word of a text is like it, nor survives the stemmer so."""
    return "qzconcern" + "".join(filter(str.isalnum, concern))


def language_tag(language: str) -> str:
    """The token that stands for a language."""
    return "qzlanguage" + "".join(filter(str.isalnum, language.lower()))

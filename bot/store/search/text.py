"""What goes into the index for an article."""

from __future__ import annotations

from dataclasses import dataclass

from bot.article import CONCERN_OF_TOPIC
from bot.store.search.analyse import tokens

#: Before a token: the word stands in the title. No word of a text or of a question holds this sign.
IN_TITLE = "_"
#: Before a token: no word at all, but a concern or a language.
_TAG = "__"


@dataclass(frozen=True, slots=True)
class Text:
    """An article's words. ``topics`` are separated by spaces, as in the article's row."""

    id: int
    language: str
    title: str
    body: str
    topics: str

    def tokens(self) -> list[str]:
        """All by which the article is found, each once.

        That is every word, the words of the title once more as such, its concerns and its language. Neither
        engine then has to keep where in the text a word stands, which is two thirds of an index.
        """
        title = tokens(self.title, self.language)
        words = dict.fromkeys([*title, *tokens(self.body, self.language)])
        titled = dict.fromkeys(IN_TITLE + word for word in title)
        concerns = {CONCERN_OF_TOPIC[one] for one in self.topics.split() if one in CONCERN_OF_TOPIC}
        return [*words, *titled, *map(concern_tag, sorted(concerns)), language_tag(self.language)]


def concern_tag(concern: str) -> str:
    """The token that stands for a concern."""
    return _TAG + "".join(filter(str.isalnum, concern))


def language_tag(language: str) -> str:
    """The token that stands for a language."""
    return _TAG + "".join(filter(str.isalnum, language.lower()))

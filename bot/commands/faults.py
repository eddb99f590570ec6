"""What can be wrong with a request, in words for who made it."""

from __future__ import annotations

from bot.locale import Translator


class UserFault(Exception):
    """Something that the reader can mend. ``sentence`` and ``advice`` are English catalogue messages."""

    def __init__(self, sentence: str, advice: str = "", /, **values: object) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.advice = advice
        self.values = values

    def words(self, t: Translator) -> tuple[str, str]:
        """What happened and what to do, in the reader's language."""
        return t(self.sentence, **self.values), t(self.advice, **self.values) if self.advice else ""

"""Answers that Discord did not take although what they report is done: the next answer brings them."""

from __future__ import annotations

from collections import OrderedDict

from bot.domain.audience import User
from bot.domain.page import Page

#: Members whose lost answers are remembered, the last of each. They are kept in memory: during an outage many
#: are lost at once, and a restart forgets them, while `/audit` still lists what was changed.
REMEMBERED = 1_000


class AnswerLost(Exception):
    """A request was carried out, and Discord did not take the answer that says so."""

    code = "answer_lost"


class Unsaid:
    """The last answer of each member that was lost."""

    def __init__(self) -> None:
        self._pages: OrderedDict[User, Page] = OrderedDict()

    def keep(self, user: User, page: Page) -> None:
        """Keep a lost answer in place of an earlier one; of too many members the oldest is forgotten."""
        self._pages.pop(user, None)
        self._pages[user] = page
        if len(self._pages) > REMEMBERED:
            self._pages.popitem(last=False)

    def take(self, user: User) -> Page | None:
        """A member's lost answer, which is kept no longer; None where nothing was lost."""
        return self._pages.pop(user, None)

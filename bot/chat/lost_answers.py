"""Answers that did not reach the member although the request was carried out: they come with the next one."""

from __future__ import annotations

from collections import OrderedDict

from bot.domain.audience import User
from bot.domain.page import Page

#: Members whose last lost answer is kept. They are kept in memory only: an outage loses many at once. A
#: restart forgets them, while `/audit` still lists what was changed.
REMEMBERED = 1_000


class AnswerLost(Exception):
    """A request was carried out, but its answer did not reach the member."""

    code = "answer_lost"


class LostAnswers:
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

"""Full-text search in English and Spanish, the same on both engines."""

from __future__ import annotations

from bot.store.search.index import add, ensure, optimize, rebuild, remove, search
from bot.store.search.question import question
from bot.store.search.text import Text

__all__ = ["Text", "add", "ensure", "optimize", "question", "rebuild", "remove", "search"]

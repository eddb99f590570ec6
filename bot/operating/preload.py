"""What answers need, loaded before anybody asks, so that no answer waits for it. Blocking."""

from __future__ import annotations

import gc
from datetime import UTC, datetime

from bot.commands.lookup import BY_NAME
from bot.context import AppContext
from bot.locale import LANGUAGES, translator
from bot.patterns import compile_all
from bot.stories.document import Document
from bot.stories.features import features

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def preload_judges(context: AppContext) -> None:
    """Make what judges entries, and spare the garbage collector from looking through it ever again."""
    context.load_judges()
    gc.freeze()


def preload_commands() -> None:
    """Load the modules of all commands and what they answer from; compile the patterns that these declare."""
    for _ in BY_NAME.values():
        pass
    compile_all()


def preload_tables() -> None:
    """Read both catalogues and the tables of words, names and places, by one small use of each."""
    preload_commands()
    for language in LANGUAGES:
        translator(language)
        features(Document(0, language, "Border Patrol in Tijuana", "Un túnel, 300 metres.", EPOCH))

"""Tables that answers need, read before anybody asks: the first answer would wait half a second for them."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.locale import LANGUAGES, translator
from bot.patterns import compile_all
from bot.stories.document import Document
from bot.stories.features import features

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def preload_tables() -> None:
    """Read both catalogues and the tables of words, names and places, by one small use of each. Blocking.

    Patterns are compiled too.
    """
    compile_all()
    for language in LANGUAGES:
        translator(language)
        features(Document(0, language, "Border Patrol in Tijuana", "Un túnel, 300 metres.", EPOCH))

"""Who speaks in a headline: Washington, Mexico City, a court, a state … Pure.

The names are in ``voices.txt``. A headline has a speaker only where its words say that somebody answers,
decides or denies; it is whoever stands nearest before those words, or right behind them, as Spanish has it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from importlib import resources

from bot.stories import cues
from bot.stories.words import word_set

#: What somebody with a voice does in a headline.
SPEAKING = word_set(
    "replied denied refused agreed confirmed corrected revised undone restored imposed sued sanctioned signed"
)
#: A voice opens the title, or stands right before its verb; within these words.
_OPENING = 2
#: What may stand between a Spanish verb and the speaker behind it: "niega la Fiscalía". After an *a* stands
#: whom it is said to.
_ARTICLES = word_set("el la los las")
#: Before whom something is said to or done to, and who says nothing.
_TO = word_set("a al to against contra")


@lru_cache(maxsize=1)
def _books() -> dict[str, cues.CueBook]:
    return cues.parse(resources.files("bot.stories").joinpath("voices.txt").read_text("utf-8"))


def speaker(title: Sequence[str], language: str, said: Sequence[cues.Cue]) -> str:
    """The voice that speaks in folded words of a title, whose cues are ``said``; empty where none does."""
    verbs = [cue for cue in said if cue.name in SPEAKING and cue.start < len(title)]
    book = _books().get(language)
    if not verbs or book is None:
        return ""
    verb = min(verbs, key=lambda cue: cue.start)
    named = [voice for voice in book.find(title) if title[max(voice.start - 1, 0)] not in _TO]
    named.sort(key=lambda voice: voice.start)
    for voice in named:
        if voice.end <= verb.start and (voice.start <= _OPENING or voice.end >= verb.start - _OPENING):
            return voice.name
    if language == "es":
        for voice in named:
            if voice.start >= verb.end and set(title[verb.end : voice.start]) <= _ARTICLES:
                return voice.name
    return ""

"""What a headline in the other language tells, in the reader's: acts, subject, places, figures.

Nothing is translated by guess: the acts are those of ``bot/stories/cues.txt``, which have a name in both
languages; places and figures stand as they are.
"""

from __future__ import annotations

from functools import lru_cache

from bot.domain.articles import Article
from bot.locale import Translator, message
from bot.pages.wording import topic_name
from bot.stories import cues
from bot.stories.features import victims_of
from bot.stories.reading import read_text

#: What readers call the acts that cues tell, as messages; cues that are no acts have no name.
_ACTS = {
    "arrested": message("arrest"),
    "charged": message("charges"),
    "sentenced": message("sentence"),
    "freed": message("release"),
    "found": message("rescue or find"),
    "bodies": message("bodies found"),
    "kidnapped": message("kidnapping"),
    "passed": message("approval"),
    "signed": message("signature"),
    "in_force": message("start"),
    "ended": message("end"),
    "resumed": message("reopening"),
    "imposed": message("order or ban"),
    "closed": message("closure"),
    "sanctioned": message("sanctions"),
    "sued": message("lawsuit"),
    "sent": message("deployment"),
    "seized": message("seizure"),
    "extradited": message("extradition"),
    "deported": message("deportation"),
    "resigned": message("resignation"),
    "appointed": message("appointment"),
    "agreed": message("agreement"),
    "denied": message("denial"),
}
#: Of each kind so many are told: a line of a phone.
_ACTS_TOLD, _PLACES_TOLD, _FIGURES_TOLD = 2, 2, 2


def key_facts(t: Translator, article: Article) -> str:
    """A line of what an article in another language tells: "seizure · San Ysidro · 42,000".

    Its topic is told where it bears on no question, which lists say by themselves. Empty where it tells
    nothing.
    """
    acts, places, figures = _told(article.title, article.language)
    victims = victims_of(article.title, article.language)
    told_elsewhere = bool(article.evidence.bearings) or not article.topics
    subject = "" if told_elsewhere else topic_name(t, article.topics[0])
    counts = [
        t.many("{n} dead", "{n} dead", victims.killed) if victims.killed else "",
        t.many("{n} wounded", "{n} wounded", victims.hurt) if victims.hurt else "",
    ]
    counted = {victims.killed, victims.hurt}
    numbers = [t.number(figure) for figure in figures if figure not in counted]
    parts = [
        *(t(_ACTS[act]) for act in acts),
        subject,
        *places,
        *counts,
        *numbers,
    ]
    facts = " · ".join(dict.fromkeys(part for part in parts if part))
    return t("Key facts: {facts}", facts=facts) if facts else ""


@lru_cache(maxsize=2_048)
def _told(title: str, language: str) -> tuple[tuple[str, ...], tuple[str, ...], tuple[float, ...]]:
    """The acts, the places as they are written, and the figures of a title."""
    reading = read_text(title, "", language)
    folded = [token.folded for token in reading.tokens]
    acts = dict.fromkeys(cue.name for cue in cues.find(folded, reading.language) if cue.name in _ACTS)
    places = dict.fromkeys(
        " ".join(token.text for token in reading.tokens[start:end]) for _, start, end in reading.places
    )
    figures = dict.fromkeys(value for value, _, _ in reading.figures)
    return tuple(acts)[:_ACTS_TOLD], tuple(places)[:_PLACES_TOLD], tuple(figures)[:_FIGURES_TOLD]

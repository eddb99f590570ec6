"""An endless invented stream of news, for measuring what grouping costs. The sentences mean nothing.

Words are drawn as often as the languages use them, events have words and names of their own, last a few
days, and are reported by one to a few dozen articles. Invented by a seeded generator: the same every time.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from bot.stories.document import Document
from bot.stories.places import gazetteer
from bot.topics.background import background

#: Articles a day: what some hundred feeds on one subject bring.
PER_DAY = 2_500


@lru_cache(maxsize=2)
def _vocabulary(language: str) -> _Vocabulary:
    return _Vocabulary(language)


class _Vocabulary:
    def __init__(self, language: str) -> None:
        index = 0 if language == "en" else 1
        pairs = [(word, divmod(value, 100)[index]) for word, value in background().items()]
        self.words = [word for word, tenths in pairs if tenths]
        self.weights = list(itertools.accumulate(10 ** (tenths / 10) for _, tenths in pairs if tenths))
        self.rare = [word for word, tenths in pairs if 28 <= tenths <= 42]

    def common(self, rng: random.Random, count: int) -> list[str]:
        return rng.choices(self.words, cum_weights=self.weights, k=count)


def documents(count: int, seed: int = 1) -> Iterator[Document]:
    """``count`` invented documents in both languages, oldest first."""
    rng = random.Random(seed)
    vocabularies = {language: _vocabulary(language) for language in ("en", "es")}
    towns = [
        " ".join((first, *name.rest)).title() for first, names in gazetteer().names.items() for name in names
    ]
    actors = [
        f"{rng.choice(vocabularies['es'].rare)} {rng.choice(vocabularies['es'].rare)}".title()
        for _ in range(60)
    ]
    open_events: list[tuple[str, list[str], list[str], int]] = []
    start = datetime(2026, 1, 1, tzinfo=UTC)
    for number in range(count):
        if not open_events or rng.random() < 0.35:
            language = rng.choice(("en", "es"))
            vocabulary = vocabularies[language]
            people = [" ".join(rng.choices(vocabulary.rare, k=2)).title() for _ in range(2)]
            event = (
                language,
                rng.sample(vocabulary.rare, 12),
                [*people, rng.choice(towns)],
                rng.randint(2, 60),
            )
            open_events.append(event)
            del open_events[:-400]
        else:
            event = open_events[min(len(open_events) - 1, int(rng.paretovariate(0.7)) % len(open_events))]
        language, telling, names, victims = event
        text = vocabularies[language].common(rng, 22) + rng.sample(telling, 5) + rng.sample(names, 2)
        text += [str(victims), rng.choice(actors)]
        rng.shuffle(text)
        title = [*rng.sample(telling, 3), rng.choice(names), *vocabularies[language].common(rng, 5)]
        yield Document(
            id=number + 1,
            language=language,
            title=" ".join(title).capitalize(),
            summary=" ".join(text).capitalize() + ".",
            at=start + timedelta(days=number / PER_DAY),
            publisher=f"paper {rng.randint(1, 90)}",
        )

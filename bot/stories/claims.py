"""What a report says of a story's earlier claims: they were wrong, are disputed, or hold no longer. Pure.

A mark says which earlier reports a reader must no longer take as they stand. It is given once: whoever
retells a correction within ``RETOLD_DAYS`` corrects nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.stories import CORRECTED, DENIED, REVERSED
from bot.patterns import late_pattern
from bot.stories.document import Document
from bot.stories.features import Features, figure_key
from bot.stories.forms import NEWS
from bot.stories.words import word_set

#: Reports that one report may mark, newest first: more would hide what else it says.
MOST_MARKED = 4
#: The same said again within these days is a retelling; later, it is a next turn.
RETOLD_DAYS = 10.0
#: What brings a matter to a state that can be undone.
DECISIONS = word_set(
    "imposed closed passed failed signed created sanctioned charged sentenced undone restored in_force ended "
    "appointed agreed sent arrested resumed"
)
#: What takes a decision back, and what takes that back.
UNDOING = word_set("undone restored")
#: Words that a title must share with that of a lasting state which it says has ended.
SHARED_WORDS = 2
#: States that an end or a reopening puts an end to.
_LASTING = word_set("imposed created in_force closed sent sanctioned passed signed")
#: A lack, and up to five words before it, who denies it.
_LACK = (
    r"ausencias?|falta|carencias?|abandono|desabasto|escasez|insuficiencia|lack|absence|shortages?|neglect"
)
_LACK_DENIED = late_pattern(
    r"\b(?:nieg\w+|neg[oó]|desmient\w+|desminti\w+|descart\w+|rechaz\w+|den(?:y|ies|ied|ying)|dismiss\w*|reject\w*|"
    rf"disput\w+)(?:\s+\w+){{0,5}}?\s+(?:{_LACK})\b",
    re.IGNORECASE,
)
_LACKING = late_pattern(
    rf"\b(?:{_LACK}|sin|faltan|carec\w+|ausentes?|abandon\w+|desprotegid\w+|no hay|without|"
    r"lacks?|lacking|absent|missing|unguarded|unprotected|neglected|no)\b",
    re.IGNORECASE,
)
#: Steps that are news when a title tells them of a story that did not have them.
STEPS = word_set(
    "arrested charged sentenced freed found bodies passed failed signed in_force imposed closed sanctioned "
    "sued stopped sent extradited resigned appointed confirmed identified agreed paid undone "
    "restored ended resumed replied corrected untrue revised denied"
)


@dataclass(frozen=True, slots=True)
class Mark:
    """What a report makes of earlier ones: ``corrected``, ``denied`` or ``reversed``, and which they are."""

    kind: str
    article_ids: tuple[int, ...]


#: An earlier report of the story and what is read of it.
Earlier = tuple[Document, Features]


def said_lately(document: Document, earlier: Sequence[Earlier]) -> frozenset[str]:
    """The cues of the reports of the last ``RETOLD_DAYS`` before ``document``."""
    return frozenset(
        cue
        for other, found in earlier
        if (document.at - other.at).total_seconds() <= RETOLD_DAYS * 86_400
        for cue in found.cues
    )


def new_steps(document: Document, found: Features, earlier: Sequence[Earlier]) -> tuple[str, ...]:
    """The steps that the title tells and no late report of the story has, by name; none for comment."""
    if found.form != NEWS:
        return ()
    return tuple(sorted((found.title_cues & STEPS) - said_lately(document, earlier)))


def new_voice(found: Features, earlier: Sequence[Earlier]) -> str:
    """Who speaks in the title and in no earlier one; empty for nobody."""
    spoke = {other.speaker for _, other in earlier}
    return found.speaker if found.speaker not in spoke else ""


def mark(document: Document, found: Features, earlier: Sequence[Earlier]) -> Mark | None:
    """The mark that ``document`` puts on reports of its story, oldest first in ``earlier``; None for none."""
    if not earlier or found.form != NEWS:
        return None
    own = [one for one in earlier if one[0].publisher == document.publisher]
    said = frozenset(cue for _, other in earlier for cue in other.cues)
    lately = said_lately(document, earlier)
    taken_back = [
        one for one in earlier if any(figure_key(value) in one[1].names for value in found.not_figures)
    ]
    # Who denies something in a headline often "clarifies" it below.
    denies = "denied" in found.title_cues and "corrected" not in found.title_cues
    if (
        found.cues & {"corrected", "retracted"}
        and (own or "corrected" in found.title_cues)
        and not denies
        and ("corrected" not in lately or own)
    ):
        return _marked(CORRECTED, own or earlier)
    if taken_back:
        return _marked(CORRECTED, taken_back)
    if "revised" in found.cues and "revised" not in lately and any(k.startswith("#") for k in found.names):
        return _marked(CORRECTED, _latest_figures(earlier))
    if (found.cues & UNDOING) - lately and said & DECISIONS:
        return _marked(REVERSED, [one for one in earlier if one[1].cues & DECISIONS])
    # A court that denies a motion denies no report; below a headline that tells a step, it is in passing.
    plainly = "denied" in found.title_cues or not found.title_cues & STEPS
    disputes = "denied" in found.cues and plainly and "refused" not in found.cues
    if "denied" not in lately and (disputes or found.negated & found.title_cues & said & STEPS):
        return _marked(DENIED, _disputed_by(document.title, earlier))
    if "untrue" in found.title_cues and "untrue" not in lately:
        return _marked(CORRECTED, earlier)
    disputed = [one for one in earlier if "denied" in one[1].cues or one[1].negated & DISPUTABLE]
    if "confirmed" in found.title_cues and disputed:
        return _marked(CORRECTED, disputed)
    if "freed" in found.title_cues - lately and "kidnapped" not in said:
        held = [one for one in earlier if one[1].cues & {"arrested", "charged", "sentenced"}]
        return _marked(REVERSED, held)
    if (found.title_cues - lately) & {"ended", "resumed"}:
        lasting = [one for one in earlier if one[1].title_cues & _LASTING]
        return _marked(REVERSED, [one for one in lasting if _same_object(one[1], found)])
    return None


def _disputed_by(title: str, earlier: Sequence[Earlier]) -> Sequence[Earlier]:
    """The reports that a denial is about: all, but for the denial of a lack those alone that told of one.

    "Denies absence of the Guard" disputes who missed it, and leaves true who reported its patrols.
    """
    if not _LACK_DENIED.search(title):
        return earlier
    return [one for one in earlier if _LACKING.search(one[0].title)]


#: Steps that somebody may say did not happen.
DISPUTABLE = STEPS - {"denied", "corrected", "untrue", "revised", "replied", "confirmed"}


def _same_object(one: Features, other: Features) -> bool:
    """Whether two titles speak of one thing: what resumes is what was closed."""
    return len(set(one.title_keys) & set(other.title_keys) - other.cue_words) >= SHARED_WORDS


def _marked(kind: str, reports: Sequence[Earlier]) -> Mark | None:
    ids = tuple(document.id for document, _ in reports[-MOST_MARKED:])
    return Mark(kind, ids) if ids else None


def _latest_figures(earlier: Sequence[Earlier]) -> Sequence[Earlier]:
    """The newest reports that give the newest toll; where none gives one, the newest that gives a figure."""
    tolls = [one for one in earlier if one[1].victims.killed]
    if tolls:
        newest = tolls[-1][1].victims.killed
        return [one for one in tolls if one[1].victims.killed == newest]
    return [one for one in earlier if any(key.startswith("#") for key in one[1].names)] or earlier

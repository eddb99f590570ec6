"""Whether a report joins a story, from how like they are, how far apart in time, what else is like it. Pure.

A report joins where no other story is like it and what both share is rare, or where it stands out among the
stories that are like it. The weights were fitted on pairs of a natural stream, read one by one
(docs/method-stories.md).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from bot.stories.conflict import PATTERN
from bot.stories.forms import DIGEST

#: Likeness that a report of the same hour needs.
JOIN = 0.2
#: Across languages many words have no partner, so what is left must agree better; from LINK on, a link.
CROSS_JOIN, LINK = 0.22, 0.18
#: How much more likeness is asked for with time, by the logarithm of 1 + the days between.
GAP_WEIGHT = 0.16
#: The same where the report says by its words that a matter goes on: a suspect is arrested, an order lifted.
FOLLOW_GAP_WEIGHT = 0.04
#: How much less likeness is asked for by what both share that few stories have, and the most that counts.
EVIDENCE_WEIGHT, MOST_EVIDENCE = 0.012, 15.0
MOST_KIND = 3.0
#: A title of which the other report has less than this share asks for more, by the share that is missing.
TITLE_SHARED, TITLE_WEIGHT = 0.3, 0.4
#: A report is alone with a story where no other story is as like it as this. On a natural stream 67 of 73
#: joins were right then, and 42 of 86 where another story was like it by .25 and more: words that are rare in
#: the language (*Ayotzinapa*, *García Luna*) stand in each report on their subject.
ALONE = 0.1
#: … and for a report that takes something back: the share of its likeness that the other story may have. Of
#: 21 such joins among like stories 19 were right, and neither of the others was likelier by a tenth.
TAKING_BACK_SHARE = 0.9
#: What else a report asks for that is not alone, by its likeness to the other story, and how much the titles
#: count for it: the share of its own that the other report has, and the other way round.
RIVAL_WEIGHT = 0.45
STANDS_OUT, OWN_TITLE_WEIGHT, OTHER_TITLE_WEIGHT = 0.39, 0.27, 0.19
PLACE_WEIGHT, ACT_WEIGHT, CROSS_WEIGHT, TURN_WEIGHT = 0.035, 0.015, 0.12, 0.06
#: How much more is asked for between reports of one outlet, which reports on a subject every day.
SAME_OUTLET = 0.05
#: How much more likeness is asked for where nothing of one event is shared: two murders in Acapulco.
NO_OWN, LEAST_OWN = 0.14, 1.0
#: Less likeness than this is none, whatever is shared.
LEAST_JOIN = 0.15
#: What both must share at least; more where one is little but a headline, and where a follow-up comes late.
LEAST_SHARED, SHORT_SHARED, FOLLOW_SHARED = 1.5, 3.5, 4.5
#: … of which at least this much is no place.
FOLLOW_TOLD = 2.5
#: What an outlet's correction of its own report must share with it.
CORRECTION_OWN = 1.5
#: … of which something stands in both titles, within how many days, and no other story may be as like it: an
#: outlet takes back what it has just printed, and says what that was.
CORRECTION_TITLE, CORRECTION_DAYS = 0.1, 14.0
#: A report this like needs no more than the least.
STRONG_JOIN = 0.45
#: Likeness is cut to this share where place, toll or names disagree: two events of one kind seldom score
#: above .55, and a third of that is below the line for joining; two reports of one event that are likelier
#: than that may still disagree on a place.
CONFLICT_SHARE = 0.35
#: Reasons of a decision that let a report join.
JOINING = frozenset(("same_event", "cross_language"))
#: Beyond this many days an event's story is closed for all but follow-ups, and beyond these for them too.
CLOSED_DAYS, FOLLOW_DAYS = 21.0, 120.0


@dataclass(frozen=True, slots=True)
class Likeness:
    """How a report and a story compare.

    ``score`` is the likeness of their words, names and figures in 0..1. ``own`` is what the report shares
    with one article of the story that tells one event and stands in few stories (names, figures, rare words);
    ``acts`` and ``places`` tell a kind of event. ``apart`` are the days between. ``corrects`` says that an
    outlet corrects a report of its own, ``title`` which share of its title the nearest report has, and
    ``other_title`` which share of the nearest one's title it has. ``rival`` is the likeness to the likest
    other story, ``same_outlet`` whether one outlet printed both. ``loose`` is what a story asks for that is
    little alike itself. ``follows`` says that the report speaks of a next
    step, ``turn`` that it is the one which comes after what the nearest report told of the same name.
    """

    score: float
    own: float
    acts: float
    places: float
    apart: float
    cross: bool = False
    short: bool = False
    loose: float = 0.0
    follows: bool = False
    corrects: bool = False
    title: float = 1.0
    other_title: float = 1.0
    rival: float = 0.0
    same_outlet: bool = False
    takes_back: bool = False
    turn: bool = False
    conflict: str = ""
    form: str = ""

    @property
    def shared(self) -> float:
        """All that both share, what tells only a kind of event up to ``MOST_KIND``."""
        return self.own + min(self.acts + self.places, MOST_KIND)

    @property
    def next_step(self) -> bool:
        """Whether the report surely speaks of a next step of this story."""
        told = self.own + self.acts
        return self.follows and told >= FOLLOW_TOLD and (self.turn or told + self.places >= FOLLOW_SHARED)


@dataclass(frozen=True, slots=True)
class Decision:
    """``same_event``, ``cross_language``, ``also`` (a link), ``conflict`` or ``new``, and the likeness."""

    reason: str
    score: float

    @property
    def joins(self) -> bool:
        """Whether the report becomes one of the story's."""
        return self.reason in JOINING


def bar(pair: Likeness) -> float:
    """The likeness that is asked for where no other story is like the report."""
    asked = (CROSS_JOIN if pair.cross else JOIN) + _asked_anyway(pair)
    asked += TITLE_WEIGHT * max(TITLE_SHARED - pair.title, 0.0)
    if pair.conflict:
        return asked
    return max(asked - EVIDENCE_WEIGHT * min(pair.shared, MOST_EVIDENCE), LEAST_JOIN)


def bar_among_others(pair: Likeness) -> float:
    """The likeness that is asked for where other stories are like the report too."""
    asked = STANDS_OUT + RIVAL_WEIGHT * pair.rival + SAME_OUTLET * pair.same_outlet + _asked_anyway(pair)
    told = OWN_TITLE_WEIGHT * pair.title + OTHER_TITLE_WEIGHT * pair.other_title
    told += PLACE_WEIGHT * min(pair.places, MOST_KIND) + ACT_WEIGHT * pair.acts
    if pair.own >= LEAST_OWN:
        told += CROSS_WEIGHT * pair.cross + TURN_WEIGHT * pair.turn
    return max(asked - told, LEAST_JOIN)


def _asked_anyway(pair: Likeness) -> float:
    """What time, a loose story and the lack of anything of one event ask for."""
    asked = (FOLLOW_GAP_WEIGHT if pair.next_step else GAP_WEIGHT) * math.log1p(pair.apart) + pair.loose
    if pair.own < LEAST_OWN:
        asked += NO_OWN / 2 if pair.next_step else NO_OWN
    return asked


def rivalry(pair: Likeness, other: Likeness) -> float:
    """How far the story of ``other`` rivals that of ``pair``: its likeness.

    Over two languages, where likeness says less, a story that lies further off in time rivals less.
    """
    further = max(math.log1p(other.apart) - math.log1p(pair.apart), 0.0)
    return other.score - GAP_WEIGHT * further * pair.cross


def decide(pair: Likeness) -> Decision:
    """What becomes of a report beside one story."""
    score = min(pair.score, 1.0)
    if pair.form == DIGEST:
        return Decision("new", score)
    if pair.conflict:
        cut = score * CONFLICT_SHARE
        if pair.conflict == PATTERN or not _joins(pair, cut):
            return Decision("conflict" if _joins(pair, score) else "new", cut)
        score = cut
    if pair.apart > (FOLLOW_DAYS if pair.next_step else CLOSED_DAYS):
        return Decision("new", score)
    if pair.corrects and _takes_back(pair):
        return Decision("same_event", max(score, LEAST_JOIN))
    if _joins(pair, score):
        return Decision("cross_language" if pair.cross else "same_event", score)
    link = pair.cross and score >= LINK and _shares_enough(pair, score)
    return Decision("also" if link else "new", score)


def _takes_back(pair: Likeness) -> bool:
    """Whether an outlet's correction is surely of this report of its own."""
    tied = pair.own >= CORRECTION_OWN and min(pair.title, pair.other_title) >= CORRECTION_TITLE
    return tied and pair.apart <= CORRECTION_DAYS and pair.score > pair.rival


def _joins(pair: Likeness, score: float) -> bool:
    if not pair.conflict and score >= bar_among_others(pair):
        return True
    other = TAKING_BACK_SHARE * pair.score if pair.takes_back else 0.0
    return pair.rival < max(ALONE, other) and _shares_enough(pair, score) and score >= bar(pair)


def _shares_enough(pair: Likeness, score: float) -> bool:
    least = LEAST_SHARED if score >= STRONG_JOIN or not pair.short else SHORT_SHARED
    return pair.own + pair.acts + pair.places >= least

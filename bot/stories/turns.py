"""The next turn of a matter: who was arrested is charged, what was closed reopens. Pure.

That a report tells some step says little; that it tells the step which follows on what the earlier one told,
of the same name, tells one matter.
"""

from __future__ import annotations

from bot.stories.features import Features
from bot.stories.forms import NEWS
from bot.stories.words import word_set

#: What a title may tell next, by what the title before it told: cues (``cues.txt``) and, with ``=``, meanings
#: (``bridge.txt``). A reply follows on anything, and is told one by the figure that both speak of.
_NEXT = {
    "arrested": word_set("charged sentenced freed extradited"),
    "extradited": word_set("charged sentenced"),
    "charged": word_set("sentenced freed undone"),
    "sentenced": word_set("undone freed"),
    "kidnapped": word_set("freed found bodies arrested"),
    "bodies": word_set("identified arrested"),
    "=disappear": word_set("found bodies freed arrested"),
    "=kill": word_set("arrested charged sentenced identified"),
    "=murder": word_set("arrested charged sentenced identified"),
    "=flee": word_set("arrested"),
    "imposed": word_set("undone restored resumed ended sued stopped"),
    "closed": word_set("undone resumed restored"),
    "stopped": word_set("resumed ended"),
    "sanctioned": word_set("undone ended"),
    "created": word_set("ended stopped undone"),
    "sent": word_set("ended undone"),
    "pending": word_set("passed failed signed"),
    "agreed": word_set("signed failed"),
    "passed": word_set("signed undone sued"),
    "signed": word_set("undone sued in_force"),
    "in_force": word_set("undone ended sued"),
    "ended": word_set("closed resumed undone restored"),
    "sued": word_set("undone imposed"),
}

#: What follows on whatever was claimed.
_OF_A_CLAIM = word_set("retracted untrue")
#: What a name must weigh as evidence of one event: *Casa* of a shelter's name is in many.
LEAST_NAME = 1.0


def next_turn(found: Features, before: Features) -> bool:
    """Whether the title of ``found`` tells what may come next of the title of ``before``, of one name.

    The name is a name or a figure of its title that the other report has too, or a place of both titles, and
    is not said every day.
    """
    names = shared_names(found, before)
    if not names or found.form != NEWS:
        return False
    if found.title_cues & _OF_A_CLAIM or _toll_rises(found, before):
        return True
    told = before.title_cues.union(key for key in before.title_keys if key.startswith("="))
    if any(found.title_cues & _NEXT[one] for one in told & _NEXT.keys()):
        return True
    return "replied" in found.title_cues and any(name.startswith("#") for name in names)


def shared_names(found: Features, before: Features) -> frozenset[str]:
    """The names and figures of a title that the other report has, and the places of both titles."""
    title = frozenset(found.title_keys) - found.cue_words
    places = found.place_words & before.place_words
    names = title & found.marks & before.marks | title.intersection(before.title_keys) & places
    return frozenset(name for name in names if found.evidence.get(name, 0.0) >= LEAST_NAME)


def _toll_rises(found: Features, before: Features) -> bool:
    """Whether a title tells of more dead than the report before it."""
    toll, told = found.victims.killed, before.victims.killed
    return "=kill" in found.title_keys and toll is not None and told is not None and toll > told

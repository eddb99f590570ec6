"""What an outlet's edit of its own report changed in what it claims. Pure."""

from __future__ import annotations

from bot.domain.stories import CORRECTED
from bot.stories.claims import mark
from bot.stories.document import Document
from bot.stories.features import features


def edited_facts(before: Document, after: Document) -> tuple[str, ...]:
    """The facts, as ``bot.stories.novelty`` writes them, that one address claims and did not claim before.

    ``corrected`` with the report's own id where the new text takes the old one back or counts fewer victims,
    ``killed`` and ``hurt`` where it counts more. Other words for the same are no news.
    """
    old, new = features(before), features(after)
    counts = (
        ("killed", old.victims.killed, new.victims.killed),
        ("hurt", old.victims.hurt, new.victims.hurt),
    )
    made = mark(after, new, [(before, old)])
    fewer = any(was and now is not None and now < was for _, was, now in counts)
    taken_back = fewer or (made is not None and made.kind == CORRECTED)
    more = [f"{kind}:{now}" for kind, was, now in counts if now and was is not None and now > was]
    return tuple([f"{CORRECTED}:{after.id}"] * taken_back + more)

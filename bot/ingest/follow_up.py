"""Entries that were left out, compared with the stories: what surely follows up on one becomes an article.

A part of grouping, which holds the window of stories. It may be stopped or repeated at any point; each entry
is looked at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import structlog

from bot.context import AppContext
from bot.domain.match import FOLLOWS, Match, TopicScore
from bot.store import articles, follow_ups
from bot.store.follow_ups import LeftOut
from bot.store.rejudge import Rejudged, Remembered
from bot.stories.following import OVERRULED
from bot.stories.grouping import Grouper
from bot.topics.rules import LINE

log = structlog.get_logger()

#: Entries held against the stories at a time, some 2 ms of work for each.
BATCH = 50
#: How far back entries are looked at, by when they were seen: what waited for long is no news.
LOOK_BACK = timedelta(days=2)
#: How old a report may be that goes on with a story.
MOST_AGE = timedelta(days=7)


async def take_up_follow_ups(context: AppContext, grouper: Grouper) -> int:
    """Compare the entries left out since the last run with the stories of ``grouper``.

    Returns how many became articles, which wait for grouping.
    """
    database, count = context.database, 0
    now = context.clock.now()
    while entries := await database.read(follow_ups.left_out, now - LOOK_BACK, BATCH):
        young = [one for one in entries if one.document is not None and one.document.at >= now - MOST_AGE]
        followed = await asyncio.to_thread(_followed, grouper, young)
        taken = []
        for one, article_id in followed:
            if (rejudged := await _taken_up(context, one, article_id)) is not None:
                taken.append((one.entry, rejudged))
        await database.write(follow_ups.keep, entries[-1].entry.id, taken, now=now)
        for entry, new in taken:
            log.info("follow_up_taken", title=entry.title, overruled=new.match.overruled)
        count += len(taken)
    return count


def _followed(grouper: Grouper, entries: Sequence[LeftOut]) -> list[tuple[LeftOut, int]]:
    """The entries that surely follow up on a story, each with the story's nearest article."""
    if not len(grouper):
        return []
    found = []
    for one in entries:
        if one.document is not None and one.reason in OVERRULED:
            nearest = grouper.followed(one.document)
            if nearest is not None:
                found.append((one, nearest))
    return found


async def _taken_up(context: AppContext, one: LeftOut, article_id: int) -> Rejudged | None:
    nearest = await context.database.read(articles.article, article_id)
    if nearest is None:
        return None  # deleted since the window was loaded
    return await asyncio.to_thread(_rejudged, context, one.entry, nearest.match)


def _rejudged(context: AppContext, entry: Remembered, nearest: Match) -> Rejudged | None:
    """The verdict on an entry that follows up on the story of a report judged ``nearest``.

    None where today's rules leave it out for another reason than missing words.
    """
    context.load_judges()
    own = context.matcher.judge(entry.title, entry.summary, entry.language)
    if own.reason not in OVERRULED:
        return None
    topics = tuple(TopicScore(one.topic, LINE, FOLLOWS) for one in nearest.topics)
    match = replace(own, topics=topics, reason=FOLLOWS, score=LINE, overruled=own.reason)
    evidence = context.evidence.read(entry.title, entry.summary, entry.language)
    return Rejudged(match, evidence, context.policy_names.named(entry.title, entry.summary, entry.language))

"""The gist of a story or a week: sentences that were chosen, and phrased by a model where one is set.

Choosing weighs every sentence against all others, so it is done in a thread: the loop must not wait.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from bot.context import AppContext
from bot.domain.stories import Development
from bot.pages.gist import STORY_SENTENCES, WEEK_SENTENCES, Gist, gist_sources, quoted
from bot.stories.headlines import lead_article
from bot.stories.shown_titles import title_of
from bot.summaries.extract import Cited, summarize, survey

#: A story's newest reports that its sentences are chosen from. More say the same again, and cost more than
#: a reader would wait for.
MOST_READ = 40


async def story_gist(context: AppContext, development: Development, language: str) -> Gist:
    """A story in three sentences. The headline that stands above them is left to a model, to translate."""
    sources = gist_sources(development.uncorrected[:MOST_READ])
    title = title_of(lead_article(development, language)) if context.writer is None else ""
    cited = await asyncio.to_thread(summarize, sources, STORY_SENTENCES, language, title=title)
    return await _phrased(context, cited, language, STORY_SENTENCES)


async def week_gist(context: AppContext, developments: Sequence[Development], language: str) -> Gist:
    """A week in five sentences, one for each of the first stories of ``developments``."""
    stories = [gist_sources(development.uncorrected[:MOST_READ]) for development in developments]
    cited = await asyncio.to_thread(survey, stories, WEEK_SENTENCES, language)
    return await _phrased(context, cited, language, WEEK_SENTENCES)


async def _phrased(context: AppContext, cited: Sequence[Cited], language: str, limit: int) -> Gist:
    if context.writer is None:
        return quoted(cited)
    outcome = await context.writer.write(cited, language, limit, context.clock.now())
    return Gist(outcome.sentences, outcome.model)

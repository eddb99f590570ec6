"""The gist of a story or a week: sentences that were chosen, and phrased by a model where one is set."""

from __future__ import annotations

from collections.abc import Sequence

from bot.commands.desk import Desk
from bot.pages.gist import STORY_SENTENCES, WEEK_SENTENCES, Gist, gist_sources, quoted
from bot.store.views import Development
from bot.summaries.extract import Cited, summarize, survey


async def story_gist(desk: Desk, development: Development, language: str) -> Gist:
    """A story in three sentences."""
    cited = summarize(gist_sources(development.articles), STORY_SENTENCES, language=language)
    return await _phrased(desk, cited, language, STORY_SENTENCES)


async def week_gist(desk: Desk, developments: Sequence[Development], language: str) -> Gist:
    """A week in five sentences, one for each of the stories that most publishers report."""
    stories = [gist_sources(development.articles) for development in developments]
    return await _phrased(desk, survey(stories, WEEK_SENTENCES, language=language), language, WEEK_SENTENCES)


async def _phrased(desk: Desk, cited: Sequence[Cited], language: str, limit: int) -> Gist:
    if desk.writer is None:
        return quoted(cited)
    outcome = await desk.writer.write(cited, language, limit, desk.clock.now())
    return Gist(outcome.sentences, outcome.model)

"""``python bot.py db rejudge``: lists, changes, and goes on where it stopped."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.operating import rejudge as command
from bot.operating.database import run_database_command
from bot.settings import Settings
from bot.store import facts, rejudge
from bot.store import tables as t
from bot.store.database import Database
from tests.support.context import room

TITLES = (
    "Border Patrol agents find tunnel under the border wall near Nogales",
    "National Guard troops deployed to the southern border at El Paso",
    "Recipe: cake with dates",
)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A store whose second article was let in by rules that would not let it in now."""
    with room(tmp_path) as made:
        (feed,) = made.follow("Alpha")
        for title in TITLES[:2]:
            made.bring(feed, title)
        made.group()
    settings = Settings(_env_file=None, database_url=f"sqlite:///{tmp_path / 'vigia.db'}")
    with_store(settings, _rename)
    return settings


def _rename(session) -> None:
    session.execute(t.article.update().where(t.article.c.id == 2).values(title=TITLES[2], summary=""))


def with_store(settings: Settings, work):
    database = Database.open(settings.database_url)
    try:
        return database.write_sync(work)
    finally:
        database.close()


def titles(settings: Settings) -> list[str]:
    return with_store(settings, lambda session: [one.title for one in rejudge.articles_after(session, 0, 9)])


async def test_a_dry_run_lists_and_changes_nothing(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await run_database_command(settings, "rejudge", "", dry_run=True) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "- Recipe: cake with dates" in told and "1 articles would be left out" in told
    assert len(titles(settings)) == 2


async def test_a_run_changes_what_the_dry_run_listed_and_leaves_no_mark(settings: Settings) -> None:
    assert await run_database_command(settings, "rejudge", "") == 0
    assert titles(settings) == [TITLES[0]]
    assert with_store(settings, lambda session: facts.recall(session, rejudge.MARK)) is None


async def test_a_run_goes_on_where_it_stopped_unless_the_rules_changed(settings: Settings) -> None:
    mark = f"{command.rules_digest()} articles 2"
    with_store(settings, lambda session: facts.remember(session, rejudge.MARK, mark))
    assert await run_database_command(settings, "rejudge", "") == 0
    assert len(titles(settings)) == 2, "what stands before the mark was done"
    with_store(settings, lambda session: facts.remember(session, rejudge.MARK, "other articles 2"))
    assert await run_database_command(settings, "rejudge", "") == 0
    assert titles(settings) == [TITLES[0]]

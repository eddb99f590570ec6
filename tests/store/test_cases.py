"""Corrections: one opinion for a server and an article, kept when the article is gone."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.articles import Article
from bot.domain.audience import Member, Server
from bot.store import articles, cases, guilds
from bot.store.database import Database
from tests.store.making import NOW, defaults, group, judged, save

GUILD, OTHER = 7, 8


def stored(database: Database, *topics: str) -> Article:
    (feed,) = defaults(database, "alpha")
    save(
        database, feed, judged("harvest", *topics, at=NOW - timedelta(days=2), summary="chile", language="es")
    )
    group(database)
    found = database.read_sync(articles.article, 1)
    assert found is not None
    return found


def say(database: Database, article: Article, *wanted: str, guild: int = GUILD, later: int = 0) -> None:
    database.write_sync(
        cases.label, Server(guild), article, wanted, by=Member(1), now=NOW + timedelta(minutes=later)
    )


def test_a_correction_carries_its_text(database: Database) -> None:
    article = stored(database, "border_security", "migration")
    say(database, article)
    (case,) = database.read_sync(cases.cases)
    assert (case.title, case.summary, case.publisher, case.language) == ("harvest", "chile", "Alpha", "es")
    assert (case.given, case.wanted) == (("border_security", "migration"), ())
    assert case.published_at == NOW - timedelta(days=2)


def test_the_last_opinion_of_a_server_stands(database: Database) -> None:
    article = stored(database, "border_security")
    assert database.read_sync(cases.wanted_of, Server(GUILD), article.id) is None
    say(database, article, "migration")
    say(database, article, "migration", "organized_crime", "migration", later=1)
    assert database.read_sync(cases.wanted_of, Server(GUILD), article.id) == ("migration", "organized_crime")
    assert database.read_sync(cases.wanted_of, Server(OTHER), article.id) is None
    assert len(database.read_sync(cases.cases)) == 1


def test_a_correction_can_be_taken_back(database: Database) -> None:
    article = stored(database, "border_security")
    say(database, article)
    assert database.write_sync(cases.unlabel, Server(GUILD), article.id, by=Member(1), now=NOW)
    assert not database.write_sync(cases.unlabel, Server(GUILD), article.id, by=Member(1), now=NOW)
    assert database.read_sync(cases.cases) == []
    actions = [entry.action for entry in database.read_sync(guilds.audit_of, Server(GUILD))]
    assert actions == ["case_dropped", "case_labelled"]


def test_two_servers_may_differ(database: Database) -> None:
    article = stored(database, "border_security")
    say(database, article)
    say(database, article, "migration", guild=OTHER, later=1)
    assert [case.wanted for case in database.read_sync(cases.cases)] == [(), ("migration",)]

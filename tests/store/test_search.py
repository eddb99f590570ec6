from __future__ import annotations

import string

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from bot.domain.articles import SearchHit
from bot.domain.audience import DEFAULTS, Server
from bot.store import articles, search
from bot.store import tables as t
from bot.store.database import Database
from bot.store.feeds.changing import REMOVE, change_feeds
from bot.store.search.analyse import tokens
from bot.store.search.question import question
from bot.store.sql import upsert
from tests.store.making import NOW, ago, defaults, group, judged, save
from tests.support.databases import Postgres

TEXTS = {
    "shelters": ("en", "Shelters in Tijuana fill with migrants", "Border cities lack beds."),
    "albergues": ("es", "Albergues de Tijuana, llenos de migrantes", "La migración crece en años de crisis."),
    "vaccine": ("es", "Vacunación en la frontera", "Llegan vacunas a Ciudad Juárez."),
    "policy": ("en", "U.S. policies on water-rights", "The policy of C++ and NEAR(wall, 3)."),
    "army": ("en", "Army, navy and police", "Police trained in Mexico."),
}


def fill(database: Database) -> None:
    (alpha,) = defaults(database, "alpha")
    entries = [
        judged(name, "migration", language=language, title=title, summary=body)
        for name, (language, title, body) in TEXTS.items()
    ]
    save(database, alpha, *entries)
    group(database)


def best(database: Database, *asked: object, **more: object) -> list[SearchHit]:
    return list(database.read_sync(search.search, *asked, **more).best)


def names(database: Database, words: str, **more: object) -> set[str]:
    found = best(database, DEFAULTS, words, **more)
    by_title = {title: name for name, (_, title, _) in TEXTS.items()}
    return {by_title[hit.article.title] for hit in found}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("migrants Tijuana", {"shelters", "albergues"}),
        ("MIGRACION", {"albergues"}),
        ("migraciones", {"albergues"}),
        ("vacunas", {"vaccine"}),
        ("vacunacion juarez", {"vaccine"}),
        ("anos", {"albergues"}),
        ("policy", {"policy"}),
        ("polici", {"policy"}),
        ("shelter in the city", {"shelters"}),
        ("tijuana vacuna", set()),
        ("", set()),
        ("   ¿?  ", set()),
        ("albergues", {"shelters", "albergues"}),
        ("SHELTER tijuana", {"shelters", "albergues"}),
        ("refugios", {"shelters"}),
        ("cities", {"shelters", "vaccine"}),
        ("border", {"shelters", "vaccine"}),
        ("frontera", {"shelters", "vaccine"}),
        ("albergue -beds", {"albergues"}),
        ("-albergue tijuana", set()),
        ("tijuana -camas", {"shelters", "albergues"}),
        ("-tijuana", set()),
        ("vacunas OR navy", {"vaccine", "army"}),
        ("vacunas O navy juárez", {"vaccine"}),
        ("OR navy OR", {"army"}),
        ("vacunas or navy", set()),
    ],
)
def test_words_are_found_in_both_languages_with_and_without_accents(
    database: Database, words: str, expected: set[str]
) -> None:
    fill(database)
    assert names(database, words) == expected


@pytest.mark.parametrize(
    "words",
    ['C++', "AND", '"x', "a:b", "NEAR(", "water-rights", "*", "title:police", "^army", "qzconcern", "'; --",
     "army | navy", "!police", "{x}", "\0", "\ud800", "x" * 5000, "a " * 5000, "中文", "ß", "İ", "ﬁ"],
)  # fmt: skip
def test_no_text_breaks_the_search(database: Database, words: str) -> None:
    fill(database)
    best(database, DEFAULTS, words)
    best(database, DEFAULTS, words, prefix=True)


def test_the_last_word_may_be_unfinished(database: Database) -> None:
    fill(database)
    assert names(database, "tijuana migr*") == {"shelters", "albergues"}
    assert names(database, "alberg", prefix=True) == {"shelters", "albergues"}
    assert names(database, "vacunaciones", prefix=True) == {"vaccine"}
    assert names(database, "albe") == set()


def test_concern_language_and_date_narrow_the_search(database: Database) -> None:
    fill(database)
    (alpha,) = defaults(database, "alpha")
    save(database, alpha, judged("old", "organized_crime", title="Army, navy and police", at=ago(days=50)))
    group(database)
    assert names(database, "tijuana", language="es") == {"albergues"}
    assert len(best(database, DEFAULTS, "navy")) == 2
    assert len(best(database, DEFAULTS, "navy", since=ago(days=5))) == 1
    (crime,) = best(database, DEFAULTS, "navy", concern="organized_crime")
    assert crime.article.published_at == ago(days=50)
    assert names(database, "navy", concern="defense_policy") == set()


def test_a_search_since_a_day_finds_all_of_it_however_late_it_came(database: Database) -> None:
    (alpha,) = defaults(database, "alpha")
    for days in range(12, -1, -1):
        # Each day brings one of its own and one that is three days late.
        today = judged(f"wall {days}", "migration", at=ago(days=days))
        late = judged(f"late wall {days + 3}", "migration", at=ago(days=days + 3, hours=1))
        save(database, alpha, today, late, now=ago(days=days))
    group(database)
    for days in range(17):
        hits = database.read_sync(search.search, DEFAULTS, "wall", since=ago(days=days), limit=50)
        assert hits.found == sum(at <= days for at in range(13)) + sum(at < days for at in range(3, 16))
        assert hits.complete


def test_a_story_is_found_once_and_says_how_many_more(database: Database) -> None:
    (alpha,) = defaults(database, "alpha")
    save(database, alpha, *(judged(f"wall {n}", "migration", at=ago(hours=n)) for n in range(5)))
    group(database, {"wall 0": "wall 4", "wall 1": "wall 4"})
    hits = best(database, DEFAULTS, "wall")
    assert [(hit.article.title, hit.others) for hit in hits] == [("wall 0", 2), ("wall 2", 0), ("wall 3", 0)]
    assert len(best(database, DEFAULTS, "wall", by_story=False)) == 5
    assert len(best(database, DEFAULTS, "wall", limit=1)) == 1
    assert best(database, DEFAULTS, "wall", limit=0) == []


def test_how_many_were_found_is_told(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    from bot.store.search import index

    (alpha,) = defaults(database, "alpha")
    save(database, alpha, *(judged(f"wall {n}", "migration") for n in range(7)))
    group(database, {"wall 4": "wall 0"})
    found = database.read_sync(search.search, DEFAULTS, "wall", limit=2)
    assert (len(found.best), found.found, found.complete) == (2, 6, True)
    monkeypatch.setattr(index, "RANKED", 4)
    found = database.read_sync(search.search, DEFAULTS, "wall", limit=2)
    assert (len(found.best), found.found, found.complete) == (2, 4, False)


@pytest.mark.parametrize(
    ("word", "not_by"),
    [
        ("police", "polici"),
        ("sign", "firm"),
        ("street", "call"),
        ("nuevo", "latest"),
        ("muro", "kill"),
        ("killed", "mur"),
        ("surgery", "aument"),
    ],
)
def test_words_lead_to_no_other_meaning(word: str, not_by: str) -> None:
    assert not_by not in question(word).groups[0]


def test_what_is_not_grouped_yet_is_not_found(database: Database) -> None:
    (alpha,) = defaults(database, "alpha")
    save(database, alpha, judged("wall", "migration"))
    assert best(database, DEFAULTS, "wall") == []


def test_titles_weigh_more_and_new_articles_weigh_more(database: Database) -> None:
    (alpha,) = defaults(database, "alpha")
    save(
        database,
        alpha,
        judged("a", "migration", title="Fence and weather", summary="A wall, too, after the other words."),
        judged("b", "migration", title="Wall and weather", summary="A fence, too, after the other words."),
        judged("c", "migration", title="Old tunnel", at=ago(days=300)),
        judged("d", "migration", title="New tunnel"),
    )
    group(database)
    titles = lambda words: [  # noqa: E731
        hit.article.title for hit in best(database, DEFAULTS, words)
    ]
    assert titles("wall") == ["Wall and weather", "Fence and weather"]
    assert titles("tunnel") == ["New tunnel", "Old tunnel"]


def test_more_matches_than_are_ranked_are_still_reached(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot.store.search import index

    monkeypatch.setattr(index, "RANKED", 10)
    alpha, beta = defaults(database, "alpha", "beta")
    save(database, alpha, *(judged(f"wall {n}", "migration", at=ago(days=2)) for n in range(3)))
    save(database, beta, *(judged(f"wall b{n}", "migration", publisher="Beta") for n in range(35)))
    group(database)

    database.write_sync(change_feeds, Server(5), [beta.id], REMOVE, now=NOW)
    assert len(best(database, Server(5), "wall")) == 3


def test_what_is_rare_in_a_concern_is_found_behind_many_others(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot.store.search import index

    monkeypatch.setattr(index, "RANKED", 5)
    (alpha,) = defaults(database, "alpha")
    save(database, alpha, judged("wall of old", "defense_policy", at=ago(days=9)))
    save(database, alpha, *(judged(f"wall {n}", "migration", language="es") for n in range(40)))
    group(database)
    for narrowed in ({"concern": "defense_policy"}, {"language": "en"}):
        (hit,) = best(database, DEFAULTS, "wall", **narrowed)
        assert hit.article.title == "wall of old"
    assert best(database, DEFAULTS, "wall", concern="defense_policy", language="es") == []
    assert len(best(database, DEFAULTS, "wall", since=ago(days=1), limit=50)) == 40


def test_an_index_of_another_analyser_is_made_anew(database: Database) -> None:
    fill(database)
    assert database.write_sync(search.ensure) == len(TEXTS)
    assert database.write_sync(search.ensure) == 0
    database.write_sync(lambda session: session.execute(update(t.meta).values(value="0")))
    database.write_sync(lambda session: session.execute(text("DELETE FROM article_search WHERE 1 = 0")))
    assert database.write_sync(search.ensure) == len(TEXTS)
    assert names(database, "migrants Tijuana") == {"shelters", "albergues"}
    database.write_sync(search.optimize)
    assert names(database, "vacunas") == {"vaccine"}


def test_a_store_of_before_is_upgraded_with_what_is_in_it(database: Database, store_url: str) -> None:
    fill(database)

    def as_before(session: Session) -> None:
        if database.kind == "sqlite":
            session.execute(text("DROP TABLE article_search"))
            columns = "title, body, tags, content=''"
            session.execute(text(f"CREATE VIRTUAL TABLE article_search USING fts5({columns})"))
        session.execute(text("DROP TABLE identity_decision"))
        session.execute(text("DROP TABLE policy_report"))
        session.execute(text("DROP TABLE article_question"))
        session.execute(text("DROP INDEX ix_outbox_failed"))
        session.execute(text("ALTER TABLE fingerprint DROP COLUMN other_contents"))
        session.execute(text("ALTER TABLE fingerprint DROP COLUMN published_at"))
        session.execute(text("DROP INDEX ix_article_unjudged"))
        session.execute(text("ALTER TABLE article DROP COLUMN evidence"))
        session.execute(text("ALTER TABLE article DROP COLUMN form"))
        session.execute(text("ALTER TABLE guild DROP COLUMN muted"))
        session.execute(text("ALTER TABLE concern_span DROP COLUMN top_story_id"))
        for table in ("labelled_case", "pin"):
            session.execute(text(f"ALTER TABLE {table} RENAME COLUMN added_by TO user_id"))
        for table in ("digest_subscription", "follow"):
            session.execute(text(f"ALTER TABLE {table} RENAME COLUMN covered_until TO told_until"))
        session.execute(text("UPDATE alembic_version SET version_num = '0005'"))
        upsert(session, t.meta, [{"key": "analyser_version", "value": "1"}])

    tops = select(t.concern_span.c.start, t.concern_span.c.top_story_id).order_by(t.concern_span.c.start)
    before = database.read_sync(lambda session: session.execute(tops).all())
    database.write_sync(as_before)
    database.close()
    upgraded = Database.open(store_url)
    try:
        assert upgraded.read_sync(lambda session: session.execute(tops).all()) == before
        assert upgraded.write_sync(search.ensure) == len(TEXTS)
        assert names(upgraded, "migrants Tijuana") == {"shelters", "albergues"}
    finally:
        upgraded.close()


def test_the_index_is_whole_after_edits(database: Database) -> None:
    from dataclasses import replace

    from bot.feeds.identity import entry_keys

    (alpha,) = defaults(database, "alpha")
    one = judged("wall", "migration", title="Wall of años", summary="ñ " * 300)
    save(database, alpha, one)
    group(database)
    for title in ("Fence 🌮 \0", "", "Wall again"):
        entry = replace(one.entry, title=title)
        save(database, alpha, replace(one, entry=entry, keys=entry_keys(entry, "Alpha")))
    assert len(best(database, DEFAULTS, "wall")) == 1
    assert best(database, DEFAULTS, "fence") == []
    if database.kind == "sqlite":
        check = text("INSERT INTO article_search (article_search) VALUES ('integrity-check')")
        database.write_sync(lambda session: session.execute(check))


_WORDS = (
    "migrante migrantes migración migration migrations border borders frontera fronteras años anos policía "
    "police policies vacuna the de C++ it's 1e5 2026 U.S. EE.UU. naïve ñandú ﬁlm ½ x² 中文 İstanbul"
)
_word = st.sampled_from(_WORDS.split(" "))
_texts = st.lists(
    st.tuples(st.sampled_from(["en", "es"]), st.lists(_word | st.text(max_size=6), min_size=1, max_size=8)),
    min_size=1,
    max_size=8,
)


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory, postgres: Postgres):
    url = postgres.fresh()
    opened = [Database.open(f"sqlite:///{tmp_path_factory.mktemp('both') / 'v.db'}"), Database.open(url)]
    yield opened
    for database in opened:
        database.close()
    postgres.drop(url)


def forget_articles(session: Session) -> None:
    children = (t.story_revision, t.article_concern, t.sighting, t.article_revision, t.fingerprint)
    for table in (*children, t.story, t.article):
        session.execute(table.delete())


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    texts=_texts, asked=st.lists(_word | st.text(max_size=6), min_size=1, max_size=3), prefix=st.booleans()
)
def test_both_engines_find_the_same(both: list[Database], texts, asked, prefix: bool) -> None:
    found = []
    for database in both:
        feed = next(iter(defaults(database, "alpha")))
        database.write_sync(forget_articles)
        database.write_sync(search.rebuild)
        entries = [
            judged(f"e{n}", "migration", language=language, title=f"e{n}", summary=" ".join(words))
            for n, (language, words) in enumerate(texts)
        ]
        save(database, feed, *entries)
        group(database)
        hits = best(database, DEFAULTS, " ".join(asked), prefix=prefix, limit=50)
        found.append({hit.article.title for hit in hits})
    assert found[0] == found[1]


@given(st.text(max_size=60), st.sampled_from(["en", "es", "pt", ""]))
def test_tokens_are_letters_and_digits_that_both_engines_keep_whole(raw: str, language: str) -> None:
    allowed = set(string.ascii_lowercase + string.digits)
    asked = question(raw, prefix=True)
    every = [*tokens(raw, language), *(token for one in asked.groups for token in one), *asked.prefix_stems]
    for token in every:
        assert token
        assert set(token) <= allowed
        assert len(token) <= 400
    assert set(asked.prefix) <= allowed


def test_articles_are_removed_from_the_index(database: Database) -> None:
    from bot.store import housekeeping

    fill(database)
    database.write_sync(housekeeping.retire_articles, NOW.replace(year=2027), now=NOW, limit=100)
    assert names(database, "tijuana") == set()
    assert database.read_sync(articles.ungrouped) == []

"""/whynot: each step that can drop an address, said in both languages, with what to do."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.articles import Judged
from bot.domain.audience import Server
from bot.domain.entry import Entry
from bot.domain.feeds import Feed
from bot.domain.match import Match, TopicScore
from bot.domain.page import Page
from bot.feeds.identity import entry_keys
from bot.pages.whynot import same_site
from bot.store import feeds, housekeeping, identity_decisions
from bot.store import tables as t
from bot.store.entries import save_entries
from bot.store.feeds.changing import ADD, PAUSE, change_feeds
from tests.pages.making import words
from tests.support.context import GUILD, MATCHER, Room, reader

WALL = "Border Patrol agents patrol the border wall in Texas"
URL = "https://alpha.example/story"


async def said(here: Room, address: str, language: str = "en", guild: int | None = GUILD) -> str:
    page: Page = await here.ask(f'/whynot address:"{address}"', reader(language, guild=guild))
    return words(page)


def judged_out(reason: str, score: float | None = 1.8) -> Match:
    nearest = None if score is None else TopicScore("migration", score, "rule")
    return Match((), reason, score or 0.0, (), nearest)


@pytest.mark.parametrize(
    "address", ["nonsense", "ftp://alpha.example/x", "javascript:alert(1)", "http://", "a b.c d"]
)
async def test_what_is_no_address(here: Room, address: str) -> None:
    assert "is not a web address." in await said(here, address)
    assert "no es una dirección web." in await said(here, address, "es")


async def test_no_feed_of_that_site(here: Room) -> None:
    here.follow("Alpha")
    text = await said(here, "https://www.unknown.example/story")
    assert "✓ It is a web address." in text
    assert "✗ None of the feeds read here belongs to www.unknown.example." in text
    assert "/feeds add address:www.unknown.example" in text
    assert "Ninguna de las fuentes que se leen aquí es de" in await said(here, "unknown.example/story", "es")


async def test_a_site_whose_feeds_were_not_read_yet(here: Room) -> None:
    here.follow("Alpha")
    assert "have not been read yet" in await said(here, URL)
    assert "aún no se han leído" in await said(here, URL, "es")


def polled(here: Room, feed: Feed, health: str) -> None:
    state = replace(
        feed.state,
        health=health,
        last_success_at=here.clock.now() if health == "fresh" else None,
        next_due_at=here.clock.now() + timedelta(hours=1),
    )
    here.database.write_sync(
        feeds.claim_due, now=here.clock.now(), owner="w", lease=timedelta(minutes=3), limit=100
    )
    result = feeds.PollResult(feed.id, state, slot=1, status="ok")
    here.database.write_sync(feeds.save_polls, [result], now=here.clock.now(), owner="w")


async def test_a_site_whose_feeds_fail(here: Room) -> None:
    (alpha,) = here.follow("Alpha")
    polled(here, alpha, "blocked")
    text = await said(here, URL)
    assert "cannot be read at the moment: Alpha (refuses us)" in text
    assert "no se pueden leer por ahora" in await said(here, URL, "es")


async def test_a_site_whose_feeds_did_not_carry_it(here: Room) -> None:
    (alpha,) = here.follow("Alpha")
    polled(here, alpha, "fresh")
    text = await said(here, URL)
    assert "None of the feeds of alpha.example that are read here carried it" in text
    assert "forgotten after 30 days" in text
    assert "la trajo" in await said(here, URL, "es")


@pytest.mark.parametrize(
    ("reason", "english", "spanish"),
    [
        ("below_line", "what was found weighs too little.", "lo que se encontró pesa muy poco."),
        ("no_nexus", "nothing in it ties it to Mexico", "nada la vincula con México"),
        (
            "masked",
            "belongs to another name, such as New Mexico",
            "es parte de otro nombre, como Nuevo México",
        ),
        ("elsewhere", "another part of the world", "otra parte del mundo"),
        ("surprise", "rule “surprise”.", "regla «surprise»."),
    ],
)
async def test_what_was_judged_out(here: Room, reason: str, english: str, spanish: str) -> None:
    (alpha,) = here.follow("Alpha")
    here.bring(alpha, "Chile harvest", url=URL, match=judged_out(reason))
    text = await said(here, URL + "?utm_source=x")
    assert "Chile harvest" in text
    assert "✓ A feed of Alpha carried it; it was read here 2026-03-02." in text
    assert english in text
    assert "Nearest was migration, with 1.8 where 3 is needed: 1.2 short." in text
    assert "/watch add" in text
    other = await said(here, URL, "es")
    assert spanish in other and "le faltó 1.2." in other


async def test_a_verdict_without_a_nearest_topic(here: Room) -> None:
    (alpha,) = here.follow("Alpha")
    here.bring(alpha, "Recipes", url=URL, match=judged_out("nothing_found", None))
    text = await said(here, URL)
    assert "none of the words" in text and "Nearest" not in text


async def test_every_reason_of_the_real_matcher_has_words(here: Room) -> None:
    from bot.pages.whynot import VERDICTS
    from tests.support.context import MATCHER

    samples = {
        "": "",
        "Recipes for a rainy day": "",
        "New Mexico chile harvest": "",
        "Guatemala plants trees": "",
        "Border wall of Poland": "Belarus migrants",
        "Mexico beats Brazil at football": "",
    }
    reasons = {MATCHER.judge(title, text, "en").reason for title, text in samples.items()}
    assert reasons - {"matched"} <= set(VERDICTS)


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "has a phrase that this server watches for: “harvest”"),
        ("es", "tiene una frase que este servidor vigila: «harvest»"),
    ],
)
async def test_what_only_a_watch_shows(here: Room, language: str, line: str) -> None:
    (alpha,) = here.follow("Alpha")
    here.bring(alpha, "Chile harvest", url=URL, match=judged_out("masked"))
    admin = reader(admin=True)
    page = await here.ask("/watch add phrases:harvest concern:border_security", admin)
    await here.press(page, "Save “harvest”", admin)
    assert line in await said(here, URL, language)
    assert line not in await said(here, URL, language, guild=GUILD + 1)


async def test_what_is_shown(here: Room) -> None:
    (alpha,) = here.follow("Alpha")
    here.bring(alpha, WALL, url=URL)
    assert "It has not been grouped yet." in await said(here, URL)
    here.group()
    text = await said(here, URL)
    assert text.startswith("It is shown")
    assert "✓ It was judged to bear on: border security" in text
    assert "✓ Nothing dropped it: it is in /latest." in text
    assert (await said(here, URL, "es")).startswith("Sí se muestra")


async def test_what_is_told_under_another_headline(here: Room) -> None:
    alpha, beta = here.follow("Alpha", "Beta")
    here.bring(alpha, WALL, url=URL, ago=timedelta(hours=2))
    (story,) = here.group()
    here.bring(beta, f"{WALL} again")
    here.group(story)
    text = await said(here, URL)
    assert "✗ It is told under another headline of the same event: " + f"{WALL} again" in text
    page = await here.ask(f"/whynot {URL}")
    assert page.buttons[0].request.arguments == {"story": str(story)}


async def test_what_is_too_old(here: Room) -> None:
    (alpha,) = here.follow("Alpha")
    here.bring(alpha, WALL, url=URL, ago=timedelta(days=45))
    here.group()
    assert "older than the 30 days" in await said(here, URL)
    assert "anterior a los 30 días" in await said(here, URL, "es")


async def test_a_feed_that_is_paused_here(here: Room) -> None:
    (alpha,) = here.follow("Alpha")
    here.bring(alpha, WALL, url=URL)
    here.group()
    here.database.write_sync(change_feeds, Server(GUILD), [alpha.id], PAUSE, now=here.clock.now())
    text = await said(here, URL)
    assert "Only a feed that is not read here carried it: Alpha (paused here)" in text
    assert "/feeds add address:https://alpha.example/feed" in text
    assert "It is shown" in await said(here, URL, guild=GUILD + 1)


async def test_another_server_s_own_feed_is_not_given_away(here: Room) -> None:
    here.follow("Alpha")
    theirs = here.database.write_sync(
        feeds.add_candidate,
        url="https://secret.example/feed?key=s3cret",
        publisher="Secret",
        title="Secret",
        language="en",
        now=here.clock.now(),
    )
    here.database.write_sync(change_feeds, Server(GUILD + 1), [theirs.id], ADD, now=here.clock.now())
    here.bring(theirs, WALL, url="https://secret.example/story")
    here.bring(theirs, "Recipes", url="https://secret.example/recipes", match=judged_out("masked"))
    here.group()
    for address in ("https://secret.example/story", "https://secret.example/recipes"):
        text = await said(here, address)
        assert "None of the feeds read here belongs to secret.example." in text
        assert "Secret" not in text and "s3cret" not in text and WALL not in text
        assert "carried it" in await said(here, address, guild=GUILD + 1)


def renumbered(here: Room, feed: Feed, guid: str, title: str, url: str, summary: str = "") -> None:
    """Store an entry under a guid of its own, as a poll of the feed would."""
    entry = Entry(guid=guid, url=url, title=title, summary=summary, published=here.clock.now())
    match = MATCHER.judge(title, summary, "en")
    judged = Judged(entry, entry_keys(entry, feed.publisher), "en", match)
    here.database.write_sync(save_entries, feed, [judged], here.clock.now())


OTHER = "Mexican army kills four gunmen of the Gulf cartel near Reynosa"


async def test_an_entry_that_was_kept_apart_under_a_used_number_says_from_what_and_why(here: Room) -> None:
    (alpha,) = here.follow("Alpha")
    renumbered(here, alpha, "1", WALL, URL)
    here.group()
    later = "https://alpha.example/army-kills-four-gunmen-reynosa"
    renumbered(here, alpha, "1", OTHER, later)
    here.group()
    text = await said(here, later)
    assert f"It was kept apart from one that was known already: {WALL}" in text
    assert "its number is the same, which proves little (+1)" in text.replace("Its", "its")
    assert "the headline is another (-3)" in text and "its address is another (-2)" in text
    assert "Together -3; 3 or more is the same article." in text
    assert "It is shown" in text
    assert "Se distinguió de otra ya conocida" in await said(here, later, "es")
    assert "kept apart" not in await said(here, URL), "the first was compared with nothing"


async def test_an_entry_that_was_taken_for_a_known_article_says_for_which_and_why(here: Room) -> None:
    (alpha,) = here.follow("Alpha")
    guid = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
    renumbered(here, alpha, guid, WALL, URL)
    here.group()
    moved = "https://alpha.example/border-patrol-agents-patrol-border-wall-el-paso"
    renumbered(here, alpha, guid, f"{WALL} and in Arizona", moved)
    text = await said(here, moved)
    assert f"It was taken for an article that was known already: {WALL}" in text
    assert "identifier is the same (+8)" in text and "3 or more is the same article" in text
    assert "Se tomó por una nota ya conocida" in await said(here, moved, "es")


async def test_an_address_that_only_an_edition_had_is_explained(here: Room) -> None:
    """The other feed's address of one article is stored nowhere but with the decision."""
    alpha, beta = here.follow("Alpha", "Beta")
    here.database.write_sync(lambda session: session.execute(t.feed.update().values(publisher="One House")))
    known = {feed.id: feed for feed in here.database.read_sync(feeds.feeds_of, Server(GUILD))}
    guid = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
    renumbered(here, known[alpha.id], guid, WALL, URL)
    here.group()
    section = "https://alpha.example/texas/border-patrol-agents-patrol-border-wall"
    renumbered(here, known[beta.id], guid, f"{WALL} again", section)
    text = await said(here, section)
    assert "It is an edition of an article that has another address." in text
    assert f"It was taken for an article that was known already: {WALL}" in text
    assert "no feed" not in text.lower()


async def test_a_decision_on_another_server_s_own_feed_is_not_given_away(here: Room) -> None:
    here.follow("Alpha")
    theirs = here.database.write_sync(
        feeds.add_candidate,
        url="https://secret.example/feed",
        publisher="Secret",
        title="Secret",
        language="en",
        now=here.clock.now(),
    )
    here.database.write_sync(change_feeds, Server(GUILD + 1), [theirs.id], ADD, now=here.clock.now())
    address = "https://secret.example/army-kills-four-gunmen-reynosa"
    renumbered(here, theirs, "1", WALL, "https://secret.example/wall-of-texas-is-patrolled")
    renumbered(here, theirs, "1", OTHER, address)
    assert WALL not in await said(here, address)
    assert WALL in await said(here, address, guild=GUILD + 1)


async def test_a_decision_is_forgotten_after_a_month(here: Room) -> None:
    (alpha,) = here.follow("Alpha")
    renumbered(here, alpha, "1", WALL, URL)
    later = "https://alpha.example/army-kills-four-gunmen-reynosa"
    renumbered(here, alpha, "1", OTHER, later)
    assert here.database.read_sync(identity_decisions.of_address, later) is not None
    here.database.write_sync(housekeeping.prune, here.clock.now() + timedelta(days=31))
    assert here.database.read_sync(identity_decisions.of_address, later) is None


@pytest.mark.parametrize(
    ("url", "host", "same"),
    [
        ("https://www.milenio.com/x", "feeds.milenio.com", True),
        ("https://www.eluniversal.com.mx/x", "eluniversal.com.mx", True),
        ("https://otro.com.mx/x", "eluniversal.com.mx", False),
        ("https://a.gob.mx/x", "b.gob.mx", False),
        ("https://dhs.gov/x", "cbp.gov", False),
        ("https://bbc.co.uk/x", "feeds.bbc.co.uk", True),
        ("https://x.example/x", "", False),
    ],
)
def test_one_site(url: str, host: str, same: bool) -> None:
    assert same_site(url, host) is same


@pytest.mark.parametrize(
    ("title", "language", "says"),
    [
        (
            "Mayor of a town in Mexico shot dead",
            "en",
            "Mexico and crime or violence, but no sign of organised",
        ),
        ("Migrants divide a town council in Ohio", "en", "names migrants, but nothing ties it to Mexico"),
        ("Asesinan a un panadero en Puebla", "es", "México y delitos o violencia, pero ningún indicio"),
        ("Suben los aranceles al maíz de México", "es", "comercio, pero ni la migración ni el crimen"),
        ("Mexico plants trees along its rivers", "en", "nothing that bears on a concern happens"),
    ],
)
async def test_the_thing_that_is_missing_is_named(here: Room, title: str, language: str, says: str) -> None:
    (alpha,) = here.follow("Alpha")
    here.bring(alpha, title, url=URL, language=language)
    text = await said(here, URL, language)
    assert says in text
    assert "Mexic" not in title or "nothing in it ties it" not in text

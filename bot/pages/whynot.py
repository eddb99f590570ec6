"""Why an address is not shown: the steps that an entry takes, up to the one that dropped it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from bot.domain.articles import Article, Trace
from bot.domain.feeds import Feed
from bot.domain.page import (
    Block,
    Button,
    Code,
    Item,
    Link,
    Page,
    Paragraph,
    Request,
    Span,
    Strong,
    When,
)
from bot.domain.stories import Development
from bot.locale import Translator, message
from bot.pages.identity_words import identity_item
from bot.pages.sources import TROUBLE, health_name
from bot.pages.wording import topic_name
from bot.store.identity_decisions import IdentityDecision
from bot.store.watching import WatchHit
from bot.stories.headlines import lead_article
from bot.stories.shown_titles import shown_title, title_of
from bot.topics.rules import LINE
from bot.topics.shortfall import Shortfall

#: The reason of an entry that was an article and was deleted for its age.
RETIRED = "retired"
#: /latest shows so many days unless it is asked for more.
SHOWN_DAYS = timedelta(days=30)
_FEEDS_NAMED = 3
#: Endings of an address that no feed of the server brought.
_UNCARRIED = ("no_feed", "not_read_yet", "failing", "not_carried")

#: Second labels under a country's code that are no site of their own: example.com.mx, example.gob.mx.
_SECOND = frozenset({"ac", "co", "com", "edu", "gob", "gov", "gub", "net", "org"})

#: Why the matcher leaves an entry out, by its reason; each ends a sentence.
VERDICTS = {
    "empty": message("it has no text."),
    "other_language": message("it is in another language than English or Spanish."),
    "nothing_found": message("none of the words that are looked for occur in it."),
    "no_nexus": message("nothing in it ties it to Mexico, to the border or to Central America."),
    "no_act": message(
        "it names places or institutions of ours, but nothing that bears on a concern happens."
    ),
    "too_far": message("the words that would have to belong together stand too far apart."),
    "elsewhere": message("it is set in another part of the world."),
    "exception": message("something in it is an exception to the rule that would have held."),
    "other_subject": message("it is mostly about another subject, such as sport, film or food."),
    "below_line": message("what was found weighs too little."),
    "masked": message("what was found belongs to another name, such as New Mexico or the Gulf of Mexico."),
}

#: What a text names, within a sentence.
_NAMES = {
    "mexico": message("Mexico"),
    "border": message("the border"),
    "central_america": message("Central America"),
    "migrants": message("migrants"),
    "crime": message("crime or violence"),
    "drugs": message("drugs"),
    "forces": message("soldiers"),
    "trade": message("trade"),
}
#: What it lacks (``bot.topics.shortfall``).
_LACKS = {
    "tie": message("it names {names}, but nothing ties it to Mexico, to the border or to Central America."),
    "organised_crime": message("it names {names}, but no sign of organised crime."),
    "smuggling": message("it names {names}, but neither smuggling nor a sign of organised crime."),
    "lever": message("it names {names}, but neither migration nor crime as a reason for it."),
    "orders": message("it names {names}, but nothing that soldiers are ordered to do."),
}


@dataclass(frozen=True, slots=True)
class WhyNotFindings:
    """What the store knows of an address, for one server.

    ``canonical`` is empty when it is no web address; ``article`` is given whether or not the server may see
    it; ``carrier`` is the feed that brought it, as the server has it; ``of_site`` are the server's feeds of
    the same site; ``development`` is the story as the server sees it; ``hit`` is what its own phrases found;
    ``identity`` is how the entry at the address was compared with one that was known; ``lacks`` is what a
    text that was left out names and does not.
    """

    address: str
    canonical: str
    article: Article | None = None
    trace: Trace | None = None
    carrier: Feed | None = None
    of_site: tuple[Feed, ...] = ()
    development: Development | None = None
    hit: WatchHit | None = None
    identity: IdentityDecision | None = None
    lacks: Shortfall | None = None

    @property
    def taken_for_another(self) -> bool:
        """Whether the address is known only as that of an entry which was taken for a known article."""
        unknown = self.article is None and self.trace is None
        return unknown and self.identity is not None and self.identity.compared.sameness.same


@dataclass(frozen=True, slots=True)
class Ending:
    """The step at which an address left the way, as a code, and how many steps it passed before that.

    ``address``: not a web address. ``taken_for_another``: its entry was taken for a known article.
    ``no_feed``, ``not_read_yet``, ``failing``, ``not_carried``: no feed of this server brought it.
    ``other_feed``: only a feed that this server does not read did. ``retired``, ``judged``: dropped by age or
    by judgement; ``watched``: judged out, but shown for a phrase of the server's own. ``waiting``,
    ``grouped``, ``old``: stored, and not in the list by itself. ``shown``: nothing dropped it.
    """

    code: str
    passed: int


def ending(evidence: WhyNotFindings, now: datetime) -> Ending:
    """Where the address ended. Pure."""
    if not evidence.canonical:
        return Ending("address", 0)
    if evidence.taken_for_another:
        return Ending("taken_for_another", 1)
    if evidence.article is None and evidence.trace is None:
        return Ending(_not_carried(evidence.of_site), 1)
    if evidence.article is not None and evidence.development is not None:
        return _stored(evidence.article, evidence.development, now)
    if evidence.carrier is None or not evidence.carrier.active:
        return Ending("other_feed", 1)
    if evidence.article is None and evidence.hit is not None:
        return Ending("watched", 2)
    if evidence.article is None:
        retired = evidence.trace is not None and evidence.trace.reason == RETIRED
        return Ending("retired" if retired else "judged", 2)
    return Ending("waiting", 3)


def same_site(url: str, host: str) -> bool:
    """Whether an address belongs to the site of a feed's host, whatever their subdomains."""
    return bool(host) and _site((urlsplit(url).hostname or "").lower()) == _site(host)


def whynot_page(t: Translator, evidence: WhyNotFindings, now: datetime) -> Page:
    """The steps passed, the step that dropped it, and what to do about it."""
    end = ending(evidence, now)
    blocks: list[Block] = []
    if evidence.canonical:
        trace, known = evidence.trace, evidence.identity
        title = title_of(evidence.article) if evidence.article else ""
        title = title or (shown_title(trace.title, trace.language, trace.summary) if trace else "")
        title = title or (shown_title(known.title, "") if known else "") or evidence.canonical
        blocks.append(Paragraph((Link(title, evidence.canonical),)))
    blocks += [Item(("✓ ", *line)) for line in _passed(t, evidence)[: end.passed]]
    blocks.append(_last(t, evidence, end))
    if evidence.identity is not None and end.code not in ("other_feed", *_UNCARRIED):
        blocks.append(identity_item(t, evidence.identity))
    return Page(
        t("It is shown") if end.code in ("shown", "watched") else t("Why it is not shown"),
        tuple(blocks),
        _buttons(t, evidence, end),
        tone="good" if end.code in ("shown", "watched", "grouped") else "plain",
    )


def _stored(article: Article, development: Development, now: datetime) -> Ending:
    if development.last_at < now - SHOWN_DAYS:
        return Ending("old", 4)
    if article.id in {lead_article(development, language).id for language in ("en", "es")}:
        return Ending("shown", 4)
    return Ending("grouped", 3)


def _not_carried(feeds: Sequence[Feed]) -> str:
    active = [feed for feed in feeds if feed.active]
    if not active:
        return "no_feed"
    if all(feed.last_success_at is None and feed.health == "new" for feed in active):
        return "not_read_yet"
    if all(feed.health in TROUBLE for feed in active):
        return "failing"
    return "not_carried"


def _passed(t: Translator, evidence: WhyNotFindings) -> list[tuple[Span, ...]]:
    """A line for each step, in order; as many are told as were passed."""
    lines: list[tuple[Span, ...]] = [(t("It is a web address."),)]
    seen = evidence.article.first_seen_at if evidence.article else None
    seen = seen or (evidence.trace.seen_at if evidence.trace else None)
    if seen is not None:
        name = evidence.carrier.publisher if evidence.carrier else ""
        name = evidence.article.publisher if evidence.article else name
        lines.append(
            (t("A feed of {publisher} carried it; it was read here", publisher=name), " ", When(seen), ".")
        )
    if evidence.article is not None:
        topics = ", ".join(topic_name(t, topic) for topic in evidence.article.topics)
        lines.append((t("It was judged to bear on: {topics}.", topics=topics),))
    if evidence.development is not None:
        reports = len(evidence.development.articles)
        lines.append(
            (
                t.many(
                    "It is told as a story of {n} report.", "It is told as a story of {n} reports.", reports
                ),
            )
        )
    return lines


def _last(t: Translator, evidence: WhyNotFindings, end: Ending) -> Item:
    spans, advice = _ending_words(t, evidence, end)
    mark = "✓ " if end.code in ("shown", "watched") else "✗ "
    return Item((mark, *spans), (advice,) if advice else ())


def _ending_words(
    t: Translator, evidence: WhyNotFindings, end: Ending
) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """What happened at the last step, and what to do."""
    host = urlsplit(evidence.canonical).hostname or evidence.canonical
    match end.code:
        case "address":
            return (t("“{address}” is not a web address.", address=evidence.address[:80]),), (
                t("It should begin with http:// or https:// and name a site."),
            )
        case "no_feed":
            return (t("None of the feeds read here belongs to {host}.", host=host),), (
                t("Someone who manages the server can add one:"),
                " ",
                Code(f"/feeds add address:{host}"),
            )
        case "not_read_yet":
            return (t("The feeds of {host} have not been read yet.", host=host),), (
                t("They are read within minutes; then ask again."),
            )
        case "failing":
            return (
                t("The feeds of {host} cannot be read at the moment:", host=host),
                " ",
                _feeds(t, evidence),
            ), (t("/sources says what each of them lacks."),)
        case "not_carried":
            return (
                t("None of the feeds of {host} that are read here carried it:", host=host),
                " ",
                _feeds(t, evidence),
            ), (
                t(
                    "Sites put only some of their pages into a feed;"
                    " what did not match is forgotten after 30 days."
                ),
            )
        case "taken_for_another":
            return (t("It is an edition of an article that has another address."),), (
                t("That article is shown or dropped by its own steps."),
            )
        case "other_feed":
            return _other_feed(t, evidence)
        case "retired":
            return (t("It was shown, and deleted for its age."),), ()
        case "judged":
            return _judgement(t, evidence.trace, evidence.lacks)
        case "watched":
            assert evidence.hit is not None
            return (
                t("It bears on no concern, but has a phrase that this server watches for:"),
                " ",
                t("“{phrase}”", phrase=evidence.hit.phrase),
            ), (t("It is in /latest, below the developments."),)
        case "waiting":
            return (t("It has not been grouped yet."),), (t("That takes a minute or two; then it is shown."),)
        case "grouped":
            return _grouped(t, evidence)
        case "old":
            return (t("It is older than the 30 days that /latest shows."),), (
                t("More days show it:"),
                " ",
                Code("/latest days:365"),
            )
        case _:
            return (t("Nothing dropped it: it is in /latest."),), ()


def _other_feed(t: Translator, evidence: WhyNotFindings) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    feed = evidence.carrier
    if feed is None:
        return (t("Only a feed that is not read here carried it."),), ()
    state = {"paused": t("paused here"), "removed": t("removed here")}.get(feed.scope, t("not added here"))
    return (
        t("Only a feed that is not read here carried it:"),
        " ",
        Link(feed.publisher, feed.url),
        f" ({state})",
    ), (
        t("Someone who manages the server can add it:"),
        " ",
        Code(f"/feeds add address:{feed.url}"),
    )


def _said(t: Translator, reason: str, lacks: Shortfall | None) -> str:
    if lacks is not None:
        *first, last = [t(_NAMES[name]) for name in lacks.names]
        named = t("{first} and {last}", first=", ".join(first), last=last) if first else last
        return t(_LACKS[lacks.lacks], names=named)
    return t(VERDICTS[reason]) if reason in VERDICTS else t("rule “{rule}”.", rule=reason)


def _judgement(
    t: Translator, trace: Trace | None, lacks: Shortfall | None
) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    said = _said(t, trace.reason if trace else "", lacks)
    spans: list[Span] = [Strong(t("Judged not to bear on a concern:")), " ", said]
    if trace is not None and trace.nearest is not None and trace.nearest_score is not None:
        score = trace.nearest_score
        spans += [
            " ",
            t(
                "Nearest was {topic}, with {score} where {line} is needed: {short} short.",
                topic=topic_name(t, trace.nearest),
                score=t.number(round(score, 1)),
                line=t.number(LINE),
                short=t.number(round(max(LINE - score, 0.1), 1)),
            ),
        ]
    return tuple(spans), (
        t("To show more like it in this server, its admins can watch for a phrase:"),
        " ",
        Code("/watch add"),
    )


def _grouped(t: Translator, evidence: WhyNotFindings) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    assert evidence.development is not None
    lead = lead_article(evidence.development, t.language)
    return (t("It is told under another headline of the same event:"), " ", Link(title_of(lead), lead.url)), (
        t("The story's page lists all its reports."),
    )


def _feeds(t: Translator, evidence: WhyNotFindings) -> str:
    active = [feed for feed in evidence.of_site if feed.active]
    named = [f"{feed.name} ({health_name(t, feed.health)})" for feed in active[:_FEEDS_NAMED]]
    if len(active) > _FEEDS_NAMED:
        named.append(t.many("and {n} more", "and {n} more", len(active) - _FEEDS_NAMED))
    return ", ".join(named)


def _buttons(t: Translator, evidence: WhyNotFindings, end: Ending) -> tuple[Button, ...]:
    buttons = []
    if evidence.development is not None:
        story = {"story": str(evidence.development.story_id)}
        buttons.append(Button(t("The story"), Request("story", story), primary=True))
        buttons.append(Button(t("Why is this here?"), Request("why", story)))
    if end.code == "failing":
        buttons.append(Button(t("Sources"), Request("sources")))
    return tuple(buttons)


def _site(host: str) -> str:
    """The part of a host that names its site: example.com, example.com.mx."""
    labels = host.split(".")
    short = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND
    return ".".join(labels[-3:] if short else labels[-2:])

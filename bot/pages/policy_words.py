"""How a policy of the record is worded: its status, its steps, their documents and amounts."""

from __future__ import annotations

from datetime import date

from bot.domain.feeds import DOCUMENT
from bot.domain.page import Item, Link, Span, Strong, When
from bot.locale import Translator, message
from bot.record import Amount, PolicyDocument, PolicyObject, PolicyStep
from bot.sources.numbers import shown_number
from bot.store.policies import ProposedStep
from bot.stories.shown_titles import title_of

#: What readers call the present status of a policy, as messages.
STATUS_NAMES = {
    "proposed": message("proposed"),
    "announced": message("announced, not yet in force"),
    "passed": message("passed, not yet law"),
    "signed": message("signed, not yet in force"),
    "in_force": message("in force"),
    "in_part": message("in force in part"),
    "enjoined": message("blocked by a court"),
    "suspended": message("suspended"),
    "ended": message("ended"),
    "replaced": message("replaced"),
    "pending": message("before the courts"),
    "decided": message("decided"),
}

#: What a step does, as messages; a step that leaves the status as it was is its sentence and no more.
_ACTS = {
    "proposed": message("is proposed"),
    "announced": message("is announced"),
    "passed": message("is passed"),
    "signed": message("is signed"),
    "in_force": message("takes effect"),
    "in_part": message("holds in part"),
    "amended": message("changes"),
    "extended": message("is extended"),
    "upheld": message("is upheld"),
    "enjoined": message("is blocked"),
    "suspended": message("is suspended"),
    "struck_down": message("is struck down"),
    "rejected": message("is rejected"),
    "ended": message("ends"),
    "replaced": message("is replaced"),
    "pending": message("goes to court"),
    "decided": message("is decided"),
}

#: What a step does to the worry of the questions that the policy bears on.
_EFFECTS = {
    "worse": message("↘ worse"),
    "better": message("↗ better"),
    "mixed": message("→ mixed"),
}

_DOUBTS = {
    "one_place": message("Unconfirmed: found in one publication only."),
    "number_unseen": message("Unconfirmed: the document’s own number was not seen."),
}

KIND_NAMES = {
    "order": message("order"),
    "proclamation": message("proclamation"),
    "law": message("law"),
    "bill": message("bill"),
    "rule": message("rule"),
    "programme": message("program"),
    "agreement": message("agreement"),
    "designation": message("designation"),
    "aid": message("aid"),
    "court_case": message("court case"),
    "deployment": message("deployment"),
    "reform": message("reform"),
    "measure": message("measure"),
}

COUNTRY_NAMES = {
    "us": message("United States"),
    "mx": message("Mexico"),
    "gt": message("Guatemala"),
    "hn": message("Honduras"),
    "sv": message("El Salvador"),
}

_MONTH = len("2019-01")
_MILLION = 1_000_000
_BILLION = 1_000_000_000


def step_date(t: Translator, text: str) -> str:
    """The date of a step as readers write it: a day, or a month where only that is known."""
    if len(text) == _MONTH:
        return t.month(date.fromisoformat(f"{text}-01"))
    return t.short_day(date.fromisoformat(text))


def step_item(t: Translator, step: PolicyStep) -> Item:
    """A step as a line with its date, what it does, and beneath it the sentence and the document."""
    first: list[Span] = [Strong(step_date(t, step.date))]
    if step.status in _ACTS:
        first += [" · ", t(_ACTS[step.status])]
    first += [" · ", t(_EFFECTS[step.effect])]
    details: list[tuple[Span, ...]] = [(step.sentence.in_(t.language),)]
    if step.document is not None:
        details.append(document_line(step.document))
    if step.doubt:
        details.append((t(_DOUBTS[step.doubt]),))
    return Item(tuple(first), tuple(details))


def now_line(t: Translator, policy: PolicyObject) -> tuple[Span, ...]:
    """Where a policy stands, since when, what last changed it, and the newest document that says so."""
    step, change = policy.status_step, policy.last_change
    spans: list[Span] = [
        t("Now: {status}", status=policy.name.in_(t.language)),
        " · ",
        t(STATUS_NAMES[policy.status]),
        " · ",
        t("since {date}", date=step_date(t, step.date)),
    ]
    if change is not None:
        spans += [" · ", t("last change {date}", date=step_date(t, change.date))]
    document = change.document if change is not None and change.document is not None else step.document
    if document is not None:
        label = document.number or document.publisher
        spans += [" · ", Link(label, document.address) if document.address else label]
    return tuple(spans)


def dated_item(t: Translator, policy: PolicyObject, step: PolicyStep) -> Item:
    """A step as it stands among the days of a timeline."""
    first: list[Span] = [Strong(step_date(t, step.date)), " · ", policy.name.in_(t.language)]
    if step.status in _ACTS:
        first += [" · ", t(_ACTS[step.status])]
    return Item(tuple(first), ((step.sentence.in_(t.language),),))


def told_item(t: Translator, told: ProposedStep, policy: str = "") -> Item:
    """A step that a report tells: what it does to the policy, and the report; of a document its number."""
    first: list[Span] = [Strong(policy), " · "] if policy else []
    first.append(t(_ACTS[told.status]))
    article = told.article
    number = shown_number(f"{article.title}\n{article.summary}") if article.kind == DOCUMENT else ""
    report: list[Span] = [Link(title_of(article), article.url)]
    for part in filter(None, (number, article.publisher)):
        report += [" · ", part]
    return Item(tuple(first), ((*report, " · ", When(article.published_at)),))


def document_line(document: PolicyDocument) -> tuple[Span, ...]:
    """A document with its number and publisher, as a link where there is an address."""
    title: Span = Link(document.title, document.address) if document.address else document.title
    rest = [part for part in (document.number, document.publisher) if part]
    return (title, "".join(f" · {part}" for part in rest))


def amount_item(t: Translator, amount: Amount) -> Item:
    """An amount with its fiscal year, where the money came from and went, and the document."""
    first: list[Span] = []
    if amount.fiscal_year is not None:
        first += [Strong(t("Fiscal year {year}", year=amount.fiscal_year)), " · "]
    first += [money(t, amount.amount, amount.currency), " · ", amount.purpose.in_(t.language)]
    details: list[tuple[Span, ...]] = []
    ways = [
        t("from: {source}", source=amount.source.in_(t.language)) if amount.source else "",
        t("to: {target}", target=amount.target.in_(t.language)) if amount.target else "",
    ]
    if any(ways):
        details.append((" · ".join(way for way in ways if way),))
    details.append(document_line(amount.document))
    if amount.doubt:
        details.append((t(_DOUBTS[amount.doubt]),))
    return Item(tuple(first), tuple(details))


def money(t: Translator, amount: int, currency: str) -> str:
    """An amount in words that are short enough to compare: "46.5 billion USD", "363.8 million USD"."""
    if amount >= _BILLION:
        return t("{n} billion {currency}", n=t.number(round(amount / _BILLION, 3)), currency=currency)
    if amount >= _MILLION:
        return t("{n} million {currency}", n=t.number(round(amount / _MILLION, 3)), currency=currency)
    return f"{t.number(amount)} {currency}"

"""A server's own phrases: what they would find, what is in force, what was removed."""

from __future__ import annotations

from collections.abc import Sequence

from bot.article import Brief
from bot.domain.page import (
    Block,
    Button,
    Choice,
    Code,
    Divider,
    Heading,
    Item,
    Link,
    Note,
    Option,
    Page,
    Paragraph,
    Request,
    Span,
    Strong,
    When,
)
from bot.locale import Translator, message
from bot.pages.wording import language_name
from bot.store.watches import TOO_BROAD
from bot.store.watching import DryRun, Watch, WatchHit
from bot.stories.shown_titles import shown_title

#: What is wrong with phrases that cannot be watched.
FAULTS = {
    "none": message("Which phrases? Separate them with commas."),
    "no_letters": message("“{phrase}” has no letters or digits that could be looked for."),
    "too_short": message("“{phrase}” is too short: it would be found everywhere."),
    "too_long": message("“{phrase}” is too long: a phrase has at most {words} words."),
    "too_many": message("A watch has at most {most} phrases."),
}


def dry_run_page(
    t: Translator,
    brief: Brief,
    phrases: Sequence[str],
    run: DryRun,
    days: int,
    *,
    concern: str | None,
    candidate: Watch | None,
) -> Page:
    """What phrases would have found, how that differs from now, samples, and a button to save them."""
    blocks: list[Block] = [
        Paragraph((t("Phrases: {phrases}", phrases=_quoted(t, phrases)),)),
        _found(t, run, days),
    ]
    if concern is not None:
        blocks.append(_difference(t, brief, concern, run))
    if len(phrases) > 1:
        blocks += [Item((_quote(t, phrase), " — ", t.number(count))) for phrase, count in run.by_phrase]
    if run.samples:
        blocks += [Divider(), Heading(t("Samples, newest first"))]
        blocks += [_sample(t, sample) for sample in run.samples]
    if run.found > TOO_BROAD:
        blocks.append(Paragraph((t("That is too much for anybody to read: narrower phrases are needed."),)))
    blocks.append(
        Note((t("Case, accents and plurals do not matter; words must stand whole and in this order."),))
    )
    buttons = []
    if candidate is not None and run.found <= TOO_BROAD:
        blocks.append(Note((t("Nothing is saved yet."),)))
        save = Request("watch add", {"candidate": candidate.token})
        buttons.append(Button(t("Save “{name}”", name=candidate.name[:60]), save, primary=True))
    buttons.append(Button(t("Active phrases"), Request("watch list")))
    return Page(t("A try over {n} days", n=t.number(days)), tuple(blocks), tuple(buttons))


def saved_page(t: Translator, brief: Brief, watch: Watch) -> Page:
    """Confirms that a watch is active, and says where its finds are shown."""
    concern = brief.concern(watch.concern).name.in_(t.language)
    return Page(
        t("Active"),
        (
            Paragraph((Strong(watch.name), " — ", _quoted(t, watch.phrases))),
            Paragraph(
                (
                    t(
                        "From now on, entries of this server's feeds with one of these phrases stand in"
                        " /latest, under “{concern}”, for this server alone.",
                        concern=concern,
                    ),
                )
            ),
            Note((t.many("{n} found so far.", "{n} found so far.", watch.found),)),
        ),
        (
            Button(t("Latest developments"), Request("latest", {"concern": watch.concern}), primary=True),
            Button(t("Active phrases"), Request("watch list")),
        ),
        tone="good",
    )


def list_page(t: Translator, brief: Brief, watches: Sequence[Watch]) -> Page:
    """The watches in force, each with what it found, and a select to remove one."""
    blocks: list[Block] = []
    for watch in watches:
        concern = brief.concern(watch.concern).name.in_(t.language)
        found = t.many("{n} found in 30 days", "{n} found in 30 days", watch.found)
        blocks.append(
            Item((Strong(watch.name), " — ", concern, " · ", found), ((_quoted(t, watch.phrases),),))
        )
    if not watches:
        blocks.append(Paragraph((t("This server watches for no phrases of its own."),)))
    blocks.append(Note((t("Add some with"), " ", Code("/watch add"))))
    choices: tuple[Choice, ...] = ()
    if watches:
        options = tuple(Option(watch.name[:100], watch.token, _quoted(t, watch.phrases)) for watch in watches)
        choices = (Choice(t("Remove one"), Request("watch remove"), "watch", options),)
    return Page(t("This server's own phrases"), tuple(blocks), (), choices)


def removed_page(t: Translator, watch: Watch) -> Page:
    """Confirms that a watch was removed, with a button that restores it for a day."""
    return Page(
        t("No longer active"),
        (
            Paragraph((Strong(watch.name), " — ", _quoted(t, watch.phrases))),
            Note((t("It can be brought back for a day."),)),
        ),
        (
            Button(t("Bring it back"), Request("watch add", {"candidate": watch.token})),
            Button(t("Active phrases"), Request("watch list")),
        ),
    )


def hit_item(t: Translator, hit: WatchHit) -> Item:
    """What a watch found, as /latest lists it: with the phrase, so that nobody wonders why."""
    line: list[Span] = [hit.publisher, " · "]
    if hit.article_id is None:  # what is no article was stored without its own date
        line += [t("read here"), " "]
    line.append(When(hit.at, relative=True))
    if hit.language not in ("", t.language):
        line += [" · ", t("in {language}", language=language_name(t, hit.language))]
    line += [" · ", _quote(t, hit.phrase)]
    return Item((Link(shown_title(hit.title, hit.language) or hit.url, hit.url),), (tuple(line),))


def _found(t: Translator, run: DryRun, days: int) -> Paragraph:
    return Paragraph(
        (
            t.many(
                "In the last {days} days they would have found {n} of {all} entries.",
                "In the last {days} days they would have found {n} of {all} entries.",
                run.found,
                all=t.number(run.looked_at),
                days=t.number(days),
            ),
        )
    )


def _difference(t: Translator, brief: Brief, concern: str, run: DryRun) -> Paragraph:
    name = brief.concern(concern).name.in_(t.language)
    sentences = [
        t(
            "Reports shown under “{concern}” in these days: {before}; with these phrases: {after}"
            " ({added} more).",
            concern=name,
            before=t.number(run.before),
            after=t.number(run.before + run.added),
            added=t.number(run.added),
        )
    ]
    if run.elsewhere:
        sentences.append(
            t.many(
                "{n} of them is shown under another concern now.",
                "{n} of them are shown under other concerns now.",
                run.elsewhere,
            )
        )
    return Paragraph((" ".join(sentences),))


def _sample(t: Translator, sample: WatchHit) -> Item:
    item = hit_item(t, sample)
    if sample.shown:
        state = t("shown already")
    elif sample.article_id is None:
        state = t("not shown now")
    else:
        state = t("shown under another concern")
    return Item(item.spans, ((*item.details[0], " · ", state),))


def _quote(t: Translator, phrase: str) -> str:
    return t("“{phrase}”", phrase=phrase)


def _quoted(t: Translator, phrases: Sequence[str]) -> str:
    return ", ".join(_quote(t, phrase) for phrase in phrases)

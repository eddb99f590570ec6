"""Many feeds at once: pausing, resuming and removing them, and lists of feeds in and out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.feeds import Feed
from bot.domain.page import Block, Button, File, Item, Link, Note, Page, Paragraph, Request
from bot.locale import Translator, message

#: Feeds named before the rest is counted: the reader has to see which are meant, on one screen.
NAMED = 8

#: A sentence for a number of feeds; a lambda, as the catalogue finds plural forms only where they are spoken.
Count = Callable[[Translator, int], str]


@dataclass(frozen=True, slots=True)
class Verb:
    """The words of one action on feeds."""

    command: str
    question: Count
    label: str
    done: Count
    note: str
    danger: bool = False


PAUSE = Verb(
    "feeds pause",
    lambda t, n: t.many("Pause {n} feed?", "Pause {n} feeds?", n),
    message("Pause"),
    lambda t, n: t.many("{n} feed is paused.", "{n} feeds are paused.", n),
    message("Their articles are not shown in this server until they are resumed."),
)
RESUME = Verb(
    "feeds resume",
    lambda t, n: t.many("Resume {n} feed?", "Resume {n} feeds?", n),
    message("Resume"),
    lambda t, n: t.many("{n} feed is read again.", "{n} feeds are read again.", n),
    message("What they brought meanwhile is shown too."),
)
REMOVE = Verb(
    "feeds remove",
    lambda t, n: t.many("Remove {n} feed?", "Remove {n} feeds?", n),
    message("Remove"),
    lambda t, n: t.many("{n} feed was removed.", "{n} feeds were removed.", n),
    message("Their articles are no longer shown in this server. Nothing is deleted."),
    danger=True,
)
ADD = Verb(
    "feeds add",
    lambda t, n: t.many("Add {n} feed?", "Add {n} feeds?", n),
    message("Add"),
    lambda t, n: t.many("{n} feed was added.", "{n} feeds were added.", n),
    message("Its entries appear within a minute; from then on it is read at its own pace."),
)


def confirm_page(t: Translator, verb: Verb, chosen: Sequence[Feed], arguments: Mapping[str, str]) -> Page:
    """How many feeds an action would touch, and which; nothing is done before the button is pressed."""
    count = len(chosen)
    blocks: list[Block] = [Item((Link(feed.publisher, feed.url),)) for feed in chosen[:NAMED]]
    if count > NAMED:
        blocks.append(Note((t.many("and {n} more", "and {n} more", count - NAMED),)))
    blocks.append(Note((t(verb.note),)))
    wanted = Request(verb.command, {**arguments, "confirm": str(count)})
    return Page(
        verb.question(t, count),
        tuple(blocks),
        (Button(t(verb.label), wanted, primary=not verb.danger, danger=verb.danger),),
        tone="warning",
    )


def changed_page(t: Translator, verb: Verb, count: int, token: str, feed: Feed | None = None) -> Page:
    """What was done, with a button that takes it back if ``token`` can. ``feed`` is named where it is one."""
    if count == 0:
        return Page(t("Feeds"), (Paragraph((t("Nothing changed: that was already so."),)),))
    blocks: list[Block] = [Paragraph((verb.done(t, count),))]
    if feed is not None:
        blocks.insert(0, Paragraph((Link(feed.title or feed.publisher, feed.url),)))
    blocks.append(Note((t(verb.note),)))
    undo = (Button(t("Undo"), Request("feeds undo", {"token": token})),) if token else ()
    return Page(t("Feeds"), tuple(blocks), (*undo, _list_button(t)), tone="good")


def undone_page(t: Translator, count: int) -> Page:
    """That the last change was taken back."""
    said = t.many("{n} feed is back to what it was.", "{n} feeds are back to what they were.", count)
    return Page(t("Feeds"), (Paragraph((said,)),), (_list_button(t),), tone="good")


def export_page(t: Translator, count: int, name: str, data: bytes) -> Page:
    """A server's feeds as a file that every feed reader takes."""
    said = t.many("{n} feed, as OPML.", "{n} feeds, as OPML.", count)
    note = Note((t("Every feed reader takes this file, and so does /feeds import in another server."),))
    return Page(t("Feeds of this server"), (Paragraph((said,)), File(name, data), note))


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What importing a list would do: ``fresh`` would be followed, the other numbers say why not."""

    title: str
    fresh: tuple[tuple[str, str], ...]  # (title, address)
    followed: int
    skipped: int
    beyond: int
    token: str


def import_page(t: Translator, plan: ImportPlan, most: int) -> Page:
    """What is in a list of feeds; nothing is followed before the button is pressed."""
    count = len(plan.fresh)
    blocks: list[Block] = [Paragraph((plan.title,))] if plan.title else []
    blocks += [Item((Link(title, url),)) for title, url in plan.fresh[:NAMED]]
    if count > NAMED:
        blocks.append(Note((t.many("and {n} more", "and {n} more", count - NAMED),)))
    if plan.followed:
        said = t.many("{n} is followed already.", "{n} are followed already.", plan.followed)
        blocks.append(Note((said,)))
    if plan.skipped:
        said = t.many("{n} is not a web address.", "{n} are not web addresses.", plan.skipped)
        blocks.append(Note((said,)))
    if plan.beyond:
        said = t.many(
            "{n} is left out: one server may add {most} feeds.",
            "{n} are left out: one server may add {most} feeds.",
            plan.beyond,
            most=t.number(most),
        )
        blocks.append(Note((said,)))
    if not count:
        return Page(t("Nothing to add"), tuple(blocks), (_list_button(t),))
    blocks.append(Note((t("Each is looked at when it is first read; /sources tells of those that fail."),)))
    return Page(
        t.many("Add {n} feed?", "Add {n} feeds?", count),
        tuple(blocks),
        (Button(t("Add"), Request("feeds import", {"confirm": plan.token}), primary=True),),
        tone="warning",
    )


def _list_button(t: Translator) -> Button:
    return Button(t("Feeds of this server"), Request("feeds list"))

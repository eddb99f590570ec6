"""Who changed what in a server, and when."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from bot.domain.audience import Member, Terminal, TerminalUser, User
from bot.domain.guilds import AuditEntry
from bot.domain.page import (
    Block,
    Button,
    Item,
    Mention,
    Page,
    Paragraph,
    Request,
    Span,
    Strong,
    When,
)
from bot.domain.schedule import EVERY_DAY
from bot.locale import Translator, message
from bot.pages.digests import clock, days_name
from bot.pages.wording import FORM_NAMES, form_name, language_name, topic_name

PER_PAGE = 10

_ACTIONS = {
    "settings": message("Settings changed"),
    "digest_set": message("Digest scheduled"),
    "digest_moved": message("Digest moved"),
    "digest_paused": message("Digest paused"),
    "digest_resumed": message("Digest resumed"),
    "digest_removed": message("Digest removed"),
    "feeds_added": message("Feeds added"),
    "feeds_imported": message("Feeds imported from a list"),
    "feeds_paused": message("Feeds paused"),
    "feeds_resumed": message("Feeds resumed"),
    "feeds_removed": message("Feeds removed"),
    "feeds_undone": message("Change of feeds undone"),
    "watch_added": message("Watch added"),
    "watch_removed": message("Watch removed"),
    "case_labelled": message("Topic corrected"),
    "case_dropped": message("Correction of a topic undone"),
    "stories_split": message("Story split"),
    "stories_merged": message("Stories merged"),
    "follow_set": message("Alerts for a channel set"),
    "follow_removed": message("Alerts for a channel removed"),
}


def audit_page(t: Translator, entries: Sequence[AuditEntry], more: bool) -> Page:
    """The changes, the newest first. ``more`` is whether older ones follow."""
    blocks: list[Block] = [_entry(t, entry) for entry in entries]
    if not blocks:
        blocks.append(Paragraph((t("Nothing has been changed in this server yet."),)))
    buttons: tuple[Button, ...] = ()
    if more:
        buttons = (Button(t("Older"), Request("audit", {"before": str(entries[-1].id)}), primary=True),)
    return Page(t("Who changed what"), tuple(blocks), buttons)


def _entry(t: Translator, entry: AuditEntry) -> Item:
    said = t(_ACTIONS[entry.action]) if entry.action in _ACTIONS else entry.action
    details: list[tuple[Span, ...]] = [
        (_who(t, entry.by), " · ", When(entry.at), " · ", When(entry.at, True))
    ]
    told = dict(entry.detail)
    if isinstance(entry.owner, Terminal):
        told.pop("channel", None)  # it is one place
    details += [line for line in (_detail(t, told), *_changed(t, told)) if line]
    return Item((Strong(said),), tuple(details))


def _who(t: Translator, by: User | None) -> Span:
    match by:
        case Member(id=user_id):
            return Mention("member", user_id)
        case TerminalUser():
            return t("the terminal")
        case None:
            return t("the bot itself")


def _detail(t: Translator, detail: Mapping[str, object]) -> tuple[Span, ...]:
    """The details of a change, in the order of their weight."""
    spans: list[Span] = []
    for name, say in _DETAILS.items():
        if detail.get(name) not in (None, "", []) and (part := say(t, detail[name])):
            spans += [" · ", *part] if spans else part
    return tuple(spans)


def _changed(t: Translator, detail: Mapping[str, object]) -> list[tuple[Span, ...]]:
    """For each thing that was changed what it was and what it is."""
    changed = detail.get("changed")
    if not isinstance(changed, dict):
        return []
    return [
        (t(label), " ", *say(t, changed[name][0]), " → ", *say(t, changed[name][1]))
        for name, (label, say) in _CHANGES.items()
        if name in changed
    ]


def _channel(t: Translator, value: object) -> tuple[Span, ...]:
    text = str(value)
    return (Mention("channel", int(text)),) if text.isdigit() else ()


def _count(t: Translator, value: object) -> tuple[Span, ...]:
    return (t.many("{n} feed", "{n} feeds", value if isinstance(value, int) else 0),)


def _words(t: Translator, value: object) -> tuple[Span, ...]:
    return (", ".join(str(one) for one in value) if isinstance(value, list) else str(value),)


def _place(t: Translator, value: object) -> tuple[Span, ...]:
    """A channel for notices, or none."""
    return _channel(t, value) if value else (t("nowhere"),)


def _chosen(t: Translator, value: object) -> tuple[Span, ...]:
    return (str(value) if value else t("not chosen yet"),)


def _language(t: Translator, value: object) -> tuple[Span, ...]:
    return (language_name(t, str(value)) if value else t("not chosen yet"),)


def _hour(t: Translator, value: object) -> tuple[Span, ...]:
    return (clock(value if isinstance(value, int) else 0),)


def _days(t: Translator, value: object) -> tuple[Span, ...]:
    return (days_name(t, value if isinstance(value, int) else EVERY_DAY),)


def _concerns(t: Translator, value: object) -> tuple[Span, ...]:
    ids = [str(one) for one in value] if isinstance(value, list) else []
    return (", ".join(topic_name(t, one) for one in ids) or t("all concerns"),)


def _empty(t: Translator, value: object) -> tuple[Span, ...]:
    return (t("one line") if value == "line" else t("no post"),)


def _role(t: Translator, value: object) -> tuple[Span, ...]:
    text = str(value)
    return (Mention("role", int(text)) if text.isdigit() else t("nobody"),)


def _yes_no(t: Translator, value: object) -> tuple[Span, ...]:
    return (t("yes") if value else t("no"),)


def _forms(t: Translator, value: object) -> tuple[Span, ...]:
    known = [form_name(t, form) for form in str(value or "").split() if form in FORM_NAMES]
    return (", ".join(known) or t("nothing"),)


def _paused_for(t: Translator, value: object) -> tuple[Span, ...]:
    known = {
        "forbidden": message("Discord did not let the bot post there"),
        "channel_missing": message("the channel was gone"),
    }
    return (t(known[str(value)]),) if str(value) in known else ()


_Say = Callable[[Translator, object], tuple[Span, ...]]

#: What is told of any entry. Settings of before changes were noted with what they were are among them.
_DETAILS: dict[str, _Say] = {
    "channel": _channel,
    "alerts_channel": lambda t, value: (t("Notices for admins:"), " ", *_place(t, value)),
    "minute_of_day": _hour,
    "zone": _words,
    "timezone": lambda t, value: (t("Time zone:"), " ", *_words(t, value)),
    "language": lambda t, value: (t("Language:"), " ", *_language(t, value)),
    "count": _count,
    "feeds": _words,
    "name": _words,
    "phrases": _words,
    "target": _words,
    "reason": _paused_for,
}

#: What is told of a change from one value to another, under which label.
_CHANGES: dict[str, tuple[str, _Say]] = {
    "language": (message("Language:"), _language),
    "timezone": (message("Time zone:"), _chosen),
    "alerts_channel": (message("Notices for admins:"), _place),
    "muted": (message("Left out:"), _forms),
    "minute_of_day": (message("When:"), _hour),
    "days": (message("On which days:"), _days),
    "zone": (message("Time zone:"), _chosen),
    "concerns": (message("What:"), _concerns),
    "empty_day": (message("On a day without news:"), _empty),
    "role": (message("Role mentioned:"), _role),
    "silent": (message("Without a sound:"), _yes_no),
    "publish": (message("Published to followers:"), _yes_no),
}

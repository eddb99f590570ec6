"""Who changed what in a server, and when."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from bot.locale import Translator, message
from bot.pages.digests import clock
from bot.pages.page import Block, Button, Item, Mention, Page, Paragraph, Request, Span, Strong, When
from bot.pages.wording import language_name
from bot.store.views import AuditEntry

PER_PAGE = 10

_ACTIONS = {
    "settings": message("Settings changed"),
    "digest_set": message("Digest set"),
    "digest_moved": message("Digest moved"),
    "digest_paused": message("Digest paused"),
    "digest_resumed": message("Digest resumed"),
    "digest_removed": message("Digest removed"),
    "feeds_added": message("Feeds added"),
    "feeds_imported": message("Feeds imported from a list"),
    "feeds_paused": message("Feeds paused"),
    "feeds_resumed": message("Feeds resumed"),
    "feeds_removed": message("Feeds removed"),
    "feeds_undone": message("Change of feeds taken back"),
    "watch_added": message("Watch added"),
    "watch_removed": message("Watch removed"),
    "case_labelled": message("Topic corrected"),
    "case_dropped": message("Correction of a topic taken back"),
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
    who: Span = Mention("member", entry.user_id) if entry.user_id else t("the bot itself")
    details: list[tuple[Span, ...]] = [(who, " · ", When(entry.at), " · ", When(entry.at, True))]
    spans = _detail(t, entry.action, entry.detail)
    if spans:
        details.append(spans)
    return Item((Strong(said),), tuple(details))


def _detail(t: Translator, action: str, detail: Mapping[str, object]) -> tuple[Span, ...]:
    """What is worth telling of a change, in the order in which it is looked for."""
    parts: list[tuple[Span, ...]] = []
    for name, say in _DETAILS.items():
        if detail.get(name) not in (None, "", []):
            parts.append(say(t, detail[name]))
    spans: list[Span] = []
    for part in parts:
        spans += [" · ", *part] if spans else part
    return tuple(spans)


def _channel(t: Translator, value: object) -> tuple[Span, ...]:
    text = str(value)
    return (Mention("channel", int(text)),) if text.isdigit() else ()


def _count(t: Translator, value: object) -> tuple[Span, ...]:
    return (t.many("{n} feed", "{n} feeds", value if isinstance(value, int) else 0),)


def _words(t: Translator, value: object) -> tuple[Span, ...]:
    return (", ".join(str(one) for one in value) if isinstance(value, list) else str(value),)


def _paused_for(t: Translator, value: object) -> tuple[Span, ...]:
    known = {
        "forbidden": message("Discord did not let the bot post there"),
        "channel_missing": message("the channel was gone"),
    }
    return (t(known[str(value)]),) if str(value) in known else ()


_DETAILS: dict[str, Callable[[Translator, object], tuple[Span, ...]]] = {
    "channel": _channel,
    "alerts_channel": lambda t, value: (t("nowhere"),) if str(value) == "0" else _channel(t, value),
    "minute_of_day": lambda t, value: (clock(value if isinstance(value, int) else 0),),
    "zone": _words,
    "timezone": _words,
    "language": lambda t, value: (language_name(t, str(value)),),
    "count": _count,
    "feeds": _words,
    "name": _words,
    "phrases": _words,
    "target": _words,
    "reason": _paused_for,
}

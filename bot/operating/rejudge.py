"""``python bot.py db rejudge``: judge what the store holds by the rules as they are now.

Beside a running bot, in short transactions. A run that was stopped goes on where it stopped, unless the rules
have changed meanwhile: then it begins again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console

from bot import evidence, topics
from bot.clock import SystemClock
from bot.domain.feeds import DOCUMENT
from bot.evidence import EvidenceJudge
from bot.record import load_record
from bot.store import facts, rejudge
from bot.store.database import Database
from bot.store.rejudge import Rejudged
from bot.topics.matcher import Matcher
from bot.topics.policies import PolicyNames

#: Articles or entries in one transaction: some 50 ms of writing, so that polls get their turn.
BATCH = 200
#: The two parts of a run, in this order.
ARTICLES, ENTRIES = "articles", "entries"
#: Letters of a headline in the list of what would change.
_TITLE = 100


class Judges:
    """The rules as they are now."""

    def __init__(self) -> None:
        self._matcher = Matcher.load()
        self._evidence = EvidenceJudge.shipped()
        self._names = PolicyNames.of(load_record())

    def judge(self, title: str, summary: str, language: str, *, document: bool = False) -> Rejudged:
        """The verdict, the evidence and the policies of a text whose language is known."""
        match = self._matcher.judge(title, summary, language)
        match, bears = self._evidence.weigh(title, summary, language, match, document=document)
        named = self._names.named(title, summary, language, document=document) if match.relevant else ()
        return Rejudged(match, bears, named)


def rejudge_store(database: Database, screen: Console, *, dry_run: bool) -> int:
    """Judge every article and every remembered entry anew. Returns the exit status.

    ``dry_run`` lists what would change and changes nothing; it always begins at the beginning.
    """
    judges, rules = Judges(), rules_digest()
    part, last = (ARTICLES, 0) if dry_run else _begin(database, rules)
    left = taken = moved = 0
    if part == ARTICLES:
        while batch := database.read_sync(rejudge.articles_after, last, BATCH):
            last = batch[-1].id
            judged = [
                (one, judges.judge(one.title, one.summary, one.language, document=one.kind == DOCUMENT))
                for one in batch
            ]
            kept = database.read_sync(rejudge.protected, batch)
            for one, new in judged:
                if not new.match.relevant and one.id not in kept:
                    left += 1
                    _say(screen, dry_run, "-", one.title, new.match.reason)
                elif new.match.relevant and new.match.topic_ids != one.topics:
                    moved += 1
                    change = f"{' '.join(one.topics)} → {' '.join(new.match.topic_ids)}"
                    _say(screen, dry_run, "~", one.title, change)
            if not dry_run:
                mark = f"{rules} {ARTICLES} {last}"
                now = SystemClock().now()
                database.write_sync(rejudge.keep_articles, judged, mark=mark, now=now)
        last = 0
    while entries := database.read_sync(rejudge.entries_after, last, BATCH):
        last = entries[-1].id
        again = [(one, judges.judge(one.title, one.summary, one.language)) for one in entries]
        for entry, new in again:
            if new.match.relevant:
                taken += 1
                _say(screen, dry_run, "+", entry.title, " ".join(new.match.topic_ids))
        if not dry_run:
            mark = f"{rules} {ENTRIES} {last}"
            database.write_sync(rejudge.take_up, again, mark=mark, now=SystemClock().now())
    if not dry_run:
        database.write_sync(facts.forget, rejudge.MARK)
    would = "would be " if dry_run else ""
    screen.print(
        f"{left:,} articles {would}left out, {moved:,} {would}under other topics, {taken:,} entries "
        f"{would}taken up.",
        markup=False,
    )
    return 0


def rules_digest() -> str:
    """A hash over the files of the rules, which changes when they do."""
    digest = hashlib.sha256()
    for path in _rule_files():
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def _rule_files() -> Iterator[Path]:
    for package in (topics, evidence):
        home = Path(str(package.__file__)).parent
        yield from sorted(path for path in home.rglob("*") if path.suffix in (".yaml", ".json", ".py"))


def _begin(database: Database, rules: str) -> tuple[str, int]:
    """The part to begin with, and the id after which."""
    mark = (database.read_sync(facts.recall, rejudge.MARK) or "").split()
    if len(mark) == 3 and mark[0] == rules and mark[1] in (ARTICLES, ENTRIES) and mark[2].isdigit():
        return mark[1], int(mark[2])
    return ARTICLES, 0


def _say(screen: Console, dry_run: bool, sign: str, title: str, why: str) -> None:
    if dry_run:
        screen.print(f"{sign} {title[:_TITLE]} ({why})", markup=False)

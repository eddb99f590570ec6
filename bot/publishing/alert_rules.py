"""Which follows there is news for, and whether it may be sent now. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from bot.clock import zone_of
from bot.domain.audience import Destination, Reader
from bot.domain.schedule import ALERT_INTERVAL
from bot.domain.stories import CORRECTION_KINDS, Change, StoryRevision
from bot.pages.alert import Update
from bot.store.follows import CONCERN, PHRASE, POLICY, STORY, Follow
from bot.store.policies import ProposedStep
from bot.topics.phrases import Owned, PhraseBook

#: Alerts for one reader in a day. More would teach readers to mute the bot.
MOST_A_DAY = 10
DAY = timedelta(hours=24)
#: Nobody is woken between these hours of the reader's own zone.
QUIET_FROM, QUIET_UNTIL = 22, 7
#: News is held for no longer than this: through a night, and through a day with too many alerts.
LONGEST_WAIT = timedelta(hours=24)
#: Stories listed under one follow; the rest is counted.
TOLD = 5


@dataclass(frozen=True, slots=True)
class FollowedStory:
    """News of a story for a follow, with the read marks (chain, revision) to store once it was sent."""

    update: Update
    marks: tuple[tuple[int, int], ...]

    @property
    def story_id(self) -> int:
        """Which story."""
        return self.update.development.story_id


@dataclass(frozen=True, slots=True)
class FollowWithNews:
    """A follow with its news, newest first, and the confirmed steps of its policy."""

    follow: Follow
    news: tuple[FollowedStory, ...]
    steps: tuple[ProposedStep, ...] = ()


def follows_with_news(
    follows: Sequence[Follow],
    changes: Sequence[Change],
    told: Mapping[Reader, Mapping[int, Mapping[int, int]]],
    merged: Mapping[int, int],
    policies: Mapping[int, Sequence[str]] = MappingProxyType({}),
    confirmed: Sequence[ProposedStep] = (),
) -> list[FollowWithNews]:
    """The follows for which ``changes`` or ``confirmed`` steps are news.

    Each story comes once for each reader, under the oldest follow.

    For a concern, a phrase or a policy, a story is news when the reader knows nothing of it, or when a report
    in it was corrected, reversed or denied. For a followed story each new fact is news. What became known
    before the follow does not count. ``told`` are read marks by reader and story, ``policies`` those that
    articles name, by article.
    """
    found_in = _Index(follows, changes, merged, policies)
    taken: dict[Reader, set[int]] = {}
    found: list[FollowWithNews] = []
    # A followed story says most about why it is news; then a phrase, then a concern.
    for one in sorted(follows, key=lambda one: (_RANK[one.kind], one.id)):
        news: list[FollowedStory] = []
        # Looked up once: a reader's hash costs more than all else that is done with a pair.
        mine, heard = taken.setdefault(one.reader, set()), told.get(one.reader, {})
        for change in found_in.of(one):
            if change.revisions[-1].at <= one.since:
                break  # and so are all that follow: they became known earlier
            story = change.development.story_id
            piece = None if story in mine else _news(one, change, heard.get(story, {}))
            if piece is not None:
                mine.add(story)
                news.append(piece)
        steps = _steps(one, confirmed)
        if news or steps:
            found.append(FollowWithNews(one, tuple(news), steps))
    return found


def by_reader(touched: Iterable[FollowWithNews]) -> dict[Reader, tuple[FollowWithNews, ...]]:
    """The news for each reader, each story once."""
    found: dict[Reader, list[FollowWithNews]] = {}
    taken: dict[Reader, set[int]] = {}
    for one in touched:
        reader = one.follow.reader
        # What a reader follows in two servers may have brought the same story.
        mine = taken.setdefault(reader, set())
        news = tuple(new for new in one.news if new.story_id not in mine)
        mine.update(new.story_id for new in news)
        if news or one.steps:
            found.setdefault(reader, []).append(FollowWithNews(one.follow, news, one.steps))
    return {reader: tuple(theirs) for reader, theirs in found.items()}


def waiting(mine: Sequence[FollowWithNews], sent: Mapping[Destination, int], now: datetime) -> str:
    """Why an alert is not sent now: ``quiet_hours`` or ``enough_today``; empty where it is sent.

    ``sent`` counts the alerts of the last day.
    """
    first = mine[0].follow
    if is_quiet(now, first.zone):
        return "quiet_hours"
    return "enough_today" if sent.get(first.to, 0) >= MOST_A_DAY else ""


def is_quiet(now: datetime, zone: str) -> bool:
    """Whether it is night for a reader in ``zone``."""
    hour = now.astimezone(zone_of(zone)).hour
    return hour >= QUIET_FROM or hour < QUIET_UNTIL


def slot_of(now: datetime) -> str:
    """The start of the current ``ALERT_INTERVAL`` (UTC) as HHMM, which names it in the outbox."""
    minute = timedelta(minutes=1)
    begun = timedelta(hours=now.hour, minutes=now.minute) // ALERT_INTERVAL * ALERT_INTERVAL // minute
    return f"{begun // 60:02d}{begun % 60:02d}"


def _steps(one: Follow, confirmed: Sequence[ProposedStep]) -> tuple[ProposedStep, ...]:
    """The steps of a followed policy that were confirmed since its last alert."""
    if one.kind != POLICY:
        return ()
    return tuple(
        step
        for step in confirmed
        if step.policy == one.target and step.decided_at is not None and step.decided_at > one.since
    )


_RANK = {STORY: 0, PHRASE: 1, POLICY: 2, CONCERN: 3}


class _Index:
    """The changes by what they are about, newest first, so that a follow need not search all of them."""

    def __init__(
        self,
        follows: Sequence[Follow],
        changes: Sequence[Change],
        merged: Mapping[int, int],
        policies: Mapping[int, Sequence[str]],
    ) -> None:
        self._merged = merged
        self._concerns: dict[str, list[Change]] = {}
        self._stories: dict[int, list[Change]] = {}
        self._phrases: dict[int, list[Change]] = {}
        self._policies: dict[str, list[Change]] = {}
        book = PhraseBook(Owned(one.id, one.target) for one in follows if one.kind == PHRASE)
        for change in sorted(changes, key=lambda change: change.revisions[-1].at, reverse=True):
            self._stories[change.development.story_id] = [change]
            for concern in change.development.concerns:
                self._concerns.setdefault(concern, []).append(change)
            articles = change.development.articles
            for policy in {policy for one in articles for policy in policies.get(one.id, ())}:
                self._policies.setdefault(policy, []).append(change)
            for owner in _owners(book, change):
                self._phrases.setdefault(owner, []).append(change)

    def of(self, one: Follow) -> Sequence[Change]:
        """The changes that a follow is about."""
        match one.kind:
            case "concern":
                return self._concerns.get(one.target, ())
            case "phrase":
                return self._phrases.get(one.id, ())
            case "policy":
                return self._policies.get(one.target, ())
            case _:
                story = int(one.target)
                return self._stories.get(self._merged.get(story, story), ())


def _owners(book: PhraseBook, change: Change) -> frozenset[int]:
    """The follows whose phrase occurs in one of the articles that brought something new."""
    if not len(book):
        return frozenset()
    fresh = {revision.article_id for revision in change.revisions}
    owners: set[int] = set()
    for article in change.development.articles:
        if article.id in fresh:
            owners.update(book.find(article.title, article.summary))
    return frozenset(owners)


def _news(one: Follow, change: Change, known: Mapping[int, int]) -> FollowedStory | None:
    """What is new to the reader in a story, or None. ``known`` are the reader's marks for its chains."""
    fresh = [
        revision
        for revision in change.revisions
        if revision.at > one.since and revision.number > known.get(revision.chain, 0)
    ]
    corrects = any(_corrects(revision) for revision in fresh)
    if not fresh or (known and one.kind != STORY and not corrects):
        return None
    marks = {revision.chain: revision.number for revision in sorted(fresh, key=lambda one: one.number)}
    facts: tuple[str, ...] = ()
    if one.kind == STORY or known:
        facts = tuple(dict.fromkeys(fact for revision in fresh for fact in revision.added))
    return FollowedStory(Update(change.development, facts, fresh[0].article_id), tuple(marks.items()))


def _corrects(revision: StoryRevision) -> bool:
    return any(fact.partition(":")[0] in CORRECTION_KINDS for fact in revision.added)

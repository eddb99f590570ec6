"""What is unread for a reader: new stories, and new revisions of known ones. Pure.

A reader's position is one number for each chain, the read mark: the highest revision that was delivered. A
chain holds the revisions of a story as it was founded; its numbers only ever grow. Two stories that are
merged become one story of two chains, and nothing is renumbered. A story that is split gives some of its
revisions, in their order, to a new chain: those that a reader has are the first of them, because whoever got
one got all before it. So one number stays exact through merges, splits, late articles and restarts, without
comparing clocks.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Revision:
    """One thing that a chain came to say: by which article, and what it added (none for the founding)."""

    number: int
    article_id: int
    facts: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Chain:
    """The revisions of a story as it was founded, numbers rising; a split leaves gaps.

    ``last`` is the highest number ever given: a number is never given twice.
    """

    id: int
    revisions: tuple[Revision, ...]
    last: int


@dataclass(frozen=True, slots=True)
class Story:
    """A story and its chains: its own first, then those of stories merged into it."""

    id: int
    chains: tuple[Chain, ...]


@dataclass(frozen=True, slots=True)
class UnreadStory:
    """A story with the revisions that are unread, by chain and number.

    ``known`` are those that were delivered: none where the story is new.
    """

    story_id: int
    known: tuple[Revision, ...]
    revisions: tuple[Revision, ...]

    @property
    def new(self) -> bool:
        """Whether the reader knows nothing of the story."""
        return not self.known


@dataclass(frozen=True, slots=True)
class News:
    """What is unread, and the read marks to store once it has been delivered."""

    new: tuple[UnreadStory, ...]
    changed: tuple[UnreadStory, ...]
    marks: Mapping[int, int]


def find_unread(stories: Iterable[Story], marks: Mapping[int, int]) -> News:
    """The unread part of ``stories``. ``marks`` is chain id → highest revision that was delivered.

    Stories keep their order. The result's ``marks`` holds only chains whose mark rises: store them after
    delivery, in one transaction with its being noted, and nothing is delivered twice.
    """
    new: list[UnreadStory] = []
    changed: list[UnreadStory] = []
    raised: dict[int, int] = {}
    for story in stories:
        known: list[Revision] = []
        unread: list[Revision] = []
        for chain in story.chains:
            mark = marks.get(chain.id, 0)
            for revision in chain.revisions:
                (known if revision.number <= mark else unread).append(revision)
            if chain.revisions and chain.revisions[-1].number > mark:
                raised[chain.id] = chain.revisions[-1].number
        if unread:
            entry = UnreadStory(story.id, tuple(known), tuple(unread))
            (new if entry.new else changed).append(entry)
    return News(tuple(new), tuple(changed), raised)


def merge(kept: Story, gone: Story) -> Story:
    """One story of two. Nobody's marks change."""
    return Story(kept.id, (*kept.chains, *gone.chains))


def split(
    story: Story,
    moved: Collection[int],
    rest: Collection[int],
    new_ids: Sequence[int],
    told: Sequence[Mapping[int, int]] = (),
) -> tuple[Story, Story, tuple[Mapping[int, int], ...]]:
    """(what stays, the new story ``new_ids[0]`` of the articles ``moved``, each reader's marks afterwards).

    Revisions that moved articles made go with them. Each chain that gives some founds a chain of the new
    story, numbered from 1, with an id from ``new_ids``: one for each chain is enough. A half left without
    any revision gets one, ``split``: as a story of its own nobody has read it. Raises ValueError where
    ``moved`` or the ``rest`` of the story's articles is empty, or ids are too few or taken.
    """
    if not moved or not rest:
        raise ValueError("both halves of a split need articles")
    if len(new_ids) < len(story.chains) or {chain.id for chain in story.chains} & set(new_ids):
        raise ValueError("a split needs a free id for each chain")
    marks = [dict(one) for one in told]
    staying: list[Chain] = []
    founded: list[Chain] = []
    for chain in story.chains:
        leaving = [revision for revision in chain.revisions if revision.article_id in moved]
        kept = tuple(revision for revision in chain.revisions if revision.article_id not in moved)
        staying.append(replace(chain, revisions=kept))
        if leaving:
            new_id = new_ids[len(founded)]
            founded.append(_founded(new_id, leaving))
            for mark in marks:
                mark[new_id] = sum(revision.number <= mark.get(chain.id, 0) for revision in leaving)
    if not founded:
        founded.append(_founded(new_ids[0], [Revision(1, min(moved), reason="split")]))
    if not any(chain.revisions for chain in staying):
        own = staying[0]
        again = Revision(own.last + 1, min(rest), reason="split")
        staying[0] = Chain(own.id, (again,), again.number)
    return Story(story.id, tuple(staying)), Story(new_ids[0], tuple(founded)), tuple(marks)


def _founded(chain_id: int, revisions: Sequence[Revision]) -> Chain:
    numbered = tuple(replace(revision, number=n) for n, revision in enumerate(revisions, start=1))
    return Chain(chain_id, numbered, len(numbered))

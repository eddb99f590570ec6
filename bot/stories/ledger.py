"""What is new for a reader: stories never told, revisions not told yet, and nothing else. Pure.

What a reader was told is kept as one number for each chain: the highest revision told. A chain is the
revisions of a story as it was founded; its numbers only ever grow. Two stories that are merged become one
story of two chains, and nothing is renumbered. A story that is split gives some of its revisions, in their
order, to a new chain: those that a reader was told are the first of them, because whoever was told one was
told all before it. So one number stays exact through merges, splits, late articles and restarts, and no
clock is asked.
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
class Untold:
    """A story and its revisions that the reader does not know, by chain and number.

    ``known`` are those that the reader was told: none where the story is new.
    """

    story_id: int
    known: tuple[Revision, ...]
    revisions: tuple[Revision, ...]

    @property
    def new(self) -> bool:
        """Whether the reader was told nothing of the story."""
        return not self.known


@dataclass(frozen=True, slots=True)
class News:
    """The answer to "what is new", and the marks to keep once the reader has it."""

    new: tuple[Untold, ...]
    changed: tuple[Untold, ...]
    marks: Mapping[int, int]


def whats_new(stories: Iterable[Story], told: Mapping[int, int]) -> News:
    """What ``stories`` say that a reader was not told. ``told`` is chain id → highest revision told.

    Stories keep their order. ``marks`` holds only chains whose mark rises: keep them after the answer has
    reached the reader, in one transaction with its being sent, and the same is never told twice.
    """
    new: list[Untold] = []
    changed: list[Untold] = []
    marks: dict[int, int] = {}
    for story in stories:
        known: list[Revision] = []
        untold: list[Revision] = []
        for chain in story.chains:
            mark = told.get(chain.id, 0)
            for revision in chain.revisions:
                (known if revision.number <= mark else untold).append(revision)
            if chain.revisions and chain.revisions[-1].number > mark:
                marks[chain.id] = chain.revisions[-1].number
        if untold:
            entry = Untold(story.id, tuple(known), tuple(untold))
            (new if entry.new else changed).append(entry)
    return News(tuple(new), tuple(changed), marks)


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
    """(what stays, the new story ``new_ids[0]`` of the articles ``moved``, each reader's marks after it).

    Revisions that moved articles made go with them. Each chain that gives some founds a chain of the new
    story, numbered from 1, with an id from ``new_ids``: one for each chain is enough. A half left without
    any revision gets one, ``split``: as a story of its own it was never told. Raises ValueError where
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

"""The words of the record: policies, their steps and the documents behind them, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from bot.article import Bilingual

#: What an object of the record can be.
KINDS = (
    "order",
    "proclamation",
    "law",
    "bill",
    "rule",
    "programme",
    "agreement",
    "designation",
    "aid",
    "court_case",
    "deployment",
    "reform",
    "measure",
)

#: The countries whose acts are recorded, by ISO 3166-1 alpha-2 code.
COUNTRIES = ("us", "mx", "gt", "hn", "sv")

#: What a step does to the worry of the questions that its policy bears on.
EFFECTS = ("worse", "better", "mixed")

#: Why a step is unconfirmed: found in one publication only, or its document's number was not seen.
DOUBTS = ("one_place", "number_unseen")

#: The status that a policy has after a step of each status. ``None``: the step leaves it as it was.
STATUS_AFTER = MappingProxyType(
    {
        "proposed": "proposed",
        "announced": "announced",
        "passed": "passed",  # by one or both chambers, not yet law
        "signed": "signed",
        "in_force": "in_force",
        "in_part": "in_part",  # in force, but blocked or withdrawn for some people, places or provisions
        "amended": "in_force",
        "extended": "in_force",
        "upheld": "in_force",
        "enjoined": "enjoined",  # blocked by a court as a whole
        "suspended": "suspended",
        "struck_down": "ended",  # by a court's final word
        "rejected": "ended",
        "ended": "ended",
        "replaced": "replaced",
        "pending": "pending",  # a court case that waits for its decision
        "decided": "decided",  # a court case that is over
        "noted": None,  # a ruling, figure or report that leaves the status as it was
    }
)

#: The present status of a policy: every value of STATUS_AFTER, in the order of a policy's life.
STATUSES = tuple(dict.fromkeys(status for status in STATUS_AFTER.values() if status))


@dataclass(frozen=True, slots=True)
class PolicyDocument:
    """The document behind a step or an amount.

    ``number`` is its own: of an order or public law, a Federal Register or DOF citation, a docket; empty
    where such documents bear none. ``address`` is empty where no official or archival copy was found.
    """

    title: str
    publisher: str
    number: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Proof:
    """What a step was found in, and the words that show it.

    ``date`` is the publication's, as short as it is known (ISO 8601), and empty where it bears none.
    """

    publication: str
    date: str
    words: str


@dataclass(frozen=True, slots=True)
class PolicyStep:
    """One act in the life of a policy. ``date`` is ISO 8601, a day, or a month where only that is known."""

    date: str
    status: str
    sentence: Bilingual
    effect: str
    document: PolicyDocument | None
    checked: tuple[Proof, ...]
    doubt: str = ""

    @property
    def confirmed(self) -> bool:
        """Whether two publications show the step and its document's number was seen."""
        return not self.doubt


@dataclass(frozen=True, slots=True)
class Amount:
    """Money that a document gives to a policy, in whole units of ``currency`` (ISO 4217)."""

    purpose: Bilingual
    amount: int
    currency: str
    fiscal_year: int | None
    source: Bilingual | None
    target: Bilingual | None
    document: PolicyDocument
    checked: tuple[Proof, ...]
    doubt: str = ""

    @property
    def confirmed(self) -> bool:
        """Whether two publications show the amount and its document's number was seen."""
        return not self.doubt


@dataclass(frozen=True, slots=True)
class PolicyObject:
    """One policy: the ``questions`` of the article that it bears on, and its ``steps`` in order of time."""

    id: str
    kind: str
    countries: tuple[str, ...]
    name: Bilingual
    what: Bilingual
    aliases_en: tuple[str, ...]
    aliases_es: tuple[str, ...]
    questions: tuple[str, ...]
    steps: tuple[PolicyStep, ...]
    amounts: tuple[Amount, ...] = ()
    predecessor: str | None = None
    successor: str | None = None

    def __hash__(self) -> int:
        # Completing a name looks all policies up in caches; to hash their steps each time takes longer.
        return hash(self.id)

    @property
    def status(self) -> str:
        """The present status, one of STATUSES: what the last step that changed it left."""
        return STATUS_AFTER[self.status_step.status] or "announced"

    @property
    def status_step(self) -> PolicyStep:
        """The step that brought the present status about: the first of the last run that leaves it the same.

        A programme that took effect and was then extended is in force since it took effect.
        """
        found = self.steps[0]
        present: str | None = None
        for step in reversed(self.steps):
            after = STATUS_AFTER[step.status]
            if after is None:
                continue
            if present is not None and after != present:
                break
            present, found = after, step
        return found

    @property
    def last_change(self) -> PolicyStep | None:
        """The last confirmed step that changed the policy and left its status as ``status_step`` made it."""
        later = self.steps[self.steps.index(self.status_step) + 1 :]
        changes = [step for step in later if step.confirmed and STATUS_AFTER[step.status] is not None]
        return changes[-1] if changes else None

    @property
    def names(self) -> tuple[str, ...]:
        """Every name in both languages, the proper ones first, each once."""
        return tuple(dict.fromkeys((self.name.en, self.name.es, *self.aliases_en, *self.aliases_es)))


@dataclass(frozen=True, slots=True)
class Record:
    """All policies that the bot knows of, in the order of the files and of the objects in them."""

    objects: tuple[PolicyObject, ...]

    def policy(self, policy_id: str) -> PolicyObject:
        """The policy with this id. Raises KeyError where there is none."""
        for policy in self.objects:
            if policy.id == policy_id:
                return policy
        raise KeyError(policy_id)

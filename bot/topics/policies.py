"""Find the policies of the record that a text names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.domain.articles import NamedPolicy
from bot.domain.match import Finding
from bot.record import PolicyObject, Record, load_record
from bot.topics.checks import a_list, known_keys, mapping, read_yaml
from bot.topics.fold import fold_phrase
from bot.topics.language import read_as
from bot.topics.lexicon import Lexicon, RawHit, longest
from bot.topics.paraphrases import find_paraphrases, load_paraphrases
from bot.topics.policy_steps import RULINGS, StepWords
from bot.topics.reading import Reading
from bot.topics.spellings import Phrase, spellings

NAMES = Path(__file__).with_name("policy_names.yaml")
#: What a finding of a policy's name is for.
ROLE = "policy"


@dataclass(frozen=True, slots=True)
class ReportNames:
    """What reports call a policy beside its names in the record; ``never`` are names that attach nothing."""

    en: tuple[str, ...] = ()
    es: tuple[str, ...] = ()
    never: tuple[str, ...] = ()


class PolicyNames:
    """The names of all policies, ready to be found. Holds no state between texts."""

    def __init__(self, record: Record) -> None:
        names = policy_names(record)
        self._steps = StepWords.load()
        self._paraphrases = load_paraphrases()
        self._ids = frozenset(policy.id for policy in record.objects)
        self._past_proposal = frozenset(
            policy.id
            for policy in record.objects
            if policy.kind != "aid" and policy.status not in ("proposed", "announced")
        )
        self._court_cases = frozenset(policy.id for policy in record.objects if policy.kind == "court_case")
        self._lexicons = {language: Lexicon(_phrases(names, language)) for language in ("en", "es")}

    @classmethod
    def shipped(cls) -> PolicyNames:
        """The names of the policies of the record that ships with the package."""
        return cls.of(load_record())

    @classmethod
    @cache
    def of(cls, record: Record) -> PolicyNames:
        """The names of the policies of a record, made once."""
        return cls(record)

    def find(self, title: str, summary: str, language: str = "") -> tuple[Finding, ...]:
        """Each place where a policy is named, in the title first; the finding's concept is its id.

        A title may tell of a policy in other words (``bot.topics.paraphrases``): its place is all of them.
        ``language`` is the text's own, ``en`` or ``es``; where it is neither, the text tells it.
        """
        return self._find(Reading(title, summary), language)

    def _find(self, reading: Reading, language: str) -> tuple[Finding, ...]:
        spoken = read_as(language if language in self._lexicons else reading.language(language))
        kept = [
            longest(reading.fitting(field, found), self._ids, frozenset())
            for field, words in enumerate(reading.words)
            if (found := self._lexicons[spoken].find(words)) or field == 0
        ]
        kept[0] += self._paraphrased(spoken, reading.words[0], {hit[2] for hit in kept[0]})
        return tuple(
            reading.finding(hit, ROLE)
            for field, found in enumerate(kept)
            for hit in reading.hits(field, found)
        )

    def _paraphrased(self, language: str, words: list[str], named: set[str]) -> list[RawHit]:
        """The policies that a title tells of without their names, each once."""
        found: dict[str, RawHit] = {}
        for start, end, policy in find_paraphrases(self._paraphrases[language], words):
            if policy in self._ids and policy not in named:
                found.setdefault(policy, (start, end, policy, None))
        return list(found.values())

    def named(
        self, title: str, summary: str, language: str = "", *, document: bool = False
    ) -> tuple[NamedPolicy, ...]:
        """As ``named_in``, for a text that was not read yet."""
        return self.named_in(Reading(title, summary), language, document=document)

    def named_in(
        self, reading: Reading, language: str = "", *, document: bool = False
    ) -> tuple[NamedPolicy, ...]:
        """The policies that a text names, those of the title first.

        Only a policy of the title has a step proposed: what a text goes on to name is its background. An
        official document (``document``) is called by its purpose: the one policy that it names is its own.
        """
        found = self._find(reading, language)
        named = dict.fromkeys(finding.concept for finding in found)
        if document:
            titled = {finding.concept for finding in found if finding.field == "title"}
            own = titled or (set(named) if len(named) == 1 else set())
            step = self._steps.of_document(reading.title, reading.summary) if own else None
        else:
            own = {finding.concept for finding in found if finding.field == "title"}
            step = self._steps.proposed(reading.title) if own else None
        return tuple(
            NamedPolicy(policy, step if policy in own and self._may_follow(policy, step) else None)
            for policy in named
        )

    def _may_follow(self, policy: str, step: str | None) -> bool:
        """Whether a step may follow on what the policy is and where it stands.

        "Economy ministry proposes to leave security out of the USMCA review" proposes no USMCA: what is in
        force, or was, is not proposed again. Aid is, each year. "Texas adds buoys" moves no court case:
        nothing but a ruling does.
        """
        if policy in self._court_cases:
            return step in RULINGS
        return step != "proposed" or policy not in self._past_proposal


def policy_names(record: Record) -> dict[str, Mapping[str, tuple[str, ...]]]:
    """All that the policies of a record are called, by the policy's id and the language of the name.

    The one list of such names: those in the record, and in ``policy_names.yaml`` those that reports use.
    """
    added = load_policy_names()
    return {policy.id: _names(policy, added.get(policy.id, ReportNames())) for policy in record.objects}


def _names(policy: PolicyObject, more: ReportNames) -> Mapping[str, tuple[str, ...]]:
    never = {fold_phrase(name) for name in more.never}
    names = {
        "en": (policy.name.en, *policy.aliases_en, *more.en),
        "es": (policy.name.es, *policy.aliases_es, *more.es),
    }
    return {
        language: tuple(name for name in listed if fold_phrase(name) not in never)
        for language, listed in names.items()
    }


def load_policy_names(path: Path = NAMES) -> dict[str, ReportNames]:
    """What reports call each policy, by its id. Raises TaxonomyError with the key at fault."""
    found = {}
    for policy_id, raw in mapping(read_yaml(path), path.name).items():
        key = f"{path.name}.{policy_id}"
        block = mapping(raw, key)
        known_keys(block, {"en", "es", "not"}, key)
        english, spanish, never = (
            tuple(str(name) for name in a_list(block.get(part, []), f"{key}.{part}"))
            for part in ("en", "es", "not")
        )
        found[policy_id] = ReportNames(english, spanish, never)
    return found


def _phrases(
    names: Mapping[str, Mapping[str, tuple[str, ...]]], language: str
) -> Iterator[tuple[str, Phrase]]:
    """The phrases that count in a text of ``language``.

    As in the taxonomy, the other language's phrases of two words or more count too: an English text quotes
    "Quédate en México".
    """
    for policy_id, listed in names.items():
        for spoken, written in listed.items():
            for name in written:
                for phrase in spellings(name, spoken, {}):
                    if spoken == language or len(phrase.words) > 1 or phrase.exact is not None:
                        yield policy_id, phrase

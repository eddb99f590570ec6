"""Reading the record's files: strict, and every fault named by its file and key."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from itertools import pairwise

import yaml

from bot.article import KeyFault, load_brief
from bot.article.blocks import ID, Block, Faults, load_strictly
from bot.record.policy import (
    COUNTRIES,
    DOUBTS,
    EFFECTS,
    KINDS,
    STATUS_AFTER,
    Amount,
    PolicyDocument,
    PolicyObject,
    PolicyStep,
    Proof,
    Record,
)
from bot.record.publishers import address_fault
from bot.record.relations import relation_faults

#: Discord shows at most 100 characters of a choice's label.
_NAME = 100
#: A sentence is one line of a page in each language, in characters.
_SENTENCE = 320
#: Words that show a step are a short quotation, in characters.
_WORDS = 400
_TITLE = 300
#: Publications that must show a step before it counts as confirmed.
_CONFIRMING = 2

_DAY_OR_MONTH = re.compile(r"\d{4}-\d{2}(-\d{2})?")
_YEAR_OR_MORE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
_FORMS = {_DAY_OR_MONTH: "YYYY-MM-DD or YYYY-MM", _YEAR_OR_MORE: "YYYY-MM-DD, YYYY-MM or YYYY"}
_CURRENCIES = ("USD", "MXN")
#: What stands under ``document`` where a step has none, so that leaving it out is never an oversight.
_NO_DOCUMENT = "none"


class RecordError(Exception):
    """The record cannot be used; ``faults`` names each file and key at fault."""

    code = "record_faults"

    def __init__(self, faults: Iterable[KeyFault]) -> None:
        self.faults = tuple(faults)
        super().__init__(self.faults)

    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults)


@cache
def load_record() -> Record:
    """The record that comes with the bot, read once. Raises RecordError if it is at fault."""
    return read_record(shipped_texts())


def shipped_texts() -> dict[str, str]:
    """The files of the record that come with the bot, by their names."""
    shipped = (item for item in files("bot.record").iterdir() if item.name.endswith(".yaml"))
    return {item.name: item.read_text(encoding="utf-8") for item in shipped}


def read_record(texts: Mapping[str, str]) -> Record:
    """The record in ``texts``: YAML by the names of its files. Raises RecordError with all faults."""
    faults: list[KeyFault] = []
    policies: list[tuple[str, PolicyObject]] = []
    for name in sorted(texts):
        found = Faults()
        policies.extend((name, policy) for policy in _policies(texts[name], found))
        faults.extend(KeyFault(f"{name}: {fault.key}", fault.problem) for fault in found.found)
    # Between policies it is looked at once each of them is sound.
    faults = faults or list(relation_faults(policies))
    if faults:
        raise RecordError(faults)
    return Record(tuple(policy for _, policy in policies))


def _policies(text: str, faults: Faults) -> tuple[PolicyObject, ...]:
    try:
        raw = load_strictly(text)
    except yaml.YAMLError as error:
        faults.add("file", " ".join(str(error).split()))
        return ()
    if not isinstance(raw, dict):
        faults.add("file", "should be a block of keys")
        return ()
    block = Block(raw, "", faults)
    policies = block.blocks("objects", _policy)
    block.close()
    return policies


def _policy(block: Block) -> PolicyObject:
    policy_id = block.text("id")
    if policy_id and ID.fullmatch(policy_id):
        block.path = f"objects[{policy_id}]"  # says more than its number in the file
    elif policy_id:
        block.faults.add(block.key("id"), f"“{policy_id}” is not an id (small letters, digits and _)")
    questions = [question.id for concern in load_brief().concerns for question in concern.questions]
    aliases = block.block("aliases") if block.has("aliases") else None
    policy = PolicyObject(
        id=policy_id,
        kind=block.choice("kind", KINDS),
        countries=block.words("countries", ID, COUNTRIES),
        name=block.both("name", _NAME),
        what=block.both("what", _SENTENCE),
        aliases_en=aliases.texts("en", _NAME) if aliases else (),
        aliases_es=aliases.texts("es", _NAME) if aliases else (),
        questions=block.words("questions", ID, questions),
        steps=block.blocks("steps", _step),
        amounts=block.blocks("amounts", _amount) if block.has("amounts") else (),
        predecessor=block.perhaps_text("predecessor") or None,
        successor=block.perhaps_text("successor") or None,
    )
    if aliases:
        aliases.close()
    _in_order(policy.steps, block)
    return policy


def _in_order(steps: tuple[PolicyStep, ...], block: Block) -> None:
    for index, (before, after) in enumerate(pairwise(steps), start=1):
        known = min(len(before.date), len(after.date))  # a month stands anywhere among its days
        if after.date[:known] < before.date[:known]:
            block.faults.add(f"{block.key('steps')}[{index}].date", f"{after.date} is before {before.date}")


def _step(block: Block) -> PolicyStep:
    checked = block.blocks("checked", _proof)
    return PolicyStep(
        date=_date(block, "date", _DAY_OR_MONTH),
        status=block.choice("status", STATUS_AFTER),
        sentence=block.both("sentence", _SENTENCE),
        effect=block.choice("effect", EFFECTS),
        document=_perhaps_document(block),
        checked=checked,
        doubt=_doubt(block, checked),
    )


def _amount(block: Block) -> Amount:
    checked = block.blocks("checked", _proof)
    return Amount(
        purpose=block.both("for", _NAME),
        amount=block.number("amount"),
        currency=block.choice("currency", _CURRENCIES),
        fiscal_year=block.number("fiscal_year") if block.has("fiscal_year") else None,
        source=block.perhaps_both("from", _NAME),
        target=block.perhaps_both("to", _NAME),
        document=_document(block.block("document")),
        checked=checked,
        doubt=_doubt(block, checked),
    )


def _doubt(block: Block, checked: tuple[Proof, ...]) -> str:
    doubt = block.choice("unconfirmed", DOUBTS) if block.has("unconfirmed") else ""
    publications = {proof.publication for proof in checked}
    if checked and not doubt and len(publications) < _CONFIRMING:
        block.faults.add(
            block.key("checked"), "names one publication: find a second, or say “unconfirmed: one_place”"
        )
    if doubt == "one_place" and len(publications) >= _CONFIRMING:
        block.faults.add(block.key("unconfirmed"), f"but {len(publications)} publications show it")
    return doubt


def _proof(block: Block) -> Proof:
    return Proof(
        publication=block.text("publication", _NAME),
        date=_date(block, "date", _YEAR_OR_MORE) if block.has("date") else "",
        words=block.text("words", _WORDS),
    )


def _perhaps_document(block: Block) -> PolicyDocument | None:
    if block.is_text("document", _NO_DOCUMENT):
        return None
    if not block.has("document"):
        block.faults.add(block.key("document"), f"missing (write “{_NO_DOCUMENT}” where the step has none)")
        return None
    return _document(block.block("document"))


def _document(block: Block) -> PolicyDocument:
    document = PolicyDocument(
        title=block.text("title", _TITLE),
        publisher=block.text("publisher", _NAME),
        number=block.perhaps_text("number", _NAME),
        address=block.perhaps_text("address"),
    )
    if document.address and (problem := address_fault(document.address)):
        block.faults.add(block.key("address"), problem)
    block.close()
    return document


def _date(block: Block, name: str, pattern: re.Pattern[str]) -> str:
    value = block.text(name)
    if not value:
        return ""
    if pattern.fullmatch(value):
        try:
            date.fromisoformat(f"{value}-01-01"[:10])
        except ValueError:
            block.faults.add(block.key(name), f"“{value}” is no date of the calendar")
    else:
        block.faults.add(block.key(name), f"“{value}” is not {_FORMS[pattern]}")
    return value

"""The record that is shipped, and the faults that the loader names."""

from __future__ import annotations

from datetime import date

import pytest

from bot.article import load_brief
from bot.record import STATUSES, RecordError, load_record, read_record
from bot.record.current import current_policies
from bot.record.publishers import address_fault
from scripts.stale_policies import stale

ONE = """
objects:
  - id: sample_order
    kind: order
    countries: [us]
    name: {en: Sample Order, es: Orden de muestra}
    aliases:
      en: [Order 1]
      es: [Orden 1]
    what: {en: An order., es: Una orden.}
    questions: [shelters]
    steps:
      - date: 2017-03
        status: signed
        sentence: {en: It is signed., es: Se firma.}
        effect: worse
        document: none
        checked:
          - {publication: The Sample Wire, date: 2017-03-02, words: signed on Thursday}
          - {publication: The Courier, words: the order that was signed}
      - date: 2017-03-20
        status: in_force
        sentence: {en: It enters into force., es: Entra en vigor.}
        effect: mixed
        document:
          title: Sample Order
          number: 82 FR 1
          publisher: Federal Register
          address: https://www.federalregister.gov/citation/82-FR-1
        checked:
          - {publication: Federal Register, date: 2017-03, words: effective March 20}
        unconfirmed: one_place
    amounts:
      - for: {en: Shelters, es: Albergues}
        amount: 5000000
        currency: USD
        fiscal_year: 2017
        to: {en: Cities, es: Ciudades}
        document: {title: An act, publisher: Congress}
        checked:
          - {publication: Congress, words: "$5,000,000"}
        unconfirmed: number_unseen
"""


def faults_of(text: str) -> list[str]:
    with pytest.raises(RecordError) as caught:
        read_record({"sample.yaml": text})
    return [str(fault) for fault in caught.value.faults]


def broken(old: str, new: str) -> str:
    assert ONE.count(old) >= 1
    return ONE.replace(old, new, 1)


POLICY = "sample.yaml: objects[sample_order]"
STEP = f"{POLICY}.steps[0]"


class TestShipped:
    def test_it_loads_and_each_policy_has_a_status_and_steps(self) -> None:
        policies = load_record().objects
        assert policies
        for policy in policies:
            assert policy.status in STATUSES and policy.steps, policy.id

    def test_confirmed_steps_were_found_in_two_publications(self) -> None:
        for policy in load_record().objects:
            for step in (*policy.steps, *policy.amounts):
                if step.confirmed:
                    assert len({proof.publication for proof in step.checked}) >= 2, policy.id

    def test_the_languages_differ(self) -> None:
        for policy in load_record().objects:
            for step in policy.steps:
                assert step.sentence.en != step.sentence.es, policy.id


class TestReading:
    def test_values(self) -> None:
        record = read_record({"sample.yaml": ONE})
        policy = record.policy("sample_order")
        first, second = policy.steps
        assert policy.status == "in_force"
        assert policy.names == ("Sample Order", "Orden de muestra", "Order 1", "Orden 1")
        assert first.document is None and first.confirmed
        assert second.document is not None and second.document.number == "82 FR 1" and not second.confirmed
        assert policy.amounts[0].amount == 5_000_000 and policy.amounts[0].source is None
        assert policy.questions == ("shelters",)
        with pytest.raises(KeyError):
            record.policy("no_such_order")

    def test_a_note_leaves_the_status_as_it_was(self) -> None:
        assert (
            read_record({"a.yaml": broken("status: in_force", "status: noted")}).objects[0].status == "signed"
        )


class TestFaults:
    @pytest.mark.parametrize(
        ("old", "new", "fault"),
        [
            ("date: 2017-03\n", "date: 2017-13\n", f"{STEP}.date: “2017-13” is no date of the calendar"),
            ("date: 2017-03\n", "date: March\n", f"{STEP}.date: “March” is not YYYY-MM-DD or YYYY-MM"),
            ("date: 2017-03\n", "date: 2017\n", f"{STEP}.date: should be text (put it in quotation marks)"),
            ("es: Se firma.", "fr: Signé.", f"{STEP}.sentence.es: missing"),
            ("document: none", "document: nothing", f"{STEP}.document: should be a block of keys"),
            (
                "        document: none\n",
                "",
                f"{STEP}.document: missing (write “none” where the step has none)",
            ),
            ("effect: worse", "effect: bad", f"{STEP}.effect: “bad” is none of worse, better, mixed"),
            ("kind: order", "kind: ukase", f"{POLICY}.kind: “ukase” is none of "),
            ("status: signed", "status: done", f"{STEP}.status: “done” is none of proposed, announced"),
            ("[shelters]", "[weather]", f"{POLICY}.questions[0]: “weather” is none"),
            ("[us]", "[uk]", f"{POLICY}.countries[0]: “uk” is none of us, mx"),
            (
                "id: sample_order",
                "id: Sample Order",
                "sample.yaml: objects[0].id: “Sample Order” is not an id",
            ),
            (
                "kind: order",
                "colour: red\n    kind: order",
                f"{POLICY}.colour: unknown",
            ),
            (
                "amount: 5000000",
                "amount: much",
                f"{POLICY}.amounts[0].amount: should",
            ),
            (
                "          - {publication: The Courier, words: the order that was signed}\n",
                "",
                f"{STEP}.checked: names one publication",
            ),
            (
                "status: signed",
                "status: signed\n        unconfirmed: one_place",
                f"{STEP}.unconfirmed: but 2 publications show it",
            ),
            (
                "https://www.federalregister.gov/citation/82-FR-1",
                "https://example.com/a",
                f"{POLICY}.steps[1].document.address: “example.com” is no official",
            ),
            (
                "    questions:",
                "    predecessor: lost_order\n    questions:",
                f"{POLICY}.predecessor: there is no “lost_order”",
            ),
            (
                "status: in_force",
                "status: replaced",
                f"{POLICY}.successor: missing, though the last step says “replaced”",
            ),
            (
                "{en: It enters into force., es: Entra en vigor.}",
                "{en: It is Signed., es: Entra en vigor.}",
                f"{POLICY}.steps[1].sentence.en: says the same as sample_order.steps[0]",
            ),
        ],
    )
    def test_a_fault_names_the_file_and_the_key(self, old: str, new: str, fault: str) -> None:
        assert any(found.startswith(fault) for found in faults_of(broken(old, new))), faults_of(
            broken(old, new)
        )

    def test_steps_out_of_order(self) -> None:
        text = broken("date: 2017-03-20", "date: 2017-02-20")
        assert faults_of(text) == [f"{POLICY}.steps[1].date: 2017-02-20 is before 2017-03"]

    def test_an_id_used_in_two_files(self) -> None:
        with pytest.raises(RecordError) as caught:
            read_record({"a.yaml": ONE, "b.yaml": ONE})
        assert str(caught.value) == "b.yaml: objects[sample_order].id: is taken in a.yaml"

    def test_an_alias_of_two_policies(self) -> None:
        other = ONE.replace("sample_order", "other_order").replace("Sample Order", "Other Order")
        with pytest.raises(RecordError) as caught:
            read_record({"a.yaml": ONE, "b.yaml": other})
        assert (
            "b.yaml: objects[other_order].aliases: “Orden de muestra” is a name of sample_order too"
            in str(caught.value)
        )

    @pytest.mark.parametrize("text", ["", "- a\n", "words"])
    def test_a_file_that_is_no_block(self, text: str) -> None:
        assert faults_of(text) == ["sample.yaml: file: should be a block of keys"]

    def test_no_yaml_at_all(self) -> None:
        (fault,) = faults_of("objects: [")
        assert fault.startswith("sample.yaml: file: ") and "line " in fault


@pytest.mark.parametrize(
    "address",
    [
        "https://www.federalregister.gov/citation/84-FR-33829",
        "https://www.dof.gob.mx/nota_detalle.php?codigo=5560463",
        "https://web.archive.org/web/2021/https://www.dhs.gov/mpp",
    ],
)
def test_addresses_of_known_publishers_pass(address: str) -> None:
    assert address_fault(address) is None


@pytest.mark.parametrize(
    "address",
    [
        "http://www.dhs.gov/mpp",
        "https://www.dhs.gov",
        "https://www.dhs.gov/",
        "https://dhs.gov.example.com/mpp",
        "https://user@www.dhs.gov/mpp",
        "https://www.dhs.gov:8080/mpp",
        "https://[::1/mpp",
        "https://notarchive.org/mpp",
        "www.dhs.gov/mpp",
        "https://www.dhs.gov/m pp",
    ],
)
def test_other_addresses_are_refused(address: str) -> None:
    assert address_fault(address)


def test_what_is_in_force_without_a_step_for_ninety_days_is_listed() -> None:
    record = read_record({"sample.yaml": ONE})
    assert [policy.id for policy in stale(record, date(2017, 6, 19))] == ["sample_order"]
    assert stale(record, date(2017, 6, 18)) == []


@pytest.mark.parametrize(
    ("concern", "first"),
    [
        ("border_security", "remain_in_mexico"),
        ("regional_security", "mexico_aid_appropriations"),
        ("trade_leverage", "usmca"),
    ],
)
def test_a_concern_stands_where_the_policy_most_about_it_does(concern: str, first: str) -> None:
    questions = next(one.questions for one in load_brief().concerns if one.id == concern)
    assert current_policies(load_record(), [question.id for question in questions])[0].id == first


def test_a_policy_answers_only_its_first_two_questions() -> None:
    record = load_record()
    for concern in load_brief().concerns:
        for question in concern.questions:
            assert all(question.id in one.questions[:2] for one in current_policies(record, [question.id]))

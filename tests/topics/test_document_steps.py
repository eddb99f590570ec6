"""An official document that names a policy of the record proposes a step of it."""

from __future__ import annotations

import pytest

from bot.topics.policies import PolicyNames
from bot.topics.policy_steps import StepWords

STEPS = StepWords.load()
NAMES = PolicyNames.shipped()


@pytest.mark.parametrize(
    ("title", "summary", "status"),
    [
        ("Termination of the Migrant Protection Protocols", "", "ended"),
        ("Restoring the Migrant Protection Protocols", "", "in_force"),
        ("Extension of the Proclamation on the Southern Border", "", "extended"),
        ("Amendments to Asylum Procedures; Final Rule", "", "amended"),
        ("Asylum Procedures", "Proposed Rule. The Department proposes to change them.", "proposed"),
        ("Shelter Network v. DHS", "No. 26-1188. We stay the order that returns asylum seekers.", "enjoined"),
        ("Texas v. United States", "The order of the district court is affirmed.", "upheld"),
        ("Acuerdo por el que se suspende el programa Quédate en México", "", "suspended"),
        ("DECRETO por el que se reforma la Ley de la Guardia Nacional", "", "amended"),
        ("Notice of a Public Meeting on Asylum", "", None),
        ("Suspension of a Suspension: Termination of a Pause", "", None),
    ],
)
def test_the_step_of_a_document(title: str, summary: str, status: str | None) -> None:
    assert STEPS.of_document(title, summary) == status


def test_a_document_s_own_policy_may_stand_in_its_summary() -> None:
    title, summary = (
        "Rescission of a Memorandum",
        "The memorandum on the Migrant Protection Protocols is rescinded.",
    )
    (named,) = NAMES.named(title, summary, "en", document=True)
    assert named.proposes == "ended"
    (reported,) = NAMES.named(title, summary, "en")
    assert reported.proposes is None


def test_a_headline_proposes_as_before() -> None:
    (named,) = NAMES.named("Biden ends the Remain in Mexico program", "", "en")
    assert named.proposes == "ended"

"""Which policies of the record a text names, and which step its headline may tell of."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from benchmarks import attachment as benchmark
from bot.evidence.questions import HOME as LEXICON
from bot.record import load_record
from bot.topics.checks import TaxonomyError, read_yaml
from bot.topics.fold import fold_phrase
from bot.topics.paraphrases import load_paraphrases
from bot.topics.policies import PolicyNames, load_policy_names, policy_names
from bot.topics.policy_steps import StepWords

NAMES = PolicyNames.shipped()
STEPS = StepWords.load()


def named(title: str, summary: str = "", language: str = "en") -> list[str]:
    return [one.policy for one in NAMES.named(title, summary, language)]


@pytest.mark.parametrize(
    ("title", "language", "policy"),
    [
        ("Shelters brace as Remain in Mexico returns to Tijuana", "en", "remain_in_mexico"),
        ("Vuelve Quédate en México a Ciudad Juárez", "es", "remain_in_mexico"),
        ("Ciudad Juárez prepara albergues ante el fin del Título 42", "es", "title_42"),
        ("Two Venezuelans sent home under the Alien Enemies Act", "en", "alien_enemies_act"),
        ("Texas police make first arrests under SB4", "en", "texas_sb4"),
        ("Boyas en el Río Bravo: México reclama a Texas", "es", "rio_grande_buoys"),
        ("Cuban deported to third countries dies in custody in Chiapas", "en", "third_country_removals"),
        ("Mexico sends 30 pages of comments on the USMCA review", "en", "usmca"),
        ("Third national defense area takes in forty miles of river", "en", "national_defense_areas"),
        ("Cierran tres centros de México te Abraza", "es", "mexico_te_abraza"),
        ("Reforma a la Guardia Nacional llega al Senado", "es", "national_guard"),
    ],
)
def test_a_policy_is_named(title: str, language: str, policy: str) -> None:
    assert policy in named(title, language=language)


@pytest.mark.parametrize(
    ("title", "language", "step"),
    [
        ("Texas adds buoys along the Rio Grande", "en", None),
        ("Texas agrega un tramo de boyas al río Bravo", "es", None),
        ("Appeals court upholds Texas buoys in the Rio Grande", "en", "upheld"),
        ("Tribunal avala las boyas de Texas en el río Bravo", "es", "upheld"),
    ],
)
def test_only_a_ruling_moves_a_court_case(title: str, language: str, step: str | None) -> None:
    (found,) = NAMES.named(title, "", language)
    assert (found.policy, found.proposes) == ("rio_grande_buoys", step)


@pytest.mark.parametrize(
    ("title", "language"),
    [
        ("Guardia Nacional decomisa armas en Tepito", "es"),
        ("Texas National Guard drill closes a road", "en"),
        ("Choque en la avenida Leona Vicario deja dos heridos", "es"),
        ("Tolerancia cero al alcohol al volante", "es"),
        ("Water metering begins in El Paso", "en"),
        ("Ontario MPP leaves her party", "en"),
    ],
)
def test_a_word_that_means_something_else_names_no_policy(title: str, language: str) -> None:
    assert named(title, language=language) == []


def test_the_other_language_is_quoted() -> None:
    assert named("What “Quédate en México” meant for one family") == ["remain_in_mexico"]


def test_a_finding_points_at_the_words() -> None:
    (finding,) = NAMES.find("Judge blocks Remain in Mexico", "", "en")
    assert (finding.surface, finding.field, finding.start) == ("Remain in Mexico", "title", 13)


def test_each_name_of_a_policy_is_listed_once() -> None:
    """In the record, or among what reports use; concepts of evidence refer to that list by ``policies``."""
    record = {
        policy.id: {
            fold_phrase(one)
            for one in (policy.name.en, policy.name.es, *policy.aliases_en, *policy.aliases_es)
            if " " in one
        }
        for policy in load_record().objects
    }
    listed = policy_names(load_record())
    never = {fold_phrase(name) for added in load_policy_names().values() for name in added.never}
    for policy_id, added in load_policy_names().items():
        assert record[policy_id].isdisjoint(map(fold_phrase, (*added.en, *added.es))), policy_id
    for concept_id, body in read_yaml(LEXICON / "things.yaml").items():
        if body["kind"] in ("programme", "law"):
            own = [name for language in ("both", "en", "es") for name in body.get(language, ())]
            names = set().union(*record.values()) - never
            for policy in body.get("policies", ()):
                names |= {fold_phrase(name) for one in listed[policy].values() for name in one}
            again = [name for name in own if name[0] != "=" and fold_phrase(name.rstrip("~")) in names]
            assert not again, concept_id


def test_the_names_are_of_policies_of_the_record() -> None:
    known = {policy.id for policy in load_record().objects}
    assert set(load_policy_names()) <= known
    assert {one.policy for told in load_paraphrases().values() for one in told} <= known


def test_a_headline_tells_of_a_policy_in_other_words() -> None:
    (finding,) = NAMES.find("Monday: U.S. military hits third drug boat this week", "", "en")
    assert (finding.concept, finding.field, finding.start) == ("boat_strikes", "title", 8)
    assert finding.surface == "U.S. military hits third drug boat"


def test_a_summary_tells_of_no_policy_in_other_words() -> None:
    assert named("Three killed at sea", "The U.S. military hit another drug boat.") == []


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("usmca: {en: [{none: tax}]}", "usmca.en[0].all"),
        ('usmca: {en: [{all: ["$nobody"]}]}', "usmca.en[0].all"),
        ('usmca: {en: [{all: ["deal, %"]}]}', "usmca.en[0].all"),
        ('usmca: {en: [{all: [deal], not: "tax"}]}', "usmca.en[0].not"),
        ("usmca: {fr: []}", "usmca.fr"),
        ("usmca: {en: deal}", "usmca.en"),
    ],
)
def test_a_fault_among_the_paraphrases_is_named(tmp_path: Path, text: str, key: str) -> None:
    path = tmp_path / "told.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(TaxonomyError) as fault:
        load_paraphrases(path)
    assert fault.value.key == f"told.yaml.{key}"


@pytest.mark.parametrize(
    ("title", "status"),
    [
        ("Judge blocks Remain in Mexico at the California border", "enjoined"),
        ("Appeals court lets Remain in Mexico go on", "upheld"),
        ("Supreme Court upholds third-country deportations", "upheld"),
        ("Homeland Security ends CHNV parole", "ended"),
        ("Trump signs law with border wall money", "signed"),
        ("Pentagon expands national defense area in Texas", "amended"),
        ("Texas SB 4 takes effect", "in_force"),
        ("Jueza frena la Ley SB4 en Texas", "enjoined"),
        ("Corte avala la Ley SB4", "upheld"),
        ("Entra en vigor la Ley SB4", "in_force"),
        ("Estados Unidos pone fin al parole humanitario", "ended"),
        ("Senado aprueba la reforma a la Guardia Nacional", "passed"),
        ("México reanuda Quédate en México", "in_force"),
        ("Estados Unidos suspende Quédate en México", "suspended"),
    ],
)
def test_a_headline_proposes_a_step(title: str, status: str) -> None:
    assert STEPS.proposed(title) == status


@pytest.mark.parametrize(
    "title",
    [
        "Trump could end CBP One",
        "Will Remain in Mexico restart?",
        "Judge blocks Biden from ending Remain in Mexico",
        "Advocates sue to block Remain in Mexico",
        "Senators urge Biden to extend Title 42",
        "Years after Title 42 ended, a family waits",
        "¿Termina el Título 42?",
        "México rechaza que reanude Quédate en México",
        "Migrantes protestan contra la Ley SB4",
        "Remain in Mexico and the families of Matamoros",
        "Podría terminar el parole humanitario",
        "Court blocks Title 42, then suspends its ruling as CBP One starts",
    ],
)
def test_a_headline_that_tells_no_step_proposes_none(title: str) -> None:
    assert STEPS.proposed(title) is None


def test_only_a_policy_of_the_title_has_a_step_proposed() -> None:
    (one,) = NAMES.named("Judge blocks asylum rule", "It resembles Remain in Mexico.", "en")
    assert one.proposes is None


def test_headlines_of_our_own_are_attached_and_tell_their_step() -> None:
    own = yaml.safe_load(benchmark.OWN.read_text(encoding="utf-8"))
    figures = benchmark.attachment(own["named"])
    assert figures["precision"] >= 0.95
    assert figures["recall"] >= 0.8
    assert benchmark.steps(own["steps"])["right"] >= 0.95


@pytest.mark.parametrize(
    ("title", "language"),
    [
        ("Revisión del T-MEC: Economía propone dejar fuera la seguridad", "es"),
        ("Senator proposes new oversight of Title 42 records", "en"),
        ("Diputados proponen revisar la reforma a la Guardia Nacional", "es"),
    ],
)
def test_what_is_past_a_proposal_is_not_proposed_again(title: str, language: str) -> None:
    found = NAMES.named(title, "", language)
    assert found
    assert all(one.proposes is None for one in found)

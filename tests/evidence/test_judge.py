"""The verdict on a report: which question, in which direction, by which words; or why none."""

from __future__ import annotations

import pytest

from bot.domain.match import Match
from bot.evidence import Evidence, EvidenceJudge
from bot.evidence.questions import build_rules
from bot.topics.checks import TaxonomyError
from bot.topics.matcher import Matcher
from bot.topics.taxonomy import load_taxonomy


@pytest.fixture(scope="module")
def judge() -> EvidenceJudge:
    return EvidenceJudge.load(load_taxonomy())


def _directions(evidence: Evidence) -> dict[str, str]:
    return {bearing.question: bearing.direction for bearing in evidence.bearings}


@pytest.mark.parametrize(
    ("title", "direction"),
    [
        ("Congress cuts aid to Mexico", "worse"),
        ("Congress restores aid to Mexico", "better"),
        ("Congress refuses to cut aid to Mexico", "better"),
        ("Congress rejects bill to restore aid to Mexico", "worse"),
        ("Judge blocks freeze of aid to Mexico", "better"),
        ("Aid to Mexico suspended", "worse"),
        ("Congreso recorta la ayuda a México", "worse"),
        ("El Senado impide recortar la ayuda a México", "better"),
        ("Rechaza el Senado restituir la ayuda a México", "worse"),
        ("Congress restores suspended aid to Mexico", "better"),
        ("Congress blocks bid to restore suspended aid to Mexico", "worse"),
        ("Senator walks back call to cut aid to Mexico", "better"),
        ("White House shelves aid to Mexico", "worse"),
        ("White House shelves plan to cut aid to Mexico", "better"),
    ],
)
def test_acts_on_acts_turn_the_direction(judge: EvidenceJudge, title: str, direction: str) -> None:
    assert _directions(judge.read(title, ""))["aid_moved"] == direction


@pytest.mark.parametrize(
    ("title", "question", "direction"),
    [
        ("Fifth Circuit revives return-to-Mexico rule for asylum seekers", "non_mexican_returns", "worse"),
        ("White House ends limits on returns of Haitians to Mexico", "non_mexican_returns", "worse"),
        ("Cierran la oficina y devuelven a venezolanos a Ciudad Juárez", "non_mexican_returns", "worse"),
        ("Freeze lifted: State Department resumes police aid to Mexico", "aid_moved", "better"),
        ("Senate rejects diversion of Mexico police aid to border wall", "aid_moved", "better"),
        ("Retira EU al Cártel del Noreste de la lista de terroristas", "force_or_diplomacy", "better"),
        ("Evita T-MEC revisión anual: lo renuevan los tres países", "agreement_reopened", "better"),
        ("Cierra Tijuana el año con 2 mil homicidios más", "border_violence", "worse"),
    ],
)
def test_an_act_reaches_its_own_object_and_no_other(
    judge: EvidenceJudge, title: str, question: str, direction: str
) -> None:
    assert _directions(judge.read(title, ""))[question] == direction


def test_two_acts_side_by_side_do_not_undo_each_other(judge: EvidenceJudge) -> None:
    assert _directions(judge.read("Congress freezes and cuts aid to Mexico", ""))["aid_moved"] == "worse"


@pytest.mark.parametrize(
    ("title", "reason"),
    [
        ("Editorial: Remain in Mexico must end", "opinion"),
        ("Ana Pérez / Quédate en México y el fin de una época", "opinion"),
        ("Ten years after the Mérida Initiative was signed", "looking_back"),
        ("A quiet day in the harbor", "no_rule"),
    ],
)
def test_a_report_that_is_no_evidence_says_why(judge: EvidenceJudge, title: str, reason: str) -> None:
    assert judge.read(title, "") == Evidence((), reason)


def test_a_negation_after_a_thing_says_nothing_of_it(judge: EvidenceJudge) -> None:
    assert _directions(judge.read("Nueva elección de jueces en México, sin observadores", "")) == {
        "training_rule_of_law": "worse"
    }


def test_rules_may_name_the_composed_acts_of_the_taxonomy() -> None:
    rule = {"all": ["shelter_closed"], "weight": 2, "direction": "worse"}
    raw = {"shelters": {"definition": "Shelters.", "rules": {"closed": rule}}}
    taxonomy = load_taxonomy()
    rules = build_rules(raw, {}, {"en": {}, "es": {}}, taxonomy, ("shelters",))
    closed = EvidenceJudge(rules, taxonomy, {}).read("Tijuana shuts its largest shelter", "")
    assert [bearing.rule for bearing in closed.bearings] == ["closed"]
    opened = EvidenceJudge(rules, taxonomy, {}).read("Tijuana opens its largest shelter", "")
    assert opened.bearings == ()


@pytest.mark.parametrize(
    "title",
    [
        "Court election in Ohio: live results",
        "Shelter-in-place order lifted after fire in a Texas town",
        "Army munitions plant faces scrutiny over sales",
        "Senate holds up three hundred military promotions",
        "Jury convicts two agents of bribery",
        "U.S. asks for a labour review at a plant in Mexico under the USMCA",
        "Recibe México más inversión extranjera",
        "Recupera Coahuila 60 vehículos robados",
        "Pierde Coahuila fondos federales",
        "Sentencian a exfuncionario por asaltar el Capitolio",
    ],
)
def test_acts_of_other_matters_are_not_taken_up(judge: EvidenceJudge, title: str) -> None:
    match, evidence = judge.weigh(title, "", "", Matcher.load().judge(title, ""))
    assert not match.relevant
    assert evidence.bearings == ()


def test_what_the_matcher_leaves_out_bears_on_nothing(judge: EvidenceJudge) -> None:
    match = Matcher.load().judge("A quiet day in the harbor", "", "en")
    assert judge.weigh("A quiet day in the harbor", "", "en", match) == (match, Evidence((), "not_relevant"))


@pytest.mark.parametrize(
    ("title", "topic"),
    [
        ("House spending bill strips $110 million in security aid for Mexico", "security_cooperation"),
        ("Mexico, U.S., Canada renew USMCA for 16 years", "trade_leverage"),
        ("Ratifica Senado mexicano el T-MEC", "trade_leverage"),
    ],
)
def test_a_title_that_decides_a_question_is_relevant(judge: EvidenceJudge, title: str, topic: str) -> None:
    found = Matcher.load().judge(title, "")
    assert not found.relevant
    match, evidence = judge.weigh(title, "", "", found)
    assert (match.topic_ids, match.reason) == ((topic,), "bears")
    assert evidence.bearings
    assert judge.weigh(title, "", "", Match((), "other_language", 0.0))[0].reason == "other_language"
    assert not judge.weigh("A quiet day", title, "", Match((), "no_nexus", 0.0))[0].relevant


@pytest.mark.parametrize(
    ("title", "taken_up"),
    [
        ("Judicial overhaul passes Mexico's Senate", True),
        ("Homicides in Baja California climb for a third year", True),
        ("Mexico, U.S., Canada renew USMCA for 16 years", False),
    ],
)
def test_a_rule_that_stands_alone_needs_no_verdict_of_the_matcher(
    judge: EvidenceJudge, title: str, taken_up: bool
) -> None:
    assert judge.weigh(title, "", "", Match((), "no_nexus", 0.0))[0].relevant is taken_up


def test_findings_point_into_the_text(judge: EvidenceJudge) -> None:
    title = "Congress cuts aid to Mexico"
    (bearing,) = judge.read(title, "").bearings
    assert bearing.rule == "aid_changes"
    assert {title[finding.start : finding.end] for finding in bearing.findings} >= {"aid to Mexico"}


def test_what_stands_far_down_in_the_text_is_not_read(judge: EvidenceJudge) -> None:
    filler = "The weather in the valley was fine and the market opened as it does on any day. " * 6
    assert judge.read("A day in the valley", filler + "Congress cuts aid to Mexico.").bearings == ()


@pytest.mark.parametrize(
    ("rule", "key"),
    [
        ({"all": ["nothing_of_ours"], "weight": 2, "direction": "worse"}, "aid_moved.rules.one.all"),
        ({"all": ["mexico"], "weight": 4, "direction": "worse"}, "aid_moved.rules.one.weight"),
        ({"all": ["mexico"], "weight": 2, "direction": "bad"}, "aid_moved.rules.one.direction"),
        ({"all": ["mexico"], "weight": 2}, "aid_moved.rules.one"),
        ({"all": ["mexico"], "weight": 2, "direction": "worse", "odd": 1}, "aid_moved.rules.one.odd"),
    ],
)
def test_a_fault_in_the_rules_is_named_by_its_key(rule: dict[str, object], key: str) -> None:
    raw = {"aid_moved": {"definition": "Aid.", "rules": {"one": rule}}}
    with pytest.raises(TaxonomyError) as caught:
        build_rules(raw, {}, {"en": {}, "es": {}}, load_taxonomy(), ("aid_moved",))
    assert caught.value.key == key


def test_every_question_of_the_brief_has_rules() -> None:
    with pytest.raises(TaxonomyError):
        build_rules({}, {}, {"en": {}, "es": {}}, load_taxonomy(), ("aid_moved",))


@pytest.mark.parametrize(
    ("title", "summary"),
    [
        ("Meth found hidden in avocados at Pharr bridge", "The truck had come from Reynosa with 310 pounds."),
        ("Revisan camiones de carga en El Paso", "CBP busca en cada camión a migrantes y droga."),
    ],
)
def test_a_load_of_drugs_is_no_people_in_the_hands_of_smugglers(
    judge: EvidenceJudge, title: str, summary: str
) -> None:
    assert "traffickers" not in {bearing.question for bearing in judge.read(title, summary).bearings}


@pytest.mark.parametrize(
    ("nouns", "title", "direction"),
    [
        ("Implementation Reinstatement Resumption Expansion Extension", "{} of Remain in Mexico", "worse"),
        ("Termination Rescission Revocation Suspension Repeal", "{} of Remain in Mexico", "better"),
        (
            "Implementación Reanudación Restablecimiento Ampliación Extensión",
            "{} de Quédate en México",
            "worse",
        ),
        ("Terminación Rescisión Revocación Abrogación Suspensión", "{} de Quédate en México", "better"),
    ],
)
def test_official_titles_say_what_is_done_in_nouns(
    judge: EvidenceJudge, nouns: str, title: str, direction: str
) -> None:
    for noun in nouns.split():
        found = {one.question: one.direction for one in judge.read(title.format(noun), "").bearings}
        assert found.get("non_mexican_returns") == direction, noun


def test_the_title_of_an_official_document_is_the_act_itself(judge: EvidenceJudge) -> None:
    title = "Shelters in Ciudad Juárez full after returns"
    (report,) = judge.read(title, "").bearings
    (document,) = judge.read(title, "", document=True).bearings
    assert (report.weight, document.weight) == (2, 3)
    far_down = ("Notice of a meeting", "Shelters in Ciudad Juárez are full after returns.")
    assert judge.read(*far_down).bearings == judge.read(*far_down, document=True).bearings


@pytest.mark.parametrize(
    ("title", "summary", "question"),
    [
        (
            "Comar recibe una cifra récord de solicitudes en Tapachula",
            "La Comisión Mexicana de Ayuda a Refugiados recibió 9 mil en un mes.",
            "non_mexican_returns",
        ),
        (
            "Death toll in Laredo trailer rises to 12",
            "Three of the migrants died in hospital; the driver is held.",
            "shelters",
        ),
        (
            "Suben a 12 los migrantes muertos en el tráiler de Reynosa",
            "Tres murieron en el hospital; el conductor está detenido.",
            "shelters",
        ),
    ],
)
def test_words_of_a_name_or_of_where_one_lies_say_nothing(
    judge: EvidenceJudge, title: str, summary: str, question: str
) -> None:
    assert question not in {bearing.question for bearing in judge.read(title, summary).bearings}


@pytest.mark.parametrize(
    ("title", "question", "direction"),
    [
        # A word of direction before any place of Mexico is a way into Mexico.
        ("Crece el número de extranjeros expulsados por EU hacia Tabasco", "non_mexican_returns", "worse"),
        ("Judge lets Texas expel Hondurans to Coahuila", "non_mexican_returns", "worse"),
        # What "and" joins to an act that is undone is undone as well, and no second turn.
        ("Suspende jueza reforma judicial y ordena retirar la publicación", "training_rule_of_law", "better"),
        ("Judge suspends tariffs over migrants and cancels them for Mexico", "security_for_trade", "better"),
        # An end is not undone by the rest of its own verb.
        ("Governors pull guardsmen out of Eagle Pass", "armed_forces_role", "better"),
        ("Florida pulls its Guard troops out of El Paso", "armed_forces_role", "better"),
        # "US" is the United States.
        ("US donates forensic lab equipment to Sonora prosecutors", "training_rule_of_law", "better"),
        # A verb with its object after it is what the thing does: the vetting is not what is barred.
        ("Ley Leahy impide ayudar a unidades de la policía mexicana", "end_use_monitoring", "better"),
        ("Gulf Cartel gunmen stop buses with migrants in Reynosa", "traffickers", "worse"),
        # Nor is what somebody wants to avoid by it.
        ("México manda 10 mil soldados a la frontera para evitar aranceles", "security_for_trade", "worse"),
        ("Cierra EU puente de Eagle Pass a la carga por oleada de migrantes", "security_for_trade", "worse"),
        ("Appeals court upholds border-emergency tariffs", "security_for_trade", "worse"),
        ("Sentencian a guía que abandonó a familia guatemalteca en el desierto", "traffickers", "better"),
        ("Reportan menos migrantes en Tenosique", "southern_border", "better"),
        ("Aprueba Senado prolongar presencia militar en calles", "armed_forces_role", "worse"),
        # To bar the removal of a thing is to keep it.
        (
            "Court bars federal agents from removing razor wire at Texas border",
            "armed_forces_role",
            "worse",
        ),
        ("Juez impide retirar alambre de púas de la frontera de Texas", "armed_forces_role", "worse"),
        # Who leaves prison is not tried, until he is sought again.
        (
            "Orden de aprehensión contra militares liberados por Ayotzinapa",
            "armed_forces_role",
            "better",
        ),
        ("Salen de prisión los 8 militares detenidos por el caso Ayotzinapa", "armed_forces_role", "worse"),
        ("Mexican soldiers accused of killing teens walk out of prison", "armed_forces_role", "worse"),
        # What is exempt from an end goes on.
        ("Rubio exempts anti-fentanyl programs in Mexico from aid freeze", "aid_moved", "better"),
        # A word of a condition begins a clause, though the rule reads it.
        (
            "Amenaza Trump con cerrar la frontera si México no frena la caravana",
            "security_for_trade",
            "worse",
        ),
        # What is fought is not what flows.
        ("Senate passes bill to curb gun smuggling to Mexico", "end_use_monitoring", "better"),
        ("Lanzan operativo contra el tráfico de armas de Estados Unidos", "end_use_monitoring", "better"),
        ("Cae 60% el flujo migratorio por el Suchiate", "southern_border", "better"),
        # Fewer appointments are more waiting, and not less of it.
        (
            "Asylum seekers wait months in Matamoros as appointments dry up",
            "non_mexican_returns",
            "worse",
        ),
        (
            "Se agotan las citas: solicitantes de asilo esperan meses en Matamoros",
            "non_mexican_returns",
            "worse",
        ),
        # A noun is no verb: a road that is blocked refuses nothing.
        ("Tras bloqueo, cierra el albergue para migrantes de Tijuana", "shelters", "worse"),
    ],
)
def test_the_kind_of_act_gives_the_direction(
    judge: EvidenceJudge, title: str, question: str, direction: str
) -> None:
    assert _directions(judge.read(title, ""))[question] == direction


@pytest.mark.parametrize(
    "title",
    [
        "Border agents begin sending Venezuelans over the Paso del Norte bridge",
        "Cubanos deportados por EU llegan a Villahermosa sin papeles",
    ],
)
def test_the_nationality_of_people_on_the_way_sets_no_report_elsewhere(
    judge: EvidenceJudge, title: str
) -> None:
    assert judge.read(title, "").reason != "elsewhere"


@pytest.mark.parametrize(
    "title",
    [
        "Sentencian a 50 años de cárcel a policías de Tamaulipas por asesinar a migrantes",
        "Soldiers face homicide charges over five men shot in Nuevo Laredo",
        "Inicia juicio por la masacre de una familia en Chihuahua",
    ],
)
def test_a_court_that_deals_with_old_blood_is_no_new_violence(judge: EvidenceJudge, title: str) -> None:
    assert _directions(judge.read(title, "")).get("border_violence") != "worse"


@pytest.mark.parametrize(
    "title",
    [
        "Caen migrantes del tren en Torreón; uno pierde las piernas",
        "Migrante venezolana muere al caer de La Bestia en Irapuato",
        "Migrants fall from freight train in Coahuila; two lose legs",
        "Migrant woman drowns in Rio Grande near Eagle Pass",
        "Mueren por calor tres migrantes en desierto de Sonora",
        "Ten migrants die in bus crash in Oaxaca",
        "Autobús con migrantes choca en Puebla; hay 18 muertos",
        # Who stands up for people on the way is none of them.
        "Desaparece defensora de migrantes en Chiapas",
        "Rights defender who helped migrants goes missing in Tapachula",
        "Secuestran a activista que ayudaba a migrantes en Tijuana",
    ],
)
def test_accidents_and_helpers_are_not_people_in_the_hands_of_traffickers(
    judge: EvidenceJudge, title: str
) -> None:
    assert "traffickers" not in _directions(judge.read(title, ""))


@pytest.mark.parametrize(
    ("title", "direction"),
    [
        ("Eleven migrants found dead in locked trailer near San Antonio", "worse"),
        ("Mueren asfixiados nueve migrantes en la caja de un tráiler en Veracruz", "worse"),
        ("INM asegura a 300 centroamericanos en un tráiler", "better"),
        ("Agents find 40 migrants in stash house in El Paso", "better"),
        ("Hallan a 60 migrantes en casa de seguridad de Reynosa", "better"),
    ],
)
def test_people_who_are_hidden_are_found_alive_or_dead(
    judge: EvidenceJudge, title: str, direction: str
) -> None:
    assert _directions(judge.read(title, ""))["traffickers"] == direction


@pytest.mark.parametrize(
    "title",
    [
        "Massacre of nine women and children in Sonora in 2019: the survivors",
        "Familia LeBarón demanda por masacre de 2019 en Sonora",
        "A cuatro años de la masacre de una familia en Bavispe, Sonora",
        "Cómo escaparon los niños de la masacre de 2019 en Chihuahua",
        "Two years on, families of those killed in Reynosa wait for justice",
    ],
)
def test_violence_of_long_ago_is_no_violence_now(judge: EvidenceJudge, title: str) -> None:
    assert _directions(judge.read(title, "")).get("border_violence") != "worse"


@pytest.mark.parametrize(
    "summary",
    ["El ataque fue el 5 de noviembre de 2023 en Reynosa.", "It happened in Reynosa on 5 November 2023."],
)
def test_a_day_with_its_year_is_no_year_of_long_ago(judge: EvidenceJudge, summary: str) -> None:
    title = "Five killed in Reynosa" if summary.startswith("It") else "Asesinan a cinco en Reynosa"
    assert _directions(judge.read(title, summary))["border_violence"] == "worse"


@pytest.mark.parametrize(
    "title",
    [
        "Cuarenta migrantes venezolanos, varados en Torreón por el frío",
        "Venezuelan migrants stranded in Juárez after train halt",
    ],
)
def test_who_is_stranded_was_not_returned(judge: EvidenceJudge, title: str) -> None:
    assert "non_mexican_returns" not in _directions(judge.read(title, ""))


@pytest.mark.parametrize(
    ("title", "question", "direction"),
    [
        ("ONG exhortan a abrir más albergues para migrantes", "shelters", "unclear"),
        ("Activists call for an end to Remain in Mexico", "non_mexican_returns", "unclear"),
        ("Trump calls for an end to aid to Mexico", "aid_moved", "worse"),
        ("Pide Trump eliminar la ayuda a México", "aid_moved", "worse"),
        ("Senators slam freeze of aid to Mexico", "aid_moved", "worse"),
    ],
)
def test_what_is_only_asked_for_points_nowhere(
    judge: EvidenceJudge, title: str, question: str, direction: str
) -> None:
    assert _directions(judge.read(title, ""))[question] == direction


@pytest.mark.parametrize(
    ("title", "summary", "question"),
    [
        ("Nueva estrategia en EU para combate al tráfico de fentanilo", "San Diego.", "border_violence"),
        ("Integrantes de un cártel emboscan y matan a policías en Jalisco", "", "corruption"),
        ("Anuncia Senado de EU propuesta de ayuda militar por 118 mil mdd", "", "aid_moved"),
        ("Casi 98 mil guardias nacionales son militares: Auditoría Superior", "", "end_use_monitoring"),
        ("Perros caminan a la frontera y son abandonados por migrantes", "", "traffickers"),
        ("NYC to limit shelter stay for asylum-seekers with children", "", "shelters"),
    ],
)
def test_who_acts_and_where_tells_that_it_is_no_evidence(
    judge: EvidenceJudge, title: str, summary: str, question: str
) -> None:
    assert question not in _directions(judge.read(title, summary))


@pytest.mark.parametrize(
    "title",
    [
        "AMLO responde a ministros que rechazan elección de jueces",
        "Difiere AMLO con ministros de la Suprema Corte que rechazan su elección por voto",
        "AMLO critica rechazo de ministros de la Corte a ser electos",
        "Sheinbaum defends election of judges in Mexico",
    ],
)
def test_talk_of_the_election_of_judges_is_none(judge: EvidenceJudge, title: str) -> None:
    assert "training_rule_of_law" not in _directions(judge.read(title, ""))

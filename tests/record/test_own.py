"""Record files of the operator's own: added or put in place, and refused with the key at fault."""

from __future__ import annotations

from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.app import open_context
from bot.operating import check
from bot.record import RecordError, load_record, record_with
from bot.settings import Settings

OWN = """\
objects:
  - id: sister_cities_pact
    kind: agreement
    countries: [us, mx]
    name: {en: Sister Cities Pact, es: Pacto de ciudades hermanas}
    what:
      en: A pact of two border cities on the shelters that both run for those who arrive.
      es: Un pacto de dos ciudades fronterizas sobre los albergues que ambas tienen para quienes llegan.
    questions: [shelters]
    steps:
      - date: 2026-01-15
        status: in_force
        sentence:
          en: The two cities open the first shelter that they run together.
          es: Las dos ciudades abren el primer albergue que administran juntas.
        effect: better
        document: none
        checked:
          - {publication: The Daily, date: 2026-01-15, words: opened on Thursday}
          - {publication: El Diario, date: 2026-01-16, words: abrió el jueves}
"""


def own(folder: Path, text: str, name: str = "own.yaml") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_a_file_of_ones_own_is_added(tmp_path: Path) -> None:
    found = record_with(own(tmp_path, OWN))
    assert len(found.objects) == len(load_record().objects) + 1


def test_a_file_called_as_a_shipped_one_stands_in_its_place(tmp_path: Path) -> None:
    ids = {one.id for one in record_with(own(tmp_path, OWN, "shelters.yaml")).objects}
    assert "sister_cities_pact" in ids
    assert "shelter_and_services_program" not in ids
    assert len(ids) < len(load_record().objects)


@pytest.mark.parametrize(
    ("right", "wrong", "key"),
    [
        ("2026-01-15\n", "2026-13-15\n", "steps[0].date"),
        ("status: in_force", "status: working", "steps[0].status"),
        (
            "          es: Las dos ciudades abren el primer albergue que administran juntas.\n",
            "",
            "sentence.es",
        ),
        ("id: sister_cities_pact", "id: title_42", "title_42"),
        ("        document: none\n", "", "steps[0].document"),
        ("questions: [shelters]", "questions: [weather]", "questions"),
    ],
)
async def test_a_file_at_fault_is_refused_with_its_key_and_the_bot_starts(
    tmp_path: Path, right: str, wrong: str, key: str
) -> None:
    assert right in OWN
    folder = own(tmp_path, OWN.replace(right, wrong, 1))
    with pytest.raises(RecordError) as refused:
        record_with(folder)
    assert "own.yaml" in str(refused.value)
    assert key in str(refused.value)
    settings = Settings(database_url=f"sqlite:///{tmp_path}/v.db", record_dir=folder)
    with capture_logs() as told:
        async with open_context(settings, sources=()) as context:
            assert context.record == load_record()
    assert any(one["event"] == "record_refused" and key in one["key"] for one in told)
    (shown,) = check.record(settings)
    assert shown.state == "problem"
    assert key in shown.found


async def test_the_bot_reads_and_finds_ones_own_policies(tmp_path: Path) -> None:
    settings = Settings(database_url=f"sqlite:///{tmp_path}/v.db", record_dir=own(tmp_path, OWN))
    async with open_context(settings, sources=()) as context:
        assert context.record.policy("sister_cities_pact").status == "in_force"
        (named,) = context.policy_names.named("Sister Cities Pact signed", "", "en")
        assert named.policy == "sister_cities_pact"
    (shown,) = check.record(settings)
    assert shown.state == "ok"


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="is not a folder"):
        record_with(tmp_path / "nowhere")

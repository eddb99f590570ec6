"""The demonstration shows everything, in both languages, and says that it is one."""

from __future__ import annotations

import pytest

from tests.support.process import Vigia


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            (
                "invented",
                "What the article worries about",
                "Latest developments",
                "Search:",
                "Why this is here",
            ),
        ),
        (
            "es",
            (
                "inventados",
                "Lo que le preocupa al artículo",
                "Últimas novedades",
                "Búsqueda:",
                "Por qué está aquí",
            ),
        ),
    ],
)
async def test_the_tour(vigia: Vigia, language: str, words: tuple[str, ...]) -> None:
    vigia.settings["VIGIA_LANGUAGE"] = language
    told = await vigia.run("demo")
    assert told.status == 0, told.err
    for word in words:
        assert word in told.out
    assert "https://example." in told.out
    assert not list(vigia.folder.glob("*.db")), "the demonstration leaves nothing behind"


async def test_piped_lines_are_answered_from_the_samples(vigia: Vigia) -> None:
    """A number is the step of that number under the page before, as at the prompt."""
    told = await vigia.run("demo", "--prompt", typed="/concern trade\n1\n")
    assert told.status == 0, told.err
    titles = [line.removesuffix(" ───") for line in told.out.splitlines() if line.endswith(" ───")]
    assert titles == ["Trade as leverage", "Latest developments · Trade as leverage"]

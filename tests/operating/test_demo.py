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

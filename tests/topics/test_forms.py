"""The inflected forms that ship are those that the script would write."""

from __future__ import annotations

import pytest

pytest.importorskip("simplemma", reason="simplemma is in the dev extra")


def test_forms_are_in_step_with_the_concepts() -> None:
    from bot.topics.taxonomy import marked_words
    from scripts.expand_forms import FOLDERS, dump, expand, read_concepts

    for folder in FOLDERS:
        for language, table in expand(marked_words(read_concepts(folder))).items():
            path = folder / f"forms.{language}.json"
            assert path.read_text(encoding="utf-8") == dump(table), "run: python -m scripts.expand_forms"

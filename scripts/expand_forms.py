"""Write the inflected forms of every word that the taxonomy marks with ``~``.

A development tool: it needs simplemma (in the ``dev`` extra), the bot does not. simplemma maps forms to
lemmas; turned around, that gives every form of a lemma. The result is folded, sorted and written to
``forms.{en,es}.json`` beside the concepts, in ``bot/topics/taxonomy`` and ``bot/evidence/lexicon``, one lemma
a line, to be reviewed like any other change.

    python -m scripts.expand_forms            write the files
    python -m scripts.expand_forms --check    say whether they are in step with the taxonomy
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import yaml

from bot.evidence.questions import HOME as EVIDENCE_HOME
from bot.evidence.questions import QUESTIONS_FILE
from bot.topics.fold import fold_phrase
from bot.topics.taxonomy import HOME, marked_words

#: The folders that hold concepts.
FOLDERS = (HOME, EVIDENCE_HOME)
#: Forms that simplemma does not hold, or holds under another lemma.
ADDED = {
    "en": {"gunman": "gunmen", "slay": "slain slew"},
    "es": {
        "desaparición": "desapariciones",
        "detener": "detuvo detuvieron detenido detenidos detenida detenidas",
    },
}
#: Forms that are another, more frequent word: "mate" the drink, "mata" the shrub.
REMOVED = {
    "en": {"body": "bodied bodying"},
    "es": {
        "deportar": "deporte deportes deporto",
        "matar": "mata matas mate mates mato mataos",
        "cruzar": "cruza cruzas cruce cruces cruzo",
        "balear": "baleares",
        "bloquear": "bloqueo",
        "ejecutar": "ejecute ejecuten ejecutando ejecutar ejecutaba ejecutaban ejecutara ejecutaran",
        "violar": "viola violas",
        "morir": "muere mueras",
        "cortar": "corte cortes",
        "gravar": "grave graves",
        "procesar": "proceso procesos",
        "parar": "para paras",
        "bajar": "bajo",
        "dar": "de des dados dado dada dadas",
    },
}
#: Second-person plurals and the future subjunctive fill half a verb's table and no news.
UNUSED_ENDINGS = ("ais", "eis", "steis", "rais", "seis", "areis", "ereis", "ares", "eres", "ases", "eses")


def expand(words: dict[str, set[str]]) -> dict[str, dict[str, str]]:
    """The forms of each marked word, by language: lemma → its folded forms, sorted, in one string."""
    from simplemma.strategies.dictionaries.dictionary_factory import DefaultDictionaryFactory

    result: dict[str, dict[str, str]] = {}
    for language, lemmas in words.items():
        forms: dict[str, set[str]] = defaultdict(set)
        for form, lemma in DefaultDictionaryFactory().get_dictionary(language).items():
            if lemma in lemmas and form.islower():
                forms[lemma].add(form)
        result[language] = {lemma: _row(lemma, language, forms[lemma]) for lemma in sorted(lemmas)}
    return result


def _row(lemma: str, language: str, known: set[str]) -> str:
    forms = {_folded(form) for form in known | {lemma} if not _unused(form, lemma, language)}
    if len(known - {lemma}) == 0:
        forms |= {_folded(form) for form in _regular(lemma, language)}
    forms |= set(ADDED[language].get(lemma, "").split())
    forms -= set(REMOVED[language].get(lemma, "").split())
    return " ".join(sorted(form for form in forms if form))


def _folded(form: str) -> str:
    words = fold_phrase(form)
    return words[0] if len(words) == 1 else ""


def _unused(form: str, lemma: str, language: str) -> bool:
    verb = language == "es" and lemma.endswith(("ar", "er", "ir"))
    return verb and form != lemma and _folded(form).endswith(UNUSED_ENDINGS)


def _regular(lemma: str, language: str) -> set[str]:
    """Plural and feminine by rule, for words that simplemma does not know (huachicolero, mexiquense)."""
    if language == "en":
        return {lemma + ("es" if lemma.endswith(("s", "ch", "sh", "x")) else "s")}
    if lemma.endswith("o"):
        return {lemma + "s", lemma[:-1] + "a", lemma[:-1] + "as"}
    if lemma.endswith(("a", "e", "é", "á")):
        return {lemma + "s"}
    if lemma.endswith("s"):
        return {lemma + "es", lemma + "a", lemma + "as"}
    if lemma.endswith("z"):
        return {lemma[:-1] + "ces"}
    if lemma.endswith("or"):
        return {lemma + "es", lemma + "a", lemma + "as"}
    return {lemma + "es"}


def read_concepts(folder: Path = HOME) -> dict[str, Any]:
    """The raw concepts of every file but the one that holds the rules."""
    concepts: dict[str, Any] = {}
    for path in sorted(folder.glob("*.yaml")):
        if path.name not in ("topics.yaml", QUESTIONS_FILE):
            concepts.update(yaml.safe_load(path.read_text(encoding="utf-8")))
    return concepts


def dump(table: dict[str, str]) -> str:
    """The text of a forms file: one lemma a line, so that a change reads well in a diff."""
    return json.dumps(table, ensure_ascii=False, indent=0, sort_keys=True) + "\n"


def main(arguments: list[str]) -> int:
    """Write the files, or with ``--check`` return 1 where they are out of step."""
    stale = 0
    for folder in FOLDERS:
        for language, table in expand(marked_words(read_concepts(folder))).items():
            path = folder / f"forms.{language}.json"
            text = dump(table)
            if "--check" in arguments:
                same = path.exists() and path.read_text(encoding="utf-8") == text
                print(f"{folder.name}/{path.name}: {'in step' if same else 'out of step'}")
                stale += not same
            else:
                path.write_text(text, encoding="utf-8")
                forms = sum(len(row.split()) for row in table.values())
                print(f"{folder.name}/{path.name}: {len(table)} words, {forms} forms")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

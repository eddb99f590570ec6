"""No sentence without its Spanish, and none that the catalogue's tools cannot see."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.locale import LANGUAGES, _catalogue, translator
from scripts import update_catalogue

ROOT = Path(__file__).resolve().parent.parent.parent
FIELDS = re.compile(r"\{(\w+)\}")


def test_the_catalogue_is_up_to_date_and_whole() -> None:
    told = subprocess.run(
        [sys.executable, "scripts/update_catalogue.py", "--check"], cwd=ROOT, capture_output=True, text=True
    )
    assert told.returncode == 0, told.stdout


def test_each_translation_has_the_fields_of_its_message() -> None:
    for key, spanish in _catalogue("es")._catalog.items():  # type: ignore[attr-defined]
        english = key[0] if isinstance(key, tuple) else key
        if not english:
            continue
        assert set(FIELDS.findall(spanish)) <= set(FIELDS.findall(english)) | {"n"}, english
        missing = set(FIELDS.findall(english)) - set(FIELDS.findall(spanish)) - {"n"}
        assert not missing, f"{english!r} loses {missing} in Spanish"


def test_no_translation_says_everything_twice() -> None:
    """As where two changes to one entry were merged."""
    for text in _catalogue("es")._catalog.values():  # type: ignore[attr-defined]
        half = len(text) // 2
        assert len(text) < 8 or text[:half] != text[half:], text


def test_no_sentence_is_translated_where_extraction_cannot_see_it() -> None:
    """``translator(language)("…")`` speaks a message that Babel does not collect: it needs the name ``t``."""
    hidden = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in sorted((ROOT / "bot").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Call)
        and any(isinstance(one, ast.Constant) and isinstance(one.value, str) for one in node.args)
    ]
    assert not hidden


@pytest.mark.parametrize("path", sorted((ROOT / "bot").rglob("*.py")), ids=lambda path: path.stem)
def test_no_sentence_hides_from_extraction(path: Path) -> None:
    """Babel cannot see into f-strings, and a message that is built at run time has no translation."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.JoinedStr):
            hidden = [
                n for n in ast.walk(node) if isinstance(n, ast.Call) and _name(n) in ("t", "many", "message")
            ]
            assert not hidden, f"{path.name}:{node.lineno} translates inside an f-string"


#: What a reader sees of the parts of a page, by the place of the argument.
SHOWN = {
    "Page": (0, 1),
    "Heading": (0,),
    "Paragraph": (0,),
    "Item": (0, 1),
    "Note": (0,),
    "Link": (0,),
    "Strong": (0,),
    "Button": (0,),
    "Choice": (0,),
    "Option": (0, 2),
    "Picture": (1,),
    "send": (0,),
    "send_message": (0,),
    "edit_message": (0,),
}
#: The same, and Discord's components, by the name of the argument.
SHOWN_BY_NAME = {"title", "spans", "details", "text", "label", "description", "placeholder", "alt", "content"}


def _bare(node: ast.AST) -> Iterator[ast.Constant]:
    """The strings with a word in them that stand there as they are, and not as a message of ``t``."""
    if (
        isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.search("[A-Za-z]{2}", node.value)
    ):
        yield node
    elif isinstance(node, ast.Tuple | ast.List | ast.Starred | ast.IfExp | ast.BinOp | ast.JoinedStr):
        for child in ast.iter_child_nodes(node):
            if child is not getattr(node, "test", None):
                yield from _bare(child)


def untranslated(source: str) -> list[str]:
    """The sentences of a module that a reader would see as they are written, in whichever language."""
    found = []
    for node in ast.walk(ast.parse(source)):
        shown: list[ast.AST] = []
        if isinstance(node, ast.Call):
            shown += [node.args[at] for at in SHOWN.get(_name(node), ()) if at < len(node.args)]
            shown += [one.value for one in node.keywords if one.arg in SHOWN_BY_NAME]
        elif (
            isinstance(node, ast.AnnAssign)
            and node.value
            and re.search("Span|Block", ast.unparse(node.annotation))
        ):
            shown.append(node.value)
        found += [f"{one.lineno}: {one.value}" for part in shown for one in _bare(part)]
    return found


def test_every_sentence_that_a_reader_sees_passes_through_the_catalogue() -> None:
    bare = {
        str(path.relative_to(ROOT)): found
        for room in ("pages", "commands", "publishing", "chat", "ingest")
        for path in sorted((ROOT / "bot" / room).rglob("*.py"))
        if (found := untranslated(path.read_text(encoding="utf-8")))
    }
    assert not bare


@pytest.mark.parametrize(
    "line",
    [
        'Button("Share", Request("share"))',
        'ui.Button(label="Share", style=STYLE)',
        'Page(t("Title"), (Paragraph(("Nothing here.",)),))',
        'spans: tuple[Span, ...] = (t("Where:"), " in ", place) if place else ("nowhere",)',
        'await interaction.response.send_message("Too many questions.")',
        'Note((f"until {day}",))',
    ],
)
def test_a_sentence_outside_the_catalogue_is_found(line: str) -> None:
    assert untranslated(line)
    assert untranslated('Button(t("Share"), Request("share"))') == []


def _name(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


@pytest.mark.parametrize("language", LANGUAGES)
def test_values_are_never_read_as_fields(language: str) -> None:
    t = translator(language)
    assert "{name.__class__}" in t("There is no command “{word}”.", word="{name.__class__}")


def test_plurals_and_numbers() -> None:
    english, spanish = translator("en"), translator("es")
    one, other = "{n} development since Monday", "{n} developments since Monday"
    assert english.many(one, other, 1) == "1 development since Monday"
    assert english.many(one, other, 1234).startswith("1,234 ")
    assert spanish.many(one, other, 1) == "1 novedad desde el lunes"
    assert spanish.many(one, other, 2) == "2 novedades desde el lunes"


@pytest.mark.parametrize(
    "table", [(1, "0"), (3, "n == 1 ? 0 : n != 0 && n % 1000000 == 0 ? 1 : 2"), (2, "n == 1")]
)
def test_spanish_plurals_follow_the_catalogues_own_header(
    table: tuple[int, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Babel's table of plural forms changes between its versions; the catalogue does not."""
    monkeypatch.setattr("babel.messages.catalog.get_plural", lambda locale: table)
    assert update_catalogue.written(update_catalogue.merged()) == update_catalogue.CATALOGUE.read_bytes()
    assert update_catalogue.untranslated(update_catalogue.merged()) == []
    spanish = _catalogue.__wrapped__("es")
    one, other = "{n} development since Monday", "{n} developments since Monday"
    told = [spanish.ngettext(one, other, n) for n in (0, 1, 2, 1_000_000)]
    assert told == [
        f"{{n}} {word} desde el lunes" for word in ("novedades", "novedad", "novedades", "novedades")
    ]


def test_dates_in_both_languages() -> None:
    now = datetime(2026, 2, 22, 18, 0, tzinfo=UTC)
    assert translator("en").day(now.date()) == "February 22, 2026"
    assert translator("es").day(now.date()) == "22 de febrero de 2026"
    assert translator("es").ago(now - timedelta(hours=3), now) == "hace 3 horas"
    assert translator("en").ago(now - timedelta(hours=3), now) == "3 hours ago"
    assert "12:00" in translator("es").moment(now, "America/Mexico_City")


def test_an_unknown_language_speaks_english() -> None:
    assert translator("fr").language == "en"

"""Bring ``bot/locale/es.po`` up to the messages in the code: new ones come in empty, dead ones leave.

python scripts/update_catalogue.py          write the catalogue
python scripts/update_catalogue.py --check  exit with 1 if it is not up to date or a message is untranslated
"""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "bot" / "locale" / "es.po"

HEADER = """\
# Spanish messages of Vigía. The English messages are the keys; scripts/update_catalogue.py keeps the list.
#
# Written for readers in Mexico and at the border. No «tú», and no «usted» where a sentence can do without."""

#: ``t("…")`` and ``message("…")`` speak one sentence, ``t.many("one", "other", n)`` two forms.
KEYWORDS = {"t": None, "message": None, "many": (1, 2)}


def extracted(plural_forms: str) -> Catalog:
    """Every message in the code, sorted by the file that says it first.

    The catalogue has ``plural_forms``, the text of its Plural-Forms header.
    """
    catalogue = Catalog(locale="es", project="Vigía", charset="utf-8", fuzzy=False)
    # Else the catalogue would get the plural forms of Babel's own table, which change with Babel.
    catalogue.mime_headers = [("Plural-Forms", plural_forms)]
    for file, _line, text, _comments, _context in extract_from_dir(
        ROOT / "bot", method_map=[("**.py", "python")], keywords=KEYWORDS
    ):
        catalogue.add(text, locations=[(f"bot/{file}", None)])
    return catalogue


def current() -> Catalog:
    """The catalogue as it is kept."""
    with CATALOGUE.open("rb") as source:
        return read_po(source, locale="es")


def merged() -> Catalog:
    """The messages of the code with the translations that are known."""
    known = current()
    catalogue = extracted(known.plural_forms)
    catalogue.header_comment = HEADER
    for entry in catalogue:
        if entry.id and (old := known.get(entry.id if isinstance(entry.id, str) else entry.id[0])):
            entry.string = old.string
    return catalogue


def untranslated(catalogue: Catalog) -> list[str]:
    """The messages that have no Spanish yet."""
    missing = []
    for entry in catalogue:
        if not entry.id:
            continue
        forms = entry.string if isinstance(entry.string, (tuple, list)) else (entry.string,)
        if not all(forms):
            missing.append(entry.id if isinstance(entry.id, str) else entry.id[0])
    return missing


def written(catalogue: Catalog) -> bytes:
    """The catalogue as a file, without a date: it changes only when a message does."""
    target = BytesIO()
    write_po(target, catalogue, omit_header=False, sort_by_file=True, width=100, include_lineno=False)
    lines = target.getvalue().decode("utf-8").splitlines()
    dated = ('"POT-Creation-Date', '"PO-Revision-Date', '"Generated-By', '"Last-Translator')
    return ("\n".join(line for line in lines if not line.startswith(dated)) + "\n").encode("utf-8")


def main() -> int:
    catalogue = merged()
    missing = untranslated(catalogue)
    if "--check" in sys.argv:
        stale = CATALOGUE.read_bytes() != written(catalogue)
        for text in missing:
            print(f"without Spanish: {text!r}")
        if stale:
            print("bot/locale/es.po is not up to date: run python scripts/update_catalogue.py")
        return 1 if stale or missing else 0
    CATALOGUE.write_bytes(written(catalogue))
    print(f"{len(catalogue)} messages, {len(missing)} without Spanish")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

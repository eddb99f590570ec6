"""The numbers by which official documents are cited: orders, bills, laws, rules, dockets, reports.

Found in any text, of a document or of a report, in the spellings of both, and written in one form:
"Executive Order 14461", "E.O. 14461" and "Orden Ejecutiva 14461" are all ``eo:14461``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.patterns import late_pattern

_MOST = 40
"""Numbers taken from one text: a list of citations says no more than its beginning."""

_DASH = r"\s?[-‐‑–—]\s?"
_NO = r"(?:no?\.?\s?|núm\.?\s?)?"
_RESOLUTIONS = r"H\.?\s?Res\.|S\.?\s?Res\.|H\.?\s?J\.?\s?Res\.|S\.?\s?J\.?\s?Res\.|[HS]\.?\s?Con\.?\s?Res\."
_FORMS = tuple(
    (kind, late_pattern(form, re.IGNORECASE))
    for kind, form in (
        ("eo", rf"\b(?:executive\s+order|orden\s+ejecutiva|E\.\s?O\.|(?-i:EO))\s+{_NO}(\d{{5}})\b"),
        ("proclamation", rf"\b(?:proclamation|proclama)\s+{_NO}(\d{{4,5}})\b"),
        (
            "law",
            rf"\b(?:public\s+law|pub\.?\s?l\.?|P\.\s?L\.|ley\s+pública)\s+{_NO}(\d{{2,3}}){_DASH}(\d{{1,4}})\b",
        ),
        ("bill", rf"(?<![\w.])(H\.?\s?R\.?|(?-i:S)\.|{_RESOLUTIONS})\s?(\d{{1,5}})\b(?!\.\d|,\d{{3}})"),
        ("fr", r"\b(?:FR\s+Doc\.?\s+)?(20\d\d-\d{5})\b"),
        ("citation", r"\b(\d{2,3})\s+(?:F\.\s?R\.|(?-i:FR)|Fed\.\s?Reg\.)\s+(\d{3,6})\b"),
        ("docket", r"\b([A-Z]{2,8}-20\d\d-\d{4,5})\b"),
        ("case", r"\b(\d{1,2}:\d\d-(?:cv|cr|mc|mj|misc)-\d{3,6})\b"),
        ("case", r"\b(?:No|Case|docket)s?\.?\s+(\d{2}-\d{2,5})\b"),
        ("gao", r"\b(GAO-\d\d-\d{5,6}[A-Z]*)\b"),
        ("rin", r"\bRIN:?\s+(\d{4}-[A-Z]{2}\d\d)\b"),
        ("dof", r"\bDOF\s+(?:nota\s+)?(\d{7})\b"),
    )
)
#: Kinds whose names are spelled in several ways; the others are written as they are, everywhere.
_SPELLED = frozenset(("eo", "proclamation", "law", "bill", "fr", "citation"))
_DIGITS = late_pattern(r"\d+")
_CHAMBER = late_pattern(r"[^a-z]")


def numbers_in(text: str) -> tuple[str, ...]:
    """The numbers in ``text``, each once, in the order of ``_FORMS``: ``kind:number`` in small letters."""
    found = dict.fromkeys(number for _, number in zip(range(_MOST), _found(text), strict=False))
    return tuple(found)


def _found(text: str) -> Iterator[str]:
    if not any(sign.isdigit() for sign in text):
        return
    for kind, form in _FORMS:
        for match in form.finditer(text):
            if kind == "bill":
                yield f"bill:{_CHAMBER.sub('', match[1].lower())}{match[2]}"
            else:
                yield f"{kind}:{'-'.join(match.groups()).lower()}"


def with_bare_numbers(text: str) -> str:
    """``text`` with each number by its digits alone: "H.R. 7120", "HR 7120" and "hr7120" are asked for
    alike.
    """
    for kind, form in _FORMS:
        if kind in _SPELLED:
            text = form.sub(lambda found: f" {' '.join(_DIGITS.findall(found[0]))} ", text)
    return text


def shown_number(text: str) -> str:
    """The first number in ``text`` as it is written there, for a line that names it; empty if none."""
    for _, form in _FORMS:
        if match := form.search(text):
            return " ".join(match[0].split())
    return ""

"""Numbers of documents are found in every spelling, and years, money and streets are none."""

from __future__ import annotations

import pytest

from bot.sources.numbers import numbers_in, shown_number


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Executive Order 14461 of Saturday", ("eo:14461",)),
        ("E.O. 14461; EO 14461; Orden Ejecutiva 14461", ("eo:14461",)),
        ("la orden ejecutiva No. 14461", ("eo:14461",)),
        ("Proclamation 10991 and la Proclama 10991", ("proclamation:10991",)),
        ("Public Law 119-88, Pub. L. No. 119–88, P.L. 119-88", ("law:119-88",)),
        ("H.R. 7120, HR 7120 and H. R. 7120", ("bill:hr7120",)),
        ("S. 3302 in the Senate, S.J.Res. 12, H.Con.Res. 9", ("bill:s3302", "bill:sjres12", "bill:hconres9")),
        ("FR Doc. 2026-23817, 91 FR 70112, 91 Fed. Reg. 70112", ("fr:2026-23817", "citation:91-70112")),
        ("Docket USCBP-2026-0031", ("docket:uscbp-2026-0031",)),
        ("1:26-cv-00853 and No. 25-1188", ("case:1:26-cv-00853", "case:25-1188")),
        ("GAO-27-107455", ("gao:gao-27-107455",)),
        ("RIN 1615-AD44", ("rin:1615-ad44",)),
        ("DOF 5801120", ("dof:5801120",)),
    ],
)
def test_numbers(text: str, numbers: tuple[str, ...]) -> None:
    assert numbers_in(text) == numbers


@pytest.mark.parametrize(
    "text",
    [
        "",
        "In 2026, 14461 migrants crossed at the 19th street bridge",
        "A CEO 14461 times over",
        "The U.S. 5 percent tariff, U.S. 90 days",
        "Calle S. 12,000 pesos",
        "R. 7120 and hr7120x",
        "phone 915-555-0199, ZIP 79901-2026",
        "between 2026-27 and 2030-31",
    ],
)
def test_no_numbers(text: str) -> None:
    assert numbers_in(text) == ()


def test_the_number_as_it_is_written() -> None:
    assert shown_number("Notice · FR Doc. 2026-23817 · 91 FR 70112") == "FR Doc. 2026-23817"
    assert shown_number("nothing") == ""


def test_a_text_of_numbers_alone_is_bounded() -> None:
    assert len(numbers_in(" ".join(f"H.R. {n}" for n in range(1, 3_000)))) == 40

"""Countries, offices and agreements that are written in several ways, English and Spanish."""

from __future__ import annotations

#: One meaning and how it is written. What is in capitals must be in capitals, as "US" is no "us" and "ICE" no
#: "ice"; the rest may be written in any case and without accents.
SAME = {
    "us": (
        "US",
        "USA",
        "EUA",
        "eeuu",
        "ee uu",
        "estados unidos",
        "estados unidos de américa",
        "united states",
        "united states of america",
    ),
    "usmca": (
        "usmca",
        "tmec",
        "t-mec",
        "t mec",
        "cusma",
        "aceum",
        "united states-mexico-canada agreement",
        "us-mexico-canada agreement",
        "tratado entre méxico, estados unidos y canadá",
        "tratado méxico-estados unidos-canadá",
    ),
    "nafta": (
        "nafta",
        "tlcan",
        "north american free trade agreement",
        "tratado de libre comercio de américa del norte",
    ),
    "un": ("UN", "ONU", "united nations", "naciones unidas"),
    "oas": ("OAS", "OEA", "organization of american states", "organización de los estados americanos"),
    "ice": ("ICE", "immigration and customs enforcement", "servicio de inmigración y control de aduanas"),
    "cbp": ("cbp", "customs and border protection", "aduanas y protección fronteriza"),
    "dhs": ("dhs", "department of homeland security", "departamento de seguridad nacional"),
    "doj": ("doj", "department of justice", "justice department", "departamento de justicia"),
    "inm": ("inm", "instituto nacional de migración", "national migration institute"),
    "sre": ("sre", "secretaría de relaciones exteriores"),
    "fgr": ("fgr", "fiscalía general de la república"),
    "cdmx": ("cdmx", "ciudad de méxico", "mexico city"),
    "cjng": (
        "cjng",
        "jalisco new generation cartel",
        "jalisco new generation",
        "cártel jalisco nueva generación",
        "cártel de jalisco nueva generación",
        "jalisco nueva generación",
    ),
    "eo": ("EO", "executive order", "executive orders", "orden ejecutiva", "órdenes ejecutivas"),
    "pl": ("PL", "public law", "pub l", "ley pública"),
}  # fmt: skip
#: Written so in Spanish only: in English, "EU" is the European Union.
SAME_ES = {"us": ("EU",)}

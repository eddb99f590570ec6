"""Time zones as people name them: a town, a state, an abbreviation, or hours from UTC."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from bot.clock import known_zones
from bot.commands.faults import UserFault
from bot.commands.spec import Parameter
from bot.locale import message

#: Those of Mexico, of the border and of Central America, and where their newspapers are read.
NEAR_ZONES = (
    "America/Mexico_City",
    "America/Tijuana",
    "America/Ciudad_Juarez",
    "America/Matamoros",
    "America/Monterrey",
    "America/Hermosillo",
    "America/Chihuahua",
    "America/Los_Angeles",
    "America/Phoenix",
    "America/Denver",
    "America/Chicago",
    "America/New_York",
    "America/Guatemala",
    "America/Tegucigalpa",
    "America/El_Salvador",
    "America/Bogota",
    "Europe/Madrid",
    "UTC",
)
#: The hours that zones have from UTC, whole ones.
_WEST, _EAST = -12, 14
_OFFSET = re.compile(r"(?:gmt|utc)?\s*([+-])\s*(\d{1,2})(?::?(00))?", re.IGNORECASE)
_NOT_WHOLE = re.compile(r"(?:gmt|utc)?\s*[+-]\s*\d{1,2}(?::?\d\d)?", re.IGNORECASE)
_HOUR_OF = re.compile(r"(?:hora|horario|tiempo)(?: estandar)?(?: del?)?(?: la| el)? | time$")

#: What people call the hours of the two countries, and whose clocks go by them. Places differ in whether they
#: change in summer, so that an abbreviation alone is no zone; the tz database's own "EST" never changes.
_ABBREVIATED = {
    name: zones
    for names, zones in (
        ("pst pdt pt pacific pacifico", ("America/Tijuana", "America/Los_Angeles")),
        (
            "mst mdt mt mountain montana",
            ("America/Ciudad_Juarez", "America/Denver", "America/Phoenix", "America/Hermosillo"),
        ),
        (
            "cst cdt ct central centro",
            ("America/Mexico_City", "America/Matamoros", "America/Chicago", "America/Monterrey"),
        ),
        ("est edt et eastern este", ("America/New_York", "America/Cancun")),
    )
    for name in names.split()
}

#: Towns and states that have no zone of their own name, by the zone of their clocks (tz database 2025b):
#: the border, Mexico's states and their capitals, Central America.
_PLACES = {
    "America/Mexico_City": (
        "Ciudad de México, CDMX, DF, Distrito Federal, Mexico City, México, Mexico, Estado de México, "
        "Edomex, Toluca, Jalisco, Guadalajara, Zapopan, Puerto Vallarta, Puebla, Tlaxcala, Morelos, "
        "Cuernavaca, Guerrero, Chilpancingo, Acapulco, Iguala, Michoacán, Morelia, Uruapan, Lázaro "
        "Cárdenas, Oaxaca, Salina Cruz, Veracruz, Xalapa, Jalapa, Coatzacoalcos, "
        "Chiapas, Tuxtla Gutiérrez, Tapachula, Ciudad Hidalgo, San Cristóbal de las Casas, Comitán, "
        "Tabasco, Villahermosa, Tenosique, Querétaro, Santiago de Querétaro, Guanajuato, León, "
        "Celaya, Irapuato, Salamanca, Hidalgo, Pachuca, San Luis Potosí, Zacatecas, Fresnillo, "
        "Aguascalientes, Colima, Manzanillo"
    ),
    "America/Monterrey": (
        "Nuevo León, Coahuila, Saltillo, Torreón, Monclova, Durango, Gómez Palacio, Tamaulipas, "
        "Ciudad Victoria, Tampico"
    ),
    "America/Matamoros": (
        "Reynosa, Río Bravo, Nuevo Laredo, Piedras Negras, Ciudad Acuña, Acuña, Miguel Alemán, "
        "Camargo, Anáhuac"
    ),
    "America/Merida": "Yucatán, Campeche, Ciudad del Carmen",
    "America/Cancun": "Quintana Roo, Chetumal, Playa del Carmen, Tulum, Cozumel",
    "America/Mazatlan": (
        "Sinaloa, Culiacán, Los Mochis, Nayarit, Tepic, Baja California Sur, Los Cabos, Cabo San "
        "Lucas, San José del Cabo, La Paz (Baja California Sur)"
    ),
    "America/Hermosillo": (
        "Sonora, Nogales (Sonora), Agua Prieta, San Luis Río Colorado, Guaymas, Ciudad Obregón, "
        "Caborca, Altar, Sonoyta, Naco (Sonora)"
    ),
    "America/Tijuana": "Baja California, Mexicali, Tecate, Ensenada, Rosarito, San Quintín, Algodones",
    "America/Ciudad_Juarez": "Juárez, Cd. Juárez, Ascensión, Palomas, Puerto Palomas",
    "America/Chihuahua": "Delicias, Cuauhtémoc, Parral, Guachochi",
    "America/Ojinaga": "Manuel Benavides, Coyame",
    "America/Los_Angeles": (
        "California, San Diego, San Ysidro, Otay Mesa, Calexico, El Centro, Tecate (California), Los "
        "Ángeles, San Francisco, Sacramento, Seattle, Las Vegas, Nevada"
    ),
    "America/Phoenix": (
        "Arizona, Tucson, Yuma, Nogales (Arizona), Douglas, San Luis (Arizona), Lukeville, Naco (Arizona)"
    ),
    "America/Denver": (
        "El Paso, Nuevo México, New Mexico, Santa Teresa, Sunland Park, Las Cruces, Columbus, Deming, "
        "Santa Fe, Albuquerque, Colorado, Salt Lake City"
    ),
    "America/Chicago": (
        "Texas, Presidio, Del Rio, Eagle Pass, Laredo, Roma, Rio Grande City, McAllen, Hidalgo "
        "(Texas), Pharr, Brownsville, Harlingen, Uvalde, San Antonio, Houston, Austin, Dallas, Fort "
        "Worth, Corpus Christi"
    ),
    "America/New_York": "Washington, Washington DC, DC, Nueva York, Miami, Florida, Atlanta, Boston",
    "America/Guatemala": "Ciudad de Guatemala, Guatemala City, Quetzaltenango, Tecún Umán, Petén",
    "America/El_Salvador": "San Salvador, Santa Ana, San Miguel",
    "America/Tegucigalpa": "Honduras, San Pedro Sula, Comayagüela, Choloma, La Ceiba",
    "America/Managua": "Nicaragua",
    "America/Costa_Rica": "San José (Costa Rica)",
    "America/Belize": "Belice, Belmopan, Belmopán, Belize City",
    "America/Panama": "Panamá, Ciudad de Panamá, Panama City, Darién",
    "America/La_Paz": "La Paz (Bolivia)",
    "Europe/Madrid": "España, Barcelona",
}


def zone_named(parameter: Parameter, value: str) -> str:
    """The zone that is meant. Raises UserFault, with the nearest ones to choose from."""
    found = _found(value)
    if isinstance(found, str):
        return found
    if fold_zone(value) in _ABBREVIATED:
        sentence = message("Several places go by “{value}”, and not all change their clocks.")
    elif found:
        sentence = message("“{value}” is in more than one time zone.")
    elif _NOT_WHOLE.fullmatch(_dashes(value)):
        sentence = message("“{value}” is no time zone: hours from UTC are whole ones from -12 to +14.")
    else:
        sentence = message("There is no time zone “{value}”.")
    near = list(found) or matching_zones(value, 4) or list(NEAR_ZONES[:2])
    raise UserFault(sentence, message("Try {choices}."), value=value[:60], choices=", ".join(near)).offering(
        parameter.name, lambda t: [(zone, zone) for zone in near]
    )


def matching_zones(typed: str, limit: int = 25) -> list[str]:
    """Time zones whose name holds ``typed`` or that a place of that name goes by, the near ones first."""
    wanted = fold_zone(typed)
    if wanted in _ABBREVIATED:
        return list(_ABBREVIATED[wanted])
    if offset := _by_offset(typed):
        return [offset]
    # What begins a word of the name is meant before what stands within one: "jua" is Juárez, not Tijuana.
    begins = [zone for zone, names in _names().items() if any(f" {wanted}" in f" {name}" for name in names)]
    holds = [zone for zone, folded in _zones().items() if wanted in folded]
    return list(dict.fromkeys((*begins, *holds)))[:limit]


def fold_zone(text: str) -> str:
    """``text`` for comparison: no case, accents or stops, and spaces for other signs."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(letter for letter in plain if not unicodedata.combining(letter) and letter != ".")
    words = " ".join(re.sub(r"[_/(),-]", " ", kept).split())
    return _HOUR_OF.sub("", words) or words


def _found(value: str) -> str | tuple[str, ...]:
    """The one zone that is meant, or all that may be; nothing for none."""
    wanted = fold_zone(value)
    if wanted in _ABBREVIATED:
        return _ABBREVIATED[wanted]
    if value in known_zones():
        return value
    if offset := _by_offset(value):
        return offset
    for name in dict.fromkeys((wanted, fold_zone(value.partition(",")[0]))):
        if not name:
            continue
        exact = [zone for zone, names in _names().items() if name in names]
        if len(exact) > 1:
            return tuple(exact)
        if exact:
            return exact[0]
        several = {
            zone for zone, names in _names().items() if any(one.startswith(f"{name} ") for one in names)
        }
        if 0 < len(several) < 4 and name == wanted:
            return tuple(sorted(several)) if len(several) > 1 else several.pop()
    found = matching_zones(value, 2) if len(wanted) > 2 else []
    return found[0] if len(found) == 1 else ()


def _by_offset(value: str) -> str:
    """The zone of a number of hours from UTC, as people write it: GMT-6 is six hours behind.

    The table counts the other way: its ``Etc/GMT+6`` is six hours behind ("etcetera" in the tz database).
    """
    found = _OFFSET.fullmatch(_dashes(value).strip())
    if found is None or not _WEST <= (hours := int(found[1] + found[2])) <= _EAST:
        return ""
    return f"Etc/GMT{-hours:+d}" if hours else "UTC"


def _dashes(value: str) -> str:
    return re.sub("[\\u2010-\\u2015\\u2212]", "-", value)


@cache
def _zones() -> dict[str, str]:
    """Every zone that a place goes by with its folded name, the near ones first."""
    rest = sorted(zone for zone in known_zones() - set(NEAR_ZONES) if not zone.startswith("Etc/"))
    return {zone: fold_zone(zone) for zone in (*NEAR_ZONES, *rest) if zone in known_zones()}


@cache
def _names() -> dict[str, tuple[str, ...]]:
    """All names of each zone, folded: its own, the end of it, and the places that go by it."""
    found = {}
    for zone, folded in _zones().items():
        own = (folded, fold_zone(zone.rpartition("/")[2]))
        places = (fold_zone(place) for place in _PLACES.get(zone, "").split(","))
        # "La Paz" alone is a city of two countries, and "Nogales" of two states.
        found[zone] = tuple(dict.fromkeys((*own, *filter(None, places))))
    paz = "America/La_Paz"
    if paz in found:
        found[paz] = tuple(name for name in found[paz] if name != "la paz")
    return found

"""What commands and their options are called in Spanish, in Discord and in the terminal.

Discord asks of names what it does not ask of sentences: lower case, no spaces, at most 32 characters
("Application Command Naming"). So they are kept here and not in the catalogue. A test
holds this table to the commands.
"""

from __future__ import annotations

import re
from collections.abc import Container

from bot.locale import message

#: A command that a sentence names: a slash that begins a word, and one or two words behind it.
NAMED = re.compile(r"(?<![\w/.:<])/([a-z]+)(?: ([a-z]+))?(?![\w/-])")
_ARGUMENT = re.compile(r"(?<= )(\[?)([a-z]+)(?=[\]: ]|$)")

COMMANDS_ES = {
    "concerns": "preocupaciones",
    "concern": "preocupación",
    "week": "semana",
    "article": "artículo",
    "latest": "novedades",
    "new": "nuevo",
    "search": "buscar",
    "story": "historia",
    "policies": "políticas",
    "policy": "política",
    "timeline": "cronología",
    "trend": "tendencia",
    "why": "por-qué",
    "whynot": "por-qué-no",
    "wrong": "corregir",
    "follow": "seguir",
    "following": "siguiendo",
    "privacy": "privacidad",
    "sources": "estado-fuentes",
    "help": "ayuda",
    "feeds": "fuentes",
    "feeds list": "lista",
    "feeds preview": "muestra",
    "feeds add": "agregar",
    "feeds remove": "quitar",
    "feeds pause": "pausar",
    "feeds resume": "reanudar",
    "feeds undo": "deshacer",
    "feeds export": "exportar",
    "feeds import": "importar",
    "watch": "vigilar",
    "watch add": "agregar",
    "watch test": "probar",
    "watch list": "lista",
    "watch remove": "quitar",
    "stories": "historias",
    "stories split": "separar",
    "stories merge": "unir",
    "record": "registro",
    "record review": "revisar",
    "setup": "configurar",
    "audit": "cambios",
    "digest": "resumen",
    "digest set": "fijar",
    "digest preview": "muestra",
    "digest now": "ahora",
    "digest status": "estado",
    "digest history": "historial",
    "digest pause": "pausar",
    "digest resume": "reanudar",
    "digest remove": "quitar",
    "settings": "ajustes",
    "settings show": "ver",
    "settings alerts": "avisos",
    "settings kinds": "tipos",
    "settings language": "idioma",
    "settings timezone": "zona-horaria",
}

PARAMETERS_ES = {
    "name": "nombre",
    "order": "orden",
    "part": "parte",
    "who": "quién",
    "concern": "preocupación",
    "days": "días",
    "topic": "tema",
    "weeks": "semanas",
    "from": "desde",
    "since": "desde",
    "to": "hasta",
    "until": "hasta",
    "language": "idioma",
    "words": "palabras",
    "story": "novedad",
    "into": "con",
    "article": "nota",
    "address": "dirección",
    "show": "mostrar",
    "mute": "omitir",
    "page": "página",
    "feed": "fuente",
    "which": "cuáles",
    "phrase": "frase",
    "where": "dónde",
    "file": "archivo",
    "phrases": "frases",
    "watch": "vigilancia",
    "time": "hora",
    "concerns": "preocupaciones",
    "empty": "sin-noticias",
    "role": "rol",
    "quiet": "sin-sonido",
    "publish": "publicar",
    "channel": "canal",
    "zone": "zona",
    "policy": "política",
    "status": "estado",
    "country": "país",
    "command": "comando",
    "confirm": "confirmar",
    "reject": "rechazar",
}

GROUPS = {
    "feeds": message("The feeds of this server"),
    "watch": message("This server's own phrases"),
    "digest": message("This server's digests"),
    "settings": message("This server's settings"),
    "record": message("The record of policies, by who runs this bot"),
    "stories": message("Splitting and merging stories, by who runs this bot"),
}


def spanish_name(command: str) -> str:
    """A command's whole name in Spanish, its group's included; in English what has no Spanish name."""
    first, _, second = command.partition(" ")
    group = COMMANDS_ES.get(first, first)
    return f"{group} {COMMANDS_ES.get(command, second)}" if second else group


def name_at(found: re.Match[str], known: Container[str]) -> str:
    """Which of the known commands a match of ``NAMED`` is; empty for none of them."""
    names = (f"{found[1]} {found[2]}", found[1])
    return next((name for name in names if name in known), "")


def in_spanish(text: str) -> str:
    """``text`` with the commands that it names as the terminal and Discord call them in Spanish."""

    def spanish(found: re.Match[str]) -> str:
        name = name_at(found, COMMANDS_ES)
        return f"/{spanish_name(name)}{found[0][len(name) + 1 :]}" if name else found[0]

    return NAMED.sub(spanish, text)


def line_in_spanish(line: str) -> str:
    """As ``in_spanish``, for a line to be typed: the names of its options too."""
    return in_spanish(options_in_spanish(line))


def options_in_spanish(line: str) -> str:
    """A line to be typed with its options as they are called in Spanish; the command stays as it is."""
    found = NAMED.match(line)
    name = name_at(found, COMMANDS_ES) if found else ""
    command, rest = line[: len(name) + 1], line[len(name) + 1 :]
    return command + _ARGUMENT.sub(lambda one: one[1] + option_name(one[2], "es"), rest) if name else line


def command_name(name: str, language: str) -> str:
    """What a command is called in a language, in Discord and in the terminal."""
    return spanish_name(name) if language == "es" else name


def option_name(name: str, language: str) -> str:
    """What an option is called in a language, in Discord and in the terminal."""
    return PARAMETERS_ES.get(name, name) if language == "es" else name

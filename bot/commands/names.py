"""What commands and their options are called in Spanish, in Discord and in the terminal.

Discord asks of names what it does not ask of sentences: lower case, no spaces, at most 32 characters
("Application Command Naming"). So they are kept here and not in the catalogue. A test
holds this table to the commands.
"""

from __future__ import annotations

from bot.locale import message

COMMANDS_ES = {
    "concerns": "preocupaciones",
    "concern": "preocupación",
    "week": "semana",
    "article": "artículo",
    "latest": "novedades",
    "new": "nuevo",
    "search": "buscar",
    "story": "novedad",
    "timeline": "cronología",
    "trend": "tendencia",
    "why": "por-qué",
    "whynot": "por-qué-no",
    "wrong": "corregir",
    "follow": "seguir",
    "following": "seguidas",
    "privacy": "privacidad",
    "sources": "estado-fuentes",
    "help": "ayuda",
    "feeds": "fuentes",
    "feeds list": "lista",
    "feeds preview": "muestra",
    "feeds add": "añadir",
    "feeds remove": "quitar",
    "feeds pause": "pausar",
    "feeds resume": "reanudar",
    "feeds undo": "deshacer",
    "feeds export": "exportar",
    "feeds import": "importar",
    "watch": "vigilar",
    "watch add": "añadir",
    "watch test": "probar",
    "watch list": "lista",
    "watch remove": "quitar",
    "stories": "historias",
    "stories split": "separar",
    "stories merge": "unir",
    "setup": "configurar",
    "audit": "cambios",
    "digest": "resumen",
    "digest set": "fijar",
    "digest preview": "muestra",
    "digest now": "ahora",
    "digest status": "estado",
    "digest pause": "pausar",
    "digest resume": "reanudar",
    "digest remove": "quitar",
    "settings": "ajustes",
    "settings show": "ver",
    "settings alerts": "avisos",
    "settings language": "idioma",
    "settings timezone": "zona-horaria",
}

PARAMETERS_ES = {
    "name": "nombre",
    "part": "parte",
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
}

GROUPS = {
    "feeds": message("The feeds of this server"),
    "watch": message("This server's own phrases"),
    "digest": message("This server's digests"),
    "settings": message("This server's settings"),
    "stories": message("Splitting and merging stories, by who runs this bot"),
}


def spanish_name(command: str) -> str:
    """A command's whole name in Spanish, its group's included."""
    first, _, second = command.partition(" ")
    return f"{COMMANDS_ES[first]} {COMMANDS_ES[command]}" if second else COMMANDS_ES[first]

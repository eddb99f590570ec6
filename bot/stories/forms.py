"""What form a report has: news, or opinion, background, a look back, a digest of several subjects. Pure.

Only news changes a story. Told from the title and the name under which the outlet prints it.
"""

from __future__ import annotations

import re

from bot.patterns import late_pattern

NEWS, OPINION, BACKGROUND, ANNIVERSARY, DIGEST = "news", "opinion", "background", "anniversary", "digest"

_DIGEST_SOURCE = late_pattern(r"\b(?:newsletter|briefing|weekly digest|resumen semanal)\b", re.IGNORECASE)
_DIGEST_TITLE = late_pattern(
    r"^(?:la semana (?:en|de)\b|(?:this|the|last) week (?:in|on|at)\b|.{0,30}\bweek in review\b|"
    r".{0,40}\b(?:news|daily|weekly|morning|evening|border) "
    r"(?:roundup|round-up|digest|briefing|brief|wrap)\b|"
    r"(?:your )?(?:morning|evening|daily|weekend) (?:briefing|brief|rundown|digest|headlines)\b|"
    r"(?:los|las|estos son los) titulares\b|noticias (?:del d[ií]a|de hoy|de la semana)\b|"
    r"(?:resumen|bolet[ií]n) (?:de (?:noticias|la semana)|semanal|informativo|del d[ií]a)\b|"
    r"lo (?:m[aá]s )?(?:destacado|relevante|importante) de(?:l d[ií]a| la semana)\b|"
    r"(?:primeras planas|portadas) de\b|"
    r"\w+ (?:things|stories|headlines) to (?:know|watch) (?:today|this week)\b|"
    r"(?:today's|top) (?:news|headlines|stories)\b|mugshots of the week\b)",
    re.IGNORECASE,
)
#: "The Line: uniforms for sale, a drought at the dam, and who is counting deportees": a standing heading,
#: then three and more subjects of several words each.
_LISTED = late_pattern(
    r"^[^:]{3,40}:\s*(?:[^,:;\s]+\s[^,:;]+[,;]\s+){2,}(?:and|y|e)\s+\S+\s\S+"
    r"|^[^:]{3,40}:\s*(?:[^,:;\s]+\s[^,:;]+[,;]\s+)+[^,:;\s]+\s[^,:;]+\s(?:and|y|e)\s+\S+\s\S+"
)
_OPINION_SOURCE = late_pattern(
    r"\b(?:opinion|opini[oó]n|editorial|op-?ed|columna|columnist[as]?|commentary|letters)\b", re.IGNORECASE
)
_OPINION_TITLE = late_pattern(
    r"^(?:(?:guest )?(?:opinion|opini[oó]n|editorial|op-?ed|commentary|columna?|our view|letters?|carta)\b"
    r"\s*[:|–—-]|"
    r"our view\b|nuestra opini[oó]n\b)|[|–—]\s*(?:opinion|opini[oó]n|editorial|letters)\s*$",
    re.IGNORECASE,
)
_BACKGROUND_TITLE = late_pattern(
    r"^(?:¿?(?:qui[eé]n(?:es)?|qu[eé]|c[oó]mo|por qu[eé]|cu[aá]l(?:es)?|d[oó]nde|cu[aá]ndo) |"
    r"(?:explainer|explained|analysis|an[aá]lisis|perfil|profile|timeline|cronolog[ií]a|fact[- ]?check|recap|"
    r"in (?:photos|pictures)|photos|fotos|fotogaler[ií]a|podcast|q&a|infograf[ií]a|explicador|contexto)\b|"
    r"(?:why|how|who (?:is|was|are|were)|what (?:is|are|to|we|you|happened|does|do)|where|when) |"
    r"inside |a look (?:at|back)|here(?:'|’)?s (?:what|how|why)|\d+ (?:things|takeaways|claves|puntos)|"
    r"(?:las )?claves\b|lo que (?:se sabe|sabemos|hay que saber|debes saber)|as[ií] (?:es|fue|opera|era)\b|"
    r"la historia de|(?:the )?(?:story|life|rise|making) of)|"
    r"\b(?:a timeline of|what (?:to|we|you (?:need|should)) know|explained$|in (?:\d+|five|three) charts|"
    r"esto es lo que|una cronolog[ií]a)\b|^inside\b|:\s*inside the\b",
    re.IGNORECASE,
)
_ANNIVERSARY_TITLE = late_pattern(
    r"\b(?:anniversar(?:y|ies)|aniversario|"
    r"(?:one|a|two|three|five|ten|\d+) years? (?:on|later|after|since|ago)|"
    r"years (?:on|later|after)|"
    r"a (?:casi )?(?:un|dos|tres|cuatro|cinco|diez|\d+) años? "
    r"de(?:l| (?!c[aá]rcel|prisi[oó]n|edad|reclusi[oó]n))|"
    r"hace (?:un|dos|tres|cinco|diez|\d+) años?|(?:un|dos|tres|cinco|diez|\d+) años? (?:despu[eé]s|sin)\b|"
    r"conmemora\w*)\b",
    re.IGNORECASE,
)


def form_of(title: str, publisher: str = "") -> str:
    """``news``, ``opinion``, ``background``, ``anniversary`` or ``digest``."""
    if _DIGEST_SOURCE.search(publisher) or _DIGEST_TITLE.search(title) or _LISTED.match(title):
        return DIGEST
    if _OPINION_SOURCE.search(publisher) or _OPINION_TITLE.search(title):
        return OPINION
    if _ANNIVERSARY_TITLE.search(title):
        return ANNIVERSARY
    if _BACKGROUND_TITLE.search(title):
        return BACKGROUND
    return NEWS

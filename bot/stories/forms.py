"""What form a report has for its story: news, opinion, background, a look back, a digest of several subjects.

Only news changes a story. It is the entry's form (``bot.topics.form``); of what that takes for news the title
says whether it explains or looks back. Pure.
"""

from __future__ import annotations

import re

from bot.patterns import late_pattern
from bot.topics.form import form_of_entry

NEWS, OPINION, BACKGROUND, ANNIVERSARY, DIGEST = "news", "opinion", "background", "anniversary", "digest"

#: An entry's form → the form of a report. What is not here is as good as news to its story, or looks back.
_FORMS = {
    "opinion": OPINION,
    "recap": DIGEST,
    "analysis": BACKGROUND,
    "explainer": BACKGROUND,
    "gallery": BACKGROUND,
}
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


def form_of(title: str, publisher: str = "", told: str = "") -> str:
    """``news``, ``opinion``, ``background``, ``anniversary`` or ``digest``.

    ``told`` is the entry's form where its address and categories were read too.
    """
    form = _FORMS.get(told or form_of_entry(title, publisher=publisher), NEWS)
    if form in (OPINION, DIGEST):
        return form
    if _ANNIVERSARY_TITLE.search(title):
        return ANNIVERSARY
    return BACKGROUND if form == BACKGROUND or _BACKGROUND_TITLE.search(title) else NEWS

"""What form an entry has: news, or an opinion, a recap, an obituary, satire and so on. Pure.

Told from what the publisher says of it: the section in the address, the entry's own categories, the name
under which it is printed, and the standing words at either end of a title ("Opinion | …", "… in photos").
The first form that is found stands; what says nothing is news.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from urllib.parse import urlsplit

from bot.domain.articles import Article, EvidenceColumns
from bot.patterns import late_pattern
from bot.topics.fold import fold, word_set

NEWS = "news"
#: Every form but news, in the order in which they are asked for: what is made up or corrected comes before
#: what only says how an entry is told.
FORMS = (
    "correction",
    "satire",
    "obituary",
    "opinion",
    "analysis",
    "explainer",
    "live",
    "recap",
    "audio_video",
    "gallery",
    "official",
)
#: Forms that a server may leave out. Corrections are told to everybody, and satire and obituaries to nobody.
MUTABLE = ("opinion", "analysis", "explainer", "live", "recap", "audio_video", "gallery")
#: Forms that never stand first in a digest.
NEVER_LEAD = frozenset(("opinion", "recap", "satire"))
#: Characters of a title and of an address that are read.
_READ = 500
#: Reports stored without their form, as older versions did, of which it is remembered: pages ask again.
_REMEMBERED = 4_096
#: Categories that are read; feeds send hundreds.
_CATEGORIES = 20

#: Sections of an address and categories by which publishers name a form, folded.
_LABELS: Mapping[str, frozenset[str]] = {
    "correction": frozenset(("corrections", "correction", "fe de erratas", "correcciones", "clarifications")),
    "satire": frozenset(("satire", "humor", "humour", "parody", "satira", "comedy", "borowitz report")),
    "obituary": frozenset(("obituaries", "obituary", "obits", "obituarios", "obituario", "esquelas")),
    "opinion": word_set(
        "opinion opiniones opinions editorial editoriales editorials columna columnas columnista columnistas "
        "columnists commentary op-ed oped op-eds letters cartas blogs viewpoint firmas articulistas debate"
    )
    | {"letters to the editor", "guest column"},
    "analysis": frozenset(("analysis", "analisis", "news analysis", "perspectives")),
    "explainer": frozenset(("explainer", "explainers", "explicador", "explicadores", "explained", "claves")),
    "live": frozenset(("live", "live updates", "en vivo", "minuto a minuto", "live-updates", "live-news")),
    "recap": frozenset(("newsletter", "newsletters", "briefing", "roundup", "resumen")),
    "audio_video": word_set("podcast podcasts audio video videos radio watch vodcast multimedia"),
    "gallery": frozenset(
        ("gallery", "galleries", "photos", "fotos", "galeria", "galerias", "fotogalerias", "pictures")
    ),
    "official": frozenset(
        (
            "press release",
            "press-release",
            "press releases",
            "press-releases",
            "news releases",
            "comunicado",
            "comunicados",
            "comunicados de prensa",
            # Mexican offices call what they publish for the press so.
            "boletin",
            "boletines",
            "boletin de prensa",
            "boletines de prensa",
            "presidential actions",
        )
    ),
}


def _titled(*patterns: str) -> re.Pattern[str]:
    return late_pattern("|".join(patterns), re.IGNORECASE)


def _standing(words: str) -> str:
    """A standing head ("Opinion | …", "Satire: …") or a standing tail ("… | Opinion", "… (video)")."""
    return rf"^(?:the )?(?:{words})\s*[:|–—-]\s|\s[|–—]\s*(?:{words})\s*$|[\[(]\s*(?:{words})\s*[\])]"


#: How a subject begins in a list of several.
_SUBJECT = r"(?:an?|the|who|what|how|why|where|un|una|el|la|los|las|qui[eé]n|qu[eé]|c[oó]mo|d[oó]nde)\s"
#: An age at which people die of it.
_OLD = r"(?:[6-9]\d|1[01]\d)"
#: How titles name a form.
_TITLES: Mapping[str, re.Pattern[str]] = {
    "correction": _titled(
        _standing(r"corrections?|correcci[oó]n(?:es)?|fe de erratas|clarification|aclaraci[oó]n")
    ),
    "satire": _titled(_standing(r"satire|parody|humou?r|s[aá]tira|parodia")),
    "obituary": _titled(
        _standing(r"obituar(?:y|io)s?|in memoriam|esquela|obits?"),
        # "Walter Quimby, 91, dies": only the old die in the news without a cause.
        rf"\b(?:former|retired|longtime)\b[^,:]{{3,60}},\s*{_OLD},\s*(?:dies|died|has died|is dead)\b",
        rf",\s*{_OLD},\s*(?:dies|has died|is dead)\b|\bdies (?:aged|at(?: the age of)?) {_OLD}\b",
        rf"^(?:muere|fallece|murió|falleció)\b.{{0,80}}\ba los {_OLD} años\b",
    ),
    "opinion": _titled(
        _standing(
            r"(?:guest )?(?:opini[oó]n|editorial|op-?ed|column(?:a|ist)?|commentary|our view|perspectiva|"
            r"letters?(?: to the editor)?|cartas?(?: al editor)?|art[ií]culo de opini[oó]n|tribuna)"
        ),
        r"^(?:our view|nuestra opini[oó]n|dear editor)\b",
    ),
    "analysis": _titled(_standing(r"(?:news )?analysis|an[aá]lisis")),
    "explainer": _titled(
        _standing(r"explainer|explained|explicador|contexto|q&a|fact[- ]?check|claves"),
        r"^(?:what (?:to|you (?:need|should)|we) know|here(?:'|’)?s (?:what|how|why)|lo que (?:se sabe|"
        r"sabemos|hay que saber|debes saber)|\d+ (?:claves|takeaways|things to know)|las claves)\b",
        r"\b(?:what (?:to|we|you (?:need|should)) know|esto es lo que (?:sabemos|se sabe|debes saber))\b",
        r"^¿(?:qu[eé]|qui[eé]n(?:es)?|c[oó]mo|por qu[eé]|cu[aá]l(?:es)?) (?:es|son|fue|era|significa)\b",
    ),
    "live": _titled(
        _standing(r"live(?: updates?| blog)?|en vivo|minuto a minuto"),
        r"\b(?:live updates|latest updates|live blog|minuto a minuto|watch live)\b",
    ),
    "recap": _titled(
        _standing(
            r"(?:morning|evening|daily|weekly|border|news|the \d+:\d+) (?:report|briefing|brief|roundup|"
            r"round-up|digest|rundown|wrap)|recap|newsletter|bolet[ií]n|week in review|resumen(?: (?:semanal|"
            r"del d[ií]a|informativo))?|primeras planas"
        ),
        r"^(?:(?:this|the|last) week (?:in|on|at)|la semana (?:en|de)|(?:los|estos son los) titulares|"
        r"noticias (?:del d[ií]a|de hoy|de la semana)|lo (?:m[aá]s )?(?:destacado|relevante|importante) de|"
        r"(?:today's|top) (?:news|headlines|stories)|resumen (?:de|del|semanal))\b",
        r"\b(?:evening|morning|12:30) report\b|\bhighlights from\b|\btop moments\b|\bweek in review\b",
        r"^.{0,40}\b(?:news|daily|weekly|morning|evening|border) "
        r"(?:roundup|round-up|digest|briefing|brief|wrap)\b",
        r"^(?:your )?(?:morning|evening|daily|weekend) (?:rundown|headlines)\b|\bmugshots of the week\b",
        r"^(?:resumen|bolet[ií]n) (?:de (?:noticias|la semana)|semanal|informativo)\b|^portadas de\b",
        r"^\w+ (?:things|stories|headlines) to (?:know|watch) (?:today|this week)\b",
        # "The Line: uniforms for sale, a drought at the dam, and who is counting deportees": a standing head,
        # then three and more subjects; a verb behind a comma goes on with one.
        rf"^[^:]{{3,40}}:\s*[^,:;\s]+\s[^,:;]+[,;]\s+(?:{_SUBJECT}[^,:;]+[,;]\s+)+(?:and|y|e)\s+{_SUBJECT}\S",
    ),
    "audio_video": _titled(
        _standing(r"podcast|video|v[ií]deo|audio|watch|listen|escucha|mira|episode \d+|episodio \d+"),
        r"\bpodcast\b",
    ),
    "gallery": _titled(
        _standing(r"photos?|fotos?|fotogaler[ií]a|gallery|galer[ií]a|im[aá]genes|in (?:photos|pictures)"),
        r"\bin (?:photos|pictures)$|\ben (?:fotos|im[aá]genes)$",
    ),
    "official": _titled(
        _standing(r"press release|comunicado(?: de prensa| conjunto)?|joint statement|readout|proclamation"),
        r"^(?:readout of|comunicado\b|joint statement\b|declaraci[oó]n conjunta\b)",
    ),
}


def form_of_entry(
    title: str,
    url: str = "",
    publisher: str = "",
    categories: Iterable[str] = (),
    *,
    official: bool = False,
    asked: Sequence[str] = FORMS,
) -> str:
    """``news`` or one of ``FORMS``.

    ``official`` says that the feed is an authority's own: what has no other form is then a release. With
    ``asked``, the first of ``FORMS``, an entry of any other form counts as news.
    """
    labels = _labels(url, publisher, categories)
    head = title[:_READ].strip()
    for form in asked:
        if not labels.isdisjoint(_LABELS[form]) or _TITLES[form].search(head):
            return form
    return "official" if official else NEWS


def form_of_article(article: Article | EvidenceColumns) -> str:
    """``news`` or one of ``FORMS``: as told when it came, else as its title and address tell it."""
    return article.form or _form_of_stored(article.title, article.url, article.publisher)


@lru_cache(maxsize=_REMEMBERED)
def _form_of_stored(title: str, url: str, publisher: str) -> str:
    return form_of_entry(title, url, publisher)


def _labels(url: str, publisher: str, categories: Iterable[str]) -> frozenset[str]:
    """The sections of the address, the words after a publisher's name and the categories, folded."""
    try:
        path = urlsplit(url[:_READ]).path
    except ValueError:  # an address in brackets that is none
        path = ""
    sections = [part for part in path.lower().split("/")[:-1] if part]
    named = re.split(r"\s*[|–—:·(]\s*|\s-\s", publisher[:_READ].rstrip(")"))[1:]
    listed = [one[:_READ] for one, _ in zip(categories, range(_CATEGORIES), strict=False)]
    told = [fold(one).text.strip() for one in (*named, *listed)]
    return frozenset((*sections, *told))

"""What a site puts around the text of an article: links to other articles, "read on", credits of photos.

None of it is news of this article: "Lee también: Decomisa CBP 40 kilos…" under a football report would make
a development of it. It is taken out here, before anything reads the text. What is taken out is a whole line,
or stands behind the end of a sentence, so that news which begins like a publishing system's own line ("La
entrada en vigor del acuerdo…") stays.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from bot.patterns import late_pattern

_FEW_WORDS = 4  # behind a label and its link: less is no sentence
_HEADLINE = 250  # characters: what is longer is no headline


class Line(NamedTuple):
    """A line of text, and the part of it that is in no link."""

    text: str
    unlinked: str

    @property
    def is_link(self) -> bool:
        """Whether all its words are links."""
        return self.unlinked is not self.text and not any(sign.isalnum() for sign in self.unlinked)


def _any(*phrases: str) -> str:
    return "(?:" + "|".join(phrase.replace(" ", r"\s+") for phrase in phrases) + ")"


# Patterns are without accents and are applied to text without them (``_ACCENTS``).
_SURE = _any(  # labels that no sentence of the news begins with
    "(?:le[ae]r?|ve[ar]?|mir[ae]|consult[ae]|checa|escuch[ae]) (?:tambien|ademas)",
    "(?:tambien|ademas)[,:]? (?:puedes? )?(?:le[ae]r?|mir[ae]|consult[ae])",
    "(?:tambien )?(?:te|le|les) (?:puede|podria)n? interesar",
    "(?:tambien )?(?:puede|podria) interesar(?:te|le)",
    "quizas? (?:te|le) interese",
    "(?:te|le|les) (?:recomendamos|sugerimos)(?: (?:le|v)er)?",
    "no te (?:lo )?pierdas",
    "read also",
    "also read",
    "see also",
    "read next",
    "don['’]t miss",
    "you (?:may|might) (?:also )?(?:like|be interested)",
    "icymi",
)
_ASKED = _any("(?:ya )?(?:leiste|viste|te enteraste|lo sabias)", "have you (?:seen|read|heard)")
_PERHAPS = _any(  # labels where a colon or the like follows, or nothing
    "related",
    "relacionad[oa]s?",
    "read(?: more| here| this)?",
    "(?:puedes? )?(?:le[ae]r?|ver?|consulta|checa)(?: (?:mas|aqui|la nota(?: completa)?))?",
    "recommended(?: for you)?",
    "recomendad[oa]s?",
    "recomendamos(?: (?:le|v)er)?",
    "(?:in|en) (?:other|otras) (?:news|noticias|notas)",
    "enterate",
    "editor[’']?s[’']? (?:picks?|choice)",
    "what to read(?: next)?",
    "(?:go|dive) deeper",
    "(?:previously|earlier)",
    "for more",
    "(?:sigue|seguir|continua) leyendo",
    "(?:keep|continue|further) reading",
    "(?:notas?|noticias?|articulos?|historias?|contenidos?|temas?|lecturas?|enlaces?)"
    " (?:relacionad[oa]s?|recomendad[oa]s?|similares)",
    "(?:related|recommended|similar|popular|latest|top)"
    " (?:stor(?:y|ies)|articles?|news|coverage|content|posts?|reading|links?|topics?)",
    "mas (?:noticias|notas|informacion|leid[ao]s|sobre (?:este|el) tema)",
    "lo mas (?:leido|visto)",
    "more(?: (?:stories|news|coverage|on this(?: (?:story|topic))?))?",
    "most (?:read|popular)",
    "trending(?: now)?",
    "up next",
)
_FROM = _any("more from [^:|.]{2,40}", "mas en [^:|.]{2,40}")
_WATCH = _any("mira", "watch", "listen", "escucha")  # at the beginning of a text, its own subject follows
_BEFORE_HEADLINES = _any(  # labels where a headline follows; where a sentence does, they belong to the news
    *("ademas", "tambien", "also", "elsewhere", "mas"),
    *("(?:en )?videos?", "in pictures", "en (?:fotos|imagenes)"),
)
_ALONE = _any(
    *("ademas", "tambien", "also", "elsewhere", "mas", "videos?", "en video", "temas", "tags", "etiquetas"),
    *("comparte? esto", "compartir", "share(?: this)?", "like this", "me gusta esto", "siguenos(?: en)?"),
)
_MARK = r"\s*(?:[:|>»→▶►➡]|[–—-]+(?=\s))+\s*"
_LABEL = late_pattern(
    rf"{_SURE}\b[.…]*(?:{_MARK})?|{_ASKED}\s*\?\W*|(?:{_PERHAPS}|{_FROM}|{_WATCH})\b{_MARK}", re.IGNORECASE
)
_IS_WATCH = late_pattern(rf"{_WATCH}\b", re.IGNORECASE)
_ONLY_LABEL = late_pattern(rf"(?:{_SURE}|{_ASKED}|{_PERHAPS}|{_WATCH}|{_ALONE})\W*", re.IGNORECASE)
_ANY_LABEL = rf"(?:{_SURE}|{_ASKED}\s*\?|{_PERHAPS}|{_WATCH})"
# In running text a label and what follows it begin with capitals ("He said more: that …").
_LABEL_INSIDE = late_pattern(
    rf"(?<=[.!?…\"”»)\]])\s+[(\[]?(?=[A-Z¿])(?i:{_ANY_LABEL})\s*[:|]\s*(?=[\"“«¿¡]?[A-Z0-9])"
)
# A sentence of the news may stand behind one of these.
_DOUBTFUL_LABEL = late_pattern(rf"\W*(?:{_PERHAPS}|{_FROM}|{_WATCH}){_MARK}", re.IGNORECASE)
_HEADLINE_LABEL = late_pattern(rf"{_BEFORE_HEADLINES}{_MARK}", re.IGNORECASE)
_HEADLINE_LABEL_INSIDE = late_pattern(
    rf"(?<=[.!?…\"”»)\]])\s+(?=[A-Z])(?i:{_BEFORE_HEADLINES})\s*[:|]\s*(?=[\"“«¿¡]?[A-Z0-9])"
)
_LABEL_IN_BRACKETS = late_pattern(
    rf"\s?(?:\(\s*{_ANY_LABEL}\s*[:|][^()]{{3,300}}\)|\[\s*{_ANY_LABEL}\s*[:|][^\[\]]{{3,300}}\])",
    re.IGNORECASE,
)
# A full stop behind a short word is mostly an abbreviation's ("EE. UU.", "Gral.").
_SENTENCE_END = late_pattern(r"(?:(?<=[a-z]{4})[.!?…]+|(?<=\d)\.|[!?…]+)[\"”»)\]]*\s+(?=[\"“«¿¡(]*[A-Z0-9])")

#: First words of all labels and credits: a line that begins with another is not looked at closely.
_OPENERS = frozenset(
    word
    for line in (
        "lee lea leer ve vea ver mira mire consulta consulte checa escucha escuche tambien ademas te le",
        "les puede quiza quizas no read also see don you icymi related relacionado relacionada puedes",
        "podria podría ya leiste leíste viste lo have recomendamos in enterate entérate editor editors",
        "what go dive previously earlier for compartir comparte comparta share like me siguenos síguenos",
        "relacionados relacionadas watch listen recommended recomendado recomendada recomendados",
        "recomendadas sigue seguir continua keep continue further nota notas noticia noticias articulo",
        "articulos historia historias contenido contenidos tema temas lectura lecturas enlace enlaces",
        "similar popular latest top mas lo more most trending up video videos en tags etiquetas foto",
        "fotos photo photos fotografia fotografias imagen image images ilustracion credito creditos ap",
        "afp reuters efe getty también además quizá quizás continúa artículo artículos más fotografía",
        "fotografías ilustración crédito créditos also elsewhere",
    )
    for word in line.split()
)

_CREDIT = late_pattern(
    _any(
        r"(?:fotos?|photos?|fotografias?|imagen|images?|ilustracion|photo credits?|creditos?(?: de la foto)?)"
        r"\s*(?::|\||/|\bby\b)",
        r"(?:ap|afp|reuters|efe|getty) (?:photo|images|foto)\b",
    )
    + ".{0,120}",
    re.IGNORECASE,
)

_NOUN = _any(
    *("entrada", "post", "cargo", "articulo", "nota", "noticia", "publicacion", "contenido", "texto"),
    *("article", "story", "entry", "piece", "report"),
)
_POST = rf"(?:la|el|est[ae]|the|this)\s+{_NOUN}"
_FIRST_IN = _any(
    "(?:se publico|aparecio|aparece|(?:fue )?publicad[oa]) (?:primero|originalmente|por primera vez) en",
    "(?:(?:was )?(?:originally|first) (?:appeared|published|posted)|appeared first) (?:on|in|at)",
)
_SOURCE = late_pattern(rf"(?:{_POST}\b.{{0,400}}?\b)?{_FIRST_IN}\b.{{1,160}}", re.IGNORECASE)
# A site's name as it stands in running text: in capitals, or its domain. Never a day or a month.
_NAME = (
    r"(?!(?i:mon|tues|wednes|thurs|fri|satur|sun)day\b|(?:January|February|March|April|May|June|July|August"
    r"|September|October|November|December)\b)"
    r"(?:[A-Z@“\"][\w.’'&-]*(?:\s+(?:[A-Z0-9][\w.’'&-]*|del?|l[ao]s?|el|y|en|the|of|and|&)){0,7}[”\"]?"
    r"|(?:https?://|www\.)\S+|[\w-]{2,40}(?:\.[\w-]{2,20}){1,3}(?:/\S*)?)"
)
# Where nothing in it is a link: the post's name and the site's, as WordPress has them; or the line itself.
_SOURCE_IN_PLAIN_TEXT = late_pattern(
    rf"(?:(?i:(?:la\s+entrada|el\s+(?:cargo|post)|la\s+publicacion|the\s+post)\b.{{0,400}}?\b"
    rf"(?:primero\s+en|appeared\s+first\s+on))\s+(?:[A-Z0-9@“\"][^.,;:]{{0,60}}|\S{{1,40}}\.[a-z]{{2,8}})"
    rf"|(?i:{_POST}\b.{{0,400}}?\b(?:primero\s+en|first\s+(?:appeared|published)\s+on|appeared\s+first\s+on))"
    rf"\s+{_NAME}"
    rf"|(?i:(?:{_POST}\s+(?:(?:was|has\s+been|se|fue)\s+)?)?{_FIRST_IN})\s+{_NAME})[.\s]*"
)
_SOURCE_BEGINS = late_pattern(rf"(?<=[.!?…\"”»)\]])\s+(?={_POST}\b)", re.IGNORECASE)

_READ_ON = _any(
    "(?:le[ae]r?|ver?|conoce|saber?) mas",
    "(?:sig[au]e|seguir|continuar?) leyendo",
    "(?:le[ae]r?|ver|consulta) (?:aqui )?(?:la |el )?"
    "(?:nota|articulo|noticia|historia|comunicado|texto)(?: complet[oa])?",
    "(?:read|see|learn|view) (?:more|on)",
    "(?:read|see|view) the (?:full|rest|whole|original)(?: (?:story|article|post|text|report))?",
    "(?:continue|keep) reading",
    "full (?:story|article)",
    "click here(?: (?:to|for) [^.]{1,60})?",
    "(?:haz|da|dale) cli(?:c|ck)(?: (?:aqui|en|para) ?[^.]{0,60})?",
    "(?:mas informacion|more information|for more information)(?: (?:en|at|on))? (?:https?://|www\\.)\\S+",
)
_WHERE = (
    rf"(?i:\s+(?:aqui|here)|\s*:?\s+(?:en|on|at|in|aqui|here)\s+(?-i:{_NAME})|\s*:?\s+(?:https?://|www\.)\S+)"
)
_SHARE = _any(
    *("comparte? esto", "comparte?(?: (?:en|esta nota).{0,60})?", "share this", "like this", "me gusta esto"),
    *("haz clic para .{0,80}", "click to .{0,80}", "me gusta cargando", "like loading", "cargando"),
    *("siguenos en.{0,120}", "suscribete.{0,120}", "follow us (?:on|at) .{0,120}"),
    "(?:subscribe|sign up)(?: now| here| today)?",
    "(?:subscribe|sign up) (?:.{1,80} )?"
    "(?:newsletters?|alerts?|e-?mails?|updates|channel|podcast|briefing|edition|inbox)\\b.{0,60}",
)
_READ_ON_LINE = late_pattern(
    rf"{_READ_ON}(?:\W*|\s*[:»→>–-].{{0,200}}|{_WHERE}\W*|\s+(?:about|sobre)\b.{{0,120}}(?<![.!?]))"
    rf"|{_SHARE}\W*",
    re.IGNORECASE,
)
# With the headline behind it, and no full stop: "Continue reading the treaty, the judge said." is news.
_CONTINUE_LINE = late_pattern(
    r"(?:(?:continue|keep)\s+reading|(?:sigue|seguir|continuar?)\s+leyendo).{0,200}(?<![.!?])", re.IGNORECASE
)
_ENDS = late_pattern(
    rf"(?:(?<=[.!?…\"”»)\]])\s*|\s+(?=[\[(→»]))[\[(→»]*\s*(?:(?i:{_READ_ON})(?:{_WHERE})?)\s*[\])→»>.…]*$"
    r"|\s*[\[(]\s*(?:…|\.\.\.)\s*[\])]\s*$|\s*→\s*$"
    r"|\s+(?i:continue reading|seguir leyendo)(?:\b|(?=[A-Z])).{0,80}(?<![.!?])$",
)
_END_LENGTH = 160  # characters at the end of a text in which its "read on" is looked for

# Words without which there is neither: to look for a word takes a hundredth of what the pattern takes.
_END_HINTS = (
    *("mas", "more", "leyendo", "reading", "lee", "lea", "ver", "read", "see", "view", "full", "clic"),
    *("informacion", "information", "→"),
)
_SOURCE_HINTS = ("primero en ", "first", "original", "primera vez")
_TAIL_LENGTH = 700  # characters at the end of a line in which anything of this kind is looked for

_ACCENTS = str.maketrans("áéíóúüñÁÉÍÓÚÜÑ", "aeiouunAEIOUUN")
_FIRST_WORD = late_pattern(r"\W*(\w+)")
_MOST_HEADLINES = 10  # lines behind a label that are taken for headlines though they are no links


def article_text(lines: Sequence[Line]) -> str:
    """The text of ``lines`` that is of the article itself, in lines; empty where nothing is."""
    kept = _without_link_lists(_without_labelled(lines) or _labelled_sentences(lines))
    return "\n".join(_without_tails(kept))


def _without_labelled(lines: Sequence[Line]) -> list[Line]:
    """Without the credits of pictures, and without labels ("Related:") and what they lead to."""
    kept: list[Line] = []
    headlines = 0  # that may still follow a label
    for line in lines:
        if headlines and (line.is_link or _like_headline(line.text)):
            headlines -= 1
            continue
        headlines = 0
        if (word := _FIRST_WORD.match(line.text)) is None:
            continue
        start = word.start(1)
        if word[1].lower() in _OPENERS:
            text = line.text.translate(_ACCENTS)[start:]
            unlinked = line.unlinked.translate(_ACCENTS).lstrip(line.text[:start])
            if _CREDIT.fullmatch(text):
                continue
            if _ONLY_LABEL.fullmatch(text):
                headlines = _MOST_HEADLINES
                continue
            if line.unlinked != line.text and _ONLY_LABEL.fullmatch(unlinked):
                continue
            if kept and _leads_to_headline(line, text, start):
                continue
            label = _LABEL.match(text)
            if label and (kept or not _IS_WATCH.match(text)):
                line = _rest(line, start + label.end())
        if ":" in line.text or "|" in line.text:
            line = _without_labels_inside(line)
        if line.text:
            kept.append(line)
    return kept


def _labelled_sentences(lines: Sequence[Line]) -> list[Line]:
    """Of a text that is nothing but labelled lines: the sentences behind a label that news may begin with.

    A headline behind it is another article's: the title alone says then what this one tells.
    """
    found: list[Line] = []
    for line in lines:
        label = _DOUBTFUL_LABEL.match(line.text.translate(_ACCENTS))
        rest = line.text[label.end() :] if label else ""
        if line.unlinked == line.text and len(rest.split()) > _FEW_WORDS and not _like_headline(rest):
            found.append(Line(rest, rest))
    return found


def _rest(line: Line, place: int) -> Line:
    """What is left of a line whose label ends at ``place``: what follows the headline behind it."""
    if line.unlinked != line.text:
        label = line.text[:place]
        text = line.unlinked[len(label) :].strip() if line.unlinked.startswith(label.rstrip()) else ""
        return Line(text, text) if len(text.split()) > _FEW_WORDS else Line("", "")
    end = _SENTENCE_END.search(line.text.translate(_ACCENTS), place)
    text = line.text[end.end() :] if end else ""
    return Line(text, text)


def _without_labels_inside(line: Line) -> Line:
    """Without labels in the middle of a line, each with the sentence behind it or its brackets."""
    bare = line.text.translate(_ACCENTS)
    if ("(" in bare or "[" in bare) and (spans := [one.span() for one in _LABEL_IN_BRACKETS.finditer(bare)]):
        ends = [0, *(end for _, end in spans)]
        starts = [*(start for start, _ in spans), len(bare)]
        text = "".join(line.text[end:start] for end, start in zip(ends, starts, strict=True)).strip()
        line = Line(text, text)
        bare = text.translate(_ACCENTS)
    kept: list[str] = []
    place = 0
    while found := _LABEL_INSIDE.search(bare, place):
        kept.append(line.text[place : found.start()])
        end = _SENTENCE_END.search(bare, found.end())
        place = end.end() if end else len(bare)
    if (found := _HEADLINE_LABEL_INSIDE.search(bare, place)) and _like_headline(line.text[found.end() :]):
        kept.append(line.text[place : found.start()])
        place = len(bare)
    if not kept:
        return line
    text = " ".join(filter(None, (*kept, line.text[place:])))
    return Line(text, text)


def _without_link_lists(lines: list[Line]) -> list[Line]:
    """Without lines of nothing but links that follow a text: two and more, or one as long as a headline."""
    links = [line.is_link for line in lines]
    if not any(links):
        return lines
    text_before = False
    kept: list[Line] = []
    for at, line in enumerate(lines):
        listed = (at and links[at - 1]) or any(links[at + 1 : at + 2])
        if links[at] and text_before and (listed or len(line.text.split()) >= _FEW_WORDS):
            continue
        text_before = text_before or not links[at]
        kept.append(line)
    return kept


def _without_tails(lines: list[Line]) -> list[str]:
    """Without what stands at the end: where it was published first, "read on", a last link."""
    while lines:
        line = lines[-1]
        before = max(0, len(line.text) - _TAIL_LENGTH)
        tail = line.text[before:].translate(_ACCENTS)
        word = None if before else _FIRST_WORD.match(tail)
        if (cut := _source_begins(tail, whole=not before, linked=line.unlinked != line.text)) is not None:
            head = line.text[: before + cut].rstrip()
            lines[-1:] = [Line(head, head)] if head else []
        elif (word and _is_read_on(line, tail, word.start(1))) or (line.is_link and len(lines) > 1):
            lines.pop()
        elif (cut := _read_on_begins(tail)) is not None:
            head = line.text[: before + cut].rstrip(" [(")
            head = head if head.endswith((".", "!", "?", "…", "”", "»")) or not head else f"{head}…"
            lines[-1:] = [Line(head, head)] if head else []
            if head.endswith("…"):
                break
        else:
            break
    return [line.text for line in lines]


def _is_read_on(line: Line, tail: str, place: int) -> bool:
    """Whether a line is nothing but "read on" and its like. Its text without accents is ``tail``."""
    if _READ_ON_LINE.fullmatch(tail, place):
        return True
    found = _CONTINUE_LINE.match(tail, place)
    return found is not None and (found.end() == len(tail) or line.unlinked != line.text)


def _read_on_begins(tail: str) -> int | None:
    """Where "read on" begins at the end of a line; None where there is none."""
    first = max(0, len(tail) - _END_LENGTH)
    end = tail[first:].lower()
    if not end.endswith(("]", ")", "→", "»")) and not any(hint in end for hint in _END_HINTS):
        return None
    found = _ENDS.search(tail, first)
    return found.start() if found else None


def _source_begins(tail: str, *, whole: bool, linked: bool) -> int | None:
    """Where "The post … appeared first on …" begins at the end of a line; None where there is none.

    ``whole`` says that ``tail`` is the line, ``linked`` that there are links in it.
    """
    lower = tail.lower()
    if not any(hint in lower for hint in _SOURCE_HINTS):
        return None
    form = _SOURCE if linked else _SOURCE_IN_PLAIN_TEXT
    places = [found.end() for found in _SOURCE_BEGINS.finditer(tail)][::-1]
    return next((place for place in [*places, *([0] if whole else [])] if form.fullmatch(tail, place)), None)


def _leads_to_headline(line: Line, text: str, start: int) -> bool:
    """Whether a line is a label such as "También:" with another article's headline behind it.

    ``text`` is the line from ``start`` on, without accents.
    """
    label = _HEADLINE_LABEL.match(text)
    if label is None or not any(sign.isalnum() for sign in text[label.end() :]):
        return False
    if line.unlinked != line.text:
        return not any(sign.isalnum() for sign in line.unlinked[start + label.end() :])
    rest = text[label.end() :]
    return _like_headline(rest) and _SENTENCE_END.search(rest) is None


def _like_headline(text: str) -> bool:
    return len(text) <= _HEADLINE and not text.endswith((".", "!", "?", "…", ".”", ".»"))

"""Which language a short text is written in: English, Spanish, or a neighbour of theirs that is not ours.

Common words decide where they are plain. Bare titles have few of them ("Hallan túnel en Nogales"); there
the frequency of every word in both languages decides (``background.tsv.gz``).
"""

from __future__ import annotations

from bot.topics.background import background
from bot.topics.fold import fold, word_set

# Words that are frequent in one language and rare in the other, folded. Words that both write ("a",
# "no", "me", "son", "has", "come", "once", "pan", "sale", "red") have no vote.
_ENGLISH = word_set(
    "the of and to in is for that on with as was at by it from are be this have an has his they he but "
    "not were which will their who its after or more said over about would up out been had when what "
    "into also could new than her there we our you all one two first last some if can may against under "
    "how why says say off down before because while during between through across where most other "
    "people year years week day government police man men woman women state states house court us "
    "officials former least near told amid should does did being him them these those just only your my "
    "get gets"
)
_SPANISH = word_set(
    "el la los las de del que en un una y se por con para su al lo es como mas pero sus le ha o este si "
    "porque esta entre cuando muy sin sobre tambien hasta hay donde quien desde todo nos durante todos "
    "uno les ni contra otros ese eso ante ellos e esto antes algunos unos yo otro otras otra tanto esa "
    "estos mucho quienes nada muchos cual poco ella estar estas algunas algo nosotros tras segun fue "
    "fueron han sido ser tiene sera anos ano gobierno policia hombre mujer estado presidente personas "
    "dos tres dijo ayer hoy pais senalo aseguro afirmo informo aun asi cada mil parte vez"
)
#: One accented Spanish letter says as much as one common word.
_SPANISH_SIGNS = "áéíóúñ¿¡"
#: Spanish words that its neighbours do not write: they speak against each of ``_NEIGHBOURS``.
_ONLY_SPANISH = word_set(
    "el los las y con pero muy hasta hay donde quien desde durante ellos antes otro otra esa estos "
    "mucho quienes ella algunas nosotros fue fueron han sido tiene anos ano gobierno hombre mujer "
    "personas dijo ayer hoy senalo aseguro afirmo informo asi cada tambien una su sus lo tras"
)
#: Common words of other languages that English and Spanish do not write, folded.
_NEIGHBOURS = {
    "pt": word_set(
        "nao uma das ao aos pelo pela pelos pelas sao foi em com seu sua seus suas mais ou ja voce isso "
        "apos disse ate fim estao tem pais na nas um sera num numa foram ele ela eles quem muito dois tres "
        "dias ha os governo vao dez fronteira fronteiras anunciou imigrantes cidade mulher homem homens "
        "milhoes bilhoes seguranca prisao forcas novo novos mortos feridos agora ainda presos"
    ),
    "fr": word_set(
        "le des du et est dans pour qui sur au aux avec cette ont ete plus sont mais ses leur elle nous "
        "vous apres une par pas deux ans chez contre entre lors"
    ),
    "it": word_set(
        "il gli della delle dei nel nella che di non piu anche dopo alla degli sono per dal dalla lo ai una "
        "stato due anni sul sulla"
    ),
    "de": word_set(
        "der die das und ist nicht von mit den dem ein eine fur auf im zu werden wird nach bei aus sich des "
        "wurde uber als auch"
    ),
    "ca": word_set("els les amb dels per als aquest aquesta seva i ha han va dues anys mes perque despres"),
}
_NEIGHBOUR_WORDS = {code: words - _SPANISH for code, words in _NEIGHBOURS.items()}
_VOTERS = _ENGLISH.union(_SPANISH, _ONLY_SPANISH, *_NEIGHBOURS.values())
_NEIGHBOUR_SIGNS = {"pt": "ãõçêà", "fr": "çèêàœ", "it": "èàòù", "de": "ßäöü", "ca": "çèàò"}
_FOREIGN = frozenset().union(*_NEIGHBOUR_WORDS.values())
_MOST_SIGNS = max(map(len, _NEIGHBOUR_SIGNS.values()))
#: With which language's phrases a text in another is read.
_READ_AS = {"pt": "es", "it": "es", "ca": "es", "fr": "es", "de": "en"}
#: Signs of a neighbour that are asked for at least: one word may be a name or a quotation.
_NEIGHBOUR_SURE = 3

#: Votes by which common words decide alone, and by which they overrule what the feed declares.
_SURE = 4
#: Words whose frequencies are compared at most: a title and two sentences.
_COMPARED = 40
#: Tenths of Zipf frequency for a word that one language's list of 50,000 does not have, and the most that one
#: word counts: a rare name says little about the language around it.
_UNLISTED, _MOST = 15, 25
#: What the declared language is worth, in the same tenths: two middling words.
_DECLARED = 30


def detect(text: str, declared: str = "", words: list[str] | None = None) -> str:
    """The code of the language of ``text``: ``en``, ``es``, ``pt``, ``fr``, ``it``, ``de`` or ``ca``.

    ``declared`` is what the feed says (``es-MX``); it decides where the text says little, and a text that is
    clearly in another language overrules it. Without either the answer is ``en``. ``words`` are the folded
    words of the text, if known.
    """
    listed = fold(text).text.split() if words is None else words
    found = _VOTERS.intersection(listed)
    english, spanish = _votes(text, found)
    if english >= spanish + _SURE:
        foreign = "" if text.isascii() else _neighbour(text, found, english)
        return foreign or "en"
    if foreign := _neighbour(text, found, max(english, len(found & _ONLY_SPANISH) + _n_tilde(text))):
        return foreign
    if spanish >= english + _SURE:
        return "es"
    leaning = _leaning(listed) + 10 * (spanish - english)
    leaning += {"es": _DECLARED, "en": -_DECLARED}.get(declared[:2].lower(), 0)
    if leaning == 0:
        return "en"
    return "es" if leaning > 0 else "en"


def read_as(language: str) -> str:
    """``en`` or ``es``: with whose phrases a text in ``language``, as ``detect`` tells it, is read."""
    return _READ_AS.get(language, language)


def _n_tilde(text: str) -> int:
    """Letters that Spanish alone writes."""
    return sum(1 for sign in "ñ¿¡" if sign in text)


def _votes(text: str, found: frozenset[str]) -> tuple[int, int]:
    """How many signs there are for English and for Spanish."""
    signs = 0 if text.isascii() else sum(1 for sign in _SPANISH_SIGNS if sign in text)
    return len(found & _ENGLISH), len(found & _SPANISH) + signs


def _neighbour(text: str, found: frozenset[str], ours: int) -> str:
    """The other language that more speaks for than for ours, or an empty text."""
    plain = text.isascii()
    if len(found & _FOREIGN) + (0 if plain else _MOST_SIGNS) < max(_NEIGHBOUR_SURE, ours + 1):
        return ""
    best, code = max(
        (
            len(found & words) + (0 if plain else sum(1 for sign in _NEIGHBOUR_SIGNS[code] if sign in text)),
            code,
        )
        for code, words in _NEIGHBOUR_WORDS.items()
    )
    return code if best >= _NEIGHBOUR_SURE and best > ours else ""


def _leaning(words: list[str]) -> int:
    """How much more Spanish than English the words are, in tenths of Zipf frequency."""
    table = background()
    total = 0
    for word in set(words[:_COMPARED]):
        english, spanish = divmod(table.get(word), 100)
        if english or spanish:
            difference = max(spanish, _UNLISTED) - max(english, _UNLISTED)
            total += max(-_MOST, min(_MOST, difference))
    return total

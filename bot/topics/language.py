"""Which of the two languages a short text is written in: a vote of common words, and accents."""

from __future__ import annotations

from bot.topics.fold import fold

# Words that are frequent in one language and rare in the other, folded. Words that both write ("a",
# "no", "me", "son", "has", "come", "once", "pan", "sale", "red") have no vote.
_ENGLISH_WORDS = """
the of and to in is for that on with as was at by it from are be this have an has his they he but not were
which will their who its after or more said over about would up out been had when what into also could new
than her there we our you all one two first last some if can may against under how why says say off down
before because while during between through across where most other people year years week day government
police man men woman women state states house court us officials former least near told amid should does did
being him them these those just only your my get gets
"""
_SPANISH_WORDS = """
el la los las de del que en un una y se por con para su al lo es como mas pero sus le ha o este si porque
esta entre cuando muy sin sobre tambien hasta hay donde quien desde todo nos durante todos uno les ni contra
otros ese eso ante ellos e esto antes algunos unos yo otro otras otra tanto esa estos mucho quienes nada
muchos cual poco ella estar estas algunas algo nosotros tras segun fue fueron han sido ser tiene sera anos
ano gobierno policia hombre mujer estado presidente personas dos tres dijo ayer hoy pais senalo aseguro
afirmo informo aun asi cada mil parte vez
"""
_ENGLISH = frozenset(_ENGLISH_WORDS.split())
_SPANISH = frozenset(_SPANISH_WORDS.split())
#: One accented Spanish letter says as much as one common word.
_SPANISH_SIGNS = "áéíóúñ¿¡"


def detect(text: str, default: str = "en") -> str:
    """``'en'`` or ``'es'``: the language of ``text``; ``default`` when nothing speaks for either.

    For feeds that declare nothing, and for those that declare one language and mix both.
    """
    english, spanish = votes(text)
    if english == spanish:
        return default
    return "en" if english > spanish else "es"


def votes(text: str, words: list[str] | None = None) -> tuple[int, int]:
    """How many signs ``text`` gives for English and for Spanish; ``words`` are its folded words, if known."""
    found = set(fold(text).text.split() if words is None else words)
    signs = 0 if text.isascii() else sum(1 for sign in _SPANISH_SIGNS if sign in text)
    return len(found & _ENGLISH), len(found & _SPANISH) + signs

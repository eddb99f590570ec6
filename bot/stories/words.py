"""Words as grouping and summaries see them: folded, without accents, weighed by how rare they are."""

from __future__ import annotations

import re
import unicodedata

from bot.topics.background import background

#: Zipf frequency given to a word outside the table: a little rarer than the table's rarest (about 2.9).
#: Names and misspellings live here. wordfreq's own answer, 0, would let a typing error outweigh a name.
UNKNOWN_ZIPF = 2.0
#: At or above this, in its own language, a word carries no matter: about 150 words each (the, of, que, de).
STOP_ZIPF = 6.0


def word_set(listed: str) -> frozenset[str]:
    """The words of a list written as running text."""
    return frozenset(listed.split())


#: What the news of this subject says every day, rare as it is in the language: people in office, agencies,
#: programmes and treaties, the border, the trade. None of it tells one event from another. Folded.
_EVERYDAY = word_set(
    "mexico mexican mexicans mexicano mexicana mexicanos mexicanas sheinbaum claudia amlo obrador lopez "
    "trump biden donald joe border frontera fronteriza fronterizo fronterizas fronterizos migrant "
    "migrants migrante migrantes immigration immigrant immigrants inmigrantes migracion migratoria "
    "migratorio asylum asilo deportation deportations deportacion deportaciones deported deportados "
    "cartel cartels carteles drug drugs droga drogas narco narcotrafico fentanyl fentanilo trafficking "
    "trafico smuggling cbp ice dhs dea fbi fgr sre inm sspc sedena semar fiscalia patrol usa texas "
    "doj sinaloa cjng jalisco tariff tariffs arancel aranceles extradition extradicion ebrard harfuch "
    "homeland customs aduanas guardia merida carsi bicentenario bicentennial entendimiento mec tmec usmca "
    "tlcan nafta initiative iniciativa framework marco "
    # who holds office and speaks every day, by every part of the name
    "andres manuel presidente president presidenta mayorkas alejandro abbott greg homan noem kristi rubio "
    "rosa icela alcalde gertz manero landau barcena alicia garcia omar biden harris kamala "
    # bodies that decide or act every day
    "suprema supreme corte court scjn nacion nation nacional national justicia justice tribunal juez jueza "
    "judge judges federal federales senado senate senators senador camara house congreso congress "
    "diputados legisladores lawmakers republican republicans republicanos democrats democratas gop morena "
    "pan pri prd partido party unam cndh inai guerra ejercito army marina navy semar gn policia police "
    "inm comar treasury tesoro fgj ssp gobernacion segob secretaria secretario secretary governor "
    "gobernador gov sen rep fiscal prosecutors agents agentes autoridades authorities officials gobierno "
    "government administration administracion washington cdmx ciudad "
    # who runs for office or leads a party, a chamber, a ministry or a state and comments on everything
    "xochitl galvez maynez delgado alito moreno cortes marko anaya adan batres lenia godoy "
    "samuel calderon felipe pena nieto enrique salinas gortari zedillo fox vicente riquelme miguel manolo "
    "jimenez evelyn salgado cuitlahuac rocha moya alfaro lemus durazo campos villarreal americo sandoval "
    "cresencio ojeda trevilla taddei ine salazar ken mccarthy mcconnell mitch schumer pelosi nancy jeffries "
    "thune cruz ted cornyn paxton ken desantis ron haley nikki pence mike newsom gavin hobbs katie graham "
    "lindsey vance hegseth pete bondi pam blinken antony garland merrick austin lloyd sullivan jake leavitt "
    "karoline miller stephen musk elon obama barack clinton hillary bush bukele petro lula trudeau carney "
    # campaigns, in which everything is said
    "candidato candidata candidatos candidates candidate campaign campaigns electoral elecciones "
    "eleccion election elections voters votantes encuesta poll polls presidencial presidential precandidato "
    "precandidata oposicion opposition coalicion "
    # how a prosecutor's office writes every day
    "ministerio publico proceso control imputado imputados vinculacion vinculado delegacion carpeta "
    "investigacion probable responsabilidad posesion narcomenudeo metanfetamina cateo decomiso elementos "
    "operativo audiencia delito delitos "
)
EVERYDAY_ZIPF = 5.2

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_POSSESSIVE = re.compile(r"['’](?:s|t|re|ve|ll|d|m)$")


def fold(text: str) -> str:
    """``text`` in lower case without accents; *ñ* becomes *n*. Length may change."""
    text = text.lower()
    if text.isascii():
        return text
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def words(text: str) -> list[str]:
    """The words of ``text`` as written, English possessive and contraction endings cut off."""
    return [_POSSESSIVE.sub("", word) for word in _WORD.findall(text)]


def zipf(word: str, language: str) -> float:
    """How common a folded word is: log10 of its uses per billion words in ``language`` (``en``, ``es``).

    For any other language the commoner of both. ``UNKNOWN_ZIPF`` where the table has no such word: a
    Spanish word in an English text, say, which is then as telling there as a name.
    """
    value = background().get(word)
    english, spanish = divmod(value, 100)
    tenths = english if language == "en" else spanish if language == "es" else max(english, spanish)
    known = tenths / 10 if tenths else UNKNOWN_ZIPF
    return max(known, EVERYDAY_ZIPF) if word in _EVERYDAY else known


def everyday(word: str) -> bool:
    """Whether a folded word is said every day on this subject."""
    return word in _EVERYDAY


def idf(word: str, language: str) -> float:
    """Weight of a folded word: 8 − zipf, 0 for stop words and single letters.

    A background table beat document counts learnt on the way by five points of pair F1 on ECB+, and
    needs no warm-up; 8 is just above the commonest word's Zipf value.
    """
    common = zipf(word, language)
    return 0.0 if common >= STOP_ZIPF or len(word) < 2 else 8.0 - common

from __future__ import annotations

from importlib.resources import files

import pytest

from bot.article import (
    CONCERN_OF_TOPIC,
    CONCERNS,
    Bilingual,
    Brief,
    BriefError,
    load_brief,
    read_brief,
)
from bot.domain.match import TOPICS

OURS = files("bot.article").joinpath("brief.yaml").read_text(encoding="utf-8")


def texts(value: object) -> list[Bilingual]:
    """Every bilingual text in a value of the brief."""
    if isinstance(value, Bilingual):
        return [value]
    if isinstance(value, tuple):
        return [text for item in value for text in texts(item)]
    names = getattr(type(value), "__dataclass_fields__", {})
    return [text for name in names for text in texts(getattr(value, name))]


def broken(old: str, new: str, nth: int = 1) -> str:
    """Our brief with the nth occurrence of ``old`` replaced."""
    parts = OURS.split(old)
    assert len(parts) > nth
    return old.join(parts[:nth]) + new + old.join(parts[nth:])


def faults_of(text: str) -> list[str]:
    with pytest.raises(BriefError) as caught:
        read_brief(text)
    return str(caught.value).splitlines()


class TestOurs:
    brief: Brief = load_brief()

    def test_it_is_read_once(self) -> None:
        assert load_brief() is self.brief

    def test_the_concerns_stand_in_order_and_two_are_the_authors(self) -> None:
        assert tuple(concern.id for concern in self.brief.concerns) == CONCERNS
        assert [c.id for c in self.brief.concerns if c.authors_own] == [
            "border_security",
            "regional_security",
        ]

    def test_every_topic_belongs_to_one_concern(self) -> None:
        assert tuple(CONCERN_OF_TOPIC) == TOPICS
        assert set(CONCERN_OF_TOPIC.values()) == set(CONCERNS)
        assert sorted(topic for c in self.brief.concerns for topic in c.topics) == sorted(TOPICS)
        assert self.brief.concern("border_security").topics == ("border_security", "migration")
        assert self.brief.concern("regional_security").topics == (
            "security_cooperation",
            "regional_security",
        )

    def test_the_article_asks_one_question_in_words(self) -> None:
        asked = [q.id for c in self.brief.concerns for q in c.questions if q.asked_in_article]
        assert asked == ["non_mexican_returns"]

    @pytest.mark.parametrize("language", ["en", "es"])
    def test_what_the_article_only_supposes_stays_a_supposition(self, language: str) -> None:
        maybe = {"en": ("maybe", "may be"), "es": ("tal vez", "quizá")}[language]
        regional = self.brief.concern("regional_security")
        for text in (regional.summary, regional.says):
            assert any(word in text.in_(language).lower() for word in maybe), text

    def test_what_has_worked_is_not_called_irreplaceable(self) -> None:
        for text in texts(self.brief):
            assert "replace them" not in text.en and "no tienen sustituto" not in text.es

    def test_the_questions_of_the_authors_concerns_are_all_there(self) -> None:
        asked = [q.id for c in self.brief.concerns if c.authors_own for q in c.questions]
        assert asked == [
            "non_mexican_returns",
            "shelters",
            "traffickers",
            "aid_moved",
            "training_rule_of_law",
            "southern_border",
            "carsi_future",
            "end_use_monitoring",
        ]
        assert all(concern.questions for concern in self.brief.concerns)

    def test_a_question_speaks_of_its_own_concern(self) -> None:
        for concern in self.brief.concerns:
            for question in concern.questions:
                assert set(question.topics) & set(concern.topics), question.id

    def test_the_languages_differ_and_neither_is_much_longer(self) -> None:
        for text in texts(self.brief):
            if len(text.en) > 60:
                assert text.en != text.es
                assert 0.6 < len(text.en) / len(text.es) < 1.4, text

    def test_spanish_asks_and_quotes_as_spanish_does(self) -> None:
        for text in texts(self.brief):
            assert text.es.count("?") == text.es.count("¿")
            assert not set("“”’") & set(text.es), text.es

    def test_dates_run_from_1917_to_the_visit(self) -> None:
        dates = [event.date for event in self.brief.dates]
        assert dates == sorted(dates)
        assert (dates[0], dates[-1]) == ("1917", "2017-02-22")

    @pytest.mark.parametrize("acronym", ["DHS", "SEGOB", "SRE", "SHCP", "SEDENA", "SEMAR", "CARSI", "NAFTA"])
    def test_institutions_have_their_acronyms(self, acronym: str) -> None:
        assert acronym in {i.acronym.en for i in self.brief.institutions if i.acronym}

    def test_sections_are_found_and_an_unknown_one_is_the_first(self) -> None:
        assert self.brief.section("mx_fox").id == "mx_fox"
        assert self.brief.section(None) is self.brief.section("nowhere") is self.brief.sections[0]
        assert [e.id for e in self.brief.dates_of(self.brief.section("visit"))] == ["visit"]

    def test_a_section_as_one_text_keeps_its_paragraphs(self) -> None:
        for section in self.brief.sections:
            for language in ("en", "es"):
                assert len(section.text.in_(language).split("\n\n")) == len(section.paragraphs)

    def test_a_section_fits_a_discord_message(self) -> None:
        # Components V2 allow 4,000 characters of text in a message, titles and buttons included.
        for section in self.brief.sections:
            events = sum(len(e.text.es) + len(e.when.es) for e in self.brief.dates_of(section))
            assert max(len(section.text.en), len(section.text.es)) + events < 3000

    def test_an_unknown_concern_or_question_is_a_key_error(self) -> None:
        with pytest.raises(KeyError):
            self.brief.concern("weather")
        with pytest.raises(KeyError):
            self.brief.question("weather")
        assert self.brief.question("shelters").topics == ("migration",)

    def test_a_language_we_do_not_speak_is_english(self) -> None:
        assert Bilingual("border", "frontera").in_("fr") == "border"
        assert Bilingual("border", "frontera").in_("es") == "frontera"


class TestFaults:
    def test_a_language_left_out(self) -> None:
        text = broken(
            "          es: ¿Se recorta la ayuda a México o se desvía al muro?\n",
            "",
        )
        assert faults_of(text) == ["concerns[1].questions[0].text.es: missing"]

    def test_an_empty_text(self) -> None:
        text = broken("en: Border security\n", "en: '  '\n")
        assert faults_of(text) == ["concerns[0].name.en: empty"]

    def test_a_text_that_is_a_number(self) -> None:
        text = broken('when: {en: "1917"', "when: {en: 1917")
        assert faults_of(text) == ["dates[0].when.en: should be text (put it in quotation marks)"]

    def test_a_text_in_a_third_language(self) -> None:
        text = broken("      es: Seguridad fronteriza\n", "      es: Seguridad fronteriza\n      fr: Non\n")
        assert faults_of(text) == ["concerns[0].name.fr: unknown key"]

    def test_an_unknown_topic(self) -> None:
        text = broken("topics: [migration, border_security]", "topics: [migration, weather]")
        (fault,) = faults_of(text)
        assert fault.startswith("concerns[0].questions[0].topics[1]: “weather” is none of border_security")

    def test_no_topics(self) -> None:
        text = broken("        topics: [migration, border_security]\n", "")
        assert faults_of(text) == ["concerns[0].questions[0].topics: missing"]

    def test_an_id_used_twice(self) -> None:
        text = broken("- id: shelters", "- id: non_mexican_returns")
        assert faults_of(text) == [
            "concerns[0].questions[1].id: “non_mexican_returns” is taken by concerns[0].questions[0]"
        ]

    def test_the_same_id_in_another_family_is_no_fault(self) -> None:
        brief = load_brief()
        assert "christopher" in {p.id for p in brief.people} & {r.id for r in brief.references}

    def test_an_unknown_key(self) -> None:
        text = broken("    origin: author\n", "    origin: author\n    colour: red\n")
        assert faults_of(text) == ["concerns[0].colour: unknown key"]

    def test_a_key_given_twice(self) -> None:
        text = broken("    origin: author\n", "    origin: author\n    origin: author\n")
        (fault,) = faults_of(text)
        assert fault.startswith("brief.yaml: the key “origin” is given twice")

    def test_an_unknown_origin(self) -> None:
        text = broken("origin: author", "origin: nobody")
        assert faults_of(text) == ["concerns[0].origin: “nobody” is none of author, background"]

    def test_a_summary_too_long_for_a_menu(self) -> None:
        text = broken(
            "en: Migrants who are not Mexican, returned to border cities that cannot house them.",
            "en: " + "a" * 101,
        )
        assert faults_of(text) == ["concerns[0].summary.en: has 101 characters; at most 100 fit"]

    def test_concerns_out_of_order(self) -> None:
        text = OURS.replace("- id: trade_leverage", "- id: commerce")
        assert faults_of(text) == [f"concerns: should be {', '.join(CONCERNS)}, in this order"]

    def test_a_date_that_does_not_sort(self) -> None:
        text = broken('date: "1917"', 'date: "long ago"')
        assert faults_of(text) == ["dates[0].date: “long ago” is not YYYY, YYYY-MM or YYYY-MM-DD"]

    def test_an_event_in_no_section(self) -> None:
        text = broken("section: mx_fox", "section: mx_foxx")
        (fault,) = faults_of(text)
        assert fault.startswith("dates[9].section: “mx_foxx” is none of visit, ")

    def test_a_part_left_out_is_told_once(self) -> None:
        cut = OURS[: OURS.index("references:")]
        assert faults_of(cut) == ["references: missing"]

    def test_a_block_that_is_a_text(self) -> None:
        start, end = OURS.index("source:"), OURS.index("sections:")
        assert faults_of(f"{OURS[:start]}source: a blog\n{OURS[end:]}") == [
            "source: should be a block of keys"
        ]

    def test_an_item_that_is_a_text(self) -> None:
        assert faults_of(OURS.replace("sections:\n", "sections:\n  - words\n")) == [
            "sections[0]: should be a block of keys"
        ]

    def test_several_faults_are_told_together(self) -> None:
        text = broken("en: Border security\n", "en: ''\n").replace("section: mx_fox", "section: nowhere")
        assert len(faults_of(text)) == 2

    @pytest.mark.parametrize("text", ["", "- a\n", "words"])
    def test_no_brief_at_all(self, text: str) -> None:
        assert faults_of(text) == ["brief.yaml: should be a block of keys"]

    def test_no_yaml_at_all(self) -> None:
        (fault,) = faults_of("source: [")
        assert fault.startswith("brief.yaml: ") and "line " in fault

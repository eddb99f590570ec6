"""What sites put around a text: taken out, and what only looks like it left in."""

from __future__ import annotations

import time

import pytest

from bot.feeds.text import says_more, summary_text

NEWS = "El delantero anotó dos goles."
OTHER = "Decomisa CBP 40 kilos de fentanilo en Laredo, Texas"


@pytest.mark.parametrize(
    "promotion",
    [
        f"<p><strong>Lee también:</strong> <a href='x'>{OTHER}</a></p>",
        f"<p>LEE TAMBIÉN | {OTHER}</p>",
        f"<p>Lee también <a href='x'>{OTHER}</a></p>",
        f"<p>👉 Te puede interesar: {OTHER}</p>",
        f"<p>También te podría interesar:<br>{OTHER}</p>",
        f"<p>[Lea además: <a href='x'>{OTHER}</a>]</p>",
        f"<p>Te recomendamos: {OTHER}</p>",
        f"<p>No te pierdas: {OTHER}</p>",
        f"<h3>Notas relacionadas</h3><ul><li><a>{OTHER}</a></li><li><a>{OTHER}</a></li></ul>",
        f"<h3>Relacionados</h3><ul><li>{OTHER}</li><li>{OTHER}</li></ul>",
        f"<p><em>Related: {OTHER}</em></p>",
        f"<p>RELATED STORIES</p><p>{OTHER}</p>",
        f"<p>Read more: <a href='x'>{OTHER}</a></p>",
        f"<p>READ ALSO – {OTHER}</p>",
        f"<p>You may also like: {OTHER}</p>",
        f"<p>Más noticias: {OTHER}</p>",
        f"<p>More from Border Report: {OTHER}</p>",
        f"<p>Watch: {OTHER}</p>",
        f"<ul><li><a href='x'>{OTHER}</a></li><li><a href='y'>{OTHER}</a></li></ul>",
        f"<p><a href='x'>{OTHER}</a></p>",
        f" Lee también: {OTHER}",
        f" Related: {OTHER}",
        f"<p>Foto: Agencia Ejemplo</p><p>Lee también: {OTHER}.</p>",
        f"<p>Podría interesarte: {OTHER}</p>",
        f"<p>Te sugerimos: {OTHER}</p>",
        f"<p>Le recomendamos leer: {OTHER}</p>",
        f"<p>En otras noticias: {OTHER}</p>",
        f"<p>Más en El Sol: {OTHER}</p>",
        f"<p>Puedes leer: {OTHER}</p>",
        f"<p>¿Ya leíste? {OTHER}</p>",
        f"<p>Entérate: {OTHER}</p>",
        f"<p>MORE: {OTHER}</p>",
        f"<p>In other news: {OTHER}</p>",
        f"<p>Previously: {OTHER}</p>",
        f"<p>Recommended for you: {OTHER}</p>",
        f"<p>También: {OTHER}</p>",
        f"<p>TAMBIÉN | {OTHER}</p>",
        f"<p>Además: <a href='x'>{OTHER}</a></p>",
        f"<p>Video: {OTHER}</p>",
        f"<p>VIDEO | {OTHER}</p>",
        f"<p>En video: {OTHER}</p>",
        f"<p>Elsewhere: {OTHER}</p>",
        f"<p>Elsewhere</p><ul><li>{OTHER}</li><li>{OTHER}</li></ul>",
        f"<p>Also: {OTHER}</p>",
        f"<p>En fotos: {OTHER}</p>",
        f"<p>Ver también: {OTHER}</p>",
        f"<p>Ver también</p><p>{OTHER}</p>",
        f"<p>Te puede interesar</p><p>{OTHER}</p>",
        f" También: {OTHER}",
        f" Video: {OTHER}",
        f" Elsewhere: {OTHER}",
        f"<aside><h4>Destacados</h4><a href='x'>{OTHER}</a></aside>",
        f"<div class='related'><a href='x'>{OTHER}</a></div>",
        f" LEE TAMBIÉN | {OTHER}",
        f" Lee: {OTHER}",
        f" Nota relacionada: {OTHER}",
        f" [RELATED: {OTHER}]",
        "<p>Compartir:</p><ul><li><a>Facebook</a></li><li><a>X</a></li></ul>",
        "<p>Comparte esto:</p><ul><li><a>Haz clic para compartir en X</a></li></ul><p>Cargando...</p>",
    ],
)
def test_other_articles_are_no_part_of_this_one(promotion: str) -> None:
    assert summary_text(f"<p>{NEWS}</p>{promotion}" if "<" in promotion else NEWS + promotion) == NEWS


def test_the_text_behind_a_promotion_stays() -> None:
    for label in ("Lee también:", "Te puede interesar |", "Más información:"):
        found = summary_text(f"{NEWS} {label} {OTHER}. El técnico lo celebró.")
        assert found == f"{NEWS} El técnico lo celebró."
    for text in (
        f"Anotó dos (Lee: {OTHER}). El técnico lo celebró.",
        f"Anotó dos [Related: {OTHER}]. El técnico lo celebró.",
    ):
        assert summary_text(text) == "Anotó dos. El técnico lo celebró."
    markup = f"<p>{NEWS}</p><p><a href='x'>{OTHER}</a></p><p>El técnico lo celebró.</p>"
    assert summary_text(markup) == f"{NEWS}\nEl técnico lo celebró."
    markup = f"<p>{NEWS}</p><p>Lee también: <a href='x'>{OTHER}</a></p><p>El técnico lo celebró.</p>"
    assert summary_text(markup) == f"{NEWS}\nEl técnico lo celebró."
    markup = (
        f"<p>{NEWS}</p><h4>Te puede interesar</h4><p><a href='x'>{OTHER}</a></p><p>El técnico lo celebró.</p>"
    )
    assert summary_text(markup) == f"{NEWS}\nEl técnico lo celebró."


@pytest.mark.parametrize(
    "news",
    [
        "La entrada en vigor del acuerdo fue aplazada.",
        "La entrada de 400 migrantes apareció primero en los registros, según el INM.",
        "The post of border czar, long vacant, was filled on Friday.",
        "The post office near the port of entry first appeared on maps in 1911, he said. It closed.",
        "El artículo 33 se publicó por primera vez en 1917, dijo la SRE. Sigue vigente.",
        "La nota diplomática llegó a Washington.",
        "Related charges were filed against two agents.",
        "Read the order, the judge told them. They did not.",
        "Ver más agentes en la frontera preocupa a los alcaldes.",
        "Leer más de lo que dice el acuerdo es un error, dijo.",
        "Más de 400 migrantes cruzaron el río.",
        "También: la SEDENA envió 500 elementos a Sonora.",
        "Lee County deputies seized 40 kilos of fentanyl.",
        "More than 40 kilos were seized.",
        "Foto y video del decomiso fueron entregados a la FGR.",
        "Watch commanders said the crossing stayed open.",
        "See the agents leave was a relief, she said.",
        "Continue the fight, the general said.",
        "Continue reading the treaty, the judge told the agents.",
        "Subscribe to the treaty or face tariffs, he told Mexico.",
        "Follow US law, the judge told the agents.",
        "The report first appeared on Monday in the Senate.",
        "The article of the treaty that first appeared in 1944 is disputed.",
        "El artículo 27 fue publicado originalmente en 1917 y reformado después.",
        "La nota diplomática se publicó primero en el boletín de la cancillería.",
        "Lea, Texas: two were deported after the raid.",
        "He said more: the crossing stays shut.",
        "Leer más en casa ayuda, dijo.",
    ],
)
def test_news_that_begins_like_boilerplate_stays(news: str) -> None:
    assert summary_text(f"<p>Uno.</p><p>{news}</p>") == f"Uno.\n{news}"
    assert summary_text(f"Uno. {news}") == f"Uno. {news}"


@pytest.mark.parametrize(
    "tail",
    [
        "<p>La entrada <a>Qué sigue</a> apareció primero en <a>Diario Ejemplo</a>.</p>",
        "<p>La entrada Qué sigue se publicó primero en Diario Ejemplo.</p>",
        "<p>El post Título apareció primero en Sitio.</p>",
        "<p>El cargo <a>T</a> apareció primero en <a>Sitio</a>.</p>",
        "<p>La publicación <a>Título</a> apareció primero en <a>Sitio</a>.</p>",
        "<p>Esta nota fue publicada originalmente en <a>Sitio</a>.</p>",
        "<p>The post <a>What follows</a> appeared first on <a>Site</a>.</p>",
        "<p>The post What follows first appeared on Site.</p>",
        "<p>This article was originally published on <a>Site</a>.</p>",
        "<p><a href='x'>Leer más</a></p>",
        "<p>Leer más »</p>",
        "<p>Sigue leyendo…</p>",
        "<p>Read more →</p>",
        "<p><a>Continue reading <span>What follows</span> →</a></p>",
        "<p>Lee la nota completa</p>",
        "<p>Click here</p>",
        "<p>Esta nota fue publicada originalmente en El Sol.</p>",
        "<p>This story originally appeared in Border Daily</p>",
        "<p>Publicado primero en El Sol</p>",
        "<p>La entrada Título aparece primero en Noticias de la frontera.</p>",
        "<p>Suscríbete a nuestro boletín.</p>",
        "<p>Sign up for our newsletter</p>",
        " Sigue leyendo en El Sol",
        " Read more at Border Daily.",
        " Read the full story here.",
        " Click here to read more.",
        " Haz clic aquí para leer más.",
        " Da click aquí",
        " Más información en www.example.gob.mx/boletin",
        "… <a href='x'>Continue reading<span>What follows</span> <span>→</span></a>",
        " [&hellip;]",
        " [...]",
        " Leer más",
        " Read more...",
        " La entrada Qué sigue se publicó primero en Sitio.",
        "<p>Leer más</p><p>La entrada Qué sigue apareció primero en Sitio.</p>",
    ],
)
def test_tails_go(tail: str) -> None:
    text = "La entrada en vigor del acuerdo fue aplazada."
    found = summary_text(f"<p>{text}</p>{tail}" if "<" in tail else text + tail)
    assert found.rstrip("…") == text


@pytest.mark.parametrize(
    "nothing",
    [
        "<img src='x' alt=''/>",
        "<figure><img src='x'><figcaption>Foto: Agencia Ejemplo</figcaption></figure>",
        "<p class='wp-caption-text'>Agentes en el puente</p>",
        "<div class='image-caption'>Agentes en el puente</div>",
        "[caption id='1' width='3']<img src='x'/> Agentes en el puente[/caption]",
        "<p>Foto: Agencia Ejemplo</p>",
        "Photo by Agency",
        "<p><a href='x'>Leer más</a></p>",
        "<p>La entrada <a>T</a> apareció primero en <a>S</a>.</p>",
        f"Lee también: {OTHER}",
        "…",
    ],
)
def test_what_says_nothing_of_the_article(nothing: str) -> None:
    assert not says_more(summary_text(nothing), "Así fue el operativo")


def test_a_headline_again_says_nothing_more() -> None:
    title = "Así fue el operativo de este viernes"
    for summary in (title, "ASÍ FUE EL OPERATIVO…", "Así fue el operativo", "https://nota.example.mx/1", ""):
        assert not says_more(summary, title)
    assert says_more("Así fue el operativo de este viernes en Reynosa", title)


@pytest.mark.parametrize(
    "flood",
    ["Lee también: ", "a. Related: ", "<a>", "<a>x</a>", "<p>x</p>", ". La entrada ", "[caption", "<![CDATA[",
     "<!--[CDATA[", "<p class=caption>", "<aside>", "(Lee: ", "x (more: ", "&amp;lt;!", "(→",
     "Foto:", "Leer más "],
)  # fmt: skip
def test_floods_are_linear(flood: str) -> None:
    started = time.process_time()
    summary_text(flood * (2_000_000 // len(flood)))
    assert time.process_time() - started < 3


@pytest.mark.parametrize(
    "text",
    [
        "También: el secretario informó que las deportaciones bajaron en mayo.",
        "También: la Patrulla Fronteriza cerró el puente de Laredo por amenaza.",
        "Además: México rechazó los aranceles y pidió una reunión.",
        "Elsewhere: shelters in Tijuana reported fewer arrivals last week.",
        "Video: agents are seen pulling a family from the river, the agency said.",
        "También el gobernador pidió más agentes en la frontera",
        "Elsewhere along the border, crossings fell by half",
    ],
)
def test_a_sentence_of_the_news_behind_such_a_word_stays(text: str) -> None:
    assert summary_text(f"<p>{NEWS}</p><p>{text}</p>") == f"{NEWS}\n{text}"
    assert summary_text(f"<p>{text}</p>") == text


@pytest.mark.parametrize("label", ["Video", "También", "Elsewhere", "Además"])
def test_the_only_line_of_a_text_stays_behind_such_a_word(label: str) -> None:
    assert OTHER in summary_text(f"<p>{label}: {OTHER}</p>")


@pytest.mark.parametrize("label", ["Related", "Relacionado", "Read more", "Previously", "En otras noticias"])
def test_a_text_that_is_one_labelled_line_keeps_its_sentence_and_no_headline(label: str) -> None:
    sentence = "Two men were charged on Monday with smuggling migrants, prosecutors said."
    assert summary_text(f"<p>{label}: {sentence}</p>") == sentence
    assert summary_text(f"<p>{label}: {OTHER}</p>") == "", "another article's headline is no text of this one"
    assert summary_text(f"<p>Lee también: {OTHER}.</p>") == ""

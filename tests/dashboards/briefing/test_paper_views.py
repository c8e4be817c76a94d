"""Papers of a full month: PDF/A, one or two pages and annexes, the same bytes; and what a template may name."""

from io import BytesIO

import pikepdf
import pytest
from flask import Flask

from registry.dashboards.briefing import content, paper
from registry.dashboards.briefing.content import Content, Texts
from registry.dashboards.briefing.picture import picture_of
from registry.documents import produce, word_files
from tests.documents.conformance import conformance_failures

from .samples import bare, sample, text_of_docx, text_of_pdf

PLACES = {("metric", "agreements_signed"): "http://127.0.0.1/agreements?months=202303-202303"}


def full(language: str) -> Content:
    """With as much in parts three and four as the form takes."""
    kept = sample()
    words = content.proposed_problems(kept, language), content.proposed_steps(kept, language)
    texts = Texts(*words, "就业促进处", "省委办公厅、省政府办公厅")
    return content.content(kept, language, texts, [("k", "2023年2月“新签”由3份更正为4份。")])


@pytest.mark.usefixtures("fonts")
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_pdf(app: Flask, language: str) -> None:
    said = full(language)
    sheet = paper.sheet(said, PLACES, paper.record_of(sample(), said), picture=picture_of(said), mark="演示")
    pdf = produce.render_briefing(sheet)
    assert produce.render_briefing(sheet) == pdf
    assert conformance_failures(pdf) == []
    with pikepdf.open(BytesIO(pdf)) as opened:
        assert len(opened.pages) <= 4  # two, and two of annexes
        assert list(opened.attachments) == ["briefing.json"]
        links = [str(one.A.URI) for page in opened.pages for one in page.get("/Annots", []) if "/A" in one]
    assert PLACES[("metric", "agreements_signed")] in links
    assert "附表1" in text_of_pdf(pdf) or "Annex1." in text_of_pdf(pdf)


@pytest.mark.usefixtures("fonts")
def test_the_text_stays_on_two_pages(app: Flask) -> None:
    """The longest that people may write beside a full month."""
    said = full("zh")
    texts = Texts("\n".join(["问" * 30] * 15), "\n".join(["措" * 30] * 15), "处", "厅")
    longest = content.content(sample(), "zh", texts)
    pdf = produce.render_briefing(paper.sheet(longest, {}, b"{}"))
    with pikepdf.open(BytesIO(pdf)) as opened:
        assert len(opened.pages) <= 4
    assert said.sections


def test_the_word_file_says_the_same_as_the_content(app: Flask) -> None:
    for language in ("zh", "en"):
        said = full(language)
        house = word_files.house_template(paper.house_words(language))
        words = text_of_docx(word_files.fill(house, paper.word_values(said, sample(), mark="演示")))
        for item in said.items:
            assert all(bare(piece.text) in words for piece in item.pieces)
        for annex in said.annexes:
            assert bare(annex.title) in words


def test_every_figure_has_its_field(app: Flask) -> None:
    figures = paper.figures_in_words(sample(), "zh")
    assert (figures["agreements_signed"], figures["fulfilment"], figures["fulfilment_of"]) == ("16份", "83.3%", "5/6")
    assert figures["visits_held"] == "—"
    assert figures["positions"] == "6.24万个"

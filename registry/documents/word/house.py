"""The house's own Word template of a briefing, in the layout of GB/T 9704-2012; offices take it as a start. 默认模板.

Its fonts are named, not embedded: Word on an office's desk has them. What it says comes as `words`, so that this module
knows nothing of briefings' languages.
"""

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

BODY, TITLE, HEAD, LATIN = "仿宋_GB2312", "方正小标宋简体", "黑体", "Times New Roman"
LINE = Pt(28.99)  # 225 mm of 22 lines
INDENT = Pt(32)
MARGINS = {"top_margin": 37, "bottom_margin": 35, "left_margin": 28, "right_margin": 26}
Words = Mapping[str, Any]


def house_template(words: Words) -> bytes:
    """The template as DOCX."""
    document = Document()
    _page(document)
    _head(document, words)
    _body(document)
    _foot(document, words)
    _new_page(document)
    for table in words["tables"]:
        _annex(document, table)
    _chart(document, words)
    written = BytesIO()
    document.save(written)
    return written.getvalue()


def _page(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    for name, millimetres in MARGINS.items():
        setattr(section, name, Mm(millimetres))
    style = document.styles["Normal"]
    style.font.name, style.font.size = LATIN, Pt(16)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), BODY)
    style.paragraph_format.space_after = Pt(0)
    style.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    style.paragraph_format.line_spacing = LINE
    _page_number(section.footer.paragraphs[0])
    mark = section.header.paragraphs[0]
    mark.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(mark, "{{ mark }}", HEAD, 14, bold=True)


def _page_number(paragraph: Any) -> None:
    """— 1 —"""
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.add_run("— ").font.size = Pt(14)
    run = paragraph.add_run()
    run.font.size = Pt(14)
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        made = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            made.set(qn("w:fldCharType"), kind)
        else:
            made.text = text
        run._element.append(made)
    paragraph.add_run(" —").font.size = Pt(14)


def _paragraph(document: Any, text: str, font: str = BODY, size: float = 16, **more: Any) -> Any:
    """`lead` stands before it in bold 黑体; `align` centres or moves it; `indent` is the first line's."""
    paragraph = document.add_paragraph()
    if more.get("lead"):
        _run(paragraph, more["lead"], HEAD, size, bold=True)
    _run(paragraph, text, font, size, bold=more.get("bold", False))
    if "align" in more:
        paragraph.alignment = more["align"]
    if more.get("indent"):
        paragraph.paragraph_format.first_line_indent = INDENT
    if size < 14:
        paragraph.paragraph_format.line_spacing = Pt(size * 1.5)
    return paragraph


def _run(paragraph: Any, text: str, font: str, size: float, *, bold: bool = False) -> None:
    run = paragraph.add_run(text)
    run.font.name, run.font.size, run.bold = LATIN, Pt(size), bold
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)


def _head(document: Any, words: Words) -> None:
    centre = WD_ALIGN_PARAGRAPH.CENTER
    _paragraph(document, "{{ title }}", TITLE, words["title_size"], align=centre, bold=True)
    _paragraph(document, "{{ subtitle }}", BODY, 14, align=centre)
    _paragraph(document, "{%p if drawn_later %}")
    _paragraph(document, "{{ drawn_later }}", BODY, 12, align=centre)
    _paragraph(document, "{%p endif %}")
    _paragraph(document, "")


def _body(document: Any) -> None:
    _paragraph(document, "{%p for section in sections %}")
    _paragraph(document, "{{ section.text }}", lead="{{ section.heading }}", indent=True)
    _paragraph(document, "{%p endfor %}")
    _paragraph(document, "{%p for note in notes %}")
    _paragraph(document, "{{ note.mark }} {{ note.text }}", size=10.5)
    _paragraph(document, "{%p endfor %}")


def _foot(document: Any, words: Words) -> None:
    _paragraph(document, "", size=10.5)
    for line in words["foot"]:  # they never part
        _paragraph(document, line, align=WD_ALIGN_PARAGRAPH.LEFT, size=14).paragraph_format.keep_with_next = True
    _paragraph(document, "{{ signed_on }}", align=WD_ALIGN_PARAGRAPH.RIGHT, size=14)


def _new_page(document: Any) -> None:
    """Annexes begin on a page of their own, where there are any."""
    _paragraph(document, "{%p if annexes or chart %}")
    document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
    _paragraph(document, "{%p endif %}")


def _annex(document: Any, table: Words) -> None:
    name = table["name"]
    _paragraph(document, f"{{%p if {name} %}}")
    head = _paragraph(document, table["title"], HEAD, 14, bold=True)
    head.paragraph_format.keep_with_next = True
    columns: Sequence[tuple[str, str, int]] = table["columns"]
    made = document.add_table(rows=4, cols=len(columns))
    made.style, made.autofit = "Table Grid", False
    for column, (_heading, _field, millimetres) in zip(made.columns, columns, strict=True):
        column.width = Mm(millimetres)
        for cell in column.cells:
            cell.width = Mm(millimetres)
    for cell, (heading, _field, _width) in zip(made.rows[0].cells, columns, strict=True):
        _cell(cell, heading, bold=True)
    _repeat(made.rows[0])
    _cell(made.rows[1].cells[0], f"{{%tr for row in {name} %}}")
    for cell, (_heading, field, _width) in zip(made.rows[2].cells, columns, strict=True):
        _cell(cell, f"{{{{ row.{field} }}}}")
    _cell(made.rows[3].cells[0], "{%tr endfor %}")
    _paragraph(document, f"{{{{ {name}_more }}}}", size=10.5)
    _paragraph(document, "{%p endif %}")


def _cell(cell: Any, text: str, *, bold: bool = False) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.line_spacing = Pt(14)
    _run(paragraph, text, HEAD if bold else BODY, 10.5, bold=bold)


def _repeat(row: Any) -> None:
    """The heading row stands on every page."""
    made = OxmlElement("w:tblHeader")
    made.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(made)


def _chart(document: Any, words: Words) -> None:
    _paragraph(document, "{%p if chart %}")
    _paragraph(document, words["chart"], HEAD, 14, bold=True).paragraph_format.keep_with_next = True
    paragraph = _paragraph(document, "{{ chart }}", align=WD_ALIGN_PARAGRAPH.CENTER)
    paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    _paragraph(document, "{%p endif %}")

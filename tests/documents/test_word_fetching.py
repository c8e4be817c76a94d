"""What Word would fetch or run by itself is refused in a template, by its name. No database."""

import io
import zipfile

import pytest

from registry.core.errors import Invalid
from registry.documents import word_files
from registry.documents.produce import CannotRender

from .test_word import VALUES, template

MARK = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
BEGIN, SEPARATE, END = (MARK.format(kind) for kind in ("begin", "separate", "end"))


def instructed(*texts: str) -> str:
    """Runs of a field's instruction."""
    return "".join(f'<w:r><w:instrText xml:space="preserve">{text}</w:instrText></w:r>' for text in texts)


def field(*texts: str) -> str:
    """A field with a result."""
    return f"<w:p>{BEGIN}{instructed(*texts)}{SEPARATE}<w:r><w:t>1</w:t></w:r>{END}</w:p>"


def with_body(inner: str, relations: str = "") -> bytes:
    """A Word file with this in its body, and with further relationships."""
    source, target = zipfile.ZipFile(io.BytesIO(template("{{ title }}"))), io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name in source.namelist():
            text = source.read(name).decode("utf-8", "surrogateescape")
            if name == "word/document.xml":
                text = text.replace("<w:sectPr", f"{inner}<w:sectPr", 1)
            if name == "word/_rels/document.xml.rels":
                text = text.replace("</Relationships>", relations + "</Relationships>")
            archive.writestr(name, text.encode("utf-8", "surrogateescape"))
    return target.getvalue()


def related(kind: str, target: str, mode: str = ' TargetMode="External"') -> str:
    base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    return f'<Relationship Id="rId99" Type="{base}/{kind}" Target="{target}"{mode}/>'


NESTED = f"<w:p>{BEGIN}{BEGIN}{instructed(' QUOTE 68 68 69')}{END}{instructed(' c:/x')}{END}</w:p>"
DRAWING = '<w:p><w:r><w:pict><v:shape><v:imagedata src="//example.org/a.png"/></v:shape></w:pict></w:r></w:p>'
REACHING = {
    "dde": (with_body(field(" DDEAUTO c:\\\\windows\\\\cmd.exe '/k calc' ")), "DDEAUTO"),
    "in pieces": (with_body(field(" DD", "E ", "Excel ")), "DDE"),
    "small letters": (with_body(field("ddeauto excel")), "DDEAUTO"),
    "simple": (with_body('<w:p><w:fldSimple w:instr=" DDEAUTO x y "/></w:p>'), "DDEAUTO"),
    "nested": (with_body(NESTED), "QUOTE"),
    "without an end": (with_body(f"<w:p>{BEGIN}{instructed('LINK Excel.Sheet.8 x')}</w:p>"), "LINK"),
    "without a beginning": (with_body(f"<w:p>{instructed('DDE x')}</w:p>"), "DDE"),
    "picture": (with_body(field(' INCLUDEPICTURE "http://example.org/a.png" \\d ')), "INCLUDEPICTURE"),
    "text": (with_body(field(' INCLUDETEXT "\\\\host\\share\\a.docx" ')), "INCLUDETEXT"),
    "named by data": (with_body(field(" {{ title }} ")), "{{"),
    "macro button": (with_body(field(" MACROBUTTON Run here ")), "MACROBUTTON"),
    "link to a share": (with_body(field(' HYPERLINK "file://host/share" ')), "links to a file"),
    "drawing": (with_body(DRAWING), "links to a file"),
    "clicked": (with_body("", relations=related("hyperlink", "\\\\host\\share")), "links to a file"),
    "remote picture": (with_body("", relations=related("image", "http://example.org/a.png")), "from elsewhere"),
    "remote template": (with_body("", relations=related("attachedTemplate", "http://example.org/t")), "from elsewhere"),
    "web page": (with_body("", relations=related("aFChunk", "page.html", "")), "from elsewhere"),
}  # fmt: skip


@pytest.mark.parametrize("name", REACHING)
def test_what_word_would_fetch_or_run_is_refused_by_name(name: str) -> None:
    data, told = REACHING[name]
    with pytest.raises(Invalid) as caught:
        word_files.inspect_template(data, "模板.docx", VALUES)
    said = caught.value.fields["file"][0]
    assert told in str(getattr(said, "english", "")) + str(getattr(said, "values", "")), said


def test_what_a_condition_leaves_out_makes_no_other_field() -> None:
    """Looked at once more when it is filled: what was handed in said PAGE."""
    kept = "<w:p><w:r><w:t>{%p if mark %}</w:t></w:r></w:p>", "<w:p><w:r><w:t>{%p endif %}</w:t></w:r></w:p>"
    split = (
        f"<w:p>{BEGIN}</w:p>{kept[0]}<w:p>{instructed(' PAGE ')}</w:p>{kept[1]}<w:p>{instructed(' DDE x')}{END}</w:p>"
    )
    data = with_body(split)
    assert word_files.fill(data, VALUES | {"mark": "演示"})
    with pytest.raises(CannotRender) as caught:
        word_files.fill(data, VALUES)
    assert "DDE" in str(caught.value.message)


def test_fields_of_the_document_itself_and_links_to_pages_may_stay() -> None:
    inner = "".join(
        field(text)
        for text in (" PAGE ", " NUMPAGES \\* MERGEFORMAT ", ' DATE \\@ "yyyy" ', ' HYPERLINK "https://example.org/" ',
                     ' HYPERLINK \\l "_Toc1" ', ' TOC \\o "1-3" \\h ')
    )  # fmt: skip
    link = related("hyperlink", "https://example.org/")
    assert word_files.inspect_template(with_body(inner, relations=link), "模板.docx", VALUES).data

"""Filling Word templates: the same bytes for the same data, faults told by name, and nothing runs. No database."""

import base64
import io
import zipfile
from typing import Any

import pytest
import segno
from docx import Document

from registry.core.errors import Invalid
from registry.documents import word_files
from registry.documents.produce import CannotRender

WORDS = {
    "title_size": 22,
    "foot": ["报送：{{ report_to }}"],
    "chart": "附图",
    "tables": [{"name": "rows", "title": "附表", "columns": [["地区", "name", 78], ["协议", "number", 78]]}],
}
VALUES: dict[str, Any] = {
    "title": "甲 & 乙 <丙>",
    "subtitle": "（2023年3月）",
    "drawn_later": "",
    "mark": "",
    "annexes": "附表",
    "sections": [{"heading": "一、总体。", "text": "有效{{ x }}协议17份。"}],
    "notes": [],
    "report_to": "办公厅",
    "signed_on": "2023年3月31日",
    "rows": [{"name": "沈阳市", "number": "1份"}, {"name": "大连市", "number": "2份"}],
    "rows_more": "",
    "chart": "",
}


def template(text: str) -> bytes:
    """A Word file that says this."""
    document, target = Document(), io.BytesIO()
    document.add_paragraph(text)
    document.save(target)
    return target.getvalue()


def words(data: bytes) -> list[str]:
    document = Document(io.BytesIO(data))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return [one.text for one in document.paragraphs] + cells


def test_the_house_template_is_filled() -> None:
    said = words(word_files.fill(word_files.house_template(WORDS), VALUES))
    assert "甲 & 乙 <丙>" in said
    assert "一、总体。有效{{ x }}协议17份。" in said  # what data say is never a template
    assert said[-4:] == ["沈阳市", "1份", "大连市", "2份"]


def test_the_same_data_are_the_same_bytes() -> None:
    house = word_files.house_template(WORDS)
    assert word_files.fill(house, VALUES) == word_files.fill(house, VALUES)
    assert word_files.fill(house, VALUES) != word_files.fill(house, VALUES | {"title": "丁"})


def test_an_empty_table_is_left_out() -> None:
    assert "附表" not in words(word_files.fill(word_files.house_template(WORDS), VALUES | {"rows": [], "annexes": ""}))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{{ tittle }} {{ subtitel }}", "subtitel, tittle"),
        ("{% for row in rows %}{{ row.nmae }}{% endfor %}", "nmae"),
        ("{{ title ", "cannot be read"),
        ("{% for row in rows %}{{ row.name }}", "cannot be read"),
    ],
)
def test_a_fault_is_told_by_its_name(text: str, told: str) -> None:
    with pytest.raises(CannotRender) as caught:
        word_files.fill(template(text), VALUES)
    assert told in caught.value.message.english
    assert caught.value.is_final


PICTURE = base64.b64decode(segno.make("x").png_data_uri().partition(",")[2])
ATTACKS = [
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ title.__class__ }}",
    "{{ rows.append(1) }}",
    "{{ title.format(1) }}",
    "{{ title|attr('__class__') }}",
    "{{ rows[0]['__class__'].__init__ }}",
    "{{ self.__init__.__globals__ }}",
    "{{ lipsum.__globals__['os'].popen('id').read() }}",
    "{{ cycler.__init__.__globals__ }}",
    "{{ range(999999999)|length }}",
    "{{ 'a' * 999999999 }}",
    "{{ '%999999999d' % 1 }}",
    "{{ 9 ** 999999999 }}",
    "{{ title|replace('a', 'b') }}",
    "{{ title.center(99999999) }}",
    "{{ title|center(99999999) }}",
    "{% include '/etc/passwd' %}",
    "{% import 'os' as os %}",
    "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
    "{% for a in rows %}{{ loop.__class__ }}{% endfor %}",
    "{{ chart.tpl }}",
    "{{ joiner() }}",
    "{{ namespace(a=1) }}",
    "{{ title|map(attribute='__class__')|list }}",
]


@pytest.mark.parametrize("text", ATTACKS)
def test_an_attack_is_refused_and_runs_nothing(text: str) -> None:
    with pytest.raises(CannotRender) as caught:
        word_files.fill(template(text), VALUES)
    assert caught.value.is_final


def test_a_picture_cannot_be_taken_apart() -> None:
    """What stands for a picture is an object of the library: a template may print it, and nothing else."""
    with pytest.raises(CannotRender):
        word_files.fill(template("{{ chart.tpl.docx }}"), VALUES, {"chart": PICTURE})
    assert word_files.fill(template("{{ chart }}"), VALUES, {"chart": PICTURE})


def test_loops_multiply_once_and_no_more() -> None:
    inner = "{% for a in rows %}{% for b in rows %}{{ b.name }}"
    assert word_files.fill(template(inner + "{% endfor %}{% endfor %}"), VALUES)
    with pytest.raises(CannotRender):
        word_files.fill(template("{% for c in rows %}" + inner + "{% endfor %}" * 3), VALUES)


def bomb() -> bytes:
    """A Word file with a part that is nothing but zeros, 200 MB of them."""
    target = io.BytesIO(template("{{ title }}"))
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/zeros.xml", b"\0" * (200 * 1024 * 1024))
    return target.getvalue()


def with_macros() -> bytes:
    target = io.BytesIO(template("{{ title }}"))
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr("word/vbaProject.bin", b"\0")
    return target.getvalue()


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"no zip", "Only PDF"),
        (bomb(), "too large"),
        (with_macros(), "macros"),
        (template("{{ nobody }}"), "nobody"),
        (template("{{ title.__class__ }}"), "may not call"),
    ],
    ids=["text", "bomb", "macros", "unknown", "attack"],
)
def test_what_is_handed_in_is_looked_at(data: bytes, told: str) -> None:
    with pytest.raises(Invalid) as caught:
        word_files.inspect_template(data, "模板.docx", VALUES)
    assert told in str(getattr(caught.value.fields["file"][0], "english", ""))


def test_a_good_template_is_taken() -> None:
    found = word_files.inspect_template(template("{{ title }}"), "我的模板.docx", VALUES)
    assert found.filename == "我的模板.docx"

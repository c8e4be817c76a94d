"""Titles, headings of one and two levels, merged cells, sums and feet; and files that are dangerous or no ledger."""

import io
import zipfile

import pytest
import xlsxwriter

from registry.core.errors import Invalid
from registry.documents.workers.child import Refused
from registry.ledgers.definitions import ledger
from registry.ledgers.reading import worker
from registry.ledgers.reading.errors import RELATIONS, WORKBOOK, errors_of
from registry.ledgers.reading.grid import Cell, grid_of
from registry.ledgers.reading.headers import find_head
from registry.ledgers.reading.rows import source_rows
from registry.ledgers.reading.workbook import find_ledger, open_book
from tests.ledgers.sheets import book

AGREEMENT, STATION = ledger("agreement"), ledger("workstation")
HEAD: list[Cell] = ["序号", "协议名称", "甲方", "乙方（合作院校）", "签订日期"]


def body(*rows: list[Cell], merged: tuple[tuple[int, int, int, int], ...] = ()) -> list[tuple[int, dict[str, Cell]]]:
    grid = grid_of(
        "台账", [["鞍山市校地合作协议台账"], ["填报单位：示例", None, "填报日期：2026.11.20"], HEAD, *rows], merged
    )
    head = find_head(grid, AGREEMENT)
    assert head is not None
    return [(row.number, dict(row.cells)) for row in source_rows(grid, head)]


def test_the_body_begins_below_titles_and_leaves_out_what_says_nothing() -> None:
    found = body(
        [1.0, "甲协议", "甲局", "乙校", "2023"],
        [None, "", None, None, None],
        ["2"],
        ["", "丙协议", "丙局", "丁校", ""],
        ["合计", None, 2.0],
        ["填报人：张某 审核人："],
    )
    assert [number for number, _cells in found] == [4, 7]
    assert found[0][1] == {"seq": 1.0, "title_zh": "甲协议", "party_a": "甲局", "party_b": "乙校", "signed_on": "2023"}


def test_merged_cells_lend_downwards_and_fill_no_blank_row() -> None:
    rows: list[list[Cell]] = [
        [1.0, "甲", "甲局", "乙", ""],
        [2.0, "乙", None, "丙", ""],
        [None, None, None, None, None],
    ]
    found = body(*rows, merged=((3, 2, 5, 2),))
    assert [cells["party_a"] for _number, cells in found] == ["甲局", "甲局"]


def test_headings_of_two_levels() -> None:
    upper: list[Cell] = ["工作站名称", "依托高校", "年度宣讲场次", None, "年度专场招聘", None]
    lower: list[Cell] = [None, None, "目标", "完成", "目标", "完成"]
    grid = grid_of(
        "站",
        [upper, lower, ["甲站", "乙校", 4.0, 3.0, 2.0, 1.0]],
        ((0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 0, 3), (0, 4, 0, 5)),
    )
    head = find_head(grid, STATION)
    assert head is not None
    assert [one.field for one in head.headings] == [
        "name_zh", "host", "talks_target", "talks_done", "fairs_target", "fairs_done",
    ]  # fmt: skip
    assert [row.number for row in source_rows(grid, head)] == [3]


def test_too_few_known_headings_are_none() -> None:
    assert find_head(grid_of("x", [["序号", "姓名", "协议名称"], ["1", "甲", "乙"]]), AGREEMENT) is None


def test_the_sheet_that_is_the_ledger_is_found_and_formulas_say_what_was_computed() -> None:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as made:
        made.add_worksheet("说明").write(0, 0, "请按格式填写")
        sheet = made.add_worksheet("数据")
        sheet.write_row(0, 0, [str(one) for one in HEAD])
        sheet.write_row(1, 0, [1, "甲协议", "甲局"])
        sheet.write_formula(1, 3, '=CONCATENATE("乙","校")', None, "乙校")
    found = find_ledger(open_book(file.getvalue()), AGREEMENT)
    assert found is not None
    assert (found.grid.name, found.grid.rows[1][3]) == ("数据", "乙校")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_as_offices_write_it(encoding: str) -> None:
    data = "序号,协议名称,甲方,乙方\n1,甲协议,甲局,乙校\n".encode(encoding)
    assert open_book(data)[0].rows[1] == ("1", "甲协议", "甲局", "乙校")


def archive(name: str, data: bytes) -> bytes:
    """A workbook with one more part."""
    file = io.BytesIO(book(["甲"]))
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as made:
        made.writestr(name, data)
    return file.getvalue()


DOCTYPE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e "eee">]><x>&e;</x>'
LINK = (
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r" '
    b'Type="http://x/externalLinkPath" Target="http://127.0.0.1/x" TargetMode="External"/></Relationships>'
)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"PK\x03\x04 cut off", "sheet"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", "old_office"),
        (b"\x00\x01binary", "sheet"),
        (archive("xl/bomb.xml", b"<x>" + b" " * 70_000_000 + b"</x>"), "sheet_large"),
        (archive("xl/evil.xml", DOCTYPE), "doctype"),
        (archive("xl/vbaProject.bin", b"x"), "macros"),
        (archive("xl/externalLinks/_rels/externalLink1.xml.rels", LINK), "external"),
        (archive("../outside.xml", b"<x/>"), "sheet_names"),
    ],
)
def test_dangerous_files_are_refused(data: bytes, code: str) -> None:
    with pytest.raises(Refused) as refused:
        worker.read(data)
    assert refused.value.code == code


def stacked(ranges: list[str]) -> bytes:
    """A sheet of 40 by 5 cells with these merged cells, which no office program would let lie upon each other."""
    given, written = io.BytesIO(book(*[["甲"] * 5] * 40)), io.BytesIO()
    merged = (
        f'<mergeCells count="{len(ranges)}">{"".join(f"""<mergeCell ref="{one}"/>""" for one in ranges)}</mergeCells>'
    )
    with zipfile.ZipFile(given) as source, zipfile.ZipFile(written, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name.endswith("sheet1.xml"):
                content = content.replace(b"</sheetData>", b"</sheetData>" + merged.encode())
            target.writestr(name, content)
    return written.getvalue()


def test_merged_cells_that_lie_upon_each_other_are_refused() -> None:
    """Filling them in would take as long as their areas together, in the process that answers people."""
    with pytest.raises(Refused) as refused:
        worker.read(stacked(["A1:E40", "A1:E40"]))
    assert refused.value.code == "sheet"
    (sheet,) = worker.read(stacked(["A1:E2", "A3:XFD1048576", "H1:J9"]))
    assert sheet["merged"] == [[0, 0, 1, 4], [2, 0, 39, 4]]


def test_one_long_text_in_very_many_cells_is_refused() -> None:
    """The file keeps it once: a hundred kilobytes that would be hundreds of megabytes to whoever asked."""
    data = book(*[["甲" * worker.LONGEST_CELL] * 41] * 100)
    assert len(data) < 100_000
    with pytest.raises(Refused) as refused:
        worker.read(data)
    assert refused.value.code == "sheet_large"


def test_too_much_is_refused() -> None:
    with pytest.raises(Invalid):
        open_book(b"x" * (10 * 1024 * 1024 + 1))
    with pytest.raises(Refused) as refused:
        worker.read(b"a,b\n" + b"1,2\n" * 20_100)
    assert refused.value.code == "sheet_rows"
    with pytest.raises(Refused) as refused:
        worker.read(b"1," * 300 + b"1")
    assert refused.value.code == "sheet_columns"


def test_a_cell_whose_formula_failed_says_so() -> None:
    """Readers of values leave it blank; in a file of text it stands as it is."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as made:
        for name, text in (("说明", "好"), ("台账", "#REF!")):
            sheet = made.add_worksheet(name)
            sheet.write_row(0, 0, ["甲", "乙", "丙"])
            sheet.write_formula(1, 1, "=A9", None, text)
            sheet.write_formula(2, 27, "=NA()", None, "#N/A")
    first, second = worker.read(file.getvalue())
    assert [row[:3] for row in second["rows"]] == [["甲", "乙", "丙"], [None, "#REF!", None], [None] * 3]
    assert (first["rows"][1][1], first["rows"][2][27], second["rows"][2][27]) == ("好", "#N/A", "#N/A")
    (lines,) = worker.read("甲,乙\n#REF!,2".encode())
    assert lines["rows"][1] == ["#REF!", "2"]


CELLS = b"""<x:worksheet xmlns:x="m"><x:sheetData>
<x:row><x:c><x:v>1</x:v></x:c><x:c t='e'><x:v>#NUM!</x:v></x:c></x:row>
<x:row r="4"><x:c r="C4" t="e"><x:f>A1</x:f><x:v>#NULL!</x:v></x:c><x:c t="e"/></x:row></x:sheetData></x:worksheet>"""


def test_cells_without_addresses_follow_each_other() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as target:
        target.writestr(WORKBOOK, '<w xmlns:r="r"><sheets><sheet name="台账" r:id="a"/></sheets></w>')
        target.writestr(RELATIONS, '<w><Relationship Id="a" Target="/xl/worksheets/one.xml"/></w>')
        target.writestr("xl/worksheets/one.xml", CELLS)
    with zipfile.ZipFile(made) as archive:
        assert errors_of(archive) == {"台账": {(0, 1): "#NUM!", (3, 2): "#NULL!"}}

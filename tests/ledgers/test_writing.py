"""What a ledger's workbook looks like, without any database."""

import io
from datetime import date
from zipfile import ZipFile

import python_calamine
from lxml import etree

from registry.ledgers.definitions import ledger
from registry.ledgers.writing import write_ledger
from registry.records.signed import Signed

SHEET = "xl/worksheets/sheet1.xml"
ROWS: list[dict[str, object]] = [
    {"title_zh": "框架协议", "party_b": "<r>示例</r>大学", "term_years": 3},
    {"remark": "=1+1", "doc_no": "示〔2023〕1号"},
]


def test_lines_stand_around_every_cell_of_the_body_and_only_what_is_said_is_written() -> None:
    file, columns = io.BytesIO(), ledger("agreement").columns
    write_ledger(file, ledger("agreement"), ROWS, Signed("鞍山市", "市人社局", "甲某", date(2026, 11, 22)))
    with ZipFile(file) as archive:
        tree = etree.fromstring(archive.read(SHEET))
    (ruled,) = [one.get("sqref") for one in tree.iter("{*}conditionalFormatting")]
    cells = [str(one.get("r")) for one in tree.iter("{*}c")]
    assert (ruled, sum(one.endswith("3") for one in cells), sum(one.endswith("4") for one in cells)) == ("A3:AG4", 4, 3)
    lines = python_calamine.load_workbook(io.BytesIO(file.getvalue())).get_sheet_by_index(0).to_python()
    assert lines[1] == [column.header for column in columns]
    said = [{columns[place].field: cell for place, cell in enumerate(line) if cell != ""} for line in lines[2:4]]
    assert said == [{**ROWS[0], "seq": 1}, {**ROWS[1], "seq": 2, "remark": "'=1+1"}]
    assert str(lines[-1][0]).startswith("填报单位：市人社局")

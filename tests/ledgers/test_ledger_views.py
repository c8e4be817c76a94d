"""Pages of ledgers: from the dropped file to taking back, invalid files, wrong roles, somebody else's import, files."""

import io
from pathlib import Path

import pytest
from sqlalchemy import select

from registry.audit.models import AuditEvent
from registry.core.access.scope import without_scope
from registry.core.db import db
from registry.ledgers.models import ImportBatch
from registry.ledgers.reading.workbook import open_book
from tests.agreements.scene import Side
from tests.agreements.test_speed import SHELL, counted
from tests.conftest import Client
from tests.states import Begin

from .sheets import AGREEMENTS, book, work
from .test_import import HEAD, ONE, build

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def scene(client: Client, begin_with: Begin) -> tuple[Side, Side]:
    return begin_with(build)


def drop(client: Client, data: bytes, name: str = "台账.xlsx", code: str = "agreement") -> str:
    """The address of the import."""
    answer = client.post(f"/ledgers/{code}/import", data={"file": (io.BytesIO(data), name)})
    assert answer.status_code == 303, answer.text
    work()
    return str(answer.location)


def posted(client: Client, address: str, **data: str) -> bytes:
    with client.post(address, data=data) as answer:
        return bytes(answer.data)


def version() -> dict[str, str]:
    with without_scope():
        newest = db.session.scalars(select(ImportBatch).order_by(ImportBatch.id.desc()).limit(1)).one()
    return {"row_version": str(newest.row_version)}


def test_from_the_dropped_file_to_taking_back(scene: tuple[Side, Side], client: Client) -> None:
    client.sign_in(scene[0].handler)
    assert "校地合作协议台账" in client.get("/ledgers").text
    assert client.get("/ledgers/agreement/import").status_code == 200
    here = drop(client, AGREEMENTS.read_bytes())
    page = client.get(here).text
    assert "鞍山市与辽宁科技大学校地合作协议" in page
    assert "13900139000" not in page
    assert "登记 2 条新记录" in page
    decided = {"name-0": "鞍山师院", "choice-0": "reported"}
    assert client.post(f"{here}/names", data=version() | decided).status_code == 303
    work()
    assert client.post(f"{here}/names", data=version()).status_code == 422
    assert client.post(f"{here}/confirm", data={"row_version": "1"}).status_code == 409
    assert client.post(f"{here}/confirm", data=version()).status_code == 303
    work()
    assert "全部撤回" in client.get(here).text
    assert client.get("/agreements").text.count("鞍校地协〔2023〕1号") == 1
    assert client.post(f"{here}/undo", data=version()).status_code == 303
    assert "鞍校地协〔2023〕1号" not in client.get("/agreements").text
    assert client.post(f"{here}/undo", data=version()).status_code == 409


def test_columns_and_abandoning(scene: tuple[Side, Side], client: Client) -> None:
    client.sign_in(scene[0].handler)
    here = drop(client, book(HEAD, ONE))
    assert 'name="column-2"' in client.get(f"{here}/columns").text
    twice = version() | {"column-1": "title_zh", "column-2": "title_zh"}
    assert client.post(f"{here}/columns", data=twice).status_code == 422
    assert client.post(f"{here}/columns", data=version() | {"column-8": ""}).status_code == 303
    assert f"{here}/abandon" in client.get(here).text  # what takes too long may be given up
    work()
    assert client.post(f"{here}/again", data=version()).status_code == 303
    work()
    assert client.post(f"{here}/abandon", data=version()).status_code == 303
    assert "已放弃" in client.get(here).text


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "请选择文件"),
        (b"PK\x03\x04 no archive", "既不是"),
        (book(("名称", "地址"), ("甲", "乙")), "没有任何工作表"),
        ("甲,乙,丙\n1,2,3".encode(), "没有任何工作表"),
    ],
)
def test_files_that_are_no_ledger(scene: tuple[Side, Side], client: Client, data: bytes, told: str) -> None:
    client.sign_in(scene[0].handler)
    answer = client.post("/ledgers/agreement/import", data={"file": (io.BytesIO(data), "x.xlsx")})
    assert answer.status_code == 422
    assert told in answer.text
    assert db.session.scalars(select(ImportBatch)).all() == []


def test_others_see_nothing_of_it(scene: tuple[Side, Side], client: Client) -> None:
    bureau, school = scene
    assert client.get("/ledgers").status_code == 303
    client.sign_in(bureau.handler)
    here = drop(client, book(HEAD, ONE))
    client.sign_in(bureau.leader)
    assert client.get("/ledgers/agreement/import").status_code == 403
    assert "登记 1 条新记录" not in client.get(here).text
    assert client.post(f"{here}/confirm", data=version()).status_code == 403
    client.sign_in(school.handler)
    for address in (here, f"{here}/columns"):
        assert client.get(address).status_code == 404
    for verb in ("names", "columns", "confirm", "undo", "again", "abandon", "refused"):
        assert client.post(f"{here}/{verb}", data=version()).status_code == 404
    assert client.get("/ledgers/unknown/import").status_code == 404


def test_template_and_refused_rows_as_files(scene: tuple[Side, Side], client: Client, tmp_path: Path) -> None:
    client.sign_in(scene[0].handler)
    with client.get("/ledgers/agreement/template") as answer:
        assert answer.mimetype == XLSX
        title, head, sample = open_book(answer.data)[0].rows[:3]
    assert title[0] == "××市校地合作协议台账（截至    年  月  日）"
    assert head[:3] == ("序号", "协议编号", "协议名称")
    assert sample[2] == "示例市与示例大学校地合作框架协议"
    here = drop(client, book(HEAD, (*ONE[:6], "2023-13-01", *ONE[7:])))
    refused = open_book(posted(client, f"{here}/refused"))[0].rows
    assert refused[0][-1] == "错误原因"
    assert "2023-13-01" in str(refused[1][-1])


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_what_goes_out_comes_in_again_with_nothing_to_do(scene: tuple[Side, Side], client: Client, form: str) -> None:
    client.sign_in(scene[0].handler)
    here = drop(client, AGREEMENTS.read_bytes())
    client.post(f"{here}/confirm", data=version())
    work()
    file = posted(client, "/ledgers/agreement/export", format=form)
    counts = db.session.scalars(select(AuditEvent.changes).where(AuditEvent.action == "ledger:export")).all()
    assert [one["count"][1] for one in counts] == [2]
    if form == "xlsx":
        grid = open_book(file)[0]
        assert str(grid.rows[0][0]).startswith("鞍山市校地合作协议台账（截至")
        assert str(grid.rows[-1][0]).startswith("填报单位：鞍山市人力资源和社会保障局")
    else:
        assert file.startswith("\ufeff序号,协议编号".encode())
    assert b"13900139000" not in file
    here = drop(client, file, f"台账.{form}")
    assert "无需处理" in client.get(here).text


def test_pages_cost_the_same_however_many_rows(scene: tuple[Side, Side], client: Client) -> None:
    client.sign_in(scene[0].handler)
    strange = [(one, "", f"协议{one}", "合作协议", "鞍山市人社局", "鞍山师院", "2023", "", "") for one in range(40)]
    few, many = drop(client, book(HEAD, strange[0])), drop(client, book(HEAD, *strange))
    client.get(few)
    with counted() as statements:
        client.get(few)
    least = len(statements)
    with counted() as statements:
        client.get(many)
    assert len(statements) == least <= 8 + SHELL
    with counted() as statements:
        client.get("/ledgers")
    assert len(statements) <= 2 + SHELL

"""The overview as files: its charts and its ledger, in the reader's own scope and with the page's own filter."""

import csv
import io
from datetime import timedelta

import pytest
from lxml import etree
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from registry.accounts.models import User
from registry.audit.models import AuditEvent
from registry.core.access.roles import Role
from registry.core.dates import today
from registry.core.db import db, transaction
from registry.dashboards.charts import store
from registry.dashboards.views import taking
from tests.conftest import Client
from tests.factories import make_user
from tests.states import Begin
from tests.stories.test_load import with_stories

SPRING = "from=2023-03&to=2023-05"
TREND, EXPORT = f"/overview/charts/trend.csv?{SPRING}", f"/overview/export?{SPRING}"
ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def people(begin_with: Begin) -> dict[str, User]:
    return begin_with(with_stories)


@pytest.fixture(autouse=True)
def _shelf(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "_folder", lambda: tmp_path)


def rows_of(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))


def told(client: Client, reader: User, month: str = "23-03") -> str:
    """How many agreements were new in a month, as the file of the chart says to this reader."""
    rows = rows_of(client.sign_in(reader).get(TREND).data)
    return next(row[1] for row in rows if row[0] == month)


def test_a_chart_speaks_to_each_of_what_they_see(client: Client, people: dict[str, User]) -> None:
    assert told(client, people["liaoning.viewer"]) == "16"
    assert told(client, people["anshan.handler"]) in {"0", "1", "2"}


def test_marks_lead_to_the_lists_of_their_month(client: Client, people: dict[str, User]) -> None:
    picture = client.sign_in(people["liaoning.viewer"]).get(f"/overview/charts/trend.svg?{SPRING}")
    root = etree.fromstring(picture.data)
    links = [str(link.get("href")) for link in root.iter("{http://www.w3.org/2000/svg}a")]
    march = next(link for link in links if link.startswith("/agreements") and "202303" in link)
    assert "16 in total" in client.get(march, headers=ENGLISH).text


def test_a_file_of_another_day_is_another(
    client: Client, people: dict[str, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The day stands below the picture that is saved, and nothing else of it need change."""
    address = f"/overview/charts/trend.svg?{SPRING}&save=1"
    first = client.sign_in(people["liaoning.viewer"]).get(address)
    monkeypatch.setattr(taking, "today", lambda: today() + timedelta(days=1))
    assert client.get(address, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_nothing_but_name_form_and_filter_is_taken_from_the_address(client: Client, people: dict[str, User]) -> None:
    client.sign_in(people["liaoning.viewer"])
    wanted = f"{TREND}&spec=%7B%22mark%22%3A%22bar%22%7D&title=x"
    assert client.get(wanted).data == client.get(TREND).data
    assert client.get("/overview/charts/other.svg").status_code == 404
    assert client.get("/overview/charts/trend.exe").status_code == 404


def test_charts_and_ledger_are_for_those_who_see_the_overview(client: Client, people: dict[str, User]) -> None:
    assert client.get(TREND).status_code == 303
    assert client.post(EXPORT).status_code == 303
    with transaction():
        keeper = make_user(Role.SYSTEM_ADMIN)
    client.sign_in(keeper)
    assert client.get(TREND).status_code == 403
    assert client.post(EXPORT).status_code == 403


def test_the_ledger_has_every_figure_with_its_definition(client: Client, people: dict[str, User]) -> None:
    client.sign_in(people["liaoning.viewer"])
    with client.post(EXPORT, data={"format": "csv"}, headers=ENGLISH) as answer:
        head, *rows = rows_of(answer.data)
    lines = [dict(zip(head, row, strict=True)) for row in rows]
    signed = [line for line in lines if line["Figure"] == "Newly signed"]
    assert signed[0] | {"Value": "16", "Months covered": "2023-03 – 2023-05", "Locality": "Altogether"} == signed[0]
    assert all(line["Definition"] and line["Formula"] for line in lines)
    assert len({line["Locality"] for line in lines if line["Figure"] == "Agreements in force"}) == 16
    assert any(line["Value"] == "—" for line in lines)  # not reported is not nothing


def test_the_ledger_as_a_workbook_and_in_the_journal(client: Client, people: dict[str, User]) -> None:
    client.sign_in(people["liaoning.viewer"])
    with client.post(EXPORT, headers={"Accept-Language": "zh"}) as answer:
        rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    (title, *_), head, *rest = rows
    figures = [row for row in rest if row[1]]  # below them is the foot
    assert str(title).startswith("辽宁省总览看板")
    assert head[:5] == ["指标", "地区", "统计月份", "数值", "单位"]
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "overview:export")).one()
    assert event.changes["count"][1] == len(figures)
    assert event.changes["from"][1] == "2023-03"

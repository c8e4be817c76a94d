"""Every list of the registry goes out as XLSX and as CSV, narrowed as it is, and the audit keeps how many."""

import pytest
from sqlalchemy import select

from registry.audit.models import AuditEvent
from registry.core.db import db, transaction
from registry.ledgers.reading.workbook import open_book
from tests.agreements.scene import Scene, make_scene
from tests.conftest import Client
from tests.states import Begin

LISTS = {
    "/agreements": "/ledgers/agreement/export", "/agreements/details-missing": "/agreements/details-missing/export",
    "/events": "/events/export", "/mechanisms": "/mechanisms/export", "/workstations": "/workstations/export",
    "/docking": "/docking/export", "/visits": "/visits/export", "/activities": "/activities/export",
    "/tasks": "/tasks/export", "/commitments": "/commitments/export", "/relationships": "/relationships/export",
    "/bases": "/bases/export", "/organisations": "/directory/organisations/export",
    "/universities": "/directory/universities/export",
}  # fmt: skip


def build() -> Scene:
    with transaction():
        made = make_scene()
        made.draft()
        return made


@pytest.fixture
def scene(client: Client, begin_with: Begin) -> Scene:
    return begin_with(build)


@pytest.mark.parametrize("form", ["xlsx", "csv"])
@pytest.mark.parametrize("address", LISTS)
def test_every_list_goes_out(scene: Scene, client: Client, address: str, form: str) -> None:
    client.sign_in(scene.bureau.handler)
    assert f'action="{LISTS[address]}' in client.get(address).text
    with client.post(LISTS[address], data={"format": form}) as answer:
        assert answer.status_code == 200
        data = bytes(answer.data)
    if form == "csv":
        assert data.startswith(b"\xef\xbb\xbf")
    else:
        rows = open_book(data)[0].rows
        assert "（截至" in str(rows[0][0])
        assert str(rows[-1][0]).startswith("填报单位：鞍山市人力资源和社会保障局")
    newest = select(AuditEvent).where(AuditEvent.action.like("%export%")).order_by(AuditEvent.seq.desc()).limit(1)
    assert "count" in db.session.scalars(newest).one().changes


def test_the_register_of_numbers_with_its_gaps(scene: Scene, client: Client) -> None:
    client.sign_in(scene.bureau.handler)
    here = f"/organisations/{scene.bureau.organisation.public_id}/numbers"
    assert f'action="{here}/export' in client.get(here).text
    with client.post(f"{here}/export", data={"format": "csv"}) as answer:
        assert answer.status_code == 200
        assert answer.data.decode().startswith("\ufeff协议编号,")


def test_the_directory_is_narrowed_and_told_to_insiders_only(scene: Scene, client: Client) -> None:
    assert client.post("/directory/universities/export").status_code == 303
    client.sign_in(scene.bureau.handler)
    with client.post("/directory/universities/export?q=西北", data={"format": "csv"}) as answer:
        assert "西北工业大学" in answer.data.decode()
    with client.post("/directory/universities/export?q=东北", data={"format": "csv"}) as answer:
        assert "西北工业大学" not in answer.data.decode()
    assert client.post("/directory/contacts/export").status_code == 404

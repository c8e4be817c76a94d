"""The ledger of promises: headings, filters, confirming, files, the view from above."""

import io
from zipfile import ZipFile

import pytest
from sqlalchemy import select

from registry.audit.models import AuditEvent
from registry.commitments.enums import PeriodState
from registry.commitments.models import CommitmentPeriod
from registry.commitments.services import reporting
from registry.core.access.scope import without_scope
from registry.core.db import db, transaction
from tests.agreements.test_speed import SHELL, counted
from tests.commitments.scene import FAIRS, Promised, promised
from tests.conftest import Client
from tests.states import Begin

TITLES = (FAIRS, "组织专场招聘会", "政策与岗位宣讲", "回访", "召开联席会议")
SEEN_ONCE = ">{}</a>"


@pytest.fixture
def one(client: Client, begin_with: Begin) -> Promised:
    return begin_with(promised)


def titles(client: Client, query: str = "") -> set[str]:
    page = client.get(f"/commitments?{query}").text
    return {title for title in TITLES if SEEN_ONCE.format(title) in page}


def state_of(period: CommitmentPeriod) -> PeriodState:
    db.session.rollback()
    with without_scope():
        db.session.refresh(period)
    return period.state


def token(period: CommitmentPeriod) -> str:
    db.session.rollback()
    db.session.refresh(period)
    return f"{period.public_id}:{period.row_version}"


def test_each_side_sees_what_it_promised_and_what_it_was_promised(one: Promised, client: Client) -> None:
    joint = {"回访", "召开联席会议"}
    bureaus = {"组织专场招聘会", "政策与岗位宣讲"}
    client.sign_in(one.scene.university.handler)
    assert titles(client) == titles(client, "side=obligor&show=open") == {FAIRS} | joint
    assert titles(client, "side=beneficiary") == bureaus | joint
    client.sign_in(one.scene.bureau.handler)
    assert titles(client) == bureaus | joint
    assert titles(client, "side=beneficiary") == {FAIRS} | joint
    client.sign_in(one.stranger)
    assert titles(client, "show=all") == titles(client, "side=beneficiary&show=all") == set()


def test_headings_and_filters_narrow(one: Promised, client: Client) -> None:
    with transaction():
        late = one.late()
        reporting.report(one.period("T9"), 1, "回访记录", [], one.scene.university.handler)
    client.sign_in(one.scene.university.handler)
    assert titles(client, "show=overdue") == titles(client, "light=red") == {FAIRS}
    assert titles(client, "show=next") == titles(client, "show=disputed") == titles(client, "show=settled") == set()
    assert titles(client, "category=visits") == titles(client, "q=回访") == {"回访"}
    assert titles(client, f"year={late.due_on.year}&show=overdue") == {FAIRS}
    assert titles(client, "year=1990&show=all") == titles(client, "agreement=01ARZ3NDEKTSV4RRFFQ69G5FAV") == set()
    assert titles(client, f"agreement={one.agreement.public_id}&state=submitted") == {"回访"}
    assert titles(client, "light=no&state=no&category=no&year=no&side=no&show=no&page=no") == titles(client)
    client.sign_in(one.scene.bureau.handler)
    assert titles(client, "side=beneficiary&show=waits") == {"回访"}
    assert titles(client, "side=support") == titles(client)


def test_what_waits_is_confirmed_from_its_row(one: Promised, client: Client) -> None:
    period = one.period()
    with transaction():
        reporting.report(period, 2, "照片", [], one.scene.university.handler)
    client.sign_in(one.scene.university.handler)
    assert 'name="one"' not in client.get("/commitments?show=all").text
    client.sign_in(one.scene.bureau.handler)
    page = client.get("/commitments?side=beneficiary").text
    assert page.count('name="one"') == page.count('name="chosen"') == 1
    assert token(period) in page
    answer = client.post("/commitments/confirm?side=beneficiary", data={"one": token(period), "note": ""})
    assert (answer.status_code, answer.location) == (303, "/commitments?side=beneficiary")
    assert state_of(period) is PeriodState.MET
    page = client.get("/commitments?side=beneficiary&show=settled").text
    assert "100 %" in page
    assert 'name="chosen"' not in page


def test_several_are_confirmed_with_one_note_or_none_of_them(one: Promised, client: Client) -> None:
    fairs, visits = one.period(), one.period("T9")
    with transaction():
        reporting.report(fairs, 2, "照片", [], one.scene.university.handler)
        reporting.report(visits, 1, "回访记录", [], one.scene.university.handler)
    chosen = [token(fairs), token(visits)]
    with transaction():
        reporting.report(visits, 2, "又一次", [], one.scene.university.handler)
    client.sign_in(one.scene.bureau.handler)
    page = client.post("/commitments/confirm?side=beneficiary", data={"chosen": chosen, "note": "均已核对"})
    assert page.status_code == 409
    assert f"T9 回访（{visits.starts_on} — {visits.due_on}）" in page.text
    assert one.scene.university.handler.name in page.text
    assert "均已核对" in page.text
    assert state_of(fairs) is PeriodState.SUBMITTED
    chosen[1] = token(visits)
    assert client.post("/commitments/confirm", data={"chosen": chosen, "note": "均已核对"}).status_code == 303
    assert state_of(fairs) is state_of(visits) is PeriodState.MET
    assert {fairs.events[-1].note, visits.events[-1].note} == {"均已核对"}


def test_nothing_chosen_and_nobody_elses(one: Promised, client: Client) -> None:
    period = one.period()
    with transaction():
        reporting.report(period, 2, "照片", [], one.scene.university.handler)
    for who, status in ((one.scene.bureau.seal_keeper, 403), (one.stranger, 409), (one.scene.university.handler, 409)):
        client.sign_in(who)
        assert client.post("/commitments/confirm", data={"one": token(period)}).status_code == status
    assert client.post("/commitments/confirm", data={"chosen": ["x", "y:z"]}).status_code == 422
    assert state_of(period) is PeriodState.SUBMITTED


def test_a_province_reads_the_ledgers_below_it_and_changes_nothing(one: Promised, client: Client) -> None:
    with transaction():
        one.late("T1")
        reporting.report(one.period(), 2, "照片", [], one.scene.university.handler)
    bureau, university = one.scene.bureau.organisation, one.scene.university.organisation
    client.sign_in(one.overseer)
    page = client.get("/commitments/organisations").text
    assert bureau.name_zh in page
    assert university.name_zh not in page.partition("<main")[2]
    assert f"organisation={bureau.public_id}&amp;side=obligor&amp;show=overdue" in page
    assert titles(client, f"organisation={bureau.public_id}&show=overdue") == {"组织专场招聘会"}
    page = client.get(f"/commitments?organisation={bureau.public_id}&side=beneficiary").text
    assert SEEN_ONCE.format(FAIRS) in page
    assert 'name="one"' not in page
    assert client.get(f"/commitments/{one.commitment().public_id}").status_code == 200
    for organisation in (university.public_id, one.stranger.organisation.public_id):
        assert client.get(f"/commitments?organisation={organisation}").status_code == 404
    client.sign_in(one.stranger)
    assert client.get(f"/commitments?organisation={bureau.public_id}").status_code == 404
    for year in ("2001", "0020260", "20260", "x"):
        for path in ("/commitments", "/commitments/organisations"):
            assert client.get(f"{path}?year={year}").status_code == 200, (path, year)


def test_export(one: Promised, client: Client) -> None:
    with transaction():
        reporting.report(one.period(), 1, "照片", [], one.scene.university.handler)
    client.sign_in(one.scene.university.handler)
    with client.post("/commitments/export?state=submitted", data={"format": "csv"}) as answer:
        head, row = answer.data.decode("utf-8-sig").splitlines()
    assert head.startswith("协议编号,协议,编号,承诺事项,承诺类别")
    assert f"{FAIRS},招聘活动,责任方,{one.scene.bureau.organisation.name_zh},1," in row
    assert ",不少于,2,1,,,场,0 %,50 %,待核验," in row
    with client.post("/commitments/export", data={"format": "xlsx"}) as answer:
        assert "xl/workbook.xml" in ZipFile(io.BytesIO(answer.data)).namelist()
    client.sign_in(one.overseer)
    bureau = one.scene.bureau.organisation
    with client.post(f"/commitments/export?organisation={bureau.public_id}", data={"format": "csv"}) as answer:
        assert answer.status_code == 200
    exports = select(AuditEvent).where(AuditEvent.action == "commitment:export").order_by(AuditEvent.seq)
    events = db.session.scalars(exports).all()
    assert [event.changes["count"] for event in events[:2]] == [["", 1], ["", 9]]
    assert [event.changes.get("organisation") for event in events] == [None, None, ["", bureau.name_zh]]


def test_the_list_asks_a_fixed_number_of_questions(one: Promised, client: Client) -> None:
    client.sign_in(one.scene.university.handler)
    client.get("/commitments")
    with counted() as seen:
        assert client.get("/commitments?show=all").status_code == 200
    assert len(seen) <= 4 + SHELL, "\n".join(seen)  # calendar, rows, counts, rates
    client.sign_in(one.overseer)
    client.get("/commitments/organisations")
    with counted() as seen:
        assert client.get("/commitments/organisations").status_code == 200
    assert len(seen) <= 3 + SHELL, "\n".join(seen)  # organisations, rates, what is overdue

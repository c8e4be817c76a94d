"""The page of a promise and of each act on it: happy, invalid, too late, wrong role, somebody else's."""

import io

import pytest
from sqlalchemy import select

from registry.attachments.models import Attachment
from registry.commitments.enums import CommitmentState, Curve, PeriodState
from registry.commitments.models import Commitment, CommitmentEvidence
from registry.commitments.services import reporting, verifying
from registry.core.access.scope import without_scope
from registry.core.dates import Precision, today
from registry.core.db import db, transaction
from tests.activities.fairs import make_activity
from tests.agreements.scene import Scene, make_scene
from tests.agreements.test_speed import SHELL, counted
from tests.attachments.files import picture
from tests.commitments.scene import FAIRS, Promised, post, promised
from tests.conftest import Client
from tests.states import Begin


@pytest.fixture
def one(client: Client, begin_with: Begin) -> Promised:
    return begin_with(promised)


def page(client: Client, one: Promised) -> str:
    return client.get(f"/commitments/{one.commitment().public_id}").text


def test_the_page_says_what_was_promised_and_where(one: Promised, client: Client) -> None:
    client.sign_in(one.scene.bureau.handler)
    shown = page(client, one)
    for words in (
        FAIRS,
        "不少于",
        "2 场",
        "同日同地计1场",
        "照片",
        "招聘季",
        one.agreement.number or "-",
        "年度量化任务",
    ):
        assert words in shown, words
    assert shown.count('class="period"') == 3
    assert "promise-bar" in shown
    assert "灰灯" in shown
    for path in ("", "/describe"):
        client.sign_in(one.stranger)
        assert client.get(f"/commitments/{one.commitment().public_id}{path}").status_code == 404


def test_figure_note_evidence_and_file_are_reported_together(one: Promised, client: Client) -> None:
    with transaction():
        fair = make_activity(one.scene, held_on=today(), held_precision=Precision.DAY, title_zh="秋季专场招聘会")
        plan = make_activity(one.scene, is_held=False, held_on=today(), title_zh="计划中的招聘会")
    period = one.period()
    client.sign_in(one.scene.university.handler)
    form = client.get(f"/commitments/periods/{period.public_id}/report").text
    assert f"activity:{fair.public_id}" in form
    assert plan.public_id not in form
    data = {
        "row_version": str(period.row_version),
        "figure": "１",
        "note": "已办一场",
        "evidence": f"activity:{fair.public_id}",
        "attachments": (io.BytesIO(picture()), "签到.jpg"),
    }
    answer = client.post(f"/commitments/periods/{period.public_id}/report", data=data)
    assert answer.status_code == 303
    assert answer.location.endswith(f"{one.commitment().public_id}#period-1")
    shown = page(client, one)
    for words in ("秋季专场招聘会", "签到.jpg", "已办一场", "50 %"):
        assert words in shown, words
    assert db.session.scalars(select(Attachment.subject_kind)).all() == ["commitment"]
    assert db.session.scalars(select(CommitmentEvidence.subject_public_id)).all() == [fair.public_id]
    assert f"activity:{fair.public_id}" not in client.get(f"/commitments/periods/{period.public_id}/report").text


def test_a_record_counts_once(one: Promised, client: Client) -> None:
    with transaction():
        fair = make_activity(one.scene, held_on=today(), held_precision=Precision.DAY)
        one.late()
    client.sign_in(one.scene.university.handler)
    evidence = f"activity:{fair.public_id}"
    assert post(client, one.period(), "report", figure="1", evidence=evidence) == 303
    with transaction():
        one.move(one.period("", 2), today(), today())
    period = one.period("", 2)
    data = {"row_version": str(period.row_version), "figure": "1", "note": "同一场", "evidence": evidence}
    answer = client.post(f"/commitments/periods/{period.public_id}/report", data=data)
    assert answer.status_code == 422
    assert "已用于本承诺" in answer.text
    assert "同一场" in answer.text


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"figure": ""}, "请填写数值"),
        ({"figure": "近百", "note": "x"}, "最多四位小数"),
        ({"figure": "1.5", "note": "x"}, "整数"),
        ({"figure": "1"}, "佐证"),
        ({"figure": "1", "note": "x", "evidence": "nothing"}, "请从所列选项中选择"),
        ({"figure": "1", "evidence": "activity:01ARZ3NDEKTSV4RRFFQ69G5FAV"}, "请选择可查看的记录"),
    ],
)
def test_what_cannot_be_taken_is_told_and_kept(one: Promised, client: Client, typed: dict[str, str], told: str) -> None:
    period = one.period()
    client.sign_in(one.scene.university.handler)
    data = {"row_version": str(period.row_version)} | typed
    answer = client.post(f"/commitments/periods/{period.public_id}/report", data=data)
    assert answer.status_code == 422
    assert told in answer.text
    assert f'value="{typed["figure"]}"' in answer.text


def test_a_file_that_is_no_such_file_keeps_the_report_out(one: Promised, client: Client) -> None:
    period = one.period()
    client.sign_in(one.scene.university.handler)
    data = {
        "row_version": str(period.row_version),
        "figure": "1",
        "note": "见附件",
        "attachments": (io.BytesIO(b"MZ"), "照片.jpg"),
    }
    answer = client.post(f"/commitments/periods/{period.public_id}/report", data=data)
    assert answer.status_code == 422
    assert "照片.jpg" in answer.text
    assert one.period().state is PeriodState.SCHEDULED


def test_both_sides_play_every_act(one: Promised, client: Client) -> None:
    period = one.period()
    university, bureau = one.scene.university, one.scene.bureau

    def play(who: object, act: str, **typed: str) -> PeriodState:
        client.sign_in(who)  # type: ignore[arg-type]  # people of a side
        assert post(client, period, act, None, **typed) == 303, act
        db.session.refresh(period)
        return period.state

    assert play(university.handler, "report", figure="1", note="一场") is PeriodState.SUBMITTED
    assert play(bureau.handler, "send-back", reason="照片不清") is PeriodState.RETURNED
    assert "照片不清" in page(client, one)
    assert play(university.handler, "report", figure="1", note="补照片") is PeriodState.SUBMITTED
    assert play(bureau.section_head, "dispute", figure="0", reason="未见到场") is PeriodState.DISPUTED
    shown = page(client, one)
    assert "promise-two" in shown
    assert "未见到场" in shown
    assert play(university.handler, "say", note="附上签到表") is PeriodState.DISPUTED
    assert play(university.handler, "answer", figure="2", note="实为两场") is PeriodState.SUBMITTED
    assert play(bureau.handler, "dispute", figure="1", reason="一场") is PeriodState.DISPUTED
    assert play(bureau.handler, "settle-dispute", note="已核实两场") is PeriodState.MET
    assert play(university.leader, "reopen", reason="重复计数") is PeriodState.SCHEDULED
    assert "重新打开次数 <b>1</b>" in page(client, one)
    assert play(university.leader, "ask-waiver", reason="校区搬迁") is PeriodState.SCHEDULED
    assert play(bureau.leader, "refuse-waiver", reason="尚可补办") is PeriodState.SCHEDULED
    assert play(bureau.leader, "ask-waiver", reason="场馆停用") is PeriodState.SCHEDULED
    assert play(university.leader, "consent") is PeriodState.WAIVED
    assert "已豁免" in page(client, one)


def test_an_act_that_came_too_late_names_what_changed(one: Promised, client: Client) -> None:
    period = one.period()
    old = period.row_version
    with transaction():
        reporting.report(period, 1, "照片", [], one.scene.university.handler)
    client.sign_in(one.scene.university.section_head)
    stale = {"row_version": str(old), "figure": "2", "note": "另有一场"}
    answer = client.post(f"/commitments/periods/{period.public_id}/report", data=stale)
    assert answer.status_code == 409
    for words in (one.scene.university.handler.name, "另有一场", f'value="{one.period().row_version}"'):
        assert words in answer.text, words
    with transaction():
        verifying.dispute(period, 0, "没有", one.scene.bureau.handler)
    answer = client.post(f"/commitments/periods/{period.public_id}/report", data=stale)
    assert answer.status_code == 409
    assert one.scene.bureau.handler.name in answer.text
    assert "promise-two" in answer.text


def test_who_may_not_is_refused(one: Promised, client: Client) -> None:
    period = one.period()
    cases = [
        (one.scene.bureau.handler, "report", 403),  # the other side's promise
        (one.scene.university.seal_keeper, "report", 403),
        (one.overseer, "report", 403),
        (one.stranger, "report", 404),
        (one.scene.university.handler, "answer", 409),
        (one.scene.university.handler, "verify", 403),  # nobody verifies their own promise
        (one.scene.university.handler, "reopen", 403),
        (one.scene.university.leader, "reopen", 409),
    ]
    for who, act, status in cases:
        client.sign_in(who)
        assert client.get(f"/commitments/periods/{period.public_id}/{act}").status_code == status, act
        assert post(client, period, act, figure="1", note="x", reason="x") == status, act
    assert one.period().state is PeriodState.SCHEDULED


def test_the_owner_says_more_of_it_than_the_text(one: Promised, client: Client) -> None:
    commitment = one.commitment()
    address = f"/commitments/{commitment.public_id}/describe"
    client.sign_in(one.scene.university.handler)
    assert client.get(address).status_code == 403
    client.sign_in(one.scene.bureau.handler)
    assert 'value="seasonal" selected' in client.get(address).text
    data = {"row_version": str(commitment.row_version), "category": "fairs", "curve": "custom", "verify_rule": "all"}
    answer = client.post(address, data=data)
    assert answer.status_code == 422
    assert "十二个" in answer.text
    answer = client.post(address, data=data | {"weight-9": "2", "weight-10": "1", "evidence_kinds": "visit"})
    assert answer.status_code == 303
    db.session.expire_all()
    described = one.commitment()
    assert (described.curve, described.weights[8:10]) == (Curve.CUSTOM, [2, 1])
    assert described.evidence_kinds == ["visit"]
    answer = client.post(address, data=data | {"curve": "linear"})
    assert answer.status_code == 409
    assert one.scene.bureau.handler.name in answer.text


def with_own_text() -> tuple[Scene, object]:
    """A strategic agreement of free text, in force."""
    with transaction():
        scene = make_scene()
        return scene, scene.in_force_with_own_text()


def test_a_promise_of_free_text_is_marked_and_accepted(client: Client, begin_with: Begin) -> None:
    scene, agreement = begin_with(with_own_text)
    address = f"/agreements/{agreement.public_id}/commitments/new"  # type: ignore[attr-defined]
    client.sign_in(scene.university.handler)
    assert client.get(address).status_code == 403
    client.sign_in(scene.bureau.handler)
    assert "一、合作内容" in client.get(address).text
    typed = {
        "article": "1",
        "title_zh": "每季度互通岗位信息",
        "obligors": scene.bureau.organisation.public_id,
        "target": "4",
        "unit": "次",
        "category": "reporting",
        "recurrence": "quarterly",
    }
    answer = client.post(address, data=typed | {"obligors": "", "target": "几次"})
    assert answer.status_code == 422
    assert "每季度互通岗位信息" in answer.text
    answer = client.post(address, data=typed)
    assert answer.status_code == 303
    with without_scope():
        made = db.session.scalars(select(Commitment)).one()
    here = f"/commitments/{made.public_id}"
    assert f"{here}/accept" not in client.get(here).text
    client.sign_in(scene.university.handler)
    assert f"{here}/accept" not in client.get(here).text
    client.sign_in(scene.university.leader)
    assert f"{here}/accept" in client.get(here).text
    assert "待确认的条款承诺" in client.get("/todo").text
    assert client.post(f"{here}/decline", data={"row_version": str(made.row_version), "reason": ""}).status_code == 422
    assert client.post(f"{here}/accept", data={"row_version": str(made.row_version)}).status_code == 303
    db.session.expire_all()
    assert made.state is CommitmentState.ACTIVE
    assert "每季度互通岗位信息" in client.get(f"/agreements/{agreement.public_id}").text  # type: ignore[attr-defined]


def test_the_page_of_the_agreement_tells_of_its_promises(one: Promised, client: Client) -> None:
    with transaction():
        one.late()
        reporting.report(one.period(), 1, "照片", [], one.scene.university.handler)
    client.sign_in(one.scene.bureau.handler)
    shown = client.get(f"/agreements/{one.agreement.public_id}").text
    for words in (f"/commitments/{one.commitment().public_id}", "红灯</span> 1", "<strong>0 %</strong>", "填报50 %"):
        assert words in shown, words
    assert f"/agreements/{one.agreement.public_id}/commitments/new" in shown
    client.sign_in(one.scene.university.handler)
    assert (
        f"/agreements/{one.agreement.public_id}/commitments/new"
        not in client.get(f"/agreements/{one.agreement.public_id}").text
    )


def test_the_page_asks_a_fixed_number_of_questions(one: Promised, client: Client) -> None:
    client.sign_in(one.scene.university.handler)
    page(client, one)
    with counted() as seen:
        page(client, one)
    assert len(seen) <= 14 + SHELL, "\n".join(seen)


def test_an_english_page_has_english_units_and_an_empty_log_says_so(one: Promised, client: Client) -> None:
    client.sign_in(one.scene.bureau.handler)
    client.post("/language", data={"language": "en"})
    commitment = one.commitment()
    shown = client.get(f"/commitments/{commitment.public_id}").text
    assert "2 events" in shown
    assert "Nobody has changed it since it was made." in shown
    assert "1 time</span>" in client.get(f"/commitments/{one.commitment('M1').public_id}").text
    client.sign_in(one.scene.university.handler)
    client.post("/language", data={"language": "en"})
    period = one.period()
    assert "Figure so far (events)" in client.get(f"/commitments/periods/{period.public_id}/report").text


def test_an_english_page_says_in_english_why_the_registry_cancelled_something(one: Promised, client: Client) -> None:
    commitment = one.commitment()
    with transaction():
        one.scene.amended(one.agreement)
    client.sign_in(one.scene.bureau.handler)
    address = f"/commitments/{commitment.public_id}"
    assert "变更协议不再要求" in client.get(address).text
    client.post("/language", data={"language": "en"})
    main = client.get(address).text.partition('id="log"')[0]
    assert main.count("An amendment no longer asks for it") == 1 + 2 * 3  # its own, and of three periods
    assert "变更协议不再要求" not in main
    assert "<dd>year</dd>" in main

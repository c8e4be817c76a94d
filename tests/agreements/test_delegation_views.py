"""Pages around a delegation: the button, the record of both names, the to-do list, what the next higher reads."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from registry.accounts.inputs import AbsenceNotice, Handover
from registry.accounts.models import User
from registry.accounts.services import delegations
from registry.agreements.models import Agreement, Clearance
from registry.core.access.roles import Role
from registry.core.dates import today
from registry.core.db import db, transaction
from tests.agreements.scene import Scene, make_scene
from tests.conftest import Client
from tests.factories import make_user

LAST = timedelta(days=4)


@pytest.fixture
def scene(client: Client) -> Scene:
    with transaction():
        return make_scene()


@pytest.fixture
def agreement(scene: Scene) -> Agreement:
    with transaction():
        return scene.review()


@pytest.fixture
def viewer(scene: Scene) -> User:
    """Stands in for the bureau's section head, who is away."""
    head = scene.bureau.section_head
    with transaction():
        head.name = "演示·甲"
        found = make_user(Role.VIEWER, organisation=scene.bureau.organisation, name="演示·乙")
        given = Handover(Role.SECTION_HEAD, found.public_id, today(), today() + LAST, "出差", is_away=True)
        delegations.hand_over(head, given)
    return found


def clear(client: Client, agreement: Agreement) -> int:
    data = {"row_version": str(agreement.row_version), "opinion": "同意"}
    return client.post(f"/agreements/{agreement.public_id}/clear", data=data).status_code


def test_the_stand_in_has_the_button_and_the_page_names_both(
    client: Client, agreement: Agreement, viewer: User
) -> None:
    address = f"/agreements/{agreement.public_id}"
    page = client.sign_in(viewer).get(address).text
    assert f"{address}/clear" in page
    assert f"{address}/return" in page
    assert "您代演示·甲办理" in page
    assert clear(client, agreement) == 303
    page = client.get(address).text
    assert page.count("演示·乙 代 演示·甲") == 2  # the table of steps and the change log
    assert f"{address}/clear" not in page


def test_returning_by_the_button(client: Client, agreement: Agreement, viewer: User) -> None:
    data = {"row_version": str(agreement.row_version), "reason": "条款不全"}
    client.sign_in(viewer)
    assert client.post(f"/agreements/{agreement.public_id}/return", data=data).status_code == 303
    assert "演示·乙 代 演示·甲" in client.get(f"/agreements/{agreement.public_id}").text


def test_without_the_delegation_there_is_no_button_and_no_way(
    client: Client, scene: Scene, agreement: Agreement
) -> None:
    with transaction():
        person = make_user(Role.VIEWER, organisation=scene.bureau.organisation)
    page = client.sign_in(person).get(f"/agreements/{agreement.public_id}")
    assert "/clear" not in page.text
    assert clear(client, agreement) == 403


def test_a_stand_in_without_a_step_is_refused_by_the_service(
    client: Client, scene: Scene, agreement: Agreement, viewer: User
) -> None:
    with transaction():
        agreement.handler = scene.bureau.section_head
    page = client.sign_in(viewer).get(f"/agreements/{agreement.public_id}")
    assert "/clear" not in page.text
    assert "/return" not in page.text
    assert clear(client, agreement) == 403


def test_a_strangers_stand_in_finds_no_such_agreement(client: Client, scene: Scene, agreement: Agreement) -> None:
    with transaction():
        theirs = make_user(Role.VIEWER, organisation=scene.university.organisation)
        given = Handover(Role.SECTION_HEAD, theirs.public_id, today(), today(), "出差")
        delegations.hand_over(scene.university.section_head, given)
    client.sign_in(theirs)
    assert clear(client, agreement) == 404


def test_the_to_do_list_marks_it(client: Client, agreement: Agreement, viewer: User) -> None:
    page = client.sign_in(viewer).get("/todo").text
    assert agreement.public_id in page
    assert "代 演示·甲" in page
    assert "逾期未办" not in page


def test_the_page_tells_who_is_away_and_who_stands_in(
    client: Client, scene: Scene, agreement: Agreement, viewer: User
) -> None:
    page = client.sign_in(scene.bureau.handler).get(f"/agreements/{agreement.public_id}").text
    assert f"请假至 {today() + LAST}" in page
    assert "代理人：演示·乙" in page
    assert scene.bureau.legal_officer.name in page


def late(agreement: Agreement) -> None:
    with transaction():
        waiting = select(Clearance).where(Clearance.agreement_id == agreement.id, Clearance.position == 1)
        db.session.scalars(waiting).one().due_on = today() - timedelta(days=7)


def test_a_late_step_is_marked_and_shown_to_the_leader(client: Client, scene: Scene, agreement: Agreement) -> None:
    late(agreement)
    page = client.sign_in(scene.bureau.leader).get("/todo").text
    assert "逾期未办" in page
    assert agreement.public_id in page
    assert scene.bureau.section_head.name in page
    assert "个工作日" in page
    own = client.get(f"/agreements/{agreement.public_id}").text
    assert "个工作日" in own
    assert "/clear" not in own
    assert clear(client, agreement) == 403


def test_nobody_there_is_said(client: Client, scene: Scene, agreement: Agreement) -> None:
    with transaction():
        delegations.tell_absence(scene.bureau.section_head, AbsenceNotice(today(), today() + LAST))
    page = client.sign_in(scene.bureau.leader).get("/todo").text
    assert "无人在岗" in page
    assert f"请假至 {today() + LAST}" in page


def test_one_with_both_roles_reads_it_once(client: Client, scene: Scene, agreement: Agreement) -> None:
    late(agreement)
    with transaction():
        both = make_user(Role.LEADER, Role.SECTION_HEAD, organisation=scene.bureau.organisation)
    page = client.sign_in(both).get("/todo").text
    assert page.count(agreement.public_id) == 1
    assert "逾期未办" not in page

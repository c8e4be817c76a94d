"""Pages of absence and delegation: the happy way, bad input, wrong role, somebody else's row, signed out."""

from datetime import timedelta

import pytest

from registry.accounts.inputs import AbsenceNotice, Handover
from registry.accounts.models import User
from registry.accounts.services import delegations
from registry.accounts.standing import list_given, list_own_absences
from registry.core.access.roles import Role
from registry.core.dates import today
from registry.core.db import transaction
from registry.organisations.models import Organisation
from tests.conftest import Client
from tests.factories import make_organisation, make_user

OWN = "/account/absences"
LAST = timedelta(days=3)


@pytest.fixture
def place(client: Client) -> Organisation:
    with transaction():
        return make_organisation()


@pytest.fixture
def head(place: Organisation) -> User:
    with transaction():
        return make_user(Role.SECTION_HEAD, organisation=place, name="演示·甲")


@pytest.fixture
def viewer(place: Organisation) -> User:
    with transaction():
        return make_user(Role.VIEWER, organisation=place, name="演示·乙")


def form(receiver: User, **changes: str) -> dict[str, str]:
    plain = {
        "role": "section_head",
        "to": receiver.public_id,
        "from_on": f"{today():%Y%m%d}",
        "until_on": f"{today() + LAST:%Y年%m月%d日}",
        "reason": "出差",
    }
    return plain | changes


def delegated(head: User, viewer: User) -> str:
    with transaction():
        given = Handover(Role.SECTION_HEAD, viewer.public_id, today(), today() + LAST, "出差")
        return delegations.hand_over(head, given).public_id


def test_handing_over_by_the_form(client: Client, head: User, viewer: User) -> None:
    page = client.sign_in(head).get(f"{OWN}/hand-over")
    assert viewer.name in page.text
    assert 'value="section_head" selected' in page.text  # the only role need not be chosen
    answer = client.post(f"{OWN}/hand-over", data=form(viewer, is_away="true"))
    assert (answer.status_code, answer.location) == (303, OWN)
    (made,) = list_given(head)
    assert (made.receiver_id, made.until_on) == (viewer.id, today() + LAST)
    assert len(list_own_absences(head)) == 1
    assert "委托" in client.get(OWN).text


def test_both_see_it_each_on_their_own_page(client: Client, head: User, viewer: User) -> None:
    delegated(head, viewer)
    given = client.sign_in(head).get(OWN).text
    assert "我委托的" in given
    assert viewer.name in given
    assert "/revoke" in given
    received = client.sign_in(viewer).get(OWN).text
    assert "我代理的" in received
    assert head.name in received
    assert "/revoke" not in received


@pytest.mark.parametrize(
    ("field", "value"),
    [("role", "seal"), ("to", ""), ("from_on", "明天"), ("until_on", "20200101"), ("reason", " "), ("extra", "x")],
)
def test_bad_input_is_told_and_kept(client: Client, head: User, viewer: User, field: str, value: str) -> None:
    answer = client.sign_in(head).post(f"{OWN}/hand-over", data=form(viewer, **{field: value}))
    assert answer.status_code == 422
    assert f'id="f-{field}-wrong"' in answer.text or field == "extra"
    assert "出差" in answer.text or field == "reason"
    assert list_given(head) == []


def test_a_refusal_of_the_rules_stands_at_its_field(client: Client, head: User, viewer: User) -> None:
    delegated(head, viewer)
    answer = client.sign_in(head).post(f"{OWN}/hand-over", data=form(viewer))
    assert answer.status_code == 422
    assert "其中部分日期已委托演示·乙代理该角色" in answer.text


def test_another_role_of_the_form_is_refused(client: Client, head: User, viewer: User) -> None:
    assert client.sign_in(head).post(f"{OWN}/hand-over", data=form(viewer, role="leader")).status_code == 403


def test_revoking_by_the_button(client: Client, head: User, viewer: User) -> None:
    address = f"{OWN}/delegations/{delegated(head, viewer)}/revoke"
    assert client.sign_in(head).post(address, data={"row_version": "9"}).status_code == 409
    assert client.post(address, data={"row_version": "1"}).status_code == 303
    assert viewer.standing_in == ()
    assert "/revoke" not in client.get(OWN).text


def test_somebody_elses_rows_do_not_exist(client: Client, head: User, viewer: User) -> None:
    public_id = delegated(head, viewer)
    with transaction():
        absence = delegations.tell_absence(head, AbsenceNotice(today(), today())).public_id
    client.sign_in(viewer)
    assert client.post(f"{OWN}/delegations/{public_id}/revoke", data={"row_version": "1"}).status_code == 404
    assert client.post(f"{OWN}/{absence}/end", data={"row_version": "1"}).status_code == 404


def test_being_away_by_the_form_and_back_by_the_button(client: Client, viewer: User) -> None:
    client.sign_in(viewer)
    assert client.get(f"{OWN}/tell").status_code == 200
    data = {"from_on": str(today()), "until_on": str(today() + LAST), "reason": "病假"}
    assert client.post(f"{OWN}/tell", data=data).status_code == 303
    assert client.post(f"{OWN}/tell", data=data).status_code == 422
    (made,) = list_own_absences(viewer)
    assert f"/{made.public_id}/end" in client.get(OWN).text
    assert client.post(f"{OWN}/{made.public_id}/end", data={"row_version": "1"}).status_code == 303
    assert f"/{made.public_id}/end" not in client.get(OWN).text


def test_who_has_nothing_to_hand_over_sees_no_button(client: Client, viewer: User) -> None:
    page = client.sign_in(viewer).get(OWN)
    assert "hand-over" not in page.text
    assert f"{OWN}/organisation" not in page.text
    assert client.get(f"{OWN}/hand-over").status_code == 403
    assert OWN in client.get("/account").text


def test_alone_in_the_house(client: Client, head: User) -> None:
    assert "本单位没有其他在用账号" in client.sign_in(head).get(f"{OWN}/hand-over").text


@pytest.mark.parametrize(("role", "status"), [(Role.SECTION_HEAD, 200), (Role.LEADER, 200), (Role.LEGAL_OFFICER, 403)])
def test_who_sees_the_organisations_page(client: Client, place: Organisation, role: Role, status: int) -> None:
    with transaction():
        person = make_user(role, organisation=place)
    assert client.sign_in(person).get(f"{OWN}/organisation").status_code == status


def test_the_organisations_page_holds_its_own_people_only(client: Client, head: User, viewer: User) -> None:
    delegated(head, viewer)
    with transaction():
        delegations.tell_absence(viewer, AbsenceNotice(today(), today(), "体检"))
        other = make_user(Role.LEADER)
    page = client.sign_in(head).get(f"{OWN}/organisation").text
    assert "演示·甲" in page
    assert page.count("演示·乙") == 2
    assert "体检" not in page  # why somebody is away is not the house's business
    assert "演示·" not in client.sign_in(other).get(f"{OWN}/organisation").text


def test_administrators_and_strangers(client: Client) -> None:
    assert client.get(OWN).location.startswith("/sign-in")
    with transaction():
        auditor = make_user(Role.AUDITOR)
    client.sign_in(auditor)
    assert client.get(OWN).status_code == 403
    assert OWN not in client.get("/account").text

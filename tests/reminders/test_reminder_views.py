"""Pages of reminders: what holds where, the form, refusals, resetting; wrong roles, foreign records, signed out."""

import pytest

from registry.agreements.models import Agreement
from registry.core.access.roles import Role
from registry.core.db import transaction
from registry.reminders import delivery, queries
from registry.reminders.inputs import Place
from registry.reminders.rules import Rule, Setting
from tests.agreements.clock import Clock, install
from tests.agreements.scene import Scene, make_scene
from tests.conftest import Client
from tests.factories import make_user
from tests.states import Begin

from .test_settings import line

FORM = {
    "is_on": "true",
    "before": "45，20、7",
    "on_day": "true",
    "after": "1",
    "every": "7",
    "times": "2",
    "roles": ["leader"],
}
MADE = Setting(before=(45, 20, 7), on_day=True, after=(1,), every=7, times=2, roles=frozenset({Role.LEADER}))


def in_force() -> tuple[Scene, Agreement]:
    with transaction():
        scene = make_scene()
        return scene, scene.in_force()


@pytest.fixture
def made(client: Client, begin_with: Begin) -> tuple[Scene, Agreement]:
    return begin_with(in_force)


@pytest.fixture
def scene(made: tuple[Scene, Agreement]) -> Scene:
    return made[0]


@pytest.fixture
def agreement(made: tuple[Scene, Agreement]) -> Agreement:
    return made[1]


def test_everybody_reads_what_their_organisation_is_reminded_of(client: Client, scene: Scene) -> None:
    page = client.sign_in(scene.bureau.handler).get("/reminders").text
    assert "提前：180, 90, 60, 30, 15, 7天" in page
    assert "经办人、科室负责人" in page
    assert "/reminders/rules/expiry" not in page  # a handler changes nothing
    assert "/reminders/rules/expiry" in client.sign_in(scene.bureau.section_head).get("/reminders").text


def test_a_head_sets_a_rule_and_resets_it(client: Client, scene: Scene) -> None:
    client.sign_in(scene.bureau.section_head)
    assert "默认设置" in client.get("/reminders/rules/expiry").text
    answer = client.post("/reminders/rules/expiry", data=FORM | {"row_version": "0"})
    assert (answer.status_code, answer.location) == (303, "/reminders")
    own = Place(scene.bureau.organisation)
    assert line(own).setting == MADE
    page = client.get("/reminders").text
    assert "提前：45, 20, 7天<br>到期当天<br>到期后：1天<br>之后每隔7天，共2次" in page
    assert "单位设置" in page
    assert "恢复沿用的设置" in client.get("/reminders/rules/expiry").text
    assert client.post("/reminders/rules/expiry/reset", data={"row_version": "1"}).status_code == 303
    assert not line(own).is_own


def test_a_rule_is_switched_off(client: Client, scene: Scene) -> None:
    client.sign_in(scene.bureau.leader)
    assert client.post("/reminders/rules/silence", data={"row_version": "0"}).status_code == 303
    assert line(Place(scene.bureau.organisation), Rule.SILENCE).setting.offsets == ()
    assert "已停用" in client.get("/reminders").text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"before": "soon"}, "请填写整数天数"),
        ({"before": "0"}, "天数应在1至730之间"),
        ({"every": ""}, "请同时填写间隔天数和重复次数"),
        ({"roles": []}, "请选择提醒对象"),
        ({"roles": ["auditor"]}, "提醒对象"),
        ({"times": "20"}, "最多提醒20次"),
    ],
)
def test_what_cannot_be_is_told_beside_the_field(
    client: Client, scene: Scene, change: dict[str, object], words: str
) -> None:
    client.sign_in(scene.bureau.section_head)
    answer = client.post("/reminders/rules/expiry", data=FORM | change | {"row_version": "0"})
    assert answer.status_code == 422
    assert words in answer.text
    if "before" not in change:
        assert 'value="45，20、7"' in answer.text  # what was typed is kept


def test_whoever_was_slower_sees_both(client: Client, scene: Scene) -> None:
    client.sign_in(scene.bureau.section_head)
    client.post("/reminders/rules/expiry", data=FORM | {"row_version": "0"})
    answer = client.post("/reminders/rules/expiry", data=FORM | {"before": "3", "row_version": "0"})
    assert answer.status_code == 409
    assert 'value="3"' in answer.text
    assert 'name="row_version" value="1"' in answer.text
    assert line(Place(scene.bureau.organisation)).setting == MADE


def test_an_agreement_has_settings_of_its_own_on_its_page(client: Client, scene: Scene, agreement: Agreement) -> None:
    address = f"/agreements/{agreement.public_id}/reminders"
    client.sign_in(scene.university.section_head)
    assert address in client.get(f"/agreements/{agreement.public_id}").text
    assert client.get(f"{address}/expiry").status_code == 200
    assert client.get(f"{address}/dormancy").status_code == 404  # is not about an agreement
    assert client.post(f"{address}/expiry", data=FORM | {"row_version": "0"}).status_code == 303
    assert line(Place(scene.university.organisation, agreement)).setting == MADE
    assert "本协议设置" in client.get(address).text
    client.sign_in(scene.bureau.section_head)
    assert "本协议设置" not in client.get(address).text  # each party sets its own
    client.sign_in(scene.university.section_head)
    assert client.post(f"{address}/expiry/reset", data={"row_version": "1"}).status_code == 303


def test_an_agreements_page_tells_who_of_ones_own_was_reminded(
    client: Client, scene: Scene, agreement: Agreement, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"/agreements/{agreement.public_id}/reminders"
    assert "尚未就本协议提醒过" in client.sign_in(scene.bureau.handler).get(address).text
    clock = install(Clock(agreement.expires_on), monkeypatch)  # type: ignore[arg-type]  # it ends
    clock.pass_days(-30)
    delivery.remind(clock.today)
    rows = queries.told_of(agreement, scene.bureau.organisation.id)
    assert {row.name for row in rows if row.rule is Rule.EXPIRY} == {
        scene.bureau.handler.name,
        scene.bureau.section_head.name,
    }
    assert scene.university.section_head.name not in {row.name for row in rows}


def test_the_administrator_sets_the_whole_registry(client: Client, scene: Scene) -> None:
    with transaction():
        admin = make_user(Role.SYSTEM_ADMIN)
    client.sign_in(admin)
    assert client.get("/system/reminders").status_code == 200
    assert client.post("/system/reminders/expiry", data=FORM | {"row_version": "0"}).status_code == 303
    assert line(Place(scene.bureau.organisation)).setting == MADE
    assert "全系统设置" in client.sign_in(scene.bureau.handler).get("/reminders").text
    client.sign_in(admin)
    assert client.post("/system/reminders/expiry/reset", data={"row_version": "1"}).status_code == 303


def test_a_rule_that_does_not_look_ahead_asks_for_no_days_before(client: Client, scene: Scene) -> None:
    client.sign_in(scene.bureau.section_head)
    assert 'name="before"' not in client.get("/reminders/rules/silence").text
    assert 'name="before"' in client.get("/reminders/rules/expiry").text


@pytest.mark.parametrize("address", ["/reminders/rules/nothing", "/agreements/01ARZ3NDEKTSV4RRFFQ69G5FAV/reminders"])
def test_what_is_not_there_is_not_found(client: Client, scene: Scene, address: str) -> None:
    assert client.sign_in(scene.bureau.section_head).get(address).status_code == 404


def test_a_strangers_agreement_is_not_found(client: Client, scene: Scene, agreement: Agreement) -> None:
    with transaction():
        stranger = make_user(Role.SECTION_HEAD)
    address = f"/agreements/{agreement.public_id}/reminders"
    client.sign_in(stranger)
    assert client.get(address).status_code == 404
    assert client.get(f"{address}/expiry").status_code == 404
    assert client.post(f"{address}/expiry", data=FORM | {"row_version": "0"}).status_code == 404


def test_others_change_nothing(client: Client, scene: Scene, agreement: Agreement) -> None:
    client.sign_in(scene.bureau.handler)
    for address in (
        "/reminders/rules/expiry",
        "/system/reminders/expiry",
        f"/agreements/{agreement.public_id}/reminders/expiry",
    ):
        assert client.get(address).status_code == 403
        assert client.post(address, data=FORM | {"row_version": "0"}).status_code == 403
        assert client.post(f"{address}/reset", data={"row_version": "0"}).status_code == 403


def test_nobody_is_asked_to_sign_in(client: Client, scene: Scene) -> None:
    assert "/sign-in" in client.get("/reminders").location

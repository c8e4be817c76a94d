"""The pages of numbering: who may look, who may change, what is refused, and what the register shows."""

import pytest
from sqlalchemy import event, select

from registry.agreements import queries
from registry.agreements.models import Agreement, NumberScheme
from registry.agreements.services import lifecycle, numbering
from registry.core.access.roles import ADMINISTRATORS, Role
from registry.core.dates import today
from registry.core.db import db, transaction
from registry.organisations.models import OrganisationKind, Oversight
from tests.agreements.forms import fields_of, told_at
from tests.agreements.scene import Scene, Side, make_scene, make_side
from tests.conftest import Client
from tests.factories import make_organisation, make_user

ENGLISH = {"Accept-Language": "en"}
YEAR = today().year


@pytest.fixture
def scene(client: Client) -> Scene:
    with transaction():
        return make_scene()


@pytest.fixture
def province(scene: Scene) -> Side:
    """What stands above the bureau."""
    with transaction():
        made = make_side("辽宁省人力资源和社会保障厅", OrganisationKind.HR_DEPARTMENT)
        db.session.add(Oversight(overseer_id=made.organisation.id, organisation_id=scene.bureau.organisation.id))
    return made


def address(scene: Scene, page: str = "numbering") -> str:
    return f"/organisations/{scene.bureau.organisation.public_id}/{page}"


def rules_form(version: int = 1, **changes: str) -> dict[str, str]:
    form = {"prefix": "鞍校地协", "counting": "apart", "row_version": str(version)}
    return form | {name.replace("__", "-"): value for name, value in changes.items()}


def present(scene: Scene) -> queries.Rules:
    db.session.rollback()
    return queries.rules_of(scene.bureau.organisation)


def test_the_page_shows_the_next_number(scene: Scene, client: Client) -> None:
    page = client.sign_in(scene.bureau.section_head).get(address(scene), headers=ENGLISH).text
    assert f"鞍校地协〔{YEAR}〕1号" in page
    assert 'value="鞍校地协"' in page
    assert db.session.scalar(select(NumberScheme)) is None  # looking settles nothing


def test_words_are_saved(scene: Scene, client: Client) -> None:
    client.sign_in(scene.bureau.section_head)
    form = rules_form(prefix="鞍人协", kinds__strategic="辽省际协", counting="in_common")
    answer = client.post(address(scene), data=form)
    assert (answer.status_code, answer.location) == (303, address(scene))
    saved = present(scene)
    assert (saved.prefixes, saved.in_common) == (("鞍人协", "辽省际协"), True)
    page = client.get(address(scene), headers=ENGLISH).text
    assert f"鞍人协〔{YEAR}〕1号" in page
    assert f"辽省际协〔{YEAR}〕1号" in page
    assert fields_of(page)["kinds-strategic"] == "辽省际协"
    again = fields_of(page) | {"kinds-strategic": ""}
    del again["series"], again["start"]
    assert client.post(address(scene), data=again).status_code == 303
    assert present(scene).prefixes == ("鞍人协",)


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("prefix", "", "This field is required"),
        ("prefix", "鞍〔校〕", "1 to 20 Chinese characters, letters or digits; brackets"),
        ("prefix", "西协", "Another organisation numbers with this word"),
        ("kinds-strategic", "辽 协", "1 to 20 Chinese characters"),
        ("kinds-strategic", "西协", "Another organisation numbers with this word"),
    ],
)
def test_what_is_wrong_stands_at_its_field(scene: Scene, client: Client, field: str, value: str, message: str) -> None:
    school = scene.university
    client.sign_in(school.section_head)
    own = f"/organisations/{school.organisation.public_id}/numbering"
    assert client.post(own, data=rules_form(prefix="西协")).status_code == 303
    client.sign_in(scene.bureau.section_head)
    answer = client.post(address(scene), data=rules_form() | {field: value}, headers=ENGLISH)
    assert answer.status_code == 422
    assert told_at(answer.text, field).startswith(message)
    assert present(scene).prefix == "鞍校地协"
    assert db.session.get(NumberScheme, scene.bureau.organisation.id) is None


@pytest.mark.parametrize("extra", [{"organisation_id": "1"}, {"kinds-poem": "诗协"}, {"counting": "never"}])
def test_nothing_unknown_passes(scene: Scene, client: Client, extra: dict[str, str]) -> None:
    client.sign_in(scene.bureau.section_head)
    assert client.post(address(scene), data=rules_form() | extra).status_code == 422


@pytest.mark.parametrize(("language", "told"), [("en", "Stored now"), ("zh", "现在保存的内容")])
def test_who_saves_second_sees_both(scene: Scene, client: Client, language: str, told: str) -> None:
    client.sign_in(scene.bureau.section_head)
    assert client.post(address(scene), data=rules_form(prefix="甲协")).status_code == 303
    answer = client.post(address(scene), data=rules_form(prefix="乙协"), headers={"Accept-Language": language})
    assert answer.status_code == 409
    assert scene.bureau.section_head.name in answer.text
    assert "甲协" in answer.text
    again = fields_of(answer.text)
    assert again["prefix"] == "乙协"
    again = {name: value for name, value in again.items() if name not in ("series", "start")}
    assert client.post(address(scene), data=again).status_code == 303
    assert present(scene).prefix == "乙协"


def test_a_year_begins_higher(scene: Scene, client: Client) -> None:
    client.sign_in(scene.bureau.section_head)
    start = {"series": "鞍校地协", "start": "15", "row_version": "1"}
    assert client.post(address(scene, "numbering/start"), data=start).status_code == 303
    assert f"鞍校地协〔{YEAR}〕15号" in client.get(address(scene)).text
    with transaction():
        assert scene.negotiation().number == f"鞍校地协〔{YEAR}〕15号"
    page = client.get(address(scene), headers=ENGLISH).text
    assert "numbering/start" not in page
    start["row_version"] = str(present(scene).version)
    answer = client.post(address(scene, "numbering/start"), data=start | {"start": "30"}, headers=ENGLISH)
    assert answer.status_code == 409
    assert "has given out a number of this year" in answer.text


def test_a_common_sequence_begins_higher(scene: Scene, client: Client) -> None:
    client.sign_in(scene.bureau.section_head)
    client.post(address(scene), data=rules_form(counting="in_common"))
    version = str(present(scene).version)
    start = {"series": "*", "start": "9", "row_version": version}
    assert client.post(address(scene, "numbering/start"), data=start).status_code == 303
    assert f"鞍校地协〔{YEAR}〕9号" in client.get(address(scene)).text


@pytest.mark.parametrize(("start", "status"), [("0", 422), ("x", 422), ("", 422), ("1000000", 422)])
def test_a_beginning_that_is_refused(scene: Scene, client: Client, start: str, status: int) -> None:
    client.sign_in(scene.bureau.section_head)
    form = {"series": "鞍校地协", "start": start, "row_version": "1"}
    answer = client.post(address(scene, "numbering/start"), data=form, headers=ENGLISH)
    assert answer.status_code == status
    assert told_at(answer.text, "start")
    assert f'value="{start}"' in answer.text


def test_others_of_the_organisation_may_not_change_it(scene: Scene, client: Client) -> None:
    for role, person in scene.bureau.people.items():
        if role is not Role.SECTION_HEAD:
            client.sign_in(person)
            assert client.get(address(scene)).status_code == 403
            assert client.post(address(scene), data=rules_form()).status_code == 403
            assert client.post(address(scene, "numbering/start"), data={}).status_code == 403


def test_other_organisations(scene: Scene, client: Client, province: Side) -> None:
    """Who stands above looks at the register and changes nothing; for all others there is no such page."""
    client.sign_in(province.section_head)
    assert client.get(address(scene, "numbers")).status_code == 200
    assert client.get(address(scene)).status_code == 403
    assert client.post(address(scene), data=rules_form()).status_code == 403
    client.sign_in(scene.university.section_head)
    assert client.get(address(scene, "numbers")).status_code == 404
    assert client.get(address(scene)).status_code == 404
    assert client.post(address(scene), data=rules_form(prefix="西协")).status_code == 404
    assert client.post(address(scene, "numbering/start"), data={"series": "x", "start": "2"}).status_code == 404
    assert present(scene).version == 1


def test_who_added_an_organisation_sees_none_of_its_numbers(scene: Scene, client: Client) -> None:
    with transaction():
        added = make_organisation(needs_check=True, added_by_id=scene.bureau.organisation.id)
    client.sign_in(scene.bureau.handler)
    assert client.get(f"/organisations/{added.public_id}/numbers").status_code == 404


@pytest.mark.parametrize("asked", ["numbering", "numbers"])
def test_signed_out_and_administrators(scene: Scene, client: Client, asked: str) -> None:
    assert client.get(address(scene, asked)).status_code in (302, 303)
    with transaction():
        people = [make_user(role, organisation=scene.bureau.organisation) for role in sorted(ADMINISTRATORS)]
    for person in people:
        assert client.sign_in(person).get(address(scene, asked)).status_code == 403


def test_the_register_shows_void_numbers_and_gaps(scene: Scene, client: Client, province: Side) -> None:
    client.sign_in(scene.bureau.section_head)
    start = {"series": "鞍校地协", "start": "3", "row_version": "1"}
    client.post(address(scene, "numbering/start"), data=start)
    with transaction():
        lifecycle.void(scene.negotiation(), "不再需要", scene.bureau.leader)
        title = scene.negotiation().title_zh
    for person in (scene.bureau.handler, province.leader):
        page = client.sign_in(person).get(address(scene, "numbers"), headers=ENGLISH).text
        rows = [page.index(text) for text in ("1–2", f"鞍校地协〔{YEAR}〕3号", f"鞍校地协〔{YEAR}〕4号")]
        assert rows == sorted(rows)
        assert "given out on paper before the registry counted this year" in page
        assert "不再需要" in page
        assert "Void" in page
    assert title in page
    chinese = client.get(address(scene, "numbers"), headers={"Accept-Language": "zh"}).text
    assert "本年启用系统编号前已在线下使用" in chinese


def test_the_register_has_a_list_for_each_word(scene: Scene, client: Client) -> None:
    client.sign_in(scene.bureau.section_head)
    client.post(address(scene), data=rules_form(kinds__framework="框协"))
    with transaction():
        scene.negotiation()
    page = client.get(address(scene, "numbers")).text
    assert f"框协〔{YEAR}〕1号" in page  # the only word that has numbers
    assert client.get(address(scene, f"numbers?year={YEAR}&word=框协")).status_code == 200
    for nonsense in ("?year=99999", "?year=x", "?word=别的", "?page=900"):
        assert client.get(address(scene, f"numbers{nonsense}")).status_code == 200


def test_a_title_is_told_only_to_who_sees_the_agreement(scene: Scene, client: Client, province: Side) -> None:
    """The number stands there all the same: otherwise the register would show a gap that is none."""
    with transaction():
        agreement = scene.negotiation()
    with transaction():
        for row in list(agreement.visibility):
            if row.organisation_id == province.organisation.id:
                agreement.visibility.remove(row)
    page = client.sign_in(province.handler).get(address(scene, "numbers")).text
    assert f"鞍校地协〔{YEAR}〕1号" in page
    assert agreement.public_id not in page
    assert agreement.title_zh not in page


def test_links_stand_where_they_lead_somewhere(scene: Scene, client: Client, province: Side) -> None:
    page = f"/organisations/{scene.bureau.organisation.public_id}"
    expected = (
        (scene.bureau.section_head, True, True),
        (scene.bureau.handler, True, False),
        (province.section_head, True, False),
        (scene.university.section_head, False, False),
    )
    for person, register, rules in expected:
        text = client.sign_in(person).get(page).text
        assert (address(scene, "numbers") in text, address(scene) + '"' in text) == (register, rules)


def test_a_page_asks_the_same_at_any_length(scene: Scene, client: Client) -> None:
    """No query for each row."""
    client.sign_in(scene.bureau.section_head)
    with transaction():
        for _ in range(3):
            numbering.allocate(scene.draft())
    few = _statements(client, address(scene, "numbers"))
    with transaction():
        for _ in range(6):
            numbering.allocate(scene.draft())
    assert _statements(client, address(scene, "numbers")) == few
    assert db.session.scalar(select(Agreement.number_sequence).order_by(Agreement.id.desc())) == 9


def _statements(client: Client, page: str) -> int:
    seen: list[str] = []

    def note(*given: object) -> None:
        seen.append(str(given[2]))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        assert client.get(page).status_code == 200
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return len([one for one in seen if one.startswith("SELECT")])

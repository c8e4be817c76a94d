"""Dossier, story 9: a university reports its fairs, the bureau verifies, the lamp is closed, the rate counts it."""

import io

import pytest

from registry.commitments.enums import Part
from registry.commitments.queries import sums
from registry.commitments.rates import in_percent
from registry.core.access.roles import Role
from registry.core.dates import Precision, today
from registry.core.db import transaction
from registry.organisations.models import OrganisationKind
from tests.activities.fairs import make_activity
from tests.agreements.scene import STAFF, Scene, Side
from tests.attachments.files import picture
from tests.commitments.scene import CAMPUS, FAIRS, Promised, post, promised
from tests.conftest import Client
from tests.factories import make_organisation, make_region, make_user
from tests.states import Begin


def side(name: str, kind: OrganisationKind, code: str, place: str) -> Side:
    organisation = make_organisation(name, kind, make_region(code, place, ""))
    people: dict[Role, object] = {role: make_user(role, organisation=organisation) for role in STAFF}
    return Side(organisation, people)  # type: ignore[arg-type]  # users by role


def story() -> Promised:
    """Anshan and Shenyang have each promised and been promised; Dalian and another university as well."""
    one = promised()
    with transaction():
        shenyang = side("沈阳市人力资源和社会保障局", OrganisationKind.HR_BUREAU, "210100", "沈阳市")
        dalian = side("大连市人力资源和社会保障局", OrganisationKind.HR_BUREAU, "210200", "大连市")
        other = side("大连理工大学", OrganisationKind.UNIVERSITY, "210204", "沙河口区")
        for scene in (Scene(shenyang, one.scene.university), Scene(dalian, other)):
            draft = scene.draft_input(title_zh="校地合作框架协议", tasks=(CAMPUS,))
            scene.brought_in_force(draft, scene.university)
    return one


@pytest.fixture
def one(client: Client, begin_with: Begin) -> Promised:
    return begin_with(story)


def test_one_of_two_fairs_is_half_and_two_are_closed_and_counted(one: Promised, client: Client) -> None:
    university, bureau = one.scene.university, one.scene.bureau
    with transaction():
        fair = make_activity(one.scene, held_on=today(), held_precision=Precision.DAY, title_zh="秋季专场招聘会")
    client.sign_in(university.handler)
    for query in ("show=all", "side=beneficiary&show=all"):
        page = client.get(f"/commitments?{query}").text
        assert [name in page for name in ("鞍山市人力", "沈阳市人力", "大连")] == [True, True, False]
    period = one.period()
    data = {
        "row_version": str(period.row_version),
        "figure": "1",
        "note": "秋季专场已举办",
        "evidence": f"activity:{fair.public_id}",
        "attachments": (io.BytesIO(picture()), "现场.jpg"),
    }
    assert client.post(f"/commitments/periods/{period.public_id}/report", data=data).status_code == 303
    here = f"/commitments/{period.commitment.public_id}"
    page = client.get(here).text
    assert '填报数 <b><span class="nowrap">1 场</span></b> (50 %)' in page
    assert "现场.jpg" in page
    assert rate(university) == "—"

    assert post(client, period, "report", figure="2", note="春季专场已举办") == 303
    assert post(client, period, "request-close", note="两场均已举办") == 303
    assert post(client, period, "close") == 403  # nobody verifies their own promise
    client.sign_in(bureau.handler)
    page = client.get("/todo").text
    assert "承诺销号待核验" in page
    assert here in page
    assert post(client, period, "close", note="属实") == 303
    page = client.get(here).text
    assert "light-closed" in page
    assert "已履行" in page
    assert rate(university) == "100 %"
    assert sums.tally_of(university.organisation.id, Part.OBLIGOR, today(), today()).due == 1
    assert sums.tally_of(bureau.organisation.id, Part.BENEFICIARY, today(), today()).rate == 1
    client.sign_in(university.handler)
    page = client.get("/commitments?show=settled").text
    assert FAIRS in page
    assert '<p class="promise-figure">100 % <small>填报100 %</small></p>' in page


def rate(whose: Side) -> str:
    """What its own page says of what it promised."""
    return in_percent(sums.tally_of(whose.organisation.id, Part.OBLIGOR, today().replace(month=1, day=1), today()).rate)

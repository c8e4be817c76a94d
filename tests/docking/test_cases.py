"""Entering, changing and linking cases, who sees them, and how they are found."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest

from registry.core.access.roles import Role
from registry.core.dates import today
from registry.core.db import db, transaction
from registry.core.errors import Conflict, Forbidden, Invalid, NotFound
from registry.docking import services
from registry.docking.enums import LOST, DropReason, Stage
from registry.docking.inputs import Link, Loss
from registry.docking.queries import LISTING, Filter, Share, conditions, entries_of, outcome_of
from registry.organisations.models import (
    Contact,
    IndustrySection,
    OrganisationKind,
    OrganisationStatus,
    Oversight,
    Region,
    RegionKind,
)
from registry.records import kinds
from registry.records.kinds import Kind
from registry.records.months import Months
from registry.records.queries import history
from tests.agreements.scene import make_scene
from tests.factories import make_organisation, make_region, make_user

from .pipeline import Pipeline


def found(line: Pipeline, **wanted: object) -> set[str]:
    rows = LISTING.page(line.handler, conditions(Filter(**wanted)), 0, 25)  # type: ignore[arg-type]
    return {row.public_id for row in rows}


@contextmanager
def refused(field: str) -> Iterator[None]:
    with pytest.raises(Invalid) as error, transaction():
        yield
    assert list(error.value.fields) == [field]


def test_all_sides_and_those_above_see_a_case_and_nobody_else(line: Pipeline) -> None:
    with transaction():
        above = make_organisation("省厅", OrganisationKind.HR_DEPARTMENT)
        db.session.add(Oversight(overseer_id=above.id, organisation_id=line.bureau.id))
        overseer, stranger = make_user(Role.OVERSEER, organisation=above), make_user()
        case = line.case()
    for person in (line.handler, line.school, line.firm, overseer):
        assert LISTING.get(case.public_id, person) is case
    with pytest.raises(NotFound):
        LISTING.get(case.public_id, stranger)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.HANDLER}))
def test_only_handlers_enter(line: Pipeline, role: Role) -> None:
    with transaction():
        person = make_user(role, organisation=line.bureau)
    with pytest.raises(Forbidden), transaction():
        services.enter(line.details(), person)


def test_what_cannot_be_entered(line: Pipeline) -> None:
    bureau, firm = line.bureau.public_id, line.enterprise.public_id
    for changes, field in (
        ({"enterprise": ""}, "enterprise"),
        ({"enterprise": bureau}, "enterprise"),
        ({"enterprise": "nothing"}, "enterprise"),
        ({"university": firm}, "university"),
        ({"university": ""}, "university"),
        ({"bureau": firm}, "bureau"),
        ({"industry": "Z"}, "industry"),
        ({"region": "999999"}, "region"),
        ({"enterprise": "", "enterprise_as_reported": "某企业"}, "region"),
        ({"agreement": "nothing"}, "agreement"),
        ({"contact": "nothing"}, "contact"),
        ({"registered_on": today() + timedelta(days=1)}, "registered_on"),
    ):
        with refused(field):
            line.case(**changes)


def test_the_place_is_the_locality_of_the_enterprise(line: Pipeline) -> None:
    with transaction():
        county = Region(code="210304", name_zh="立山区", name_en="Lishan", kind=RegionKind.COUNTY, parent_code="210300")
        db.session.add(county)
        line.enterprise.region = county
        case = line.case()
    assert case.region_code == "210300"


def test_a_reported_enterprise_becomes_one_of_the_directory(line: Pipeline) -> None:
    with transaction():
        case = line.case(enterprise="", enterprise_as_reported="某企业", region="210300", uscc="91210300MA0TEXT00C")
    assert (case.title_zh, case.credit_code, case.enterprise_id) == ("某企业—测试大学", "91210300MA0TEXT00C", None)
    with transaction():
        services.edit(case, line.details(), line.handler)
    assert (case.enterprise_as_reported, case.uscc) == ("", "")
    assert case.credit_code == line.enterprise.uscc
    assert case.title_zh == "测试制造有限公司—测试大学"
    assert LISTING.get(case.public_id, line.firm) is case  # it sees the case from now on
    with pytest.raises(Forbidden), transaction():
        services.edit(case, line.details(), line.school)


def test_filters(line: Pipeline) -> None:
    with transaction():
        db.session.add(IndustrySection(code="C", name_zh="制造业", name_en="Manufacturing", divisions="13-43"))
        make_region("210100", "沈阳市", "Shenyang")
        other = make_organisation("另一大学", OrganisationKind.UNIVERSITY)
        first = line.at(Stage.SIGNED, industry="C")
        second = line.case(university=other.public_id, region="210100", registered_on=today())
        services.lose(first, Loss(DropReason.OTHER, "企业搬迁"), line.handler)
        third = line.case()
    assert found(line) == {first.public_id, second.public_id, third.public_id}
    assert found(line, state="lost") == {first.public_id}
    assert found(line, state="registered") == {second.public_id, third.public_id}
    assert found(line, reached=Stage.SIGNED) == {first.public_id}
    assert found(line, is_stuck=True) == {third.public_id}
    assert found(line, university=other.public_id) == {second.public_id}
    assert found(line, region="210100") == {second.public_id}
    assert found(line, industry="C") == {first.public_id}
    assert found(line, text="另一大学") == {second.public_id}
    assert found(line, agreement="nothing") == set()
    counts = LISTING.count_by_state(line.handler, (*Stage, LOST), 9)
    assert counts == {"registered": 2, "lost": 1}
    stages = entries_of([first.id, second.id])
    assert (len(stages[first.id]), list(stages[second.id])) == (8, [Stage.REGISTERED])


def test_what_reached_a_stage_in_these_months(line: Pipeline) -> None:
    with transaction():
        make_region("210381", "海城市", "Haicheng").parent_code = "210300"
        db.session.get_one(Region, "210381").is_reporting_locality = False
        first = line.at(Stage.ONBOARDED, registered_on=date(2026, 3, 31))
        second = line.at(Stage.SIGNED, registered_on=date(2026, 4, 1), region="210381")
    spring = Months(202604, 202604)
    assert found(line, months=spring) == {second.public_id}
    assert found(line, months=Months(0, 202603)) == found(line, months=Months(202603, 202603)) == {first.public_id}
    assert found(line, reached=Stage.SIGNED, months=spring) == {first.public_id, second.public_id}
    assert found(line, reached=Stage.SIGNED, months=Months(202605)) == set()
    assert found(line, share=Share.ONBOARDED) == found(line, share=Share.ONBOARDED, months=spring) == {first.public_id}
    assert found(line, share=Share.RETAINED_6M) == set()
    assert found(line, region="210300") == {first.public_id, second.public_id}  # a county counts for its city
    assert found(line, region="210381") == {second.public_id}


@pytest.fixture
def workstation(line: Pipeline, monkeypatch: pytest.MonkeyPatch) -> object:
    """Some record of another package, which the bureau sees."""

    class Workstation:
        title_zh, title_en, audit_label, public_id = "人才工作站", "", "人才工作站", "W" * 26

    def find(public_id: str, actor: object) -> Workstation:
        if public_id != Workstation.public_id or actor is not line.handler:
            raise NotFound
        return Workstation()

    kind = Kind("workstation", kinds.kind_of("docking_case").label, "docking.show", find)
    monkeypatch.setitem(kinds._kinds, "workstation", kind)
    return Workstation


def test_linking_with_a_record_of_another_package(line: Pipeline, workstation: object) -> None:
    given = Link("workstation", "W" * 26)
    with transaction():
        case = line.case()
        services.link(case, given, line.handler)
    assert found(line, kind="workstation", record="W" * 26) == {case.public_id}
    assert outcome_of("workstation", "W" * 26, line.handler).cases == 1
    with pytest.raises(Conflict), transaction():
        services.link(case, given, line.handler)  # once
    for absent in (Link("workstation", "X" * 26), Link("unheard_of", "W" * 26), Link("docking_case", case.public_id)):
        with pytest.raises(NotFound), transaction():
            services.link(case, absent, line.handler)
    with pytest.raises(Forbidden), transaction():
        services.link(case, given, line.school)
    with transaction():
        services.unlink(case, given, line.handler)
    assert case.links == []
    with pytest.raises(NotFound), transaction():
        services.unlink(case, given, line.handler)


def test_an_enterprise_enters_no_need_under_another_name(line: Pipeline) -> None:
    """By a name as reported it would be no side of the case, and could verify its own need."""
    reported = {
        "enterprise": "",
        "enterprise_as_reported": line.enterprise.name_zh,
        "region": line.enterprise.region_code,
    }
    with refused("enterprise"):
        services.enter(line.details(**reported), line.firm)
    with transaction():
        case = services.enter(line.details(), line.firm)
    with refused("enterprise"):
        services.edit(case, line.details(**reported), line.firm)


def test_the_log_names_what_not_everybody_sees_by_its_id(line: Pipeline, workstation: object) -> None:
    with transaction():
        scene = make_scene()
        draft = scene.draft()
        contact = Contact(organisation=line.bureau, recorded_by_id=line.bureau.id, name="测试甲")
        db.session.add(contact)
        case = services.enter(line.details(university=scene.university.organisation.public_id), scene.bureau.handler)
    changed = line.details(
        university=scene.university.organisation.public_id, agreement=draft.public_id, contact=contact.public_id
    )
    with transaction():
        services.edit(case, changed, scene.bureau.handler)
    assert history(case)[0].changes == {
        "agreement": [None, draft.public_id],
        "contact": [None, contact.public_id],
    }
    with transaction():
        other = line.case()
        services.link(other, Link("workstation", "W" * 26), line.handler)
    assert history(other)[0].changes == {"linked": [None, "workstation " + "W" * 26]}


def test_sides_that_were_dissolved_since_stay(line: Pipeline) -> None:
    with transaction():
        case = line.case()
        line.enterprise.status = line.university.status = OrganisationStatus.CLOSED
    with transaction():
        services.edit(case, line.details(remark="企业已注销"), line.handler)
    assert (case.enterprise, case.university, case.remark) == (line.enterprise, line.university, "企业已注销")
    with refused("enterprise"):
        line.case()

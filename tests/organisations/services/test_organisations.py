"""Adding, editing and renaming."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from registry.audit.models import AuditEvent
from registry.core.access.roles import Role
from registry.core.dates import today
from registry.core.db import db, transaction
from registry.core.errors import Forbidden, Invalid, Stale
from registry.organisations.inputs import NewOrganisation, OrganisationDetails, Renaming
from registry.organisations.models import Organisation, OrganisationKind, Tie
from registry.organisations.services import organisations as services
from tests.factories import make_user
from tests.organisations.conftest import World

USCC = "91110000600037341L"


def details(**values: Any) -> OrganisationDetails:
    plain = OrganisationDetails(
        kind=OrganisationKind.ENTERPRISE,
        name_en="",
        short_zh="",
        short_en="",
        uscc=None,
        moe_code=None,
        region_code="210300",
        superior="",
        superior_tie=None,
        address="",
        authority="",
        note="",
    )
    return replace(plain, **values)


def new(name: str = "鞍山示例机械有限公司", **values: Any) -> NewOrganisation:
    is_distinct = values.pop("is_distinct", False)
    return NewOrganisation(name, details(**values), is_distinct)


def as_recorded(organisation: Organisation, **values: Any) -> OrganisationDetails:
    present = {name: getattr(organisation, name) for name in services.PLAIN_FIELDS}
    superior = organisation.superior.public_id if organisation.superior else ""
    placed = {"region_code": organisation.region_code, "superior": superior, "superior_tie": organisation.superior_tie}
    return replace(details(**present, **placed), **values)


def last_event() -> AuditEvent:
    return db.session.scalars(select(AuditEvent).order_by(AuditEvent.seq.desc()).limit(1)).one()


def problems(error: pytest.ExceptionInfo[Invalid]) -> dict[str, str]:
    return {name: str(messages[0]) for name, messages in error.value.fields.items()}


class TestAdding:
    def test_it_is_recorded_found_and_overseen(self, world: World) -> None:
        with transaction():
            made = services.add(world.province_handler, new(uscc=USCC, name_en="Example Machines"))
        assert not made.needs_check
        assert made.initials == "assljxyxgs"
        assert made.is_overseen_by(world.province.id)
        assert last_event().changes["uscc"] == [None, USCC]
        assert last_event().actor_name == "省某"

    def test_what_the_adder_does_not_oversee_waits_to_be_checked(self, world: World) -> None:
        with transaction():
            outside = services.add(
                world.handler, new("示例西安研究所", region_code="610100", kind=OrganisationKind.OTHER)
            )
            inside = services.add(world.handler, new())
        assert outside.needs_check
        assert inside.needs_check
        assert outside.added_by_id == world.anshan.id

    def test_below_the_own_organisation(self, world: World) -> None:
        with transaction():
            made = services.add(world.handler, new(superior=world.anshan.public_id))
        assert made.superior_id == world.anshan.id
        assert made.is_overseen_by(world.anshan.id)
        assert not made.needs_check

    def test_nobody_gives_a_superior_that_is_not_theirs(self, world: World) -> None:
        with pytest.raises(Invalid) as error, transaction():
            services.add(world.handler, new(superior=world.shenyang.public_id))
        assert set(problems(error)) == {"superior"}

    def test_the_name_is_taken(self, world: World) -> None:
        with pytest.raises(Invalid) as error, transaction():
            services.add(world.handler, new("西北工业大学", is_distinct=True))
        assert "4161010699" in problems(error)["name_zh"]

    def test_the_code_is_taken_the_region_unknown(self, world: World) -> None:
        given = new(kind=OrganisationKind.UNIVERSITY, moe_code="4161010699", region_code="999999")
        with pytest.raises(Invalid) as error, transaction():
            services.add(world.handler, given)
        assert set(problems(error)) == {"moe_code", "region_code"}
        assert "西北工业大学" in problems(error)["moe_code"]

    def test_a_ministry_code_is_for_universities(self, world: World) -> None:
        with pytest.raises(Invalid) as error, transaction():
            services.add(world.handler, new(moe_code="4121099999"))
        assert set(problems(error)) == {"moe_code"}

    @pytest.mark.parametrize("name", ["西北大学", "东北工业大学"])
    def test_similar_names_are_shown_first(self, world: World, name: str) -> None:
        given = new(name, kind=OrganisationKind.UNIVERSITY, region_code="610100")
        with pytest.raises(services.SimilarNames) as error, transaction():
            services.add(world.handler, given)
        assert [(one.name.zh, one.code) for one in error.value.similar] == [("西北工业大学", "4161010699")]
        with transaction():
            assert services.add(world.handler, replace(given, is_distinct=True)).id

    def test_a_viewer_may_not(self, world: World) -> None:
        with transaction():
            viewer = make_user(Role.VIEWER, organisation=world.anshan)
        with pytest.raises(Forbidden), transaction():
            services.add(viewer, new())


class TestEditing:
    def test_own_details(self, world: World) -> None:
        with transaction():
            given = as_recorded(world.school, address="鞍山市某路1号", short_zh="鞍山师院")
            services.edit(world.school_handler, world.school, given, world.school.row_version, needs_check=False)
        assert world.school.initials == "assfxy assy"
        assert last_event().changes == {"address": ["", "鞍山市某路1号"], "short_zh": ["", "鞍山师院"]}

    def test_nothing_changed_leaves_no_event(self, world: World) -> None:
        with transaction():
            version = world.school.row_version
            services.edit(world.school_handler, world.school, as_recorded(world.school), version, needs_check=False)
        assert world.school.row_version == version
        assert db.session.scalar(select(AuditEvent.id).limit(1)) is None

    def test_somebody_elses(self, world: World) -> None:
        with pytest.raises(Forbidden), transaction():
            services.edit(world.handler, world.partner, as_recorded(world.partner), 1, needs_check=False)

    def test_somebody_saved_first(self, world: World) -> None:
        version = world.school.row_version
        with transaction():
            given = as_recorded(world.school, address="新地址")
            services.edit(world.province_handler, world.school, given, version, needs_check=False)
        with pytest.raises(Stale) as error, transaction():
            services.edit(world.school_handler, world.school, as_recorded(world.school), version, needs_check=False)
        change: Any = error.value.changes[0]
        assert (change.who, change.field.key, change.before, change.after) == ("省某", "Postal address", "", "新地址")

    def test_the_region_changes_only_from_above(self, world: World) -> None:
        given = as_recorded(world.school, region_code="610100")
        with pytest.raises(Forbidden), transaction():
            services.edit(world.school_handler, world.school, given, world.school.row_version, needs_check=False)
        with transaction():
            services.edit(world.province_handler, world.school, given, world.school.row_version, needs_check=False)
        assert not world.school.is_overseen_by(world.province.id)

    def test_how_it_belongs_to_its_superior(self, world: World) -> None:
        given = as_recorded(world.centre, superior_tie=Tie.ATTACHED)
        with transaction():
            services.edit(world.handler, world.centre, given, world.centre.row_version, needs_check=False)
        assert last_event().changes == {"superior_tie": [None, "attached"]}
        alone = as_recorded(world.centre, superior="")
        with transaction():
            services.edit(world.handler, world.centre, alone, world.centre.row_version, needs_check=False)
        assert (world.centre.superior, world.centre.superior_tie) == (None, None)

    def test_how_it_belongs_there_is_said_from_above(self, world: World) -> None:
        with transaction():
            own = make_user(organisation=world.centre)
        given = as_recorded(world.centre, superior_tie=Tie.ATTACHED)
        with pytest.raises(Forbidden), transaction():
            services.edit(own, world.centre, given, world.centre.row_version, needs_check=False)

    def test_a_superior_from_above(self, world: World) -> None:
        given = as_recorded(world.school, superior=world.anshan.public_id)
        with transaction():
            services.edit(world.province_handler, world.school, given, world.school.row_version, needs_check=False)
        assert world.school.is_overseen_by(world.anshan.id)
        assert last_event().changes == {"superior": [None, world.anshan.name_zh]}

    def test_no_circles(self, world: World) -> None:
        given = as_recorded(world.anshan, superior=world.centre.public_id)
        with pytest.raises(Invalid) as error, transaction():
            services.edit(world.province_handler, world.anshan, given, world.anshan.row_version, needs_check=False)
        assert set(problems(error)) == {"superior"}

    def test_a_handler_does_not_confirm_a_section_head_does(self, world: World) -> None:
        with transaction():
            made = services.add(world.handler, new("示例西安研究所", region_code="610100"))
        with pytest.raises(Forbidden), transaction():
            services.edit(world.handler, made, as_recorded(made), made.row_version, needs_check=False)
        with transaction():
            services.edit(world.head, made, as_recorded(made, note="已核对"), made.row_version, needs_check=False)
        assert not made.needs_check
        with pytest.raises(Forbidden), transaction():  # checked: no longer theirs to edit
            services.edit(world.head, made, as_recorded(made, note=""), made.row_version, needs_check=False)

    def test_becoming_a_department_is_felt_by_the_province(self, world: World) -> None:
        given = as_recorded(world.shenyang, kind=OrganisationKind.HR_DEPARTMENT, region_code="210000")
        with transaction():
            services.edit(world.province_handler, world.shenyang, given, world.shenyang.row_version, needs_check=False)
        assert world.school.is_overseen_by(world.shenyang.id)


class TestRenaming:
    def rename(self, world: World, name: str, changed_on: date | None = None, *, correct: bool = False) -> None:
        with transaction():
            given = Renaming(name, "", changed_on, correct)
            services.rename(world.school_handler, world.school, given, world.school.row_version)

    def test_the_old_name_is_kept_with_its_last_day(self, world: World) -> None:
        self.rename(world, "鞍山师范大学", date(2024, 6, 1))
        self.rename(world, "鞍山大学", date(2025, 6, 1))
        kept = [(row.name_zh, row.valid_from, row.valid_to) for row in world.school.former_names]
        assert kept == [
            ("鞍山师范学院", None, date(2024, 5, 31)),
            ("鞍山师范大学", date(2024, 6, 1), date(2025, 5, 31)),
        ]
        assert world.school.initials == "asdx"
        assert last_event().changes["name_zh"] == ["鞍山师范大学", "鞍山大学"]

    def test_a_misspelling_is_forgotten(self, world: World) -> None:
        self.rename(world, "鞍山师苑学院", correct=True)
        assert world.school.former_names == []

    def test_the_same_name_is_no_new_one(self, world: World) -> None:
        with pytest.raises(Invalid):
            self.rename(world, "鞍山师范学院")

    def test_a_taken_name(self, world: World) -> None:
        with pytest.raises(Invalid):
            self.rename(world, "西北工业大学")

    def test_not_in_the_future_and_not_before_the_last_change(self, world: World) -> None:
        with pytest.raises(Invalid):
            self.rename(world, "鞍山师范大学", today() + timedelta(days=1))
        self.rename(world, "鞍山师范大学", date(2024, 6, 1))
        with pytest.raises(Invalid):
            self.rename(world, "鞍山大学", date(2024, 5, 31))

    def test_stale(self, world: World) -> None:
        with pytest.raises(Stale), transaction():
            services.rename(world.school_handler, world.school, Renaming("鞍山大学", "", None, False), 0)

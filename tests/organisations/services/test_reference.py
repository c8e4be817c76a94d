"""Loading the reference data."""

import shutil
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from registry.audit import services as audit
from registry.audit.models import AuditEvent
from registry.core.access.actions import Action
from registry.core.db import db, transaction
from registry.organisations.models import (
    IndustrySection,
    Organisation,
    OrganisationAlias,
    OrganisationKind,
    OrganisationName,
    OrganisationStatus,
    Oversight,
    Region,
    RegionKind,
    WorkdayOverride,
)
from registry.organisations.services.reference import FOLDER, Tally, load_reference
from tests.factories import make_organisation, make_user


def load(folder: Path = FOLDER) -> dict[str, Tally]:
    with transaction():
        return {tally.name: tally for tally in load_reference(folder)}


def by_name(name: str) -> Organisation:
    return db.session.scalars(select(Organisation).where(Organisation.name_zh == name)).one()


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the data that a test may change."""
    return Path(shutil.copytree(FOLDER, tmp_path / "data"))


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_everything_is_there_once(app: Flask) -> None:
    first = load()
    assert first["regions"].added == count(Region) == 157
    assert first["organisations"].added + first["universities"].added == count(Organisation) == 153
    assert (count(IndustrySection), count(WorkdayOverride)) == (20, 182)


def test_a_second_load_changes_nothing(app: Flask) -> None:
    load()
    versions = dict(db.session.execute(select(Organisation.id, Organisation.row_version)).all())
    events = count(AuditEvent)
    second = load()
    assert all(tally.added == tally.changed == tally.kept == 0 for tally in second.values())
    assert dict(db.session.execute(select(Organisation.id, Organisation.row_version)).all()) == versions
    assert count(AuditEvent) == events


def test_fifteen_reporting_localities_in_code_order_shenfu_last(app: Flask) -> None:
    load()
    localities = select(Region.name_zh).where(Region.is_reporting_locality).order_by(Region.sort_order)
    names = list(db.session.scalars(localities))
    assert len(names) == 15
    assert names[:3] == ["沈阳市", "大连市", "鞍山市"]
    assert names[-1] == "沈抚改革创新示范区"


def test_two_districts_of_one_name_have_two_parents(app: Flask) -> None:
    load()
    parents = db.session.scalars(select(Region.parent_code).where(Region.name_zh == "铁西区"))
    assert sorted(str(parent) for parent in parents) == ["210100", "210300"]


def test_kinds_and_what_is_unsure(app: Flask) -> None:
    load()
    assert by_name("辽宁省就业和人才服务中心").kind is OrganisationKind.TALENT_CENTRE
    assert by_name("中共辽宁省委组织部").kind is OrganisationKind.OTHER
    assert by_name("中华人民共和国教育部").kind is OrganisationKind.OTHER
    assert by_name("余姚市人力资源和社会保障局人才服务中心").superior_id is None
    unsure = set(db.session.scalars(select(Organisation.region_code).where(Organisation.needs_check)))
    assert unsure == {"21Z001", "21Z002"}
    assert not db.session.scalar(select(func.count()).where(Organisation.uscc.is_not(None)))


def test_former_names_short_forms_and_closed_schools(app: Flask) -> None:
    load()
    former = db.session.scalars(
        select(OrganisationName).where(OrganisationName.name_zh == "大连理工大学城市学院")
    ).one()
    assert former.organisation.name_zh == "大连工程学院"
    assert (former.valid_from, former.valid_to) == (None, None)
    shared = select(OrganisationAlias).where(OrganisationAlias.alias == "辽工大")
    assert {alias.organisation.name_zh for alias in db.session.scalars(shared)} == {"辽宁工业大学", "辽宁工程技术大学"}
    assert by_name("沈阳工业大学工程学院").status is OrganisationStatus.CLOSED
    assert by_name("西北工业大学").initials == "xbgydx"


def test_the_province_oversees_its_region_and_nothing_else(app: Flask) -> None:
    load()
    province = by_name("辽宁省人力资源和社会保障厅")
    seen = set(
        db.session.scalars(
            select(Organisation.name_zh)
            .join(Oversight, Oversight.organisation_id == Organisation.id)
            .where(Oversight.overseer_id == province.id)
        )
    )
    expected = {"鞍山市人力资源和社会保障局", "辽宁省就业和人才服务中心", "鞍山师范学院"}
    assert expected | {"大连高新技术产业园区经济发展与促进中心"} <= seen
    assert not seen & {"西北工业大学", "吉林大学", "山东省教育厅", province.name_zh}
    bureau = by_name("鞍山市人力资源和社会保障局")
    assert not db.session.scalar(select(func.count()).where(Oversight.overseer_id == bureau.id))


def test_a_corrected_line_is_loaded_by_code(app: Flask, folder: Path) -> None:
    load(folder)
    change(
        folder / "universities.csv", "鞍山师范学院,Anshan Normal University", "鞍山师范大学,Anshan Normal University"
    )
    change(folder / "regions.csv", "Shenfu Reform and", "Shenfu Reform &")
    change(folder / "aliases.csv", "鞍山师范学院", "鞍山师范大学")
    again = load(folder)
    assert (again["universities"].changed, again["regions"].changed) == (1, 1)
    assert by_name("鞍山师范大学").moe_code == "4121010169"
    assert count(Organisation) == 153


def test_a_corrected_line_may_point_at_a_new_one_before_it(app: Flask, folder: Path) -> None:
    load(folder)
    regions = folder / "regions.csv"
    head, first, *_ = regions.read_text(encoding="utf-8").splitlines(keepends=True)
    county = next(line for line in regions.read_text(encoding="utf-8").splitlines() if line.startswith("210303,"))
    change(regions, head, head + first.replace(first[:6], "219900", 1))
    change(regions, county, county.replace(",210300,", ",219900,"))
    load(folder)
    db.session.expire_all()
    assert db.session.get_one(Region, "210303").parent_code == "219900"


def test_what_people_edited_is_left_alone(app: Flask) -> None:
    load()
    with transaction():
        actor = make_user()
        organ = db.session.scalars(select(Organisation).where(Organisation.region_code == "21Z001")).one()
        organ.name_zh, organ.needs_check = "沈抚示范区人力资源和社会保障局", False
        audit.record(actor, Action.ORGANISATION_EDIT, organ)
    assert load()["organisations"].kept == 1
    assert not by_name("沈抚示范区人力资源和社会保障局").needs_check


def test_an_organisation_that_people_had_added_gets_its_code(app: Flask) -> None:
    with transaction():
        make_organisation("鞍山师范学院", OrganisationKind.UNIVERSITY)
    load()
    assert by_name("鞍山师范学院").moe_code == "4121010169"


def test_zones_have_local_codes(app: Flask) -> None:
    load()
    zones = db.session.scalars(select(Region).where(Region.kind == RegionKind.ZONE))
    assert {(zone.code, zone.code_system, zone.parent_code) for zone in zones} == {
        ("21Z001", "LOCAL", "210000"),
        ("21Z002", "LOCAL", "210200"),
    }


def test_the_load_is_in_the_audit(app: Flask) -> None:
    load()
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "reference:load")).one()
    assert event.actor_id is None
    assert event.changes["regions"] == [None, 157]


def test_the_command_prints_counts(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["registry", "load-reference"])
    assert result.exit_code == 0, result.output
    assert "regions: 157 added, 0 changed, 0 unchanged" in result.output

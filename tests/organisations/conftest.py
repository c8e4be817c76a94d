"""Liaoning in small: a province's department, two bureaus, universities inside and outside."""

from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask

from registry.accounts.models import User
from registry.core.access.roles import Role
from registry.core.db import db, transaction
from registry.organisations.models import Organisation, OrganisationKind, Region, RegionKind
from registry.organisations.services.oversight import rebuild_oversight
from tests.factories import make_organisation, make_user


@dataclass
class World:
    """What the tests speak of."""

    province: Organisation
    anshan: Organisation
    shenyang: Organisation
    centre: Organisation
    school: Organisation
    partner: Organisation
    handler: User
    head: User
    school_handler: User
    overseer: User
    province_handler: User


def _regions() -> None:
    """铁西区 exists twice."""
    rows = [
        ("210000", "辽宁省", "Liaoning", RegionKind.PROVINCE, None),
        ("610000", "陕西省", "Shaanxi", RegionKind.PROVINCE, None),
        ("210100", "沈阳市", "Shenyang", RegionKind.CITY, "210000"),
        ("210300", "鞍山市", "Anshan", RegionKind.CITY, "210000"),
        ("610100", "西安市", "Xi'an", RegionKind.CITY, "610000"),
        ("210106", "铁西区", "Tiexi District", RegionKind.COUNTY, "210100"),
        ("210303", "铁西区", "Tiexi District", RegionKind.COUNTY, "210300"),
    ]
    for place, (code, name_zh, name_en, kind, parent) in enumerate(rows):
        local = kind is RegionKind.CITY and code != "610100"
        db.session.add(
            Region(
                code=code,
                name_zh=name_zh,
                name_en=name_en,
                short_zh=name_zh[:-1],
                kind=kind,
                parent_code=parent,
                sort_order=place,
                is_reporting_locality=local,
            )
        )
        db.session.flush()


def _organisation(name: str, kind: OrganisationKind, region: str, **values: Any) -> Organisation:
    return make_organisation(name, kind, db.session.get_one(Region, region), **values)


@pytest.fixture
def world(app: Flask) -> World:
    """Committed, with oversight worked out."""
    with transaction():
        _regions()
        department, bureau = OrganisationKind.HR_DEPARTMENT, OrganisationKind.HR_BUREAU
        university = OrganisationKind.UNIVERSITY
        province = _organisation("辽宁省人力资源和社会保障厅", department, "210000")
        anshan = _organisation("鞍山市人力资源和社会保障局", bureau, "210300", name_en="Anshan Bureau")
        shenyang = _organisation("沈阳市人力资源和社会保障局", bureau, "210100")
        centre = _organisation("鞍山市人才服务中心", OrganisationKind.TALENT_CENTRE, "210303", superior_id=anshan.id)
        school = _organisation("鞍山师范学院", university, "210300", moe_code="4121010169")
        partner = _organisation(
            "西北工业大学", university, "610100", moe_code="4161010699", name_en="Northwestern Polytechnical University"
        )
        rebuild_oversight()
        return World(
            province,
            anshan,
            shenyang,
            centre,
            school,
            partner,
            make_user(Role.HANDLER, organisation=anshan, name="安某"),
            make_user(Role.SECTION_HEAD, organisation=anshan, name="单某"),
            make_user(Role.HANDLER, organisation=school, name="师某"),
            make_user(Role.OVERSEER, organisation=province, name="督某"),
            make_user(Role.HANDLER, Role.SECTION_HEAD, organisation=province, name="省某"),
        )

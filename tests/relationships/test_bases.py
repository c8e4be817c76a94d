"""A base stands on the timeline of the two whose it is; by itself it makes no relationship and no rung."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from registry.bases.services import close, enter
from registry.core.dates import today
from registry.core.db import db, transaction
from registry.organisations.models import OrganisationKind
from registry.relationships.models import Relationship
from registry.relationships.pairs import Pair
from registry.relationships.sources.bases import entries
from tests.agreements.scene import Scene, make_scene, make_side
from tests.bases.test_bases import GIVEN
from tests.factories import make_organisation, make_region

RECOGNISED, LAST = date(2023, 3, 1), today() + timedelta(days=30)


@pytest.fixture
def scene(app: Flask) -> Scene:
    with transaction():
        return make_scene()


def test_its_days_are_told_to_whoever_sees_it(scene: Scene) -> None:
    bureau, school = scene.bureau, scene.university
    pair = Pair(bureau.organisation.region_code, school.organisation.id)
    given = replace(GIVEN, approved_on=RECOGNISED, expires_on=LAST, university=school.organisation.public_id)
    with transaction():
        base = enter(given, bureau.handler)
        stranger = make_side("东北大学", OrganisationKind.UNIVERSITY)
    told = [(entry.on, entry.is_due) for entry in entries(pair, school.handler)]
    assert told == [(RECOGNISED, False), (LAST, True)]
    assert entries(pair, stranger.handler) == entries(Pair("210100", pair.university), school.handler) == []
    assert db.session.scalars(select(Relationship)).all() == []
    with transaction():
        close(base, "到期", bureau.section_head)
    assert [entry.on for entry in entries(pair, school.handler)] == [RECOGNISED]


def test_what_a_university_keeps_with_a_firm_is_no_affair_of_the_town(scene: Scene) -> None:
    school = scene.university
    pair = Pair(scene.bureau.organisation.region_code, school.organisation.id)
    with transaction():
        firm = make_organisation("测试企业", OrganisationKind.ENTERPRISE, make_region())
        enter(replace(GIVEN, employer=firm.public_id), school.handler)
        centre = make_organisation("鞍山市人才中心", OrganisationKind.TALENT_CENTRE, make_region())
        enter(replace(GIVEN, title_zh="中心见习基地", employer=centre.public_id), school.handler)
    assert [entry.title_zh for entry in entries(pair, school.handler)] == ["中心见习基地"]

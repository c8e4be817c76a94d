"""The rules of bases: what is refused, who sees one, and the share that nobody types."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask

from registry.bases.enums import BaseKind, BaseState
from registry.bases.inputs import BaseDetails
from registry.bases.models import retention
from registry.bases.queries import LISTING, Filter, conditions
from registry.bases.services import close, edit, enter
from registry.core.dates import today
from registry.core.db import transaction
from registry.core.errors import Conflict, Forbidden, Invalid, NotFound
from registry.organisations.models import OrganisationKind
from tests.agreements.scene import Scene, make_scene, make_side
from tests.states import Begin

GIVEN = BaseDetails(
    "示例就业见习基地", BaseKind.TRAINEE, employer_as_reported="示例制造有限公司", completed=20, retained=15
)


def build() -> Scene:
    with transaction():
        return make_scene()


@pytest.fixture
def scene(app: Flask, begin_with: Begin) -> Scene:
    return begin_with(build)


@pytest.mark.parametrize(
    ("completed", "retained", "share"), [(20, 15, "75"), (3, 1, "33.3"), (0, 0, ""), (None, 1, ""), (5, None, "")]
)
def test_the_share_is_worked_out(completed: int | None, retained: int | None, share: str) -> None:
    assert retention(completed, retained) == share


def test_its_sides_see_it_and_nobody_else(scene: Scene) -> None:
    school = scene.university.organisation
    with transaction():
        base = enter(replace(GIVEN, university=school.public_id), scene.bureau.handler)
        stranger = make_side("东北大学", OrganisationKind.UNIVERSITY)
    for side in (scene.bureau, scene.university):
        assert LISTING.get(base.public_id, side.handler) is base
    with pytest.raises(NotFound):
        LISTING.get(base.public_id, stranger.handler)
    with pytest.raises(Forbidden), transaction():
        edit(base, GIVEN, scene.university.handler)  # not its own
    found = LISTING.page(scene.bureau.handler, conditions(Filter(text="示例制造")), 0, 9)
    assert [row.public_id for row in found] == [base.public_id]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"employer_as_reported": ""}, "employer"),
        ({"retained": 21}, "retained"),
        ({"approved_on": today() + timedelta(days=1)}, "approved_on"),
        ({"approved_on": date(2023, 3, 1), "expires_on": date(2023, 2, 1)}, "expires_on"),
        ({"university": "01ARZ3NDEKTSV4RRFFQ69G5FAV"}, "university"),
    ],
)
def test_what_a_base_cannot_be(scene: Scene, changes: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as refused, transaction():
        enter(replace(GIVEN, **changes), scene.bureau.handler)  # type: ignore[arg-type]
    assert refused.value.fields.keys() == {field}


def test_a_bureau_is_no_university(scene: Scene) -> None:
    with pytest.raises(Invalid), transaction():
        enter(replace(GIVEN, university=scene.bureau.organisation.public_id), scene.bureau.handler)


def test_given_up_with_a_reason_it_is_changed_no_more(scene: Scene) -> None:
    with transaction():
        base = enter(GIVEN, scene.bureau.handler)
    with pytest.raises(Forbidden), transaction():
        close(base, "到期", scene.bureau.handler)
    with pytest.raises(Invalid), transaction():
        close(base, " ", scene.bureau.section_head)
    with transaction():
        close(base, "到期", scene.bureau.section_head)
    assert base.state is BaseState.CLOSED
    with pytest.raises(Conflict), transaction():
        edit(base, GIVEN, scene.bureau.handler)

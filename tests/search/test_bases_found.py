"""Bases are found by whoever sees them, by name, number, employer and university, with their state."""

from dataclasses import replace

import pytest

from registry.bases.enums import BaseState
from registry.bases.services import close, enter
from registry.core.db import transaction
from registry.organisations.models import OrganisationKind
from tests.agreements.scene import Scene, make_scene, make_side
from tests.bases.test_bases import GIVEN
from tests.states import Begin

from .looking import assert_in_step, groups, titles

KIND = "base"


def build() -> Scene:
    with transaction():
        return make_scene()


@pytest.fixture
def scene(begin_with: Begin) -> Scene:
    return begin_with(build)


def test_by_its_words_and_sides_until_it_is_given_up_and_after(scene: Scene) -> None:
    school = scene.university
    given = replace(GIVEN, approval_no="鞍见习〔2023〕8号", university=school.organisation.public_id)
    with transaction():
        base = enter(given, scene.bureau.handler)
        stranger = make_side("东北大学", OrganisationKind.UNIVERSITY)
    for typed in ("见习基地", "鞍见习 2023 8", "示例制造", "xbgydx", "sljyjxjd"):
        assert titles(scene.bureau.handler, typed, KIND) == titles(school.handler, typed, KIND) == [GIVEN.title_zh], (
            typed
        )
        assert titles(stranger.handler, typed, KIND) == []
    with transaction():
        close(base, "到期", scene.bureau.section_head)
    (group,) = groups(school.handler, "见习基地", kind=KIND)
    assert [group.source.state(row.state) for row in group.rows] == [(BaseState.CLOSED.label, "")]
    assert_in_step()

"""Two records of one employer: counted once after they were merged, twice again when they part."""

from dataclasses import dataclass

import pytest
from flask import Flask

from registry.accounts.models import User
from registry.core.access.roles import Role
from registry.core.db import db, transaction
from registry.organisations.inputs import MergeOrder
from registry.organisations.models import Organisation, OrganisationKind
from registry.organisations.services import merging
from registry.organisations.services.oversight import rebuild_oversight
from registry.visits.models import Visit
from registry.visits.queries.board import by_university
from registry.visits.queries.employers import was_visited_by
from tests.factories import make_organisation, make_user

from .scene import DAY, Scene, make_scene


@dataclass
class Twice:
    """The employer stands in the directory under two names; somebody is above both."""

    scene: Scene
    other: Organisation
    head: User

    def employers(self) -> int:
        """As the board counts them."""
        (row,) = by_university(self.scene.school.handler, DAY.year)
        return int(row.heads)

    def merge(self) -> None:
        preview = merging.look(self.head, self.scene.employer, self.other.public_id)
        order = MergeOrder(self.other.public_id, "重复录入", {}, preview.digest)
        with transaction():
            merging.merge(self.head, self.scene.employer, order, self.scene.employer.row_version)


@pytest.fixture
def twice(app: Flask) -> Twice:
    with transaction():
        scene = make_scene()
        other = make_organisation("示例钢铁集团", OrganisationKind.ENTERPRISE, scene.employer.region)
        above = make_organisation("主管部门", OrganisationKind.OTHER)
        scene.employer.superior_id = other.superior_id = above.id
        head = make_user(Role.SECTION_HEAD, organisation=above)
        rebuild_oversight()
        return Twice(scene, other, head)


def test_an_employer_is_counted_once_after_a_merge(twice: Twice) -> None:
    with transaction():
        survivors = twice.scene.visit()
        named = twice.scene.named(twice.other.name_zh)
        chosen = twice.scene.visit(visited=twice.other.public_id)
    assert twice.employers() == 2
    twice.merge()
    assert twice.employers() == 1
    assert was_visited_by(survivors.employer_key, twice.scene.school.organisation.id, DAY, survivors.id)
    with transaction():
        merging.part(twice.head, twice.scene.employer, "并非重复", twice.scene.employer.row_version)
    db.session.expire_all()
    assert twice.employers() == 2
    assert _keys(named, chosen) == {f"org:{twice.other.public_id}"}
    assert _keys(survivors) == {f"org:{twice.scene.employer.public_id}"}


def _keys(*visits: Visit) -> set[str]:
    return {visit.employer_key for visit in visits}

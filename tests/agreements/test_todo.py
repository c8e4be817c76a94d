"""What waits for whom: each step appears for the person whose turn it is, and for nobody else."""

import pytest
from flask import Flask

from registry.accounts.models import User
from registry.agreements.inputs import HistoricRecord, Opinion, PartyLine
from registry.agreements.models import AgreementKind, PartyRole
from registry.agreements.services import clearance, entry
from registry.agreements.todo import count_waiting, list_waiting
from registry.core.access.roles import Role
from registry.core.db import transaction
from tests.agreements.scene import Scene, make_scene
from tests.factories import make_user


@pytest.fixture
def scene(app: Flask) -> Scene:
    with transaction():
        return make_scene()


def waiting(scene: Scene) -> dict[str, list[str]]:
    """Who has what to do, by side and role; the count always agrees with the list."""
    found = {}
    for name, side in (("bureau", scene.bureau), ("university", scene.university)):
        for role, person in side.people.items():
            tasks = [row.task for row in list_waiting(person)]
            assert count_waiting(person) == len(tasks)
            if tasks:
                found[f"{name}.{role}"] = tasks
    return found


def test_a_draft_waits_for_its_handler(scene: Scene) -> None:
    with transaction():
        scene.draft()
    assert waiting(scene) == {"bureau.handler": ["draft"]}


def test_review_goes_from_step_to_step(scene: Scene) -> None:
    with transaction():
        agreement = scene.review()
    assert waiting(scene) == {"bureau.section_head": ["section"]}
    with transaction():
        clearance.clear(agreement, Opinion("同意"), scene.bureau.section_head)
    assert waiting(scene) == {"bureau.legal_officer": ["legal"]}


def test_nobody_is_asked_to_review_their_own(scene: Scene) -> None:
    with transaction():
        agreement = scene.review()
        both = make_user(Role.HANDLER, Role.SECTION_HEAD, organisation=scene.bureau.organisation)
        agreement.handler = both
    assert list_waiting(both) == []


def test_the_other_side_is_asked_in_negotiation(scene: Scene) -> None:
    with transaction():
        scene.negotiation()
    assert waiting(scene) == {"university.section_head": ["section"]}


def test_the_leader_may_begin_once_all_approved(scene: Scene) -> None:
    with transaction():
        scene.approved()
    assert waiting(scene) == {"bureau.leader": ["start"]}


def test_both_seal_keepers_sign_and_the_owners_completes(scene: Scene) -> None:
    with transaction():
        scene.signing()
    assert waiting(scene) == {"bureau.seal_keeper": ["sign"], "university.seal_keeper": ["sign"]}


def test_signed_by_all_waits_for_the_owner(scene: Scene) -> None:
    with transaction():
        scene.signed_by_all()
    assert waiting(scene) == {"bureau.seal_keeper": ["complete"]}


def test_in_force_waits_for_the_archive_alone(scene: Scene) -> None:
    with transaction():
        scene.in_force()
    assert waiting(scene) == {"bureau.handler": ["archive"]}


def test_a_returned_draft_drops_the_old_steps(scene: Scene) -> None:
    with transaction():
        agreement = scene.review()
        clearance.send_back(agreement, "退回", scene.bureau.section_head)
    assert waiting(scene) == {"bureau.handler": ["draft"]}


def test_a_historic_record_waits_for_another_person(scene: Scene) -> None:
    with transaction():
        lines = (
            PartyLine(scene.bureau.organisation.public_id, role=PartyRole.LEAD),
            PartyLine(name_as_reported="待补高校"),
        )
        given = HistoricRecord(AgreementKind.FRAMEWORK, "补录", lines, "报道")
        entry.record(given, scene.bureau.handler)
    assert waiting(scene) == {"bureau.section_head": ["confirm"]}


def test_people_without_a_step_have_nothing(scene: Scene) -> None:
    with transaction():
        scene.review()
        viewer: User = make_user(Role.VIEWER, organisation=scene.bureau.organisation)
    assert count_waiting(viewer) == 0

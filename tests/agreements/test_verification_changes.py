"""What a stranger learns of a change of an agreement in force: its papers are not called the present text too early."""

import pytest
from flask import Flask

from registry.agreements import statements, verification
from registry.agreements.inputs import Term
from registry.agreements.models import Agreement, DocumentKind, RevisionKind
from registry.agreements.services import signing
from registry.agreements.verification import PublicFile, PublicRecord
from registry.core.db import transaction
from tests.agreements.scene import Scene, make_scene
from tests.agreements.signed import keep

NOT_IN_FORCE = "The paper bears revision %(revision)s, which is not in force; revision %(present)s is"


@pytest.fixture
def scene(app: Flask) -> Scene:
    with transaction():
        return make_scene()


@pytest.fixture
def being_signed(scene: Scene) -> Agreement:
    """In force, and its termination is being signed."""
    with transaction():
        agreement = scene.in_force()
        scene.change(agreement, RevisionKind.TERMINATION)
        scene.pass_review(agreement)
        scene.approve(agreement)
        signing.start_signing(agreement, scene.bureau.leader)
        keep(agreement, b"%PDF-1.7 copy", DocumentKind.SIGNING_COPY)
    return agreement


def known(agreement: Agreement) -> tuple[PublicRecord, PublicFile]:
    """What is told of it, and its newest file."""
    found = verification.find(agreement.verification_code or "")
    assert found
    return found, found.files[-1]


def test_the_copy_of_a_change_is_not_signed_yet_and_not_in_force(being_signed: Agreement) -> None:
    found, paper = known(being_signed)
    assert (found.revision, found.signing, paper.revision) == (1, 2, 2)
    assert statements.what_it_is(found, paper) is statements.NOT_SIGNED_YET
    told = verification.told_of_page(found, 2, 1)
    assert told
    assert (told[0].key, told[1]) == (NOT_IN_FORCE, False)
    present = verification.told_of_page(found, 1, 1)
    assert present
    assert present[1]


def test_withdrawn_from_signing_it_is_no_present_text_either(scene: Scene, being_signed: Agreement) -> None:
    with transaction():
        signing.withdraw_signing(being_signed, "文本有误", scene.bureau.leader)
    found, paper = known(being_signed)
    assert (found.signing, paper.is_void, found.is_withdrawn) == (0, True, False)
    assert statements.what_it_is(found, paper) is statements.SIGNED_ELSEWHERE
    assert "marked void" in str(next(statements.voids(found, paper)).key)


def test_once_it_takes_effect_the_text_before_is_the_old_one(scene: Scene) -> None:
    with transaction():
        agreement = scene.in_force()
        scene.amended(agreement, term=Term(months=60))
    found = verification.find(agreement.verification_code or "")
    assert found
    assert (found.revision, found.signing) == (2, 0)
    old, new = (verification.told_of_page(found, number, None) for number in (1, 2))
    assert old
    assert new
    assert (old[1], new[1]) == (False, True)

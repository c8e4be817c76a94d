"""The verification package of an agreement that was changed speaks of the text in force alone."""

import json
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask

from registry.agreements import jobs, packing, papers, queries
from registry.agreements.models import Agreement, AgreementRevision, DocumentKind, RevisionKind
from registry.agreements.services.files import paper_name
from registry.agreements.views.known import Known
from registry.core.db import transaction
from tests.agreements.scene import Scene, make_scene, tomorrow
from tests.agreements.signed import keep, keys


@pytest.fixture
def scene(app: Flask, fonts: Path, monkeypatch: pytest.MonkeyPatch) -> Scene:
    """Keys to close with; the scans' bytes do not matter here."""
    monkeypatch.setattr(papers, "scans_of", lambda *_given: [])
    keys()
    with transaction():
        return make_scene()


@pytest.fixture
def agreement(scene: Scene) -> Agreement:
    """In force, its registry copy made."""
    with transaction():
        agreement = scene.in_force()
    close(agreement.revisions[0])
    return agreement


def close(revision: AgreementRevision) -> None:
    """The worker makes the registry copy."""
    jobs.make_registry_copy({"revision": revision.public_id})


def inside(agreement: Agreement) -> dict[str, bytes]:
    """The members of the package; a name that comes twice is refused."""
    data = packing.packed(agreement)
    assert data
    with zipfile.ZipFile(BytesIO(data)) as archive:
        names = archive.namelist()
        assert len(names) == len(set(names))
        return {name: archive.read(name) for name in names}


def check_speaks_of(agreement: Agreement, revision: AgreementRevision) -> None:
    """One closed paper, under the name of its text, with that text's record."""
    members = inside(agreement)
    name = paper_name(revision, "登记副本")
    assert [one for one in members if "登记副本" in one] == [name]
    assert json.loads(members["agreement.json"])["content_sha256"] == revision.content_sha256
    assert [line.split("  ")[1] for line in members["SHA256SUMS"].decode().splitlines()].count(name) == 1


def test_a_later_text_has_papers_of_its_own_name(scene: Scene, agreement: Agreement) -> None:
    with transaction():
        second = scene.amended(agreement, signing_place="沈阳市")
    close(second)
    names = [row.filename for row in queries.documents_of(agreement) if row.kind is DocumentKind.REGISTRY_COPY]
    assert names == [f"{agreement.number}-登记副本.pdf", f"{agreement.number}-登记副本-第2版.pdf"]


def test_the_package_is_of_the_text_in_force(scene: Scene, agreement: Agreement) -> None:
    check_speaks_of(agreement, agreement.revisions[0])
    with transaction():
        second = scene.amended(agreement, signing_place="沈阳市")
    close(second)
    check_speaks_of(agreement, second)


def test_a_change_that_waits_for_its_day_is_not_in_it(scene: Scene, agreement: Agreement) -> None:
    with transaction():
        second = scene.amended(agreement, signing_place="沈阳市", effective_from=tomorrow())
    close(second)
    check_speaks_of(agreement, agreement.revisions[0])


def test_of_a_terminated_agreement_it_is_the_termination(scene: Scene, agreement: Agreement) -> None:
    with transaction():
        last = scene.change(agreement, RevisionKind.TERMINATION)
        scene.pass_review(agreement)
        scene.approve(agreement)
        scene.conclude(agreement)
    close(last)
    check_speaks_of(agreement, last)


def test_none_is_offered_while_the_text_in_force_has_no_closed_paper(scene: Scene, agreement: Agreement) -> None:
    assert Known(agreement, scene.bureau.handler).has_package
    with transaction():
        second = scene.amended(agreement, signing_place="沈阳市")
    assert packing.packed(agreement) is None
    assert not Known(agreement, scene.bureau.handler).has_package
    with transaction():
        keep(agreement, b"%PDF", DocumentKind.REGISTRY_COPY).void_reason = "作废"
    assert not Known(agreement, scene.bureau.handler).has_package
    close(second)
    assert Known(agreement, scene.bureau.handler).has_package

"""Files of an agreement, and acting for a party that has no users here."""

import pytest
from flask import Flask

from registry.agreements import queries
from registry.agreements.inputs import Opinion, PartyLine
from registry.agreements.models import Agreement, AgreementStatus, DocumentKind, LegalResult, PartyRole
from registry.agreements.services import clearance, files, negotiation, signing
from registry.core.dates import today
from registry.core.db import transaction
from registry.core.errors import Conflict, Forbidden, Invalid
from registry.organisations.models import OrganisationKind
from tests.agreements.scene import Scene, details, make_scene, stored
from tests.factories import make_organisation


@pytest.fixture
def scene(app: Flask) -> Scene:
    with transaction():
        return make_scene()


@pytest.fixture
def with_absent(scene: Scene) -> Agreement:
    """In negotiation with a university that has nobody here."""
    with transaction():
        absent = make_organisation("吉林大学", OrganisationKind.UNIVERSITY)
        lead = PartyLine(scene.bureau.organisation.public_id, role=PartyRole.LEAD)
        agreement = scene.draft(parties=(lead, PartyLine(absent.public_id)))
        clearance.submit(agreement, scene.bureau.handler)
        for opinion, person in (
            (Opinion("同意"), scene.bureau.section_head),
            (Opinion("合法", legal_result=LegalResult.LEGAL), scene.bureau.legal_officer),
            (Opinion("同意", minutes_number="纪要1号"), scene.bureau.leader),
        ):
            clearance.clear(agreement, opinion, person)
    return agreement


def test_the_owner_acts_for_an_absent_party_from_its_papers(scene: Scene, with_absent: Agreement) -> None:
    party = with_absent.parties[1]
    with pytest.raises(Invalid), transaction():
        negotiation.approve_from_paper(with_absent, party, "", scene.bureau.leader)
    with transaction():
        negotiation.approve_from_paper(with_absent, party, "2026年11月复函", scene.bureau.leader)
        signing.start_signing(with_absent, scene.bureau.leader)
        revision = with_absent.open_revision
        assert revision
        for row in queries.signatories_of(revision):
            signing.record_signature(with_absent, row, details(today()), scene.bureau.seal_keeper)
            scan = DocumentKind.PARTY_SCAN
            files.attach_for_party(with_absent, row.party, scan, stored(), "扫描.pdf", scene.bureau.seal_keeper)
        signing.complete_signing(with_absent, scene.bureau.seal_keeper)
    assert with_absent.status is AgreementStatus.IN_FORCE


def test_ones_own_approval_is_no_letter(scene: Scene, with_absent: Agreement) -> None:
    with pytest.raises(Conflict), transaction():
        negotiation.approve_from_paper(with_absent, with_absent.parties[0], "复函", scene.bureau.leader)


def test_only_papers_of_a_party_are_taken_while_signing(scene: Scene) -> None:
    with transaction():
        agreement = scene.signing()
    party, keeper = agreement.parties[0], scene.bureau.seal_keeper
    with pytest.raises(Invalid), transaction():
        files.attach_for_party(agreement, party, DocumentKind.REGISTRY_COPY, stored(), "x.pdf", keeper)
    with pytest.raises(Forbidden), transaction():
        files.attach_for_party(agreement, agreement.parties[1], DocumentKind.PARTY_SCAN, stored(), "x.pdf", keeper)


def test_no_papers_before_signing(scene: Scene) -> None:
    with transaction():
        agreement = scene.negotiation()
    with pytest.raises(Conflict), transaction():
        files.attach_for_party(
            agreement, agreement.parties[0], DocumentKind.PARTY_SCAN, stored(), "x.pdf", scene.bureau.seal_keeper
        )


def test_a_removed_scan_stays_and_counts_no_more(scene: Scene) -> None:
    with transaction():
        agreement = scene.signed_by_all()
        scan = next(row for row in queries.documents_of(agreement) if row.kind is DocumentKind.PARTY_SCAN)
    with pytest.raises(Invalid), transaction():
        files.remove(agreement, scan, "", scene.bureau.seal_keeper)
    with transaction():
        files.remove(agreement, scan, "扫描不清", scene.bureau.seal_keeper)
    assert scan.void_reason == "扫描不清"
    assert len(queries.documents_of(agreement)) == 2
    with pytest.raises(Conflict), transaction():
        files.remove(agreement, scan, "再次", scene.bureau.seal_keeper)

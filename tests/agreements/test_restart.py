"""Both tracks restart: what the other side asked for can be worked in, and nothing of the old text counts."""

from dataclasses import replace

import pytest

from registry.agreements import guards, papers, queries, verification
from registry.agreements.inputs import HistoricRecord, Opinion, PartyLine, Term
from registry.agreements.models import (
    Agreement,
    AgreementKind,
    AgreementStatus,
    DocumentKind,
    LegalResult,
    PartyRole,
    Verdict,
)
from registry.agreements.services import clearance, entry, files, lifecycle, negotiation, signing
from registry.core.access.roles import Role
from registry.core.db import transaction
from registry.core.errors import Forbidden, Invalid, NotFound
from registry.organisations.models import OrganisationKind
from tests.agreements.scene import Scene, make_scene, stored
from tests.conftest import Client
from tests.factories import make_organisation, make_user


@pytest.fixture
def scene(client: Client) -> Scene:
    with transaction():
        return make_scene()


@pytest.fixture
def returned(scene: Scene) -> Agreement:
    """Sent back by the university."""
    with transaction():
        agreement = scene.negotiation()
        negotiation.request_changes(agreement, Verdict.CHANGES_REQUESTED, "期限改为五年", scene.university.leader)
    return agreement


def test_a_returned_draft_can_be_edited_and_goes_all_the_way(scene: Scene, returned: Agreement) -> None:
    rows = [party.id for party in returned.parties]
    with transaction():
        entry.edit(returned, scene.draft_input(term=Term(months=60)), scene.bureau.handler)
    assert [party.id for party in returned.parties] == rows
    with transaction():
        clearance.submit(returned, scene.bureau.handler)
    assert returned.status is AgreementStatus.REVIEW


def test_a_dropped_party_keeps_its_old_words_and_is_seen_no_more(scene: Scene, returned: Agreement) -> None:
    with transaction():
        other = make_organisation("东北大学", OrganisationKind.UNIVERSITY)
        lines = (scene.draft_input().parties[0], PartyLine(other.public_id))
        entry.edit(returned, scene.draft_input(parties=lines), scene.bureau.handler)
    assert [party.name for party in returned.parties] == ["鞍山市人力资源和社会保障局", "东北大学"]
    assert len(queries.approvals_of(returned.revisions[0])) == 2
    listed = queries.parties_of([returned.id])[returned.id]
    assert [row.name_zh for row in listed] == ["鞍山市人力资源和社会保障局", "东北大学"]
    with transaction():
        entry.edit(returned, scene.draft_input(), scene.bureau.handler)
    assert [party.position for party in returned.parties] == [1, 2]


def test_parties_may_change_places(scene: Scene, returned: Agreement) -> None:
    lines = tuple(reversed(scene.draft_input().parties))
    with transaction():
        entry.edit(returned, scene.draft_input(parties=lines), scene.bureau.handler)
    assert returned.parties[0].name == "西北工业大学"


def test_the_other_side_does_not_watch_the_redrafting(scene: Scene, returned: Agreement) -> None:
    with pytest.raises(NotFound):
        queries.get_visible(returned.public_id, scene.university.handler)


def test_scans_of_the_old_text_count_for_nothing(scene: Scene) -> None:
    with transaction():
        agreement = scene.signed_by_all()
        revision = agreement.open_revision
        assert revision
        for row in queries.signatories_of(revision):
            side = scene.bureau if row.position == 1 else scene.university
            signing.void_signature(agreement, row, "文本有误", side.leader)
        signing.withdraw_signing(agreement, "文本有误", scene.bureau.leader)
    documents = queries.documents_of(agreement)
    assert all(row.void_reason for row in documents if row.kind is DocumentKind.PARTY_SCAN)
    assert papers.scans_of(revision, documents) == []
    with transaction():
        signing.start_signing(agreement, scene.bureau.leader)
    unmet = guards.unmet_for_effect(revision, queries.awaited_of(revision), queries.documents_of(agreement))
    assert len(unmet) == 2


def test_the_approved_text_says_what_was_approved(scene: Scene) -> None:
    with transaction():
        agreement = scene.approved()
        scene.university.organisation.address = "改过的地址"
        scene.university.organisation.name_zh = "改过的名称"
        signing.start_signing(agreement, scene.bureau.leader)
    party = agreement.parties[1]
    assert (party.snapshot_name, party.snapshot_address) == ("西北工业大学", "")


class TestTheOtherSide:
    def test_reads_no_internal_opinions_on_the_page(self, scene: Scene, client: Client) -> None:
        with transaction():
            agreement = scene.review()
            clearance.clear(agreement, Opinion("内部意见一"), scene.bureau.section_head)
            legal = Opinion("内部意见二", legal_result=LegalResult.LEGAL)
            clearance.clear(agreement, legal, scene.bureau.legal_officer)
            clearance.clear(agreement, Opinion("内部意见三", minutes_number="内部纪要"), scene.bureau.leader)
            address = f"/agreements/{agreement.public_id}"
        page = client.sign_in(scene.university.handler).get(address).text
        for kept_back in ("内部意见一", "内部意见二", "内部意见三", "内部纪要", scene.bureau.section_head.name):
            assert kept_back not in page
        own = client.sign_in(scene.bureau.handler).get(address).text
        assert "内部意见一" in own
        assert "内部纪要" in own


class TestFourEyes:
    def test_whoever_changed_a_historic_record_does_not_confirm_it(self, scene: Scene) -> None:
        lines = (PartyLine(scene.bureau.organisation.public_id), PartyLine(name_as_reported="待补高校"))
        given = HistoricRecord(AgreementKind.FRAMEWORK, "补录", lines, "报道")
        with transaction():
            both = make_user(Role.HANDLER, Role.SECTION_HEAD, organisation=scene.bureau.organisation)
            agreement = entry.record(given, scene.bureau.handler)
            entry.correct(agreement, replace(given, title_zh="改过"), both)
        with pytest.raises(Forbidden), transaction():
            entry.confirm(agreement, both)

    def test_whoever_submitted_does_not_review(self, scene: Scene) -> None:
        with transaction():
            both = make_user(Role.HANDLER, Role.SECTION_HEAD, organisation=scene.bureau.organisation)
            agreement = scene.draft()
            clearance.submit(agreement, both)
        with pytest.raises(Forbidden), transaction():
            clearance.clear(agreement, Opinion("同意"), both)


class TestPublicPage:
    def test_a_void_agreement_has_no_valid_paper(self, scene: Scene) -> None:
        with transaction():
            agreement = scene.signing()
            file = stored()
            files.add(agreement, DocumentKind.SIGNING_COPY, file, "签署稿.pdf", None)
            lifecycle.void(agreement, "不再推进", scene.bureau.leader)
        found = verification.find(agreement.verification_code or "")
        assert found
        assert found.status is AgreementStatus.VOID
        assert all(paper.is_void for paper in found.files)

    def test_after_a_withdrawal_nothing_of_the_draft_is_told(self, scene: Scene, client: Client) -> None:
        with transaction():
            agreement = scene.signing()
            signing.withdraw_signing(agreement, "文本有误", scene.bureau.leader)
        page = client.get(f"/v/{agreement.verification_code}", headers={"Accept-Language": "zh"})
        assert "签署已撤回" in page.text
        assert agreement.title_zh not in page.text


class TestHistoricNumbers:
    def given(self, scene: Scene, number: str) -> HistoricRecord:
        lines = (
            PartyLine(scene.bureau.organisation.public_id, role=PartyRole.LEAD),
            PartyLine(name_as_reported="待补高校"),
        )
        return HistoricRecord(AgreementKind.FRAMEWORK, "补录", lines, "报道", number=number)

    def test_a_number_is_not_given_out_again(self, scene: Scene) -> None:
        with transaction():
            first = scene.negotiation()
        assert first.number
        following = first.number.replace("〕1号", "〕5号")
        with transaction():
            entry.record(self.given(scene, following), scene.bureau.handler)
        with pytest.raises(Invalid) as refused, transaction():
            entry.record(self.given(scene, following), scene.bureau.handler)
        assert set(refused.value.fields) == {"number"}
        with transaction():
            second = scene.draft(title_zh="另一份")
            clearance.submit(second, scene.bureau.handler, duplicates_known=True)
            clearance.clear(second, Opinion("同意", skip_legality_review=True), scene.bureau.section_head)
            clearance.clear(second, Opinion("同意", minutes_number="纪要"), scene.bureau.leader)
        assert second.number_sequence == 6

    def test_a_foreign_number_is_only_kept(self, scene: Scene) -> None:
        with transaction():
            agreement = entry.record(self.given(scene, "辽人社函〔2023〕12号"), scene.bureau.handler)
        assert (agreement.number, agreement.number_sequence) == ("辽人社函〔2023〕12号", None)


@pytest.mark.parametrize("address", ["/agreements?q=%00", "/agreements/%00", "/organisations?q=a%00b", "/v/%00"])
def test_what_no_text_has_is_refused_before_the_database(scene: Scene, client: Client, address: str) -> None:
    assert client.sign_in(scene.bureau.handler).get(address).status_code == 400

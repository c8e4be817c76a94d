"""Whole stories of the people who use it, with the days and numbers of their papers."""

import re
from datetime import date

import pytest
from flask import Flask

from registry.agreements import content, jobs, papers, queries
from registry.agreements.inputs import Opinion, Term
from registry.agreements.models import (
    Agreement,
    AgreementStatus,
    ClearanceResult,
    LegalResult,
    RevisionStage,
    SignatoryStatus,
    Verdict,
)
from registry.agreements.revision_diff import differences
from registry.agreements.services import clearance, entry, negotiation, signing
from registry.agreements.todo import list_waiting
from registry.core.access.roles import Role
from registry.core.config import ROOT
from registry.core.db import transaction
from registry.core.errors import Conflict, Forbidden, Unmet
from registry.core.i18n import speaking
from registry.documents.html import signing_copy_html
from registry.documents.store import sm3
from tests.agreements.days import Clock, make_clock
from tests.agreements.scene import Scene, details, make_scene
from tests.conftest import Client
from tests.factories import make_user

pytestmark = pytest.mark.usefixtures("app")
URL = "https://registry.example"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return make_clock(monkeypatch)


@pytest.fixture
def scene(app: Flask) -> Scene:
    with transaction():
        return make_scene()


def tasks(scene: Scene, role: str) -> list[str]:
    """What waits for the bureau's person with the role."""
    return [row.task for row in list_waiting(getattr(scene.bureau, role))]


class TestFromDraftToSeal:
    """A framework from the model text, submitted on 30 September 2026."""

    @pytest.fixture
    def agreement(self, scene: Scene, clock: Clock) -> Agreement:
        clock(date(2026, 9, 30))
        with transaction():
            return scene.review()

    def test_an_unmodified_model_text_takes_the_fast_track(self, scene: Scene, agreement: Agreement) -> None:
        assert agreement.open_revision
        assert agreement.open_revision.template_unmodified
        with transaction():
            clearance.clear(agreement, Opinion("同意", skip_legality_review=True), scene.bureau.section_head)
        _section, legal, _leader = queries.clearances_of(agreement, scene.bureau.handler)
        assert (legal.result, legal.legal_result) == (ClearanceResult.EXEMPT, LegalResult.TEMPLATE_EXEMPT)
        assert tasks(scene, "leader") == ["leader"]
        assert tasks(scene, "legal_officer") == []

    def test_the_page_offers_it(self, scene: Scene, agreement: Agreement, client: Client) -> None:
        address = f"/agreements/{agreement.public_id}"
        assert 'name="skip_legality_review"' in client.sign_in(scene.bureau.section_head).get(address).text
        assert 'name="skip_legality_review"' not in client.sign_in(scene.bureau.legal_officer).get(address).text

    def test_a_text_of_ones_own_does_not(self, scene: Scene, clock: Clock) -> None:
        clock(date(2026, 9, 30))
        with transaction():
            agreement = scene.draft(**vars(scene.own_text()) | {"kind": scene.draft_input().kind})
            clearance.submit(agreement, scene.bureau.handler)
        assert agreement.open_revision
        assert not agreement.open_revision.template_unmodified
        with pytest.raises(Unmet), transaction():
            clearance.clear(agreement, Opinion("同意", skip_legality_review=True), scene.bureau.section_head)

    def test_a_framework_needs_the_number_of_the_minutes(self, scene: Scene, agreement: Agreement) -> None:
        with transaction():
            clearance.clear(agreement, Opinion("同意", skip_legality_review=True), scene.bureau.section_head)
        with pytest.raises(Unmet) as refused, transaction():
            clearance.clear(agreement, Opinion("同意"), scene.bureau.leader)
        assert [reason.key for reason in refused.value.reasons] == [
            "The number of the minutes of the collective decision is missing"
        ]
        with transaction():
            clearance.clear(agreement, Opinion("同意", minutes_number="党组会纪要〔2026〕7号"), scene.bureau.leader)
        assert agreement.status is AgreementStatus.NEGOTIATION
        assert agreement.number == "鞍校地协〔2026〕1号"

    def test_nobody_reviews_their_own_draft(self, scene: Scene, clock: Clock) -> None:
        clock(date(2026, 9, 30))
        with transaction():
            both = make_user(Role.HANDLER, Role.SECTION_HEAD, organisation=scene.bureau.organisation)
            agreement = entry.register(scene.draft_input(), both)
            clearance.submit(agreement, both)
        with pytest.raises(Forbidden), transaction():
            clearance.clear(agreement, Opinion("同意"), both)
        assert list_waiting(both) == []

    def test_a_return_makes_the_second_version_and_tells_what_changed(self, scene: Scene, agreement: Agreement) -> None:
        with transaction():
            clearance.send_back(agreement, "期限太短，招聘会太少", scene.bureau.section_head)
            variables = {**scene.draft_input().variables, "fairs_per_year": "3"}
            changed = scene.draft_input(term=Term(months=60), variables=variables, signing_place="沈阳市")
            entry.edit(agreement, changed, scene.bureau.handler)
            clearance.submit(agreement, scene.bureau.handler)
        first, second = agreement.revisions
        assert (first.stage, first.closed_reason) == (RevisionStage.SET_ASIDE, "期限太短，招聘会太少")
        assert (second.no, second.stage) == (2, RevisionStage.REVIEW)
        found = {"/".join(row.path): row for row in differences(agreement, first, second, "en")}
        told = {path: (row.before, row.after) for path, row in found.items() if not path.startswith("articles")}
        assert told == {
            "term/months": ("36", "60"),
            "signing_place": ("鞍山市", "沈阳市"),
            "variables/fairs_per_year": ("2", "3"),
            "commitments/T1/target": ("2", "3"),
        }
        before, after = found["signing_place"].runs
        assert [run.text for run in before if run.changed] == ["鞍山"]
        assert [run.text for run in after if run.changed] == ["沈阳"]


class TestSigning:
    """The parties seal on 17 and 18 March 2023; three years."""

    LAST = date(2026, 3, 18)

    @pytest.fixture
    def agreement(self, scene: Scene, clock: Clock) -> Agreement:
        clock(date(2023, 3, 17))
        with transaction():
            made = scene.signing()
            scene.sign(made, scene.bureau, date(2023, 3, 17))
        return made

    def test_counts_from_the_last_seal(self, scene: Scene, agreement: Agreement, clock: Clock) -> None:
        with pytest.raises(Unmet), transaction():
            signing.complete_signing(agreement, scene.bureau.seal_keeper)
        clock(date(2023, 3, 18))
        with transaction():
            scene.sign(agreement, scene.university, date(2023, 3, 18))
            signing.complete_signing(agreement, scene.bureau.seal_keeper)
        assert (agreement.effective_on, agreement.expires_on) == (date(2023, 3, 18), self.LAST)
        revision = agreement.effective_revision
        assert revision
        seals = [row.seal_use for row in queries.awaited_of(revision)]
        assert [(use.sealed_on, use.party.name) for use in seals if use] == [
            (date(2023, 3, 17), "鞍山市人力资源和社会保障局"),
            (date(2023, 3, 18), "西北工业大学"),
        ]
        assert agreement.number == "鞍校地协〔2023〕1号"

    def test_freezes_the_text_with_both_digests(self, scene: Scene, agreement: Agreement, clock: Clock) -> None:
        clock(date(2023, 3, 18))
        with transaction():
            scene.sign(agreement, scene.university, date(2023, 3, 18))
            signing.complete_signing(agreement, scene.bureau.seal_keeper)
        revision = agreement.effective_revision
        assert revision
        with speaking("zh"):
            copy = papers.registry_copy(agreement, revision, queries.signatories_of(revision), (), URL, "")
        printed = content.canonical_bytes(revision.content)
        assert copy.verification.content_sha256 == revision.content_sha256 == content.digest(revision.content)
        assert copy.verification.content_sm3 == sm3(printed)
        assert {len(copy.verification.content_sha256), len(copy.verification.content_sm3)} == {64}
        assert [row.signed_on for row in copy.signatories] == ["2023年3月17日", "2023年3月18日"]
        assert [zh for zh, _en, _day in copy.dates] == ["签约日期", "生效日期", "到期日期"]
        assert [day for _zh, _en, day in copy.dates] == ["2023年3月18日", "2023年3月18日", "2026年3月18日"]
        with pytest.raises(Conflict):
            revision.content = {**revision.content, "title_zh": "改过"}

    def test_draws_the_box_of_a_seal_to_come_dashed(self, agreement: Agreement) -> None:
        revision = agreement.open_revision
        assert revision
        with speaking("zh"):
            html = signing_copy_html(papers.signing_copy(agreement, revision, URL))
        assert html.count('class="seal"') == 2
        rule = re.search(r"^\.seal \{([^}]*)\}", (ROOT / "templates/pdf/style.css").read_text(), re.MULTILINE)
        assert rule
        assert "dashed" in rule[1]


class TestADispute:
    """The other party disputes a clause after it had approved: everything begins again, with the third version."""

    @pytest.fixture
    def agreement(self, scene: Scene, clock: Clock) -> Agreement:
        clock(date(2026, 9, 30))
        with transaction():
            made = scene.review()
            clearance.send_back(made, "措辞", scene.bureau.section_head)
            scene.pass_review(made)
            scene.approve(made)
        assert [row.no for row in made.revisions] == [1, 2]
        return made

    def dispute(self, scene: Scene, agreement: Agreement) -> None:
        with transaction():
            negotiation.request_changes(
                agreement, Verdict.CHANGES_REQUESTED, "第三条请改为每年两次", scene.university.leader
            )

    def test_makes_the_third_version_and_tells_the_bureau(self, scene: Scene, agreement: Agreement) -> None:
        assert tasks(scene, "leader") == ["start"]
        self.dispute(scene, agreement)
        assert [(row.no, row.stage) for row in agreement.revisions] == [
            (1, RevisionStage.SET_ASIDE), (2, RevisionStage.SET_ASIDE), (3, RevisionStage.DRAFT),
        ]  # fmt: skip
        assert agreement.revisions[1].closed_reason == "第三条请改为每年两次"
        assert tasks(scene, "handler") == ["draft"]
        assert tasks(scene, "leader") == []

    def test_restarts_both_tracks(self, scene: Scene, agreement: Agreement) -> None:
        self.dispute(scene, agreement)
        with transaction():
            clearance.submit(agreement, scene.bureau.handler)
        assert agreement.open_revision
        assert list(queries.approvals_of(agreement.open_revision)) == []
        own = queries.clearances_of(agreement, scene.bureau.handler)
        third = [row.result for row in own if row.revision_id == agreement.open_revision.id]
        assert third == [None, None, None]
        with transaction():
            clearance.clear(agreement, Opinion("同意", skip_legality_review=True), scene.bureau.section_head)
            clearance.clear(agreement, Opinion("同意"), scene.bureau.leader)  # the minutes were noted before
        theirs = queries.clearances_of(agreement, scene.university.handler)
        assert [row.result for row in theirs if row.revision_id == agreement.open_revision.id] == [None, None]
        with pytest.raises(Unmet), transaction():
            signing.start_signing(agreement, scene.bureau.leader)

    def test_leaves_nobody_a_way_to_seal_the_old_paper(self, scene: Scene, agreement: Agreement) -> None:
        self.dispute(scene, agreement)
        with pytest.raises(Conflict), transaction():
            signing.start_signing(agreement, scene.bureau.leader)
        jobs.make_signing_copy({"revision": agreement.revisions[1].public_id, "again": True})
        assert list(queries.documents_of(agreement)) == []

    def test_after_signing_began_the_old_rows_take_no_seal(self, scene: Scene, agreement: Agreement) -> None:
        with transaction():
            signing.start_signing(agreement, scene.bureau.leader)
        (old, *_others) = queries.signatories_of(agreement.revisions[1])
        with transaction():
            signing.withdraw_signing(agreement, "对方有异议", scene.bureau.leader)
        self.dispute(scene, agreement)
        assert list(queries.signatories_of(agreement.revisions[1])) == []
        for keeper in (scene.bureau.seal_keeper, scene.university.seal_keeper):
            with pytest.raises((Conflict, Forbidden)), transaction():
                signing.record_signature(agreement, old, details(date(2026, 9, 30)), keeper)
        assert old.status is not SignatoryStatus.SIGNED

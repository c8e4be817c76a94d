"""What one side does within itself is not told to the other, and nobody judges what they drafted."""

from datetime import timedelta

import pytest

from registry.agreements import queries
from registry.agreements.inputs import ChangeDetails, Opinion, Term
from registry.agreements.models import Agreement, DocumentKind, RenewalDecision, RevisionKind
from registry.agreements.services import clearance, endings, entry, files, lifecycle, renewal, revising, signing, steps
from registry.core.access.roles import Role
from registry.core.dates import today
from registry.core.db import transaction
from registry.core.errors import Forbidden
from tests.agreements.scene import Scene, make_scene, stored
from tests.conftest import Client
from tests.factories import make_user

EN = {"Accept-Language": "en"}


@pytest.fixture
def scene(client: Client) -> Scene:
    with transaction():
        return make_scene()


@pytest.fixture
def agreement(scene: Scene) -> Agreement:
    with transaction():
        return scene.in_force()


def page(client: Client, scene: Scene, agreement: Agreement) -> str:
    """What the university reads."""
    return client.sign_in(scene.university.handler).get(f"/agreements/{agreement.public_id}", headers=EN).text


class TestTheOtherSide:
    def test_learns_nothing_of_a_drafted_change(self, scene: Scene, agreement: Agreement, client: Client) -> None:
        before = page(client, scene, agreement)
        with transaction():
            scene.change(agreement, RevisionKind.AMENDMENT)
            files.add(agreement, DocumentKind.CONSENT, stored(), "内部同意.pdf", scene.bureau.handler)
        after = page(client, scene, agreement)
        for told in ("Still missing", "Nothing differs", "内部同意", "Change begun"):
            assert told not in after
        assert after.count("<li>") == before.count("<li>")

    def test_learns_nothing_of_the_decision_about_the_end(
        self, scene: Scene, agreement: Agreement, client: Client
    ) -> None:
        with transaction():
            agreement.expires_on = today() + timedelta(days=50)
            renewal.decide_renewal(agreement, RenewalDecision.LET_EXPIRE, "内部理由", scene.bureau.leader)
        assert "内部理由" not in page(client, scene, agreement)

    def test_learns_nothing_of_a_renewal_that_was_given_up(
        self, scene: Scene, agreement: Agreement, client: Client
    ) -> None:
        with transaction():
            made = renewal.renew(agreement, (), scene.bureau.handler)
            lifecycle.void(made, "不再续签的内部理由", scene.bureau.leader)
        told = page(client, scene, agreement)
        assert "内部理由" not in told
        assert "Voided" not in told

    def test_learns_nothing_from_a_stale_form(self, scene: Scene, agreement: Agreement, client: Client) -> None:
        with transaction():
            scene.change(agreement, RevisionKind.TERMINATION)
            scene.pass_review(agreement)
        client.sign_in(scene.university.leader)
        sent = {"row_version": 1, "verdict": "rejected", "comment": "不同意"}
        answer = client.post(f"/agreements/{agreement.public_id}/request-changes", data=sent, headers=EN)
        assert answer.status_code == 409
        assert "Change begun" not in answer.text


def test_who_begins_a_change_does_not_review_it(scene: Scene, agreement: Agreement) -> None:
    with transaction():
        both = make_user(Role.HANDLER, Role.SECTION_HEAD, organisation=scene.bureau.organisation)
        revising.begin(agreement, RevisionKind.TERMINATION, ChangeDetails("办结"), both)
        clearance.submit(agreement, scene.bureau.handler)
    with pytest.raises(Forbidden), transaction():
        clearance.clear(agreement, Opinion("同意"), both)


def test_a_change_that_comes_to_nothing_leaves_names_and_papers_alone(scene: Scene, agreement: Agreement) -> None:
    with transaction():
        scene.university.organisation.name_zh = "改名后的大学"
        scene.change(agreement, RevisionKind.TERMINATION)
        scene.pass_review(agreement)
        scene.approve(agreement)
        signing.start_signing(agreement, scene.bureau.leader)
        copy = files.add(agreement, DocumentKind.SIGNING_COPY, stored(), "签署稿.pdf", None)
    assert agreement.parties[1].name == "西北工业大学"
    revision = agreement.open_revision
    assert revision
    with transaction():
        endings.drop(agreement, revision, "到期")
    assert copy.void_reason == "到期"
    assert queries.signatories_of(revision) == []
    assert agreement.parties[1].name == "西北工业大学"


def test_an_extended_agreement_is_asked_about_again(scene: Scene, agreement: Agreement) -> None:
    with transaction():
        renewal.decide_renewal(agreement, RenewalDecision.LET_EXPIRE, "拟不续", scene.bureau.leader)
        scene.amended(agreement, term=Term(months=60))
    assert agreement.renewal_decision is None


def test_deadlines_of_a_change_are_counted_again(scene: Scene, agreement: Agreement) -> None:
    with transaction():
        scene.change(agreement, RevisionKind.AMENDMENT)
        entry.edit(agreement, scene.draft_input(term=Term(months=48)), scene.bureau.handler)
        clearance.submit(agreement, scene.bureau.handler)
        step = steps.next_step(agreement, scene.bureau.organisation.id)
        assert step
        due, step.due_on = step.due_on, today()
    steps.count_again()
    assert step.due_on == due

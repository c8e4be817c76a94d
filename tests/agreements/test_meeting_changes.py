"""Changes that meet: a text on its way beside one in force, one signed for later, a past that was noted already."""

from datetime import date, timedelta

import pytest
from flask import Flask

from registry.agreements import queries
from registry.agreements.inputs import ChangeDetails, Draft, NoticeDetails, PartyLine, Term
from registry.agreements.models import Agreement, AgreementStatus, RevisionKind, RevisionStage
from registry.agreements.services import clearance, ending, entry, files, lifecycle, revising, signing
from registry.core.dates import today
from registry.core.db import transaction
from registry.core.errors import Conflict, Invalid, Unmet
from registry.organisations.models import Organisation, OrganisationKind
from tests.agreements.clock import Clock, install
from tests.agreements.scene import Scene, Side, make_scene, make_side, stored, tomorrow
from tests.factories import make_organisation

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def scene(app: Flask) -> Scene:
    with transaction():
        return make_scene()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return install(Clock(date(2026, 3, 2)), monkeypatch)


@pytest.fixture
def agreement(clock: Clock, scene: Scene) -> Agreement:
    with transaction():
        return scene.in_force_with_own_text()


def joined_by(scene: Scene, *organisations: Organisation) -> Draft:
    """The text with more parties."""
    more = [PartyLine(one.public_id, representative="测试丙") for one in organisations]
    lines = (*scene.draft_input().parties, *more)
    return scene.own_text(parties=lines, copies_total=2 * len(lines))


def accede(scene: Scene, agreement: Agreement, side: Side, draft: Draft, on: date | None = None) -> None:
    """Signed by all, the new party too."""
    scene.change(agreement, RevisionKind.ACCESSION, effective_from=on)
    entry.edit(agreement, draft, scene.bureau.handler)
    scene.pass_review(agreement)
    scene.approve(agreement, scene.university, side)
    scene.conclude(agreement, scene.bureau, scene.university, side)


def signing_a_termination(scene: Scene, agreement: Agreement) -> None:
    """Begun, approved, being signed."""
    scene.change(agreement, RevisionKind.TERMINATION)
    scene.pass_review(agreement)
    scene.approve(agreement)
    signing.start_signing(agreement, scene.bureau.leader)


class TestWhatIsInForce:
    """While its change is being signed, its own papers and signatures are nobody's to touch."""

    @pytest.fixture(autouse=True)
    def changed(self, scene: Scene, agreement: Agreement) -> None:
        with transaction():
            signing_a_termination(scene, agreement)

    def test_keeps_its_papers(self, scene: Scene, agreement: Agreement) -> None:
        scan = next(row for row in queries.documents_of(agreement) if row.party)
        with pytest.raises(Conflict), transaction():
            files.remove(agreement, scan, "误传", scene.bureau.seal_keeper)

    def test_keeps_its_signatures(self, scene: Scene, agreement: Agreement) -> None:
        row = queries.signatories_of(agreement.revisions[0])[0]
        with pytest.raises(Conflict), transaction():
            signing.void_signature(agreement, row, "误", scene.bureau.leader)


class TestWhoIsToJoinLater:
    """An accession was signed for tomorrow; another one is drafted meanwhile."""

    @pytest.fixture
    def side(self, scene: Scene, agreement: Agreement) -> Side:
        with transaction():
            side = make_side("东北大学", OrganisationKind.UNIVERSITY)
            accede(scene, agreement, side, joined_by(scene, side.organisation), tomorrow())
        return side

    def test_sees_what_they_signed(self, agreement: Agreement, side: Side) -> None:
        assert queries.get_visible(agreement.public_id, side.handler) is agreement

    def test_is_the_one_who_is_bound_on_the_day(self, scene: Scene, agreement: Agreement, side: Side) -> None:
        with transaction():
            another = make_organisation("沈阳测试大学", OrganisationKind.UNIVERSITY)
            scene.change(agreement, RevisionKind.ACCESSION)
            entry.edit(agreement, joined_by(scene, another), scene.bureau.handler)
        with transaction():
            lifecycle.take_effect_of_changes(tomorrow())
        assert [(party.position, party.name) for party in agreement.parties][2:] == [(3, "东北大学")]

    def test_stays_when_the_other_draft_is_abandoned(self, scene: Scene, agreement: Agreement, side: Side) -> None:
        with transaction():
            scene.change(agreement, RevisionKind.AMENDMENT)
            revising.abandon(agreement, "不改了", scene.bureau.handler)
            lifecycle.take_effect_of_changes(tomorrow())
        assert side.organisation in [party.organisation for party in agreement.parties]


class TestWhoLeft:
    @pytest.fixture
    def left(self, clock: Clock, scene: Scene) -> tuple[Agreement, Side]:
        """Of three parties the third left."""
        with transaction():
            agreement, side = scene.in_force_of_three()
            scene.change(agreement, RevisionKind.WITHDRAWAL, leaving=frozenset({3}), arrangements="已办结")
            scene.pass_review(agreement)
            scene.approve(agreement, side)
            scene.conclude(agreement, scene.bureau, side)
        return agreement, side

    def test_leaves_the_letter_to_nobody(self, scene: Scene, left: tuple[Agreement, Side]) -> None:
        agreement, _side = left
        with transaction():
            fourth = make_side("沈阳测试大学", OrganisationKind.UNIVERSITY)
            accede(scene, agreement, fourth, joined_by(scene, fourth.organisation))
        assert [party.position for party in agreement.parties] == [1, 2, 4]

    def test_may_come_back_under_it(self, scene: Scene, left: tuple[Agreement, Side]) -> None:
        agreement, side = left
        with transaction():
            accede(scene, agreement, side, joined_by(scene, side.organisation))
        assert [(party.position, party.left_on) for party in agreement.parties][2:] == [(3, None)]

    def test_is_still_known_to_have_left_when_coming_back_fails(
        self, scene: Scene, left: tuple[Agreement, Side]
    ) -> None:
        agreement, side = left
        with transaction():
            scene.change(agreement, RevisionKind.ACCESSION)
            entry.edit(agreement, joined_by(scene, side.organisation), scene.bureau.handler)
            revising.abandon(agreement, "不再加入", scene.bureau.handler)
        row = next(party for party in agreement.all_parties if party.organisation is side.organisation)
        assert (row.position, row.left_on) == (3, today())


class TestShortChanges:
    """A withdrawal is signed by two, a termination ends everything: neither changes a term by the way."""

    def test_a_withdrawal_changes_no_term(self, clock: Clock, scene: Scene) -> None:
        with transaction():
            agreement, _side = scene.in_force_of_three()
            scene.change(agreement, RevisionKind.WITHDRAWAL, leaving=frozenset({3}), arrangements="已办结")
            changed = scene.own_text(term=Term(months=60), copies_total=6)
            entry.edit(agreement, changed, scene.bureau.handler)
        self._refused(scene, agreement)

    def test_a_withdrawal_drops_nobody_else(self, clock: Clock, scene: Scene) -> None:
        with transaction():
            agreement, side = scene.in_force_of_three()
            fourth = make_side("沈阳测试大学", OrganisationKind.UNIVERSITY)
            more = PartyLine(side.organisation.public_id, representative="测试丙")
            lines = (*scene.draft_input().parties, more, PartyLine(fourth.organisation.public_id))
            scene.change(agreement, RevisionKind.ACCESSION)
            entry.edit(agreement, scene.own_text(parties=lines, copies_total=8), scene.bureau.handler)
            scene.pass_review(agreement)
            scene.approve(agreement, scene.university, side, fourth)
            scene.conclude(agreement, scene.bureau, scene.university, side, fourth)
            scene.change(agreement, RevisionKind.WITHDRAWAL, leaving=frozenset({4}), arrangements="已办结")
            entry.edit(agreement, scene.own_text(copies_total=8), scene.bureau.handler)
        self._refused(scene, agreement)

    def test_a_termination_changes_no_term(self, scene: Scene, agreement: Agreement) -> None:
        with transaction():
            scene.change(agreement, RevisionKind.TERMINATION)
            entry.edit(agreement, scene.own_text(title_zh="新名称"), scene.bureau.handler)
        self._refused(scene, agreement)

    def _refused(self, scene: Scene, agreement: Agreement) -> None:
        with pytest.raises(Unmet) as refused, transaction():
            clearance.submit(agreement, scene.bureau.handler)
        assert all("this needs an amendment" in str(reason.key) for reason in refused.value.reasons)


class TestDaysOfAChange:
    """What could not take effect on its day is told while people are there to be told."""

    def amend(self, scene: Scene, agreement: Agreement, term: Term, on: date) -> None:
        scene.change(agreement, RevisionKind.AMENDMENT, effective_from=on)
        entry.edit(agreement, scene.own_text(term=term), scene.bureau.handler)
        scene.pass_review(agreement)
        scene.approve(agreement)
        scene.conclude(agreement)

    @pytest.mark.parametrize("last", [-1, 5])
    def test_its_last_day_is_not_before_it(self, scene: Scene, agreement: Agreement, last: int) -> None:
        term = Term(expires_on=today() + timedelta(days=last))
        with pytest.raises(Unmet), transaction():
            self.amend(scene, agreement, term, today() + timedelta(days=10))

    def test_its_last_day_may_be_its_first(self, scene: Scene, agreement: Agreement) -> None:
        day = today() + timedelta(days=10)
        with transaction():
            self.amend(scene, agreement, Term(expires_on=day), day)
        assert agreement.revisions[-1].stage is RevisionStage.SIGNED

    def test_it_does_not_come_after_the_end(self, scene: Scene, agreement: Agreement) -> None:
        assert agreement.expires_on
        with pytest.raises(Unmet), transaction():
            self.amend(scene, agreement, Term(open_ended=True), agreement.expires_on + timedelta(days=2))


def test_a_change_signed_days_ago_leaves_a_suspension_since_then_as_it_was(
    clock: Clock, scene: Scene, agreement: Agreement
) -> None:
    clock.pass_days(10)
    signed_on = clock.today
    clock.pass_days(5)
    with transaction():
        lifecycle.suspend(agreement, "整改", scene.bureau.leader)
    suspended_on = clock.today
    clock.pass_days(5)
    with transaction():
        scene.change(agreement, RevisionKind.AMENDMENT)
        entry.edit(agreement, scene.own_text(title_zh="新名称"), scene.bureau.handler)
        scene.pass_review(agreement)
        scene.approve(agreement)
        scene.conclude(agreement, on=signed_on)
    told = [(row.from_on, row.until_on, row.status, row.title_zh) for row in queries.periods_of(agreement)]
    assert told[1:] == [
        (signed_on, suspended_on, AgreementStatus.IN_FORCE, "新名称"),
        (suspended_on, None, AgreementStatus.SUSPENDED, "新名称"),
    ]
    assert told[0][1] == signed_on


class TestTheEnd:
    def test_no_notice_was_received_before_it_took_effect(self, scene: Scene, agreement: Agreement) -> None:
        early = NoticeDetails(agreement.parties[1].public_id, today() - timedelta(days=1), 0, "不再合作")
        with pytest.raises(Invalid) as refused, transaction():
            ending.give_notice(agreement, early, stored(), "通知.pdf", scene.bureau.leader)
        assert list(refused.value.fields) == ["received_on"]

    def test_is_not_before_terms_that_did_hold(self, clock: Clock, scene: Scene, agreement: Agreement) -> None:
        given = NoticeDetails(agreement.parties[1].public_id, today(), 0, "不再合作")
        with transaction():
            ending.give_notice(agreement, given, stored(), "通知.pdf", scene.bureau.leader)
        clock.pass_days(5)
        with transaction():
            revising.begin(agreement, RevisionKind.AMENDMENT, ChangeDetails("仍在合作"), scene.bureau.handler)
            entry.edit(agreement, scene.own_text(title_zh="新名称"), scene.bureau.handler)
            scene.pass_review(agreement)
            scene.approve(agreement)
            scene.conclude(agreement)
        clock.pass_days(1)
        with transaction():
            ending.terminate(agreement, scene.bureau.leader)
        assert agreement.effective_revision
        assert agreement.closed_on == agreement.effective_revision.effective_on

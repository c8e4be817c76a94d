"""Changes of an agreement in force: drafted on its terms, through the same lanes; its terms are their fold."""

from datetime import timedelta

import pytest
from flask import Flask

from registry.agreements import queries
from registry.agreements.inputs import ChangeDetails, PartyLine, Term
from registry.agreements.merging import Side as Choice
from registry.agreements.models import (
    Agreement,
    AgreementStatus,
    ClosureOutcome,
    RevisionKind,
    RevisionStage,
)
from registry.agreements.services import bases, clearance, entry, lifecycle, rebasing, revising, signing
from registry.core.dates import add_months, today
from registry.core.db import db, transaction
from registry.core.errors import Conflict, Forbidden, Invalid, NotFound, Unmet
from registry.organisations.models import OrganisationKind
from tests.agreements.scene import Scene, Side, make_scene, make_side, tomorrow

pytestmark = pytest.mark.usefixtures("app")
LONGER = Term(months=60)


@pytest.fixture
def scene(app: Flask) -> Scene:
    with transaction():
        return make_scene()


@pytest.fixture
def agreement(scene: Scene) -> Agreement:
    with transaction():
        return scene.in_force()


def third(scene: Scene) -> tuple[Side, tuple[PartyLine, ...]]:
    """Another university, and the lines of a text that it joins."""
    side = make_side("东北大学", OrganisationKind.UNIVERSITY)
    return side, (*scene.draft_input().parties, PartyLine(side.organisation.public_id, representative="测试丙"))


class TestAnAmendment:
    def test_leaves_the_terms_alone_until_it_is_signed(self, scene: Scene, agreement: Agreement) -> None:
        before = agreement.expires_on
        with transaction():
            scene.change(agreement, RevisionKind.AMENDMENT)
            entry.edit(agreement, scene.draft_input(term=LONGER, title_zh="新名称"), scene.bureau.handler)
            scene.pass_review(agreement)
        assert agreement.status is AgreementStatus.IN_FORCE
        assert (agreement.expires_on, agreement.term_months) == (before, 36)
        assert agreement.title_zh != "新名称"
        assert agreement.open_revision
        assert agreement.open_revision.stage is RevisionStage.NEGOTIATION

    def test_counts_a_new_term_from_the_first_day_in_force(self, scene: Scene, agreement: Agreement) -> None:
        with transaction():
            scene.amended(agreement, term=LONGER)
        assert agreement.expires_on == add_months(today(), 60)
        assert agreement.effective_on == today()
        assert [row.stage for row in agreement.revisions] == [RevisionStage.SUPERSEDED, RevisionStage.EFFECTIVE]

    def test_waits_for_its_day_and_the_daily_run_catches_up(self, scene: Scene, agreement: Agreement) -> None:
        day = today() + timedelta(days=10)
        with transaction():
            revision = scene.amended(agreement, term=LONGER, effective_from=day)
        assert (revision.stage, agreement.term_months) == (RevisionStage.SIGNED, 36)
        for _run in range(2):
            with transaction():
                lifecycle.take_effect_of_changes(day + timedelta(days=3))
        assert (revision.stage, revision.effective_on) == (RevisionStage.EFFECTIVE, day)
        assert agreement.term_months == 60

    def test_keeps_one_open_at_most(self, scene: Scene, agreement: Agreement) -> None:
        with transaction():
            scene.change(agreement, RevisionKind.AMENDMENT)
        with pytest.raises(Conflict), transaction():
            scene.change(agreement, RevisionKind.CORRECTION)

    def test_goes_nowhere_without_a_difference_or_a_reason(self, scene: Scene, agreement: Agreement) -> None:
        with transaction():
            scene.change(agreement, RevisionKind.AMENDMENT, reason="")
        with pytest.raises(Unmet) as refused, transaction():
            clearance.submit(agreement, scene.bureau.handler)
        assert {reason.key for reason in refused.value.reasons} == {
            "Say why the agreement is changed",
            "Nothing differs from the terms in force",
        }

    def test_does_not_end_before_the_agreement_began(self, scene: Scene, agreement: Agreement) -> None:
        """The daily run would stop at it, on the day of the change."""
        with transaction():
            scene.change(agreement, RevisionKind.AMENDMENT, effective_from=tomorrow())
            term = Term(expires_on=today() - timedelta(days=1))
            entry.edit(agreement, scene.draft_input(term=term), scene.bureau.handler)
        with pytest.raises(Unmet) as refused, transaction():
            clearance.submit(agreement, scene.bureau.handler)
        assert [reason.key for reason in refused.value.reasons] == ["The last day lies before the first"]

    def test_lets_nobody_join_by_the_way(self, scene: Scene, agreement: Agreement) -> None:
        with transaction():
            _side, lines = third(scene)
            scene.change(agreement, RevisionKind.AMENDMENT)
            entry.edit(agreement, scene.draft_input(parties=lines, copies_total=6), scene.bureau.handler)
        with pytest.raises(Unmet) as refused, transaction():
            clearance.submit(agreement, scene.bureau.handler)
        assert "by a revision of their own kind" in refused.value.reasons[0].key

    def test_can_be_returned_with_its_opinions_kept(self, scene: Scene, agreement: Agreement) -> None:
        with transaction():
            scene.change(agreement, RevisionKind.AMENDMENT)
            entry.edit(agreement, scene.draft_input(term=LONGER), scene.bureau.handler)
            clearance.submit(agreement, scene.bureau.handler)
            clearance.send_back(agreement, "再议", scene.bureau.section_head)
        assert agreement.status is AgreementStatus.IN_FORCE
        assert agreement.shared
        assert [row.stage for row in agreement.revisions] == [
            RevisionStage.EFFECTIVE, RevisionStage.SET_ASIDE, RevisionStage.DRAFT,
        ]  # fmt: skip
        assert agreement.revisions[-1].base_id == agreement.revisions[0].id

    def test_is_the_handlers_to_begin(self, scene: Scene, agreement: Agreement) -> None:
        with pytest.raises(Forbidden), transaction():
            revising.begin(agreement, RevisionKind.AMENDMENT, ChangeDetails("x"), scene.bureau.leader)

    def test_is_not_begun_before_the_agreement_is_signed(self, scene: Scene) -> None:
        with transaction():
            unsigned = scene.signing()
        with pytest.raises(Conflict), transaction():
            scene.change(unsigned, RevisionKind.AMENDMENT)


class TestACorrection:
    def test_puts_wording_right(self, scene: Scene, agreement: Agreement) -> None:
        with transaction():
            scene.change(agreement, RevisionKind.CORRECTION)
            entry.edit(agreement, scene.draft_input(signing_place="鞍山市铁东区"), scene.bureau.handler)
            scene.pass_review(agreement)
            scene.approve(agreement)
            scene.conclude(agreement)
        assert agreement.signing_place == "鞍山市铁东区"

    def test_changes_no_term(self, scene: Scene, agreement: Agreement) -> None:
        with transaction():
            scene.change(agreement, RevisionKind.CORRECTION)
            entry.edit(agreement, scene.draft_input(term=LONGER), scene.bureau.handler)
        with pytest.raises(Unmet) as refused, transaction():
            clearance.submit(agreement, scene.bureau.handler)
        assert ["this needs an amendment" in str(reason.key) for reason in refused.value.reasons] == [True]


class TestAnAccession:
    def test_binds_who_joins_when_everybody_signed(self, scene: Scene) -> None:
        with transaction():
            agreement = scene.in_force_with_own_text()
            side, lines = third(scene)
            scene.change(agreement, RevisionKind.ACCESSION)
            entry.edit(agreement, scene.own_text(parties=lines, copies_total=6), scene.bureau.handler)
        assert len(agreement.parties) == 2
        with pytest.raises(NotFound), transaction():
            _seen(agreement, side)
        with transaction():
            scene.pass_review(agreement)
            _seen(agreement, side)
            scene.approve(agreement, scene.university, side)
            scene.conclude(agreement, scene.bureau, scene.university, side)
        assert [party.name for party in agreement.parties][-1] == "东北大学"
        assert agreement.parties[-1].joined_on == today()

    def test_names_somebody_new_and_nobody_less(self, scene: Scene, agreement: Agreement) -> None:
        with transaction():
            scene.change(agreement, RevisionKind.ACCESSION)
        with pytest.raises(Unmet) as refused, transaction():
            clearance.submit(agreement, scene.bureau.handler)
        assert "Name the party that joins" in {reason.key for reason in refused.value.reasons}


class TestAWithdrawal:
    def test_is_signed_by_who_leaves_and_the_owner_while_others_stay_bound(self, scene: Scene) -> None:
        with transaction():
            agreement, side = scene.in_force_of_three()
            scene.change(agreement, RevisionKind.WITHDRAWAL, leaving=frozenset({3}), arrangements="已办结")
            scene.pass_review(agreement)
            scene.approve(agreement, side)
            scene.conclude(agreement, scene.bureau, side)
        assert [party.position for party in agreement.parties] == [1, 2]
        assert agreement.status is AgreementStatus.IN_FORCE
        left = next(party for party in agreement.all_parties if party.position == 3)
        assert (left.is_bound, left.left_on) == (False, today())
        with pytest.raises(NotFound):
            _seen(agreement, side)

    def test_leaves_at_least_two(self, scene: Scene, agreement: Agreement) -> None:
        with transaction():
            scene.change(agreement, RevisionKind.WITHDRAWAL, leaving=frozenset({2}))
        with pytest.raises(Unmet), transaction():
            clearance.submit(agreement, scene.bureau.handler)

    @pytest.mark.parametrize("leaving", [frozenset(), frozenset({1}), frozenset({7})])
    def test_is_of_a_party_and_not_of_the_owner(
        self, scene: Scene, agreement: Agreement, leaving: frozenset[int]
    ) -> None:
        with pytest.raises(Invalid), transaction():
            scene.change(agreement, RevisionKind.WITHDRAWAL, leaving=leaving)


class TestATermination:
    def test_ends_it_when_all_signed(self, scene: Scene, agreement: Agreement) -> None:
        with transaction():
            scene.change(agreement, RevisionKind.TERMINATION)
            scene.pass_review(agreement)
            scene.approve(agreement)
            scene.conclude(agreement)
        assert (agreement.status, agreement.outcome) == (AgreementStatus.CLOSED, ClosureOutcome.TERMINATED)
        assert agreement.closed_on == today()


class TestABaseThatMovedOn:
    @pytest.fixture
    def stale(self, scene: Scene, agreement: Agreement, monkeypatch: pytest.MonkeyPatch) -> Agreement:
        """An amendment signed for tomorrow took effect while another one was drafted on the old terms."""
        with transaction():
            scene.amended(agreement, term=LONGER, effective_from=tomorrow())
            scene.change(agreement, RevisionKind.AMENDMENT)
            changed = scene.draft_input(signing_place="沈阳市", term=Term(months=48))
            entry.edit(agreement, changed, scene.bureau.handler)
            lifecycle.take_effect_of_changes(tomorrow())
        return agreement

    def test_is_a_conflict_that_names_the_fields(self, scene: Scene, stale: Agreement) -> None:
        with pytest.raises(bases.BaseMoved) as refused, transaction():
            clearance.submit(stale, scene.bureau.handler)
        assert [reason.english for reason in refused.value.reasons] == ["Term: Months"]

    def test_wants_a_choice_where_both_changed(self, scene: Scene, stale: Agreement) -> None:
        assert [clash.path for clash in rebasing.merged(stale).clashes] == [("term", "months")]
        with pytest.raises(Invalid) as refused, transaction():
            rebasing.bring_forward(stale, {}, scene.bureau.handler)
        assert list(refused.value.fields) == ["term/months"]

    @pytest.mark.parametrize(("choice", "months"), [(Choice.MINE, 48), (Choice.THEIRS, 60)])
    def test_goes_on_with_what_was_chosen(self, scene: Scene, stale: Agreement, choice: Choice, months: int) -> None:
        with transaction():
            rebasing.bring_forward(stale, {("term", "months"): choice}, scene.bureau.handler)
        draft = stale.open_revision
        assert draft
        assert (draft.content["term"]["months"], draft.content["signing_place"]) == (months, "沈阳市")
        with transaction():
            clearance.submit(stale, scene.bureau.handler)

    def test_is_refused_where_nothing_moved(self, scene: Scene, agreement: Agreement) -> None:
        with transaction():
            scene.change(agreement, RevisionKind.AMENDMENT)
        with pytest.raises(Conflict), transaction():
            rebasing.bring_forward(agreement, {}, scene.bureau.handler)


class TestAbandoning:
    def test_leaves_everything_as_it_was(self, scene: Scene, agreement: Agreement) -> None:
        with transaction():
            scene.change(agreement, RevisionKind.TERMINATION)
            scene.pass_review(agreement)
            scene.approve(agreement)
            signing.start_signing(agreement, scene.bureau.leader)
            revising.abandon(agreement, "改为续签", scene.bureau.leader)
        assert agreement.status is AgreementStatus.IN_FORCE
        assert agreement.revisions[-1].closed_reason == "改为续签"
        assert agreement.present_revision is agreement.revisions[0]

    def test_touches_no_signature(self, scene: Scene, agreement: Agreement) -> None:
        with transaction():
            scene.change(agreement, RevisionKind.TERMINATION)
            scene.pass_review(agreement)
            scene.approve(agreement)
            signing.start_signing(agreement, scene.bureau.leader)
            scene.sign(agreement, scene.university, today())
        with pytest.raises(Unmet), transaction():
            revising.abandon(agreement, "改为续签", scene.bureau.leader)

    def test_is_the_leaders_once_it_went_to_review(self, scene: Scene, agreement: Agreement) -> None:
        with transaction():
            scene.change(agreement, RevisionKind.TERMINATION)
            clearance.submit(agreement, scene.bureau.handler)
        with pytest.raises(Forbidden), transaction():
            revising.abandon(agreement, "误", scene.bureau.handler)


def _seen(agreement: Agreement, side: Side) -> None:
    db.session.flush()
    queries.get_visible(agreement.public_id, side.handler)

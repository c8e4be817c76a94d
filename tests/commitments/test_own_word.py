"""Nobody's own word is enough: persons who moved, joint close-outs, the lead's say, several who have to agree."""

from datetime import timedelta

import pytest

from registry.agreements.models import RevisionKind
from registry.commitments.enums import About, Category, PeriodState, VerifyRule
from registry.commitments.inputs import Description
from registry.commitments.models import CommitmentPeriod
from registry.commitments.services import checking, confirming, describing, reporting, verifying, waiving
from registry.core.dates import today
from registry.core.db import db, transaction
from registry.core.errors import Conflict, Forbidden, Unmet
from tests.agreements.days import make_clock
from tests.states import Begin

from .promised import Promised, framework, of_three
from .test_ledger import does, report, state, waiting


@pytest.fixture
def promised(begin_with: Begin) -> Promised:
    return begin_with(framework)


@pytest.fixture
def three(begin_with: Begin) -> Promised:
    return begin_with(of_three)


def ruled(three: Promised, rule: VerifyRule, code: str = "2") -> CommitmentPeriod:
    """The first period of the university's promise to the other two, by a rule."""
    with transaction():
        given = Description(Category.EMPLOYMENT, verify_rule=rule)
        describing.describe(three.commitment(code), given, three.bureau.handler)
    return three.first(code)


def test_whoever_moved_to_the_other_side_does_not_verify_what_they_reported(promised: Promised) -> None:
    period, mover = promised.first("T1"), promised.bureau.handler
    report(period, 1, mover)
    with transaction():
        mover.organisation_id = promised.university.organisation.id
        db.session.flush()
    for act in (verifying.verify, verifying.dispute):
        with pytest.raises(Forbidden), transaction():
            act(period, 2 if act is verifying.dispute else 1, "属实", mover)
    does(lambda: verifying.verify(period, 1, "", promised.university.handler))


def test_whoever_moved_to_the_other_side_does_not_agree_to_their_own_waiver(promised: Promised) -> None:
    period, mover = promised.first("T1"), promised.bureau.leader
    does(lambda: waiving.ask_waiver(period, "场馆检修", mover))
    with transaction():
        mover.organisation_id = promised.university.organisation.id
        db.session.flush()
    with pytest.raises(Forbidden), transaction():
        waiving.consent_waiver(period, "", mover)
    does(lambda: waiving.consent_waiver(period, "", promised.university.leader))
    assert state(period) is PeriodState.WAIVED


def test_of_a_joint_promise_whoever_verifies_does_not_ask_for_the_close_out(three: Promised) -> None:
    period = three.first("3")
    report(period, 1, three.bureau.handler)
    with pytest.raises(Forbidden), transaction():
        reporting.request_close(period, "到此为止", three.university.handler)
    does(lambda: reporting.request_close(period, "到此为止", three.bureau.section_head))
    does(lambda: verifying.close(period, "", three.university.handler))
    assert state(period) is PeriodState.PARTIALLY_MET


def test_the_lead_has_a_say_in_a_waiver_that_another_beneficiary_asks_for(three: Promised) -> None:
    period = ruled(three, VerifyRule.LEAD)
    does(lambda: waiving.ask_waiver(period, "我方不再需要", three.third.leader))
    assert {one for one, _part in waiting(period)} == {
        three.university.organisation.id,
        three.bureau.organisation.id,
    }
    does(lambda: waiving.consent_waiver(period, "", three.university.leader))
    assert state(period) is PeriodState.SCHEDULED
    does(lambda: waiving.consent_waiver(period, "", three.bureau.leader))
    assert state(period) is PeriodState.WAIVED
    assert list(checking.compare()) == []


def test_what_nobody_reported_counts_once_all_have_said_the_same_figure(
    three: Promised, monkeypatch: pytest.MonkeyPatch
) -> None:
    period = ruled(three, VerifyRule.ALL)
    make_clock(monkeypatch)(period.due_on + timedelta(days=1))
    does(lambda: verifying.verify(period, 0, "未推荐", three.bureau.handler))
    does(lambda: verifying.verify(period, 6, "到岗六人", three.third.handler))
    assert (state(period), period.verified) == (PeriodState.SCHEDULED, None)
    does(lambda: verifying.verify(period, 6, "到岗六人", three.third.section_head))
    does(lambda: verifying.verify(period, 6, "核对后同意", three.bureau.handler))
    assert (state(period), period.verified) == (PeriodState.PARTIALLY_MET, 6)


def test_a_close_out_asks_those_again_who_agreed_to_the_figure_only(three: Promised) -> None:
    period = ruled(three, VerifyRule.ALL)
    report(period, 4, three.university.handler)
    does(lambda: verifying.verify(period, 4, "", three.third.handler))
    does(lambda: reporting.request_close(period, "不再推荐", three.university.handler))
    assert len(waiting(period)) == 2
    does(lambda: verifying.close(period, "", three.bureau.handler))
    assert state(period) is PeriodState.SUBMITTED


def test_another_rule_asks_anew_so_that_nothing_is_stuck(three: Promised) -> None:
    period = ruled(three, VerifyRule.ALL)
    report(period, 10, three.university.handler)
    does(lambda: verifying.verify(period, 10, "", three.third.handler))
    ruled(three, VerifyRule.ANY)
    assert len(waiting(period)) == 2
    assert period.voiced(About.FIGURE) == frozenset()
    does(lambda: verifying.verify(period, 10, "", three.third.handler))
    assert state(period) is PeriodState.MET


def test_while_suspended_nobody_finds_that_nothing_was_done(
    promised: Promised, monkeypatch: pytest.MonkeyPatch
) -> None:
    period = promised.first("T1")
    with transaction():
        period.commitment.paused_on = today()
        db.session.flush()
    make_clock(monkeypatch)(period.due_on + timedelta(days=1))
    with pytest.raises(Conflict), transaction():
        verifying.verify(period, 0, "未举办", promised.university.handler)


def test_many_at_once_are_reported_ones_and_settle_no_dispute(promised: Promised) -> None:
    period = promised.first("T1")
    report(period, 2, promised.bureau.handler)
    does(lambda: verifying.dispute(period, 1, "第二场未举办", promised.university.handler))
    with pytest.raises(Unmet), transaction():
        confirming.verify_chosen({period.public_id: period.row_version}, "", promised.university.handler)
    assert state(period) is PeriodState.DISPUTED


def test_a_newer_report_of_the_same_figure_is_a_newer_version(promised: Promised) -> None:
    period = promised.first("T1")
    report(period, 1, promised.bureau.handler)
    seen = period.row_version
    report(period, 1, promised.bureau.handler)
    assert period.row_version > seen


def test_what_a_party_reported_that_has_left_is_answered_by_those_who_remain(three: Promised) -> None:
    period, scene, agreement = three.first("3"), three.scene, three.agreement
    report(period, 4, three.third.handler)
    does(lambda: verifying.dispute(period, 2, "重复两次", three.university.handler))
    with transaction():
        scene.change(agreement, RevisionKind.WITHDRAWAL, leaving=frozenset({3}), arrangements="已办结")
        scene.pass_review(agreement)
        scene.approve(agreement, three.third)
        scene.conclude(agreement, three.bureau, three.third)
    assert waiting(period) == {(one.organisation.id, "obligor") for one in (three.bureau, three.university)}
    with pytest.raises(Forbidden), transaction():
        verifying.answer(period, 2, "以我为准", three.university.handler)
    does(lambda: verifying.answer(period, 2, "核对属实", three.bureau.handler))
    assert (state(period), period.verified) == (PeriodState.SCHEDULED, 2)

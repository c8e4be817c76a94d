"""Reporting, verifying, disputing, waiving, striking off: what each rule lets happen and what it refuses."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from registry.accounts.models import User
from registry.commitments.enums import Category, Curve, Part, PeriodState, VerifyRule
from registry.commitments.inputs import Description, Proof
from registry.commitments.models import CommitmentPeriod, CommitmentTotal, PeriodStanding
from registry.commitments.queries import get_period, period_for_change
from registry.commitments.services import checking, describing, reporting, verifying, waiving
from registry.core.dates import today
from registry.core.db import db, transaction
from registry.core.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from registry.messages.models import Message
from registry.organisations.models import OrganisationKind
from registry.records.queries import history
from tests.agreements.days import make_clock
from tests.agreements.scene import make_side
from tests.mechanisms.meetings import make_mechanism
from tests.states import Begin

from .promised import Promised, framework, of_three

WORDS = "见活动台账"


@pytest.fixture
def promised(begin_with: Begin) -> Promised:
    return begin_with(framework)


@pytest.fixture
def three(begin_with: Begin) -> Promised:
    return begin_with(of_three)


@pytest.fixture
def period(promised: Promised) -> CommitmentPeriod:
    """Two fairs of this year, promised by the bureau."""
    return promised.first("T1")


def report(period: CommitmentPeriod, figure: int, by: User) -> None:
    """With words that show it."""
    with transaction():
        reporting.report(period, figure, WORDS, (), by)


def does(act: Callable[[], object]) -> None:
    """In a transaction of its own."""
    with transaction():
        act()


def kinds_of(period: CommitmentPeriod) -> list[str]:
    """What happened to it."""
    db.session.refresh(period)
    return [str(one.kind) for one in period.events]


def state(period: CommitmentPeriod) -> PeriodState:
    """Asked anew each time."""
    return period.state


def waiting(period: CommitmentPeriod) -> set[tuple[int, str]]:
    """Whom the lists ask, and as what."""
    rows = select(PeriodStanding.organisation_id, PeriodStanding.part)
    asked = rows.where(PeriodStanding.period_id == period.id, PeriodStanding.waits.is_(True))
    return {(organisation_id, str(part)) for organisation_id, part in db.session.execute(asked)}


class TestReporting:
    def test_half_of_it_waits_for_the_other_side(self, promised: Promised, period: CommitmentPeriod) -> None:
        report(period, 1, promised.bureau.handler)
        assert (period.state, period.reported, period.verified) == (PeriodState.SUBMITTED, 1, None)
        assert waiting(period) == {(promised.university.organisation.id, "beneficiary")}
        row = db.session.scalars(
            select(PeriodStanding).where(PeriodStanding.period_id == period.id, PeriodStanding.part == Part.OBLIGOR)
        ).one()
        assert (row.reported, row.verified) == (500_000, 0)

    def test_verified_so_far_it_goes_on(self, promised: Promised, period: CommitmentPeriod) -> None:
        report(period, 1, promised.bureau.handler)
        does(lambda: verifying.verify(period, 1, "", promised.university.handler))
        assert (period.state, period.verified, period.closed_on) == (PeriodState.SCHEDULED, 1, None)

    def test_both_sides_play_it_to_the_closed_light(self, promised: Promised, period: CommitmentPeriod) -> None:
        for figure in (1, 2):
            report(period, figure, promised.bureau.handler)
        with transaction():
            reporting.request_close(period, "两场均有照片", promised.bureau.handler)
        assert period.close_requested_on == today()
        does(lambda: verifying.close(period, "属实", promised.university.section_head))
        assert (period.state, period.closed_on, period.verified) == (PeriodState.MET, today(), 2)
        assert kinds_of(period) == ["reported", "reported", "close_requested", "verified"]
        assert list(checking.compare()) == []

    def test_is_for_those_who_promised(self, promised: Promised, period: CommitmentPeriod) -> None:
        for person in (promised.university.handler, promised.bureau.seal_keeper):
            with pytest.raises(Forbidden):
                report(period, 1, person)

    def test_needs_something_that_shows_it(self, promised: Promised, period: CommitmentPeriod) -> None:
        with pytest.raises(Invalid) as refused, transaction():
            reporting.report(period, 1, " ", (), promised.bureau.handler)
        assert set(refused.value.fields) == {"note"}
        with transaction():
            reporting.report(period, 0, "", (), promised.bureau.handler)

    @pytest.mark.parametrize("figure", [None, -1, 1.5, 10**12])
    def test_takes_figures_that_fit(self, promised: Promised, period: CommitmentPeriod, figure: int | None) -> None:
        with pytest.raises(Invalid), transaction():
            reporting.report(period, figure, WORDS, (), promised.bureau.handler)

    def test_waits_for_the_first_day_and_ends_with_the_last_word(self, promised: Promised) -> None:
        first, second, *_rest = promised.periods("T1")
        with pytest.raises(Conflict):
            report(second, 1, promised.bureau.handler)
        report(first, 2, promised.bureau.handler)
        does(lambda: verifying.verify(first, 2, "", promised.university.handler))
        with pytest.raises(Conflict):
            report(first, 2, promised.bureau.handler)

    def test_a_record_counts_once_for_a_promise(self, promised: Promised, monkeypatch: pytest.MonkeyPatch) -> None:
        with transaction():
            mechanism = make_mechanism(promised.scene)
            commitment = promised.commitment("M1")
            given = Description(Category.MEETINGS, evidence_kinds=("mechanism",))
            describing.describe(commitment, given, promised.bureau.handler)
        proof = Proof("mechanism", mechanism.public_id)
        first, second, *_rest = promised.periods("M1")
        for _again in range(2):
            with transaction():
                reporting.report(first, 1, "", (proof, proof), promised.bureau.handler)
        assert len(first.evidence) == 1
        make_clock(monkeypatch)(second.starts_on)
        with pytest.raises(Invalid) as refused, transaction():
            reporting.report(second, 1, "", (proof,), promised.bureau.handler)
        assert set(refused.value.fields) == {"evidence"}

    def test_a_record_is_one_that_the_reporter_sees_and_of_a_fitting_kind(self, promised: Promised) -> None:
        with transaction():
            stranger = make_side("抚顺市人力资源和社会保障局", OrganisationKind.HR_BUREAU)
            other = make_side("东北大学", OrganisationKind.UNIVERSITY)
            promised.scene.bureau, kept = stranger, promised.scene.bureau
            promised.scene.university, kept_too = other, promised.scene.university
            foreign = make_mechanism(promised.scene)
            promised.scene.bureau, promised.scene.university = kept, kept_too
        fairs, visits = promised.first("T1"), promised.first("T9")
        proof = Proof("mechanism", foreign.public_id)
        for period in (fairs, visits):
            with pytest.raises(Invalid), transaction():
                reporting.report(period, 1, "", (proof,), promised.bureau.handler)


class TestVerifying:
    def test_nobody_verifies_their_own_promise(self, promised: Promised, period: CommitmentPeriod) -> None:
        report(period, 2, promised.bureau.handler)
        for person in (promised.bureau.section_head, promised.bureau.leader):
            for act in (verifying.verify, verifying.dispute):
                with pytest.raises(Forbidden), transaction():
                    act(period, 2, "x", person)

    def test_of_a_joint_promise_whoever_did_not_report_verifies(self, promised: Promised) -> None:
        period = promised.first("T9")
        report(period, 1, promised.university.handler)
        with pytest.raises(Forbidden), transaction():
            verifying.verify(period, 1, "", promised.university.section_head)
        does(lambda: verifying.verify(period, 1, "", promised.bureau.handler))
        assert state(period) is PeriodState.MET

    def test_takes_the_reported_figure_or_is_a_dispute(self, promised: Promised, period: CommitmentPeriod) -> None:
        report(period, 2, promised.bureau.handler)
        with pytest.raises(Invalid), transaction():
            verifying.verify(period, 1, "只有一场", promised.university.handler)

    def test_what_nobody_reported_is_said_by_the_other_side_after_its_day(
        self, promised: Promised, period: CommitmentPeriod, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with pytest.raises(Conflict), transaction():
            verifying.verify(period, 0, "未举办", promised.university.handler)
        make_clock(monkeypatch)(period.due_on + timedelta(days=1))
        with pytest.raises(Invalid), transaction():
            verifying.verify(period, 0, "", promised.university.handler)
        does(lambda: verifying.verify(period, 0, "未举办", promised.university.handler))
        assert state(period) is PeriodState.NOT_MET

    def test_sent_back_it_is_reported_anew(self, promised: Promised, period: CommitmentPeriod) -> None:
        report(period, 2, promised.bureau.handler)
        with pytest.raises(Invalid), transaction():
            verifying.send_back(period, " ", promised.university.handler)
        does(lambda: verifying.send_back(period, "缺第二场照片", promised.university.handler))
        assert (period.state, period.reason) == (PeriodState.RETURNED, "缺第二场照片")
        assert waiting(period) == {(promised.bureau.organisation.id, "obligor")}
        report(period, 2, promised.bureau.handler)
        assert (period.state, period.reason) == (PeriodState.SUBMITTED, "")

    def test_many_at_once_with_one_note(self, promised: Promised) -> None:
        periods = [promised.first(code) for code in ("T1", "T2")]
        for period in periods:
            report(period, 2, promised.bureau.handler)
        with transaction():
            assert verifying.verify_all(periods, "均已核实", promised.university.handler) == 2
        assert {one.state for one in periods} == {PeriodState.MET}

    def test_every_act_is_in_the_history_and_told_to_the_other_side(
        self, promised: Promised, period: CommitmentPeriod
    ) -> None:
        report(period, 2, promised.bureau.handler)
        does(lambda: verifying.verify(period, 2, "属实", promised.university.handler))
        assert [one.action for one in history(period.commitment)][:2] == ["commitment:verify", "commitment:report"]
        told = {(one.recipient_id, one.title_zh) for one in db.session.scalars(select(Message))}
        assert any(who == promised.university.handler.id and "专场招聘会" in title for who, title in told)
        assert any(who == promised.bureau.handler.id and "专场招聘会" in title for who, title in told)
        assert not any(who == promised.bureau.seal_keeper.id for who, _title in told)


class TestADispute:
    @pytest.fixture
    def disputed(self, promised: Promised, period: CommitmentPeriod) -> CommitmentPeriod:
        report(period, 2, promised.bureau.handler)
        with transaction():
            verifying.dispute(period, 1, "第二场未举办", promised.university.handler)
        return period

    def test_shows_both_figures(self, promised: Promised, disputed: CommitmentPeriod) -> None:
        assert (disputed.state, disputed.reported, disputed.disputed) == (PeriodState.DISPUTED, 2, 1)
        assert waiting(disputed) == {(promised.bureau.organisation.id, "obligor")}

    def test_needs_a_reason_and_another_figure(self, promised: Promised, period: CommitmentPeriod) -> None:
        report(period, 2, promised.bureau.handler)
        for figure, reason in ((1, ""), (2, "x"), (None, "x")):
            with pytest.raises(Invalid), transaction():
                verifying.dispute(period, figure, reason, promised.university.handler)

    def test_with_the_other_figure_it_is_agreed_upon(self, promised: Promised, disputed: CommitmentPeriod) -> None:
        does(lambda: verifying.answer(disputed, 1, "认可", promised.bureau.handler))
        assert (disputed.state, disputed.verified, disputed.disputed) == (PeriodState.SCHEDULED, 1, None)
        assert kinds_of(disputed)[-2:] == ["answered", "verified"]
        last = disputed.events[-1]
        assert (last.organisation_id, last.user_id) == (
            promised.university.organisation.id,
            promised.university.handler.id,
        )

    def test_with_a_third_figure_it_waits_again(self, promised: Promised, disputed: CommitmentPeriod) -> None:
        with pytest.raises(Forbidden), transaction():
            verifying.answer(disputed, 2, "有照片", promised.university.handler)
        does(lambda: verifying.answer(disputed, 3, "共三场，有照片", promised.bureau.handler))
        assert (disputed.state, disputed.reported) == (PeriodState.SUBMITTED, 3)

    def test_the_other_side_gives_way(self, promised: Promised, disputed: CommitmentPeriod) -> None:
        with pytest.raises(Invalid), transaction():
            verifying.settle_dispute(disputed, "", promised.university.handler)
        does(lambda: verifying.settle_dispute(disputed, "照片已补", promised.university.handler))
        assert (disputed.state, disputed.verified) == (PeriodState.MET, 2)

    def test_both_talk_it_over(self, promised: Promised, disputed: CommitmentPeriod) -> None:
        for side in (promised.bureau, promised.university):
            with transaction():
                verifying.say(disputed, "请看附件", side.handler)
        with pytest.raises(Invalid), transaction():
            verifying.say(disputed, " ", promised.bureau.handler)
        assert kinds_of(disputed)[-2:] == ["said", "said"]


class TestAWaiver:
    def test_needs_a_reason_and_the_other_sides_consent(self, promised: Promised, period: CommitmentPeriod) -> None:
        with pytest.raises(Invalid), transaction():
            waiving.ask_waiver(period, "", promised.bureau.leader)
        does(lambda: waiving.ask_waiver(period, "场馆检修", promised.bureau.leader))
        assert (period.state, waiting(period)) == (
            PeriodState.SCHEDULED,
            {(promised.university.organisation.id, "beneficiary")},
        )
        with pytest.raises(Forbidden), transaction():
            waiving.consent_waiver(period, "", promised.bureau.section_head)
        does(lambda: waiving.consent_waiver(period, "同意", promised.university.leader))
        assert (period.state, period.closed_on) == (PeriodState.WAIVED, today())
        assert list(checking.compare()) == []

    def test_whoever_was_promised_may_ask_and_the_obligor_agrees(
        self, promised: Promised, period: CommitmentPeriod
    ) -> None:
        does(lambda: waiving.ask_waiver(period, "今年不需要", promised.university.leader))
        with pytest.raises(Forbidden), transaction():
            waiving.consent_waiver(period, "", promised.university.section_head)
        does(lambda: waiving.consent_waiver(period, "", promised.bureau.section_head))
        assert state(period) is PeriodState.WAIVED

    def test_is_refused_or_taken_back_with_a_reason(self, promised: Promised, period: CommitmentPeriod) -> None:
        for person in (promised.university.leader, promised.bureau.leader):
            does(lambda: waiving.ask_waiver(period, "场馆检修", promised.bureau.leader))
            with pytest.raises(Invalid), transaction():
                waiving.refuse_waiver(period, "", person)
            with transaction():
                waiving.refuse_waiver(period, "不同意", person)
            assert (period.waiver_by_id, period.state) == (None, PeriodState.SCHEDULED)

    def test_reopening_is_counted(self, promised: Promised, period: CommitmentPeriod) -> None:
        report(period, 2, promised.bureau.handler)
        does(lambda: verifying.verify(period, 2, "", promised.university.handler))
        with pytest.raises(Forbidden), transaction():
            waiving.reopen(period, "重复计数", promised.university.handler)
        with pytest.raises(Invalid), transaction():
            waiving.reopen(period, "", promised.university.leader)
        does(lambda: waiving.reopen(period, "重复计数", promised.university.leader))
        assert (period.state, period.reopened, period.verified, period.closed_on) == (
            PeriodState.SCHEDULED,
            1,
            None,
            None,
        )
        assert list(checking.compare()) == []


class TestSeveralBeneficiaries:
    def rule(self, three: Promised, rule: VerifyRule) -> CommitmentPeriod:
        """The university's promise to the other two, reported, by a rule."""
        with transaction():
            commitment = three.commitment("2")
            describing.describe(commitment, Description(Category.EMPLOYMENT, verify_rule=rule), three.bureau.handler)
        period = three.first("2")
        report(period, 10, three.university.handler)
        return period

    def test_any_of_them(self, three: Promised) -> None:
        period = self.rule(three, VerifyRule.ANY)
        does(lambda: verifying.verify(period, 10, "", three.third.handler))
        assert state(period) is PeriodState.MET

    def test_all_of_them(self, three: Promised) -> None:
        period = self.rule(three, VerifyRule.ALL)
        does(lambda: verifying.verify(period, 10, "", three.third.handler))
        assert state(period) is PeriodState.SUBMITTED
        assert waiting(period) == {(three.bureau.organisation.id, "beneficiary")}
        with pytest.raises(Conflict), transaction():
            verifying.verify(period, 10, "", three.third.section_head)
        does(lambda: verifying.verify(period, 10, "", three.bureau.handler))
        assert state(period) is PeriodState.MET

    def test_the_lead(self, three: Promised) -> None:
        period = self.rule(three, VerifyRule.LEAD)
        with pytest.raises(Forbidden), transaction():
            verifying.verify(period, 10, "", three.third.handler)
        does(lambda: verifying.verify(period, 10, "", three.bureau.handler))
        assert state(period) is PeriodState.MET

    def test_a_newer_report_asks_everybody_again(self, three: Promised) -> None:
        period = self.rule(three, VerifyRule.ALL)
        does(lambda: verifying.verify(period, 10, "", three.third.handler))
        report(period, 11, three.university.handler)
        assert len(waiting(period)) == 2

    def test_all_agree_to_a_waiver(self, three: Promised) -> None:
        period = self.rule(three, VerifyRule.ALL)
        does(lambda: waiving.ask_waiver(period, "招生调整", three.university.leader))
        does(lambda: waiving.consent_waiver(period, "", three.third.leader))
        assert state(period) is PeriodState.SUBMITTED
        does(lambda: waiving.consent_waiver(period, "", three.bureau.leader))
        assert state(period) is PeriodState.WAIVED


class TestDescribing:
    def test_by_the_organisation_that_keeps_the_agreement(self, promised: Promised) -> None:
        commitment = promised.commitment("T1")
        given = Description(Category.TALKS, Curve.CUSTOM, (1,) * 12)
        with pytest.raises(Forbidden), transaction():
            describing.describe(commitment, given, promised.university.handler)
        does(lambda: describing.describe(commitment, given, promised.bureau.handler))
        assert (commitment.category, commitment.weights) == (Category.TALKS, [1] * 12)
        assert list(checking.compare()) == []

    @pytest.mark.parametrize(
        "wrong",
        [
            Description(Category.FAIRS, Curve.CUSTOM, (1, 2)),
            Description(Category.FAIRS, Curve.CUSTOM, (0,) * 12),
            Description(Category.FAIRS, evidence_kinds=("nothing",)),
        ],
    )
    def test_refuses_what_does_not_fit(self, promised: Promised, wrong: Description) -> None:
        with pytest.raises(Invalid), transaction():
            describing.describe(promised.commitment("T1"), wrong, promised.bureau.handler)


def test_a_stale_or_foreign_period_is_not_changed(promised: Promised, period: CommitmentPeriod) -> None:
    version, public_id = period.row_version, period.public_id
    assert get_period(public_id, promised.university.handler) is period
    report(period, 1, promised.bureau.handler)
    with pytest.raises(Stale):
        period_for_change(public_id, promised.bureau.handler, version)
    with transaction():
        assert period_for_change(public_id, promised.bureau.handler, period.row_version) is period
        stranger = make_side("东北大学", OrganisationKind.UNIVERSITY)
    with pytest.raises(NotFound):
        get_period(public_id, stranger.handler)


def test_a_changed_row_is_found_and_put_right(promised: Promised, period: CommitmentPeriod) -> None:
    report(period, 1, promised.bureau.handler)
    with transaction():
        db.session.execute(update(PeriodStanding).values(reported=7))
    found = list(checking.compare())
    assert found
    assert found[0].where.startswith("period")
    with transaction():
        assert checking.put_right() == 15
    assert list(checking.compare()) == []


def test_the_command_tells_by_its_exit_code_and_repairs(app: Flask, promised: Promised) -> None:
    def run(*words: str) -> tuple[int, str]:
        told = app.test_cli_runner().invoke(args=["registry", "check-totals", *words])
        return told.exit_code, told.output

    assert promised.codes()
    assert run()[0] == 0
    with transaction():
        db.session.execute(update(CommitmentTotal).values(periods=99))
    code, words = run()
    assert code == 1
    assert "should be" in words
    assert run("--repair")[0] == 0
    assert run()[0] == 0

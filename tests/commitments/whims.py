"""People of three organisations and the calendar, who do whatever comes into their heads to promises."""

from collections.abc import Callable
from datetime import timedelta
from random import Random

from sqlalchemy import select

from registry.accounts.models import User
from registry.agreements import content as contents
from registry.agreements.models import AgreementRevision, AgreementStatus, RevisionKind, RevisionStage
from registry.agreements.services import effect, ending, lifecycle
from registry.commitments import policy
from registry.commitments.enums import Category, VerifyRule
from registry.commitments.inputs import Description
from registry.commitments.models import Commitment, CommitmentPeriod, PeriodEvent
from registry.commitments.services import describing, reporting, verifying, waiving
from registry.commitments.upkeep import look_ahead
from registry.core.access.decision import Decision
from registry.core.access.scope import without_scope
from registry.core.dates import today
from registry.core.db import db, transaction
from registry.core.errors import RegistryError
from registry.core.figures.kinds import Number
from tests.agreements.days import Clock, calendar

from .promised import Promised, everybody

REASONS = ("情况变化", "经协商一致", "见台账", "")
FIGURES = (0, 1, 2, 3, 4, 10)


class Whims:
    """One play: what was done, and whether it was refused."""

    def __init__(self, promised: Promised, luck: Random, clock: Clock) -> None:
        self.promised, self.luck, self.clock = promised, luck, clock
        self.people = everybody(promised)
        self.done: list[str] = []

    def step(self) -> None:
        """Something happens: mostly to a period, now and then to the agreement or the calendar."""
        draw = self.luck.random()
        if draw < 0.85:
            self._to_a_period()
        elif draw < 0.9:
            self._days_pass()
        else:
            self.luck.choice((self._amend, self._suspend, self._resume, self._describe, self._complete))()

    def _to_a_period(self) -> None:
        period = self._period()
        if period is None:
            return
        act = self._fitting(period) if self.luck.random() < 0.7 else self.luck.choice(ACTS)
        able = [person for person in self.people if MAY[act.__name__](person, period)]
        who = self.luck.choice(able if able and self.luck.random() < 0.7 else self.people)
        reason, figure = self.luck.choice(REASONS), self.luck.choice((*FIGURES, period.reported, period.disputed))

        def do() -> None:
            act(period, figure, reason, who)

        self._try(f"{act.__name__} {period.commitment.code}/{period.no} {figure} {who.name}", do)

    def _period(self) -> CommitmentPeriod | None:
        """One of the first two of a promise, so that much happens to few."""
        statement = select(CommitmentPeriod).join(Commitment).order_by(CommitmentPeriod.no, CommitmentPeriod.id)
        with without_scope():
            found = db.session.scalars(statement.limit(4)).all()
        return self.luck.choice(found) if found else None

    def _fitting(self, period: CommitmentPeriod) -> "Act":
        waived: tuple[Act, ...] = (consent, refuse) if period.waiver_by_id else ()
        options: tuple[Act, ...] = (*BY_STATE[str(period.state)], *waived)
        return self.luck.choice(options)

    def _days_pass(self) -> None:
        day = today() + timedelta(days=self.luck.choice((1, 60, 200)))
        self.clock(day)
        calendar(day)
        look_ahead(day)
        self.done.append(f"it is {day}")

    def _amend(self) -> None:
        targets = {code: str(self.luck.choice((1, 2, 3, 5))) for code in ("1", "2", "3")}
        dropped = self.luck.choice(("1", "2", "3", "", ""))

        def do() -> None:
            amend(self.promised, targets, dropped)

        self._try(f"amend {targets} without {dropped}", do)

    def _suspend(self) -> None:
        agreement, leader = self.promised.agreement, self.promised.bureau.leader
        self._try("suspend", lambda: lifecycle.suspend(agreement, "整改", leader))

    def _resume(self) -> None:
        agreement, leader = self.promised.agreement, self.promised.bureau.leader
        self._try("resume", lambda: lifecycle.resume(agreement, "完成", leader))

    def _complete(self) -> None:
        self._try("complete", lambda: ending.complete(self.promised.agreement, self.promised.bureau.leader))

    def _describe(self) -> None:
        code, person = self.luck.choice(("1", "2", "3")), self.luck.choice(self.people)
        given = Description(self.luck.choice(list(Category)), verify_rule=self.luck.choice(list(VerifyRule)))
        self._try("describe", lambda: describing.describe(self.promised.commitment(code), given, person))

    def _try(self, name: str, do: Callable[[], None]) -> None:
        before = marks()
        try:
            with transaction():
                do()
            self.done.append(name)
        except RegistryError as refused:
            self.done.append(f"{name}: {type(refused).__name__}")
            assert marks() == before, f"{name} was refused and left a trace"


def marks() -> tuple[object, ...]:
    """What a refusal must not change."""
    periods = select(CommitmentPeriod.id, CommitmentPeriod.row_version).order_by(CommitmentPeriod.id)
    return (tuple(db.session.execute(periods).all()), len(db.session.scalars(select(PeriodEvent.id)).all()))


def amend(promised: Promised, targets: dict[str, str], dropped: str) -> None:
    """A change that everybody signed takes effect today."""
    agreement = promised.agreement
    base = agreement.effective_revision
    assert base
    rows = [row | {"target": targets[row["code"]]} for row in base.content["commitments"] if row["code"] != dropped]
    if agreement.status not in (AgreementStatus.IN_FORCE, AgreementStatus.SUSPENDED):
        return
    content = {**base.content, "commitments": rows}
    revision = AgreementRevision(
        agreement=agreement,
        no=base.no + 1,
        kind=RevisionKind.AMENDMENT,
        stage=RevisionStage.SIGNED,
        base=base,
        content=content,
    )
    revision.content_sha256, revision.hash_version = contents.digest(content), contents.HASH_VERSION
    db.session.add(revision)
    db.session.flush()
    effect.put_in_force(agreement, revision, today())


def report(period: CommitmentPeriod, figure: Number | None, reason: str, who: User) -> None:
    reporting.report(period, figure, reason, (), who)


def request_close(period: CommitmentPeriod, _figure: Number | None, reason: str, who: User) -> None:
    reporting.request_close(period, reason, who)


def verify(period: CommitmentPeriod, figure: Number | None, reason: str, who: User) -> None:
    verifying.verify(period, period.reported if period.reported is not None else figure, reason, who)


def verify_as_drawn(period: CommitmentPeriod, figure: Number | None, reason: str, who: User) -> None:
    verifying.verify(period, figure, reason, who)


def close(period: CommitmentPeriod, _figure: Number | None, reason: str, who: User) -> None:
    verifying.close(period, reason, who)


def send_back(period: CommitmentPeriod, _figure: Number | None, reason: str, who: User) -> None:
    verifying.send_back(period, reason, who)


def dispute(period: CommitmentPeriod, figure: Number | None, reason: str, who: User) -> None:
    verifying.dispute(period, figure, reason, who)


def answer(period: CommitmentPeriod, figure: Number | None, reason: str, who: User) -> None:
    verifying.answer(period, figure, reason, who)


def settle_dispute(period: CommitmentPeriod, _figure: Number | None, reason: str, who: User) -> None:
    verifying.settle_dispute(period, reason, who)


def say(period: CommitmentPeriod, _figure: Number | None, reason: str, who: User) -> None:
    verifying.say(period, reason, who)


def ask(period: CommitmentPeriod, _figure: Number | None, reason: str, who: User) -> None:
    waiving.ask_waiver(period, reason, who)


def consent(period: CommitmentPeriod, _figure: Number | None, reason: str, who: User) -> None:
    waiving.consent_waiver(period, reason, who)


def refuse(period: CommitmentPeriod, _figure: Number | None, reason: str, who: User) -> None:
    waiving.refuse_waiver(period, reason, who)


def reopen(period: CommitmentPeriod, _figure: Number | None, reason: str, who: User) -> None:
    waiving.reopen(period, reason, who)


Act = Callable[[CommitmentPeriod, Number | None, str, User], None]
ACTS: tuple[Act, ...] = (
    report, request_close, verify, verify_as_drawn, close, send_back, dispute, answer, settle_dispute, say, ask,
    consent, refuse, reopen,
)  # fmt: skip
MAY: dict[str, Callable[[User, CommitmentPeriod], Decision]] = {
    "report": policy.may_report,
    "request_close": policy.may_request_close,
    "verify": policy.may_verify,
    "verify_as_drawn": policy.may_verify,
    "close": policy.may_close,
    "send_back": policy.may_send_back,
    "dispute": policy.may_dispute,
    "answer": policy.may_answer,
    "settle_dispute": policy.may_settle_dispute,
    "say": policy.may_say,
    "ask": policy.may_ask_waiver,
    "consent": policy.may_consent,
    "refuse": policy.may_refuse_waiver,
    "reopen": policy.may_reopen,
}
BY_STATE: dict[str, tuple[Act, ...]] = {
    "scheduled": (report, report, request_close, verify, ask),
    "submitted": (verify, verify, close, send_back, dispute, request_close),
    "returned": (report, report, ask),
    "disputed": (answer, answer, settle_dispute, say),
    "met": (reopen,),
    "partially_met": (reopen,),
    "not_met": (reopen,),
    "waived": (reopen,),
    "cancelled": (say,),
}

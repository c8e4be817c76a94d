"""Which promises wait for a person, as rows like those of the agreements' to-do list. 待办承诺."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, case, cast, literal, null, or_, select

from ..accounts.reader import Asker
from ..agreements.models import Agreement
from ..core.access.roles import Role
from ..core.clock import day
from ..core.i18n import Message, msg
from .enums import Bucket, CommitmentState, Part, PeriodState
from .models import Commitment, CommitmentPeriod, CommitmentSide, PeriodStanding

Rows = Select[*tuple[Any, ...]]
S = PeriodStanding
SOON = 30  # days
SIDES = (Part.OBLIGOR, Part.BENEFICIARY)
DOING, DECIDING = frozenset({Role.HANDLER, Role.SECTION_HEAD}), frozenset({Role.SECTION_HEAD, Role.LEADER})
REPORT, AGAIN, ANSWER, CONFIRM, CLOSE, WAIVER, ACCEPT = (
    f"promise_{word}" for word in ("report", "again", "answer", "confirm", "close", "waiver", "accept")
)
WORDS: dict[str, Message] = {
    REPORT: msg("Promise to report on"),
    AGAIN: msg("Report sent back: report again"),
    ANSWER: msg("Disputed figure to answer"),
    CONFIRM: msg("Reported figure to verify"),
    CLOSE: msg("Close-out of a promise to verify"),
    WAIVER: msg("Waiver to decide"),
    ACCEPT: msg("Marked promise to accept"),
}


def parts_for(user: Asker) -> Iterator[Rows]:
    """What those who may do it find waiting; what is to be reported from 30 days before its last day."""
    if user.roles & DOING:
        yield _mine(user, literal(REPORT)).where(
            S.part == Part.OBLIGOR, S.bucket == Bucket.OPEN, S.due_on <= day(SOON), S.starts_on <= day(),
            S.state == PeriodState.SCHEDULED,
        )  # fmt: skip
        yield _waiting(user)
    if user.roles & DECIDING:
        asked = (S.waits.is_(True), CommitmentPeriod.waiver_by_id.is_not(None))
        yield _mine(user, literal(WAIVER)).where(S.part.in_(SIDES), *asked)
        yield _to_accept(user)


def _waiting(user: Asker) -> Rows:
    """What was sent back or disputed, and what was reported by the others: one range of an index."""
    word = case(
        (S.state == PeriodState.RETURNED, AGAIN),
        (S.state == PeriodState.DISPUTED, ANSWER),
        (CommitmentPeriod.close_requested_on.is_not(None), CLOSE),
        else_=CONFIRM,
    )
    answers = and_(S.part == Part.OBLIGOR, S.state.in_((PeriodState.RETURNED, PeriodState.DISPUTED)))
    verifies = and_(S.part == Part.BENEFICIARY, S.state == PeriodState.SUBMITTED)
    return _mine(user, word).where(S.part.in_(SIDES), S.waits.is_(True), or_(answers, verifies))


def _mine(user: Asker, word: ColumnElement[str]) -> Rows:
    statement: Rows = select(*_columns(word, CommitmentPeriod.due_on))
    return (
        statement.select_from(S)
        .join(CommitmentPeriod, CommitmentPeriod.id == S.period_id)
        .join(Commitment, Commitment.id == CommitmentPeriod.commitment_id)
        .join(Agreement, Agreement.id == Commitment.agreement_id)
        .where(S.organisation_id == user.organisation_id)
    )


def _to_accept(user: Asker) -> Rows:
    """What `policy.waiting_to_accept` says."""
    unsaid = (CommitmentSide.organisation_id == user.organisation_id, CommitmentSide.accepted_on.is_(None))
    sides = select(CommitmentSide.id).where(CommitmentSide.commitment_id == Commitment.id, *unsaid)
    statement: Rows = select(*_columns(literal(ACCEPT), null()))
    return statement.join(Agreement, Agreement.id == Commitment.agreement_id).where(
        Commitment.state == CommitmentState.PROPOSED,
        Commitment.owner_id != user.organisation_id,
        sides.correlate(Commitment).exists(),
    )


def _columns(word: ColumnElement[str], due_on: Any) -> tuple[Any, ...]:
    return (
        cast(word, String).label("task"),
        Commitment.public_id,
        Agreement.number,
        Commitment.title_zh,
        Commitment.title_en,
        due_on.label("due_on"),
        cast(null(), S.due_on.type).label("counted_from"),
        cast(literal(""), String).label("on_behalf_of"),
    )

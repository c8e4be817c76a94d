"""What waits for a person (待办): one statement gives the list and, counted, the number beside the menu."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Date,
    Row,
    Select,
    and_,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from ..accounts.models import User
from ..core.access.roles import Role
from ..core.db import db
from ..core.i18n import Message, msg
from ..documents import certificates
from ..documents.models import SigningCertificate
from .models import (
    Agreement,
    AgreementParty,
    AgreementRevision,
    AgreementStatus,
    ArchiveEntry,
    Clearance,
    ClearanceStep,
    Signatory,
    SignatoryStatus,
)

LIMIT = 100
TASKS: dict[str, Message] = {
    "section": msg("Section review"),
    "legal": msg("Legality review"),
    "leader": msg("Leader's approval"),
    "draft": msg("Draft to finish and submit"),
    "confirm": msg("Historic record to confirm"),
    "start": msg("Every party approved: signing can begin"),
    "sign": msg("Signature and seal to record"),
    "sign_digitally": msg("Digital signature to give"),
    "archive": msg("Signed papers to archive"),
    "complete": msg("Everybody signed: complete the signing"),
}
Task = Select[*tuple[Any, ...]]


def list_waiting(user: User) -> Sequence[Row[*tuple[Any, ...]]]:
    """Rows of (task, public_id, number, title_zh, title_en, due_on), earliest deadline first, at most LIMIT."""
    tasks = _tasks(user)
    if tasks is None:
        return []
    waiting = tasks.subquery()
    order = (waiting.c.due_on.is_(None), waiting.c.due_on, waiting.c.public_id)
    return db.session.execute(select(waiting).order_by(*order).limit(LIMIT)).all()


def count_waiting(user: User) -> int:
    """How many rows `list_waiting` has, up to LIMIT."""
    tasks = _tasks(user)
    if tasks is None:
        return 0
    return db.session.scalar(select(func.count()).select_from(tasks.limit(LIMIT).subquery())) or 0


def _tasks(user: User) -> CompoundSelect[*tuple[Any, ...]] | None:
    parts: list[Task] = [_steps(user, step) for step in ClearanceStep if step.role in user.roles]
    if Role.HANDLER in user.roles:
        parts += [_drafts(user), _to_archive(user)]
    if Role.SECTION_HEAD in user.roles:
        parts.append(_to_confirm(user))
    if Role.LEADER in user.roles:
        parts.append(_to_start(user))
    if Role.SIGNATORY in user.roles:
        parts.append(_to_sign_digitally(user))
    if Role.SEAL_KEEPER in user.roles:
        parts += [_to_sign(user), _to_complete(user)]
    return union_all(*parts) if parts else None


def _columns(task: str, due_on: Any = None) -> Task:
    return select(
        literal(task).label("task"),
        Agreement.public_id,
        Agreement.number,
        Agreement.title_zh,
        Agreement.title_en,
        (cast(null(), Date) if due_on is None else due_on).label("due_on"),
    )


def _steps(user: User, step: ClearanceStep) -> Task:
    """The organisation's next undecided step on an open revision; nobody's own agreement."""
    earlier = aliased(Clearance)
    undecided_before = (
        select(earlier.id)
        .where(
            earlier.revision_id == Clearance.revision_id,
            earlier.organisation_id == Clearance.organisation_id,
            earlier.position < Clearance.position,
            earlier.result.is_(None),
        )
        .exists()
    )
    return (
        _columns(str(step), Clearance.due_on)
        .join(Clearance, Clearance.agreement_id == Agreement.id)
        .join(AgreementRevision, AgreementRevision.id == Clearance.revision_id)
        .where(
            Clearance.organisation_id == user.organisation_id,
            Clearance.step == step,
            Clearance.result.is_(None),
            AgreementRevision.closed_at.is_(None),
            Agreement.status.in_((AgreementStatus.REVIEW, AgreementStatus.NEGOTIATION)),
            *_not_mine(user),
            or_(AgreementRevision.submitted_by_id.is_(None), AgreementRevision.submitted_by_id != user.id),
            ~undecided_before,
        )
    )


def _not_mine(user: User) -> tuple[ColumnElement[bool], ...]:
    """Neither entered nor last changed by this person (see `policy.has_worked_on`)."""
    edited = or_(Agreement.edited_by_id.is_(None), Agreement.edited_by_id != user.id)
    return Agreement.handler_id != user.id, edited


def _drafts(user: User) -> Task:
    return _columns("draft").where(Agreement.handler_id == user.id, Agreement.status == AgreementStatus.DRAFT)


def _to_archive(user: User) -> Task:
    """Every handler of the owner: whoever entered it may have left by then."""
    return (
        _columns("archive", ArchiveEntry.due_on)
        .join(ArchiveEntry, ArchiveEntry.agreement_id == Agreement.id)
        .where(ArchiveEntry.owner_id == user.organisation_id, ArchiveEntry.archived_at.is_(None))
    )


def _to_confirm(user: User) -> Task:
    return _columns("confirm").where(
        Agreement.owner_id == user.organisation_id,
        Agreement.status == AgreementStatus.RECORDED_PENDING,
        *_not_mine(user),
    )


def _to_start(user: User) -> Task:
    """In negotiation with no internal step left anywhere; parties without users are told on the page."""
    waiting = (
        select(Clearance.id)
        .join(AgreementRevision, AgreementRevision.id == Clearance.revision_id)
        .where(
            Clearance.agreement_id == Agreement.id,
            Clearance.result.is_(None),
            AgreementRevision.closed_at.is_(None),
        )
        .exists()
    )
    return _columns("start").where(
        Agreement.owner_id == user.organisation_id, Agreement.status == AgreementStatus.NEGOTIATION, ~waiting
    )


def _to_sign_digitally(user: User) -> Task:
    """The organisation's own turn, where it has a certificate to sign with."""
    certificate = (
        select(SigningCertificate.id)
        .where(SigningCertificate.organisation_id == user.organisation_id, *certificates.may_sign_now())
        .exists()
    )
    before = aliased(Signatory)
    waits_for_another = (
        select(before.id)
        .where(before.agreement_id == Agreement.id, before.position < Signatory.position, _is_open(before))
        .exists()
    )
    in_turn = or_(Agreement.signs_in_order.is_(False), ~waits_for_another)
    return _to_sign(user, "sign_digitally").where(certificate, in_turn)


def _is_open(row: type[Signatory]) -> ColumnElement[bool]:
    """Still to be signed: pending, or declined and not asked again."""
    later = aliased(Signatory)
    asked_again = (
        select(later.id)
        .where(later.revision_id == row.revision_id, later.party_id == row.party_id, later.id > row.id)
        .exists()
    )
    refused = and_(row.status == SignatoryStatus.DECLINED, ~asked_again)
    return or_(row.status == SignatoryStatus.PENDING, refused)


def _to_sign(user: User, task: str = "sign") -> Task:
    return (
        _columns(task)
        .join(Signatory, Signatory.agreement_id == Agreement.id)
        .join(AgreementParty, AgreementParty.id == Signatory.party_id)
        .where(
            Agreement.status == AgreementStatus.SIGNING,
            Signatory.status == SignatoryStatus.PENDING,
            AgreementParty.organisation_id == user.organisation_id,
        )
    )


def _to_complete(user: User) -> Task:
    waits = aliased(Signatory)
    waiting = select(waits.id).where(waits.agreement_id == Agreement.id, _is_open(waits)).exists()
    return _columns("complete").where(
        Agreement.owner_id == user.organisation_id, Agreement.status == AgreementStatus.SIGNING, ~waiting
    )

"""Each kind of thing that may wait for a person, as rows of one form; `todo` puts them together. 待办来源.

They are written for a person, or once for all with the same roles: no more is read of them than roles and numbers.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Date,
    Select,
    and_,
    case,
    cast,
    exists,
    literal,
    null,
    or_,
    select,
)
from sqlalchemy.orm import aliased

from ..accounts.reader import Asker
from ..core.access.decision import StandIn
from ..core.access.roles import Role
from ..core.clock import day
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
    RenewalDecision,
    RevisionStage,
    Signatory,
    SignatoryStatus,
    Supplement,
    SupplementState,
    TerminationNotice,
)
from .terms import ASKED_DAYS

Task = Select[*tuple[Any, ...]]
ID = int | BindParameter[int]


def _columns(task: str, due_on: Any = None, on_behalf_of: Any = "", counted_from: Any = None) -> Task:
    return select(
        literal(task).label("task"),
        Agreement.public_id,
        Agreement.number,
        Agreement.title_zh,
        Agreement.title_en,
        (cast(null(), Date) if due_on is None else due_on).label("due_on"),
        (cast(null(), Date) if counted_from is None else counted_from).label("counted_from"),
        (literal(on_behalf_of) if isinstance(on_behalf_of, str) else on_behalf_of).label("on_behalf_of"),
    )


def of_colleagues(user: Asker) -> list[Task]:
    """The steps that the user takes for colleagues today (`policy.acts_for`), each once whoever it is for."""
    colleagues: dict[Role, list[StandIn]] = {}
    for one in user.standing_in:
        if one.role not in user.roles:
            colleagues.setdefault(one.role, []).append(one)
    return [_for_colleagues(user, step, colleagues[step.role]) for step in ClearanceStep if step.role in colleagues]


def _for_colleagues(user: Asker, step: ClearanceStep, colleagues: Sequence[StandIn]) -> Task:
    might = [(and_(*_may_judge(one.for_id)), literal(one.for_name)) for one in colleagues]
    return own_steps(user, step, case(*might, else_="")).where(or_(*(condition for condition, _name in might)))


def waiting_steps(columns: Task, step: ClearanceStep) -> Task:
    """The steps whose turn it is in their organisation, on open revisions."""
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
        columns.join(Clearance, Clearance.agreement_id == Agreement.id)
        .join(AgreementRevision, AgreementRevision.id == Clearance.revision_id)
        .where(
            Clearance.step == step,
            Clearance.result.is_(None),
            AgreementRevision.stage.in_((RevisionStage.REVIEW, RevisionStage.NEGOTIATION)),
            ~undecided_before,
        )
    )


def own_steps(user: Asker, step: ClearanceStep, on_behalf_of: Any = "") -> Task:
    """The organisation's next undecided step; nobody's own agreement, and nobody's second step of one."""
    columns = _columns(str(step), Clearance.due_on, on_behalf_of, Clearance.counted_from)
    return waiting_steps(columns, step).where(Clearance.organisation_id == user.organisation_id, *_may_judge(user.id))


def _may_judge(user_id: ID) -> tuple[ColumnElement[bool], ...]:
    """What `policy.may_clear` asks of a person: no work on the agreement, no earlier step judged."""
    earlier = aliased(Clearance)
    judged = (
        select(earlier.id)
        .where(
            earlier.revision_id == Clearance.revision_id,
            earlier.organisation_id == Clearance.organisation_id,
            or_(earlier.decided_by_id == user_id, earlier.on_behalf_of_id == user_id),
        )
        .exists()
    )
    submitted = or_(AgreementRevision.submitted_by_id.is_(None), AgreementRevision.submitted_by_id != user_id)
    return *_not_mine(user_id), submitted, ~judged


def _not_mine(user_id: ID) -> tuple[ColumnElement[bool], ...]:
    """Neither entered nor last changed by this person (see `policy.has_worked_on`)."""
    edited = or_(Agreement.edited_by_id.is_(None), Agreement.edited_by_id != user_id)
    return Agreement.handler_id != user_id, edited


def _at(stage: RevisionStage) -> ColumnElement[bool]:
    """The agreement has a revision at this stage: its first text, or a change of what is in force.

    Asked of each agreement: a list of all revisions at the stage, whose ever they are, would be made on every page.
    """
    one = AgreementRevision
    return exists().where(one.agreement_id == Agreement.id, one.stage == stage).correlate(Agreement)


def drafts(user: Asker) -> Task:
    """Own drafts: of an agreement, or of a change of one."""
    return _columns("draft").where(Agreement.handler_id == user.id, _at(RevisionStage.DRAFT))


def to_archive(user: Asker) -> Task:
    """Every handler of the owner: whoever entered it may have left by then."""
    return (
        _columns("archive", ArchiveEntry.due_on)
        .join(ArchiveEntry, ArchiveEntry.agreement_id == Agreement.id)
        .where(ArchiveEntry.owner_id == user.organisation_id, ArchiveEntry.archived_at.is_(None))
    )


def to_confirm(user: Asker) -> Task:
    """Historic records that somebody else entered."""
    return _columns("confirm").where(
        Agreement.owner_id == user.organisation_id,
        Agreement.status == AgreementStatus.RECORDED_PENDING,
        *_not_mine(user.id),
    )


def supplements(user: Asker) -> Task:
    """Found details of the organisation's records, which somebody else handed in."""
    return (
        _columns("supplement")
        .join(Supplement, Supplement.agreement_id == Agreement.id)
        .where(
            Agreement.owner_id == user.organisation_id,
            Supplement.state == SupplementState.PENDING,
            Supplement.proposed_by_id != user.id,
        )
    )


def to_start(user: Asker) -> Task:
    """In negotiation with no internal step left anywhere; parties without users are told on the page."""
    waiting = (
        select(Clearance.id)
        .join(AgreementRevision, AgreementRevision.id == Clearance.revision_id)
        .where(
            Clearance.agreement_id == Agreement.id,
            Clearance.result.is_(None),
            AgreementRevision.stage == RevisionStage.NEGOTIATION,
        )
        .exists()
    )
    own = Agreement.owner_id == user.organisation_id
    return _columns("start").where(own, _at(RevisionStage.NEGOTIATION), ~waiting)


def to_renew(user: Asker) -> Task:
    """Its end is near and nobody decided; the last day in force is the deadline (see `renewal.is_asked`)."""
    other = aliased(Agreement)
    begun = select(other.id).where(other.renews_id == Agreement.id, other.status != AgreementStatus.VOID).exists()
    undecided = or_(Agreement.renewal_decision.is_(None), Agreement.renewal_decision == RenewalDecision.UNDECIDED)
    return _columns("renewal", Agreement.expires_on).where(
        Agreement.owner_id == user.organisation_id,
        Agreement.status == AgreementStatus.IN_FORCE,
        Agreement.expires_on <= day(ASKED_DAYS),
        Agreement.open_ended.is_(False),
        undecided,
        ~begun,
    )


def to_terminate(user: Asker) -> Task:
    """The period of a notice has passed."""
    return (
        _columns("terminate", TerminationNotice.ends_on)
        .join(TerminationNotice, TerminationNotice.agreement_id == Agreement.id)
        .where(
            Agreement.owner_id == user.organisation_id,
            Agreement.status.in_((AgreementStatus.IN_FORCE, AgreementStatus.SUSPENDED)),
            TerminationNotice.withdrawn_reason == "",
            TerminationNotice.ends_on < day(),
        )
    )


def to_sign_digitally(user: Asker) -> Task:
    """The organisation's own turn, where it has a certificate to sign with."""
    certificate = (
        select(SigningCertificate.id)
        .where(SigningCertificate.organisation_id == user.organisation_id, *certificates.may_sign_now())
        .exists()
    )
    before = aliased(Signatory)
    waits_for_another = (
        select(before.id)
        .where(before.revision_id == Signatory.revision_id, before.position < Signatory.position, _is_open(before))
        .exists()
    )
    in_turn = or_(Agreement.signs_in_order.is_(False), ~waits_for_another)
    return to_sign(user, "sign_digitally").where(certificate, in_turn)


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


def to_sign(user: Asker, task: str = "sign") -> Task:
    """The organisation's signature is awaited."""
    return (
        _columns(task)
        .join(Signatory, Signatory.agreement_id == Agreement.id)
        .join(AgreementRevision, AgreementRevision.id == Signatory.revision_id)
        .join(AgreementParty, AgreementParty.id == Signatory.party_id)
        .where(
            AgreementRevision.stage == RevisionStage.SIGNING,
            Signatory.status == SignatoryStatus.PENDING,
            AgreementParty.organisation_id == user.organisation_id,
        )
    )


def to_complete(user: Asker) -> Task:
    """Everybody signed what the organisation owns."""
    waits = aliased(Signatory)
    waiting = select(waits.id).where(waits.revision_id == AgreementRevision.id, _is_open(waits)).exists()
    signing = (
        select(AgreementRevision.id)
        .where(
            AgreementRevision.agreement_id == Agreement.id, AgreementRevision.stage == RevisionStage.SIGNING, ~waiting
        )
        .exists()
    )
    return _columns("complete").where(Agreement.owner_id == user.organisation_id, signing)

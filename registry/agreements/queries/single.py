"""One agreement with what belongs to it: parties, steps, approvals, signatories, files. 单个协议查询。"""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import aliased, joinedload, lazyload, selectinload

from ...accounts.models import User, UserRole, UserStatus
from ...audit.queries import history_of
from ...core.access.decision import Actor
from ...core.access.roles import Role
from ...core.access.scope import without_scope
from ...core.db import db
from ...core.errors import NotFound, Stale
from ...organisations.models import Organisation, Oversight
from ..models import (
    Agreement,
    AgreementDocument,
    AgreementParty,
    AgreementPeriod,
    AgreementRevision,
    AgreementStatus,
    AgreementVisibility,
    Clearance,
    DocumentKind,
    PartyApproval,
    Signatory,
    TerminationNotice,
)

LAST_CHANGES = 5
ONLY_THE_NAME = (lazyload(User.role_grants), lazyload(User.organisation))
ENDED = (AgreementStatus.VOID, AgreementStatus.CLOSED)


def get_visible(public_id: str, actor: Actor) -> Agreement:
    """One agreement with its parties.

    Raises NotFound for what is absent or outside the actor's scope.
    """
    found = db.session.scalar(_one(public_id, actor))
    if found is None:
        raise NotFound
    return found


def get_for_change(public_id: str, actor: Actor, version: int) -> Agreement:
    """The same, locked, for a change that was decided on the page's version.

    Raises NotFound, or Stale with what happened since.
    """
    found = db.session.scalar(_one(public_id, actor).with_for_update(of=Agreement))
    if found is None:
        raise NotFound
    if found.row_version != version:
        raise Stale(changes=history_of(Agreement.__name__.lower(), found.public_id, LAST_CHANGES))
    return found


def titles_of(public_ids: Sequence[str], actor: Actor) -> dict[str, tuple[str, str]]:
    """Titles in both languages of those of several agreements that the actor sees, by public id."""
    statement = select(Agreement.public_id, Agreement.title_zh, Agreement.title_en).join(AgreementVisibility)
    wanted = (Agreement.public_id.in_(public_ids), AgreementVisibility.organisation_id == actor.organisation_id)
    return {key: (zh, en) for key, zh, en in db.session.execute(statement.where(*wanted))}


def _one(public_id: str, actor: Actor) -> Select[Agreement]:
    return (
        select(Agreement)
        .join(AgreementVisibility)
        .where(Agreement.public_id == public_id, AgreementVisibility.organisation_id == actor.organisation_id)
        .options(
            joinedload(Agreement.owner),
            joinedload(Agreement.handler).options(*ONLY_THE_NAME),
            selectinload(Agreement.all_parties).joinedload(AgreementParty.organisation).joinedload(Organisation.region),
            selectinload(Agreement.revisions),
            selectinload(Agreement.visibility),
        )
    )


def duplicates_of(agreement: Agreement) -> Sequence[Agreement]:
    """The owner's other agreements of the same kind between the same organisations that have not ended."""
    named = {party.organisation_id for party in agreement.parties if party.organisation_id}
    if not named:
        return []
    between_them = select(AgreementParty.agreement_id).where(AgreementParty.organisation_id.in_(named))
    same_kind = (
        select(Agreement)
        .where(
            Agreement.id.in_(between_them),
            Agreement.id.not_in([agreement.id, agreement.renews_id or agreement.id]),
            Agreement.owner_id == agreement.owner_id,
            Agreement.kind == agreement.kind,
            Agreement.status.not_in(ENDED),
        )
        .order_by(Agreement.id)
        .options(selectinload(Agreement.all_parties))
    )
    with without_scope():  # the rule is about the owner's records, not about the reader's
        found = db.session.scalars(same_kind).all()
    return [row for row in found if {party.organisation_id for party in row.parties} == named]


def clearances_of(agreement: Agreement, actor: Actor) -> Sequence[Clearance]:
    """Internal steps, old revisions' too, of the reader's organisation and those that it oversees.

    They are nobody else's business, the other side's least of all.
    """
    below = select(Oversight.organisation_id).where(Oversight.overseer_id == actor.organisation_id)
    statement = (
        select(Clearance)
        .where(
            Clearance.agreement_id == agreement.id,
            or_(Clearance.organisation_id == actor.organisation_id, Clearance.organisation_id.in_(below)),
        )
        .order_by(Clearance.revision_id, Clearance.organisation_id, Clearance.position)
        .options(
            joinedload(Clearance.decided_by).options(*ONLY_THE_NAME),
            joinedload(Clearance.on_behalf_of).options(*ONLY_THE_NAME),
        )
    )
    return db.session.scalars(statement).all()


def overseen(actor: Actor, organisation_ids: Sequence[int]) -> frozenset[int]:
    """Which of the organisations the reader's oversees."""
    statement = select(Oversight.organisation_id).where(
        Oversight.overseer_id == actor.organisation_id, Oversight.organisation_id.in_(organisation_ids)
    )
    return frozenset(db.session.scalars(statement))


def staffed(parties: Sequence[AgreementParty], roles: Sequence[Role]) -> set[int]:
    """The parties' organisations that have somebody here for every one of the roles."""
    statement = (
        select(User.organisation_id)
        .join(UserRole, UserRole.user_id == User.id)
        .where(
            User.organisation_id.in_([party.organisation_id for party in parties if party.organisation_id]),
            User.status == UserStatus.ACTIVE,
            UserRole.role.in_(roles),
        )
        .group_by(User.organisation_id)
        .having(func.count(UserRole.role.distinct()) == len(roles))
    )
    return set(db.session.scalars(statement))


def roles_here(parties: Sequence[AgreementParty]) -> dict[int, frozenset[Role]]:
    """Which roles somebody here has in each of the parties' organisations, by its id."""
    statement = (
        select(User.organisation_id, UserRole.role)
        .join(UserRole, UserRole.user_id == User.id)
        .where(
            User.organisation_id.in_([party.organisation_id for party in parties if party.organisation_id]),
            User.status == UserStatus.ACTIVE,
        )
        .distinct()
    )
    found: dict[int, set[Role]] = {}
    for organisation_id, role in db.session.execute(statement):
        found.setdefault(organisation_id, set()).add(role)
    return {organisation_id: frozenset(roles) for organisation_id, roles in found.items()}


def with_steps(revision: AgreementRevision) -> set[int]:
    """Organisations that have internal steps of their own on a revision."""
    statement = select(Clearance.organisation_id).where(Clearance.revision_id == revision.id).distinct()
    return set(db.session.scalars(statement))


def approvals_of(revision: AgreementRevision) -> Sequence[PartyApproval]:
    """What parties said of a revision, in order."""
    mine = (PartyApproval.agreement_id == revision.agreement_id, PartyApproval.revision_id == revision.id)
    statement = select(PartyApproval).where(*mine).order_by(PartyApproval.id)
    return db.session.scalars(statement).all()


def signatories_of(revision: AgreementRevision) -> Sequence[Signatory]:
    """The signatories of a revision, void rows too, in the order of the parties."""
    return signatories_of_all([revision])


def signatories_of_all(revisions: Sequence[AgreementRevision]) -> Sequence[Signatory]:
    """Those of several revisions in one query, each revision's in the order of the parties."""
    chosen = Signatory.revision_id.in_([revision.id for revision in revisions])
    return db.session.scalars(select(Signatory).where(chosen).order_by(Signatory.position, Signatory.id)).all()


def awaited_of(revision: AgreementRevision) -> list[Signatory]:
    """The row that counts for each party, in their order: its newest, since voiding and asking again add rows."""
    return awaited(signatories_of(revision))


def awaited(rows: Sequence[Signatory]) -> list[Signatory]:
    """The newest row of each party among all rows of a revision."""
    newest: dict[int, Signatory] = {}
    for row in sorted(rows, key=lambda row: row.id):
        newest[row.party_id] = row
    return sorted(newest.values(), key=lambda row: row.position)


def file_to_sign(revision: AgreementRevision) -> AgreementDocument | None:
    """The newest digitally signed file of a revision, else its signing copy; None while that is being made."""
    statement = (
        select(AgreementDocument)
        .where(
            AgreementDocument.revision_id == revision.id,
            AgreementDocument.kind.in_((DocumentKind.SIGNING_COPY, DocumentKind.SIGNED_FILE)),
            AgreementDocument.void_reason == "",
        )
        .order_by(AgreementDocument.id.desc())
        .limit(1)
    )
    return db.session.scalar(statement)


def linked(agreement: Agreement, actor: Actor) -> Sequence[Agreement]:
    """What it renews and what renews it, as far as the reader sees them; oldest first."""
    other = aliased(Agreement)  # first what is linked, then whether it is seen, never the other way round
    # Where it renews none, nothing is said of that: "or none" would have all agreements read.
    earlier = [other.id == agreement.renews_id] if agreement.renews_id else []
    either = select(other.id).where(or_(other.renews_id == agreement.id, *earlier))
    statement = (
        select(Agreement)
        .join(AgreementVisibility)
        .where(AgreementVisibility.organisation_id == actor.organisation_id, Agreement.id.in_(either))
        .order_by(Agreement.id)
    )
    return db.session.scalars(statement).all()


def notice_of(agreement: Agreement) -> TerminationNotice | None:
    """The notice that runs, or has run out; not one that was taken back."""
    statement = (
        select(TerminationNotice)
        .where(TerminationNotice.agreement_id == agreement.id, TerminationNotice.withdrawn_reason == "")
        .order_by(TerminationNotice.id.desc())
        .limit(1)
    )
    return db.session.scalar(statement)


def period_of(agreement: Agreement, day: date) -> AgreementPeriod | None:
    """How it stood on the day; None before it was signed."""
    statement = (
        select(AgreementPeriod)
        .where(
            AgreementPeriod.agreement_id == agreement.id,
            AgreementPeriod.from_on <= day,
            or_(AgreementPeriod.until_on.is_(None), AgreementPeriod.until_on > day),
        )
        .options(joinedload(AgreementPeriod.revision))
    )
    return db.session.scalar(statement)


def periods_of(agreement: Agreement) -> Sequence[AgreementPeriod]:
    """Its periods from the first to the present one."""
    statement = (
        select(AgreementPeriod).where(AgreementPeriod.agreement_id == agreement.id).order_by(AgreementPeriod.from_on)
    )
    return db.session.scalars(statement).all()


def documents_of(agreement: Agreement) -> Sequence[AgreementDocument]:
    """All files, void ones too, oldest first."""
    statement = (
        select(AgreementDocument).where(AgreementDocument.agreement_id == agreement.id).order_by(AgreementDocument.id)
    )
    return db.session.scalars(statement).all()

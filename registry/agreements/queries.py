"""Reading agreements. Everything that a person asks for is cut to what their organisation sees."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, Select, func, or_, select
from sqlalchemy.orm import aliased, joinedload, lazyload, selectinload

from ..accounts.models import User, UserRole, UserStatus
from ..audit.queries import history_of
from ..core.access.decision import Actor
from ..core.access.roles import Role
from ..core.access.scope import without_scope
from ..core.db import db
from ..core.errors import NotFound, Stale
from ..organisations.models import Organisation, Oversight, Region
from .models import (
    Agreement,
    AgreementDocument,
    AgreementKind,
    AgreementParty,
    AgreementRevision,
    AgreementStatus,
    AgreementVisibility,
    Clearance,
    DocumentKind,
    PartyApproval,
    Signatory,
)

LAST_CHANGES = 5
ONLY_THE_NAME = (lazyload(User.role_grants), lazyload(User.organisation))
ENDED = (AgreementStatus.VOID, AgreementStatus.CLOSED)
NAME_COLUMNS = (Organisation.name_zh, Organisation.short_zh)
SORTS = {
    "signed": (AgreementVisibility.sort_on, AgreementVisibility.agreement_id),
    "expires": (Agreement.expires_on, Agreement.id),
    "title": (Agreement.title_zh, Agreement.id),
    "number": (Agreement.number, Agreement.id),
}


@dataclass(frozen=True)
class Filter:
    """What the list is narrowed to; empty fields narrow nothing."""

    text: str = ""
    status: AgreementStatus | None = None
    kind: AgreementKind | None = None
    region: str = ""
    party: str = ""
    needs_details: bool = False
    signed_from: date | None = None
    signed_to: date | None = None
    sort: str = "signed"
    descending: bool = True


COLUMNS = (
    Agreement.id,
    Agreement.public_id,
    Agreement.number,
    Agreement.title_zh,
    Agreement.title_en,
    Agreement.kind,
    Agreement.status,
    Agreement.outcome,
    Agreement.signed_on,
    Agreement.signed_precision,
    Agreement.expires_on,
    Agreement.open_ended,
    Agreement.needs_details,
    Agreement.is_historic,
    Agreement.is_demo,
)


def list_visible(actor: Actor, wanted: Filter, offset: int, limit: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """One page of what the actor's organisation sees, as rows of COLUMNS."""
    order = SORTS.get(wanted.sort, SORTS["signed"])
    directed = [column.desc().nulls_last() if wanted.descending else column.asc().nulls_last() for column in order]
    if order == SORTS["signed"]:  # never empty; NULLS LAST would keep SQLite from using the index
        directed = [column.desc() if wanted.descending else column.asc() for column in order]
    statement = _narrowed(select(*COLUMNS), actor, wanted).order_by(*directed)
    return db.session.execute(statement.offset(offset).limit(limit)).all()


def count_visible(actor: Actor, wanted: Filter, limit: int) -> int:
    """How many there are, counted up to `limit` + 1."""
    found = _narrowed(select(Agreement.id), actor, wanted).limit(limit + 1).subquery()
    return db.session.scalar(select(func.count()).select_from(found)) or 0


def count_by_status(actor: Actor, limit: int) -> dict[AgreementStatus, int]:
    """For the chips: how many of each status the actor sees, each counted up to `limit` + 1."""
    parts = [
        select(AgreementVisibility.status)
        .where(AgreementVisibility.organisation_id == actor.organisation_id, AgreementVisibility.status == status)
        .limit(limit + 1)
        .subquery()
        for status in AgreementStatus
    ]
    counts = select(*(select(func.count()).select_from(part).scalar_subquery() for part in parts))
    row = db.session.execute(counts).one()
    return {status: number for status, number in zip(AgreementStatus, row, strict=True) if number}


def localities() -> Sequence[Row[*tuple[Any, ...]]]:
    """The reporting localities in code order, Shenfu last."""
    statement = (
        select(Region.code, Region.name_zh, Region.name_en)
        .where(Region.is_reporting_locality.is_(True))
        .order_by(Region.sort_order, Region.code)
    )
    return db.session.execute(statement).all()


def parties_of(agreement_ids: Sequence[int]) -> dict[int, list[Row[*tuple[Any, ...]]]]:
    """The parties of a page of agreements in one query, in their order, by agreement."""
    statement = (
        select(
            AgreementParty.agreement_id,
            AgreementParty.position,
            AgreementParty.name_as_reported,
            AgreementParty.snapshot_name,
            Organisation.name_zh,
            Organisation.name_en,
            Organisation.short_zh,
            Organisation.short_en,
        )
        .outerjoin(Organisation, Organisation.id == AgreementParty.organisation_id)
        .where(AgreementParty.agreement_id.in_(agreement_ids), AgreementParty.position > 0)
        .order_by(AgreementParty.agreement_id, AgreementParty.position)
    )
    found: dict[int, list[Row[*tuple[Any, ...]]]] = {key: [] for key in agreement_ids}
    for row in db.session.execute(statement):
        found[row.agreement_id].append(row)
    return found


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


def _one(public_id: str, actor: Actor) -> Select[Agreement]:
    return (
        select(Agreement)
        .join(AgreementVisibility)
        .where(Agreement.public_id == public_id, AgreementVisibility.organisation_id == actor.organisation_id)
        .options(
            joinedload(Agreement.owner),
            joinedload(Agreement.handler).options(*ONLY_THE_NAME),
            selectinload(Agreement.parties).joinedload(AgreementParty.organisation).joinedload(Organisation.region),
            selectinload(Agreement.revisions),
            selectinload(Agreement.visibility),
        )
    )


def duplicates_of(agreement: Agreement) -> Sequence[Agreement]:
    """The owner's other agreements of the same kind between the same organisations that have not ended."""
    named = {party.organisation_id for party in agreement.parties if party.organisation_id}
    if not named:
        return []
    same_kind = (
        select(Agreement)
        .join(AgreementParty)
        .where(
            AgreementParty.organisation_id.in_(named),
            Agreement.id != agreement.id,
            Agreement.owner_id == agreement.owner_id,
            Agreement.kind == agreement.kind,
            Agreement.status.not_in(ENDED),
        )
        .distinct()
        .order_by(Agreement.id)
        .options(selectinload(Agreement.parties))
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
        .options(joinedload(Clearance.decided_by).options(*ONLY_THE_NAME))
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
    statement = select(PartyApproval).where(PartyApproval.revision_id == revision.id).order_by(PartyApproval.id)
    return db.session.scalars(statement).all()


def signatories_of(revision: AgreementRevision) -> Sequence[Signatory]:
    """The signatories of a revision, void rows too, in the order of the parties."""
    statement = select(Signatory).where(Signatory.revision_id == revision.id).order_by(Signatory.position, Signatory.id)
    return db.session.scalars(statement).all()


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


def documents_of(agreement: Agreement) -> Sequence[AgreementDocument]:
    """All files, void ones too, oldest first."""
    statement = (
        select(AgreementDocument).where(AgreementDocument.agreement_id == agreement.id).order_by(AgreementDocument.id)
    )
    return db.session.scalars(statement).all()


def _narrowed(statement: Select[*tuple[Any, ...]], actor: Actor, wanted: Filter) -> Select[*tuple[Any, ...]]:
    """Begin at the organisation's own rows in order, so that the page costs the same at any size of the table."""
    statement = statement.join(AgreementVisibility, AgreementVisibility.agreement_id == Agreement.id).where(
        AgreementVisibility.organisation_id == actor.organisation_id
    )
    if wanted.status:
        statement = statement.where(AgreementVisibility.status == wanted.status)
    if wanted.kind:
        statement = statement.where(Agreement.kind == wanted.kind)
    if wanted.needs_details:
        statement = statement.where(Agreement.needs_details.is_(True))
    if wanted.signed_from:
        statement = statement.where(AgreementVisibility.sort_on >= wanted.signed_from)
    if wanted.signed_to:
        statement = statement.where(AgreementVisibility.sort_on <= wanted.signed_to)
    if wanted.party:
        statement = statement.where(_has_party(Organisation.public_id == wanted.party))
    if wanted.region:
        statement = statement.where(_has_party(_in_region(wanted.region)))
    if wanted.text:
        statement = statement.where(_mentions(wanted.text))
    return statement


def _has_party(condition: Any) -> Any:
    return (
        select(AgreementParty.id)
        .join(Organisation, Organisation.id == AgreementParty.organisation_id)
        .where(AgreementParty.agreement_id == Agreement.id, AgreementParty.position > 0, condition)
        .exists()
    )


def _in_region(code: str) -> Any:
    """In the region itself or in one right below it; a zone counts to its parent."""
    below = aliased(Region)
    return Organisation.region_code.in_(select(below.code).where(or_(below.code == code, below.parent_code == code)))


def _mentions(text: str) -> Any:
    pattern = f"%{text.replace('/', '//').replace('%', '/%').replace('_', '/_')}%"
    return or_(
        Agreement.title_zh.like(pattern, escape="/"),
        Agreement.title_en.ilike(pattern, escape="/"),
        Agreement.number.like(pattern, escape="/"),
        _has_party(
            or_(Organisation.name_zh.like(pattern, escape="/"), Organisation.short_zh.like(pattern, escape="/"))
        ),
    )

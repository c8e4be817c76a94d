"""The register of an organisation's own seals: which agreement, when, how often, by whom. 用印登记簿查询."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, Select, and_, or_, select
from sqlalchemy.orm import aliased

from ...accounts.models import User
from ...core.access.decision import Actor
from ...core.db import db
from ...documents.models import StoredFile
from ..models import (
    Agreement,
    AgreementDocument,
    AgreementParty,
    AgreementRevision,
    AgreementVisibility,
    Clearance,
    SealUse,
)
from ..models.enums import ClearanceResult, ClearanceStep, DocumentKind

BATCH = 500
KEEPER, HANDLER = aliased(User, name="keeper"), aliased(User, name="handler")
COLUMNS: tuple[Any, ...] = (
    SealUse.id, SealUse.revision_id, SealUse.seal, SealUse.sealed_on, SealUse.copies, Agreement.public_id,
    Agreement.title_zh, Agreement.number, KEEPER.name.label("keeper"), HANDLER.name.label("applicant"),
)  # fmt: skip


def seal_uses(actor: Actor, numbers: Collection[str] = (), titles: Collection[str] = ()) -> Sequence[Row[Any]]:
    """Uses of the organisation's own seals on agreements of these numbers or titles."""
    wanted = or_(Agreement.number.in_(numbers), Agreement.title_zh.in_(titles))
    return db.session.execute(_own(actor).where(wanted).order_by(SealUse.id)).all()


def register_of_seals(actor: Actor) -> Iterator[Sequence[Row[Any]]]:
    """All uses of the organisation's own seals, the latest first, a batch in memory at a time."""
    ordered = _own(actor).order_by(SealUse.sealed_on.desc(), SealUse.id.desc()).limit(BATCH)
    rows = db.session.execute(ordered).all()
    while rows:
        yield rows
        last = rows[-1]
        same_day = and_(SealUse.sealed_on == last.sealed_on, SealUse.id < last.id)
        rows = db.session.execute(ordered.where(or_(SealUse.sealed_on < last.sealed_on, same_day))).all()


def _own(actor: Actor) -> Select[Any]:
    seen = AgreementVisibility
    statement: Select[Any] = (
        select(*COLUMNS)
        .join(AgreementParty, AgreementParty.id == SealUse.party_id)
        .join(Agreement, Agreement.id == SealUse.agreement_id)
        .join(seen, and_(seen.agreement_id == Agreement.id, seen.organisation_id == actor.organisation_id))
        .join(KEEPER, KEEPER.id == SealUse.sealed_by_id)
        .outerjoin(HANDLER, and_(HANDLER.id == Agreement.handler_id, HANDLER.organisation_id == actor.organisation_id))
        .where(AgreementParty.organisation_id == actor.organisation_id)
    )
    return statement


def approvals_of(revision_ids: Collection[int], actor: Actor) -> Mapping[tuple[int, ClearanceStep], str]:
    """Who of the organisation passed which internal step of which text."""
    passed = (Clearance.organisation_id == actor.organisation_id, Clearance.result == ClearanceResult.PASSED)
    statement = (
        select(Clearance.revision_id, Clearance.step, User.name)
        .join(User, User.id == Clearance.decided_by_id)
        .where(Clearance.revision_id.in_(revision_ids), *passed)
        .order_by(Clearance.id)
    )
    return {(revision, step): name for revision, step, name in db.session.execute(statement)}


def digests_of(revision_ids: Collection[int]) -> Mapping[int, str]:
    """SM3 and SHA-256 of the signing copy of each text; whoever asks has read the agreements."""
    paper = AgreementDocument
    statement = (
        select(paper.revision_id, StoredFile.sm3, StoredFile.sha256)
        .join(StoredFile, StoredFile.id == paper.file_id)
        .join(AgreementRevision, AgreementRevision.id == paper.revision_id)
        .where(paper.revision_id.in_(revision_ids), paper.kind == DocumentKind.SIGNING_COPY, paper.void_reason == "")
        .order_by(paper.id)
    )
    rows = db.session.execute(statement)
    return {number: f"SM3 {sm3} / SHA-256 {sha256}" for number, sm3, sha256 in rows if number is not None}

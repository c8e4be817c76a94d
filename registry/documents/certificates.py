"""Which certificates there are, and which of them may sign. 签名证书查询."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Row, Select, bindparam, func, or_, select

from ..core import clock
from ..core.dates import now
from ..core.db import db
from ..core.errors import NotFound
from ..core.i18n import msg
from ..organisations.models import Organisation
from ..organisations.repoint import stays
from .inputs import CertificateFilter
from .models import EXPIRY_WARNING, KeySource, SigningCertificate
from .places import places
from .states import CertificateState

COUNT_LIMIT = 1_000
LISTED: tuple[Any, ...] = (
    SigningCertificate.public_id,
    SigningCertificate.subject,
    SigningCertificate.serial,
    SigningCertificate.source,
    SigningCertificate.not_before,
    SigningCertificate.not_after,
    SigningCertificate.revoked_at,
    Organisation.name_zh,
    Organisation.name_en,
)


def may_sign_now() -> list[ColumnElement[bool]]:
    """Valid by its dates, not revoked; development certificates sign in demonstrations only.

    Clock and settings are read when the statement is asked, so it may be kept.
    """
    demo = bindparam(None, callable_=lambda: places().demo, type_=Boolean())
    return [
        SigningCertificate.revoked_at.is_(None),
        SigningCertificate.not_before <= clock.moment(),
        SigningCertificate.not_after >= clock.moment(),
        or_(demo, SigningCertificate.source != KeySource.DEVELOPMENT),
    ]


def usable_for(organisation_id: int) -> SigningCertificate | None:
    """The certificate that an organisation signs with now: the usable one that lasts longest; None without one."""
    statement = (
        select(SigningCertificate)
        .where(SigningCertificate.organisation_id == organisation_id, *may_sign_now())
        .order_by(SigningCertificate.not_after.desc(), SigningCertificate.id.desc())
        .limit(1)
    )
    return db.session.scalar(statement)


def holders(organisation_ids: Sequence[int]) -> frozenset[int]:
    """Which of the organisations have a certificate that may sign now."""
    statement = select(SigningCertificate.organisation_id).where(
        SigningCertificate.organisation_id.in_(organisation_ids), *may_sign_now()
    )
    return frozenset(found for found in db.session.scalars(statement) if found is not None)


def revocations() -> Mapping[str, datetime]:
    """When certificates were revoked here, by the SHA-256 of their DER."""
    statement = select(SigningCertificate.sha256, SigningCertificate.revoked_at).where(
        SigningCertificate.revoked_at.is_not(None)
    )
    return {sha256: moment for sha256, moment in db.session.execute(statement) if moment is not None}


def get_certificate(public_id: str) -> SigningCertificate:
    """One certificate; raises NotFound. Administrators see all of them: they are not records of one organisation."""
    found = db.session.scalar(select(SigningCertificate).where(SigningCertificate.public_id == public_id))
    if found is None:
        raise NotFound
    return found


def list_certificates(wanted: CertificateFilter, offset: int, limit: int) -> tuple[Sequence[Row[Any]], int]:
    """A page of certificates by organisation, the longest lasting first, and how many there are (at most 1,001)."""
    joined = select(*LISTED).outerjoin(Organisation, Organisation.id == SigningCertificate.organisation_id)
    joined = joined.where(*_conditions(wanted, now()))
    order = (Organisation.name_zh, SigningCertificate.not_after.desc(), SigningCertificate.id.desc())
    counted = joined.with_only_columns(SigningCertificate.id).limit(COUNT_LIMIT + 1).subquery()
    total = db.session.scalar(select(func.count()).select_from(counted)) or 0
    return db.session.execute(joined.order_by(*order).offset(offset).limit(limit)).all(), total


def list_expiring(moment: datetime) -> Sequence[SigningCertificate]:
    """Certificates that may sign but soon no longer, the first to end first."""
    statement = select(SigningCertificate).where(*_in_state(CertificateState.EXPIRING, moment))
    return db.session.scalars(statement.order_by(SigningCertificate.not_after, SigningCertificate.id)).all()


def count_expiring(moment: datetime) -> int:
    """How many these are."""
    counted = select(func.count(SigningCertificate.id)).where(*_in_state(CertificateState.EXPIRING, moment))
    return db.session.scalar(counted) or 0


def _conditions(wanted: CertificateFilter, moment: datetime) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.text:
        columns = (
            SigningCertificate.subject,
            SigningCertificate.serial,
            Organisation.name_zh,
            Organisation.name_en,
        )
        found.append(or_(*(column.icontains(wanted.text, autoescape=True) for column in columns)))
    if wanted.state in set(CertificateState):
        found += _in_state(CertificateState(wanted.state), moment)
    return found


def _in_state(state: CertificateState, moment: datetime) -> list[ColumnElement[bool]]:
    """The same as `state_of`, for the database."""
    begins, ends = SigningCertificate.not_before, SigningCertificate.not_after
    if state is CertificateState.REVOKED:
        return [SigningCertificate.revoked_at.is_not(None)]
    by_dates: dict[CertificateState, list[ColumnElement[bool]]] = {
        CertificateState.EXPIRED: [ends < moment],
        CertificateState.NOT_YET: [begins > moment, ends >= moment],
        CertificateState.EXPIRING: [begins <= moment, ends >= moment, ends <= moment + EXPIRY_WARNING],
        CertificateState.USABLE: [begins <= moment, ends > moment + EXPIRY_WARNING],
    }
    return [SigningCertificate.revoked_at.is_(None), *by_dates[state]]


def _count_of(organisation: Organisation) -> Select[int]:
    return select(func.count(SigningCertificate.id)).where(SigningCertificate.organisation_id == organisation.id)


stays("certificates", msg("Certificates, which name it as their holder"), _count_of, SigningCertificate.organisation_id)

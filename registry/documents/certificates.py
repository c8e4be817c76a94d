"""Which certificates there are, and which of them may sign. 签名证书查询."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from ..core.dates import now
from ..core.db import db
from .models import SigningCertificate


def usable_for(organisation_id: int) -> SigningCertificate | None:
    """The certificate that an organisation signs with now: the usable one that lasts longest; None without one."""
    moment = now()
    statement = (
        select(SigningCertificate)
        .where(
            SigningCertificate.organisation_id == organisation_id,
            SigningCertificate.revoked_at.is_(None),
            SigningCertificate.not_before <= moment,
            SigningCertificate.not_after >= moment,
        )
        .order_by(SigningCertificate.not_after.desc(), SigningCertificate.id.desc())
        .limit(1)
    )
    return db.session.scalar(statement)


def revocations() -> Mapping[str, datetime]:
    """When certificates were revoked here, by the SHA-256 of their DER."""
    statement = select(SigningCertificate.sha256, SigningCertificate.revoked_at).where(
        SigningCertificate.revoked_at.is_not(None)
    )
    return {sha256: moment for sha256, moment in db.session.execute(statement) if moment is not None}

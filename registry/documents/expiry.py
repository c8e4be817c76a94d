"""Certificates that will end soon: said once for each certificate and threshold, in the audit and the log. 到期提醒.

There is no message centre yet; the page of certificates and the administrators' first page show the same at any time.
"""

import logging
from datetime import date, datetime

from asn1crypto import x509
from sqlalchemy import select

from ..audit.models import AuditEvent
from ..audit.services import record
from ..core.dates import now
from ..core.db import db, transaction
from ..core.i18n import msg
from ..jobs.daily import daily
from . import certificates
from .events import CertificateEvent
from .models import EXPIRY_WARNING, SigningCertificate
from .places import places
from .signing.errors import NoSigningKey
from .signing.own import own_signer

THRESHOLDS = (7, 30, 60)  # days
log = logging.getLogger(__name__)


@daily("certificates-expiry", msg("Certificates: warn before the end"))
def note_expiries(_day: date) -> None:
    """Say what ends soon; days that were missed need no saying of their own."""
    moment = now()
    with transaction():
        for certificate in certificates.list_expiring(moment):
            note(certificate, moment)
    ends = own_end()
    if ends is not None and ends - moment <= EXPIRY_WARNING:
        log.warning("the registry's own signing certificate ends on %s", ends.date())


def note(certificate: SigningCertificate, moment: datetime) -> None:
    """Record the nearest threshold that the certificate has passed, unless it was recorded before."""
    days = (certificate.not_after - moment).days
    threshold = next(one for one in THRESHOLDS if days <= one)
    seen = select(AuditEvent.changes).where(
        AuditEvent.action == CertificateEvent.EXPIRY_NOTED,
        AuditEvent.object_type == "signingcertificate",
        AuditEvent.object_id == certificate.public_id,
    )
    if any(changes["days"] == [None, threshold] for changes in db.session.scalars(seen)):
        return
    record(
        None,
        CertificateEvent.EXPIRY_NOTED,
        certificate,
        {"days": (None, threshold), "not_after": (None, certificate.not_after)},
    )
    log.warning("certificate %s ends within %d days", certificate.public_id, threshold)


def own_end() -> datetime | None:
    """When the registry's own certificate ends; None without one that can be opened."""
    try:
        own: x509.Certificate = own_signer(places()).signing_cert
    except NoSigningKey:
        return None
    ends: datetime = own.not_valid_after
    return ends

"""How a certificate stands on a day. 证书状态."""

from datetime import datetime
from enum import StrEnum
from typing import Protocol

from ..core.i18n import Message, msg
from .models import EXPIRY_WARNING


class CertificateState(StrEnum):
    """What can be said of it now."""

    USABLE = "usable"
    EXPIRING = "expiring"
    EXPIRED = "expired"
    NOT_YET = "not_yet"
    REVOKED = "revoked"

    @property
    def label(self) -> Message:
        """The state for the reader."""
        return STATE_LABELS[self]

    @property
    def tone(self) -> str:
        """The colour of its dot."""
        return TONES[self]


STATE_LABELS = {
    CertificateState.USABLE: msg("Usable"),
    CertificateState.EXPIRING: msg("Expires within 60 days"),
    CertificateState.EXPIRED: msg("Expired"),
    CertificateState.NOT_YET: msg("Not yet valid"),
    CertificateState.REVOKED: msg("Revoked"),
}
TONES = {
    CertificateState.USABLE: "ok",
    CertificateState.EXPIRING: "warn",
    CertificateState.EXPIRED: "bad",
    CertificateState.NOT_YET: "info",
    CertificateState.REVOKED: "bad",
}


class Dated(Protocol):
    """A certificate's row, or what a list read of it."""

    @property
    def not_before(self) -> datetime: ...
    @property
    def not_after(self) -> datetime: ...
    @property
    def revoked_at(self) -> datetime | None: ...


def state_of(certificate: Dated, moment: datetime) -> CertificateState:
    """The gravest thing that can be said of it."""
    if certificate.revoked_at is not None:
        return CertificateState.REVOKED
    if moment > certificate.not_after:
        return CertificateState.EXPIRED
    if moment < certificate.not_before:
        return CertificateState.NOT_YET
    is_near = certificate.not_after - moment <= EXPIRY_WARNING
    return CertificateState.EXPIRING if is_near else CertificateState.USABLE

"""What happens to certificates, as the audit names it. 证书事件."""

from enum import StrEnum


class CertificateEvent(StrEnum):
    """Grammar: `certificate:` and a past participle."""

    ISSUED = "certificate:issued"
    IMPORTED = "certificate:imported"
    REGISTERED = "certificate:registered"
    TRIED = "certificate:tried"
    REVOKED = "certificate:revoked"
    EXPIRY_NOTED = "certificate:expiry_noted"

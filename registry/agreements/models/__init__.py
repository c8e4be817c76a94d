"""Tables of agreements, by what they hold. 协议数据表."""

from .agreement import Agreement, AgreementParty, AgreementVisibility
from .approval import Clearance, PartyApproval
from .archive import ArchiveEntry, ArchiveSettings
from .archive_enums import ArchiveStatus, Disclosure, Retention, Secrecy
from .archive_triggers import install
from .enums import (
    AgreementKind,
    AgreementStatus,
    ClearanceResult,
    ClearanceStep,
    ClosureOutcome,
    DocumentKind,
    LegalResult,
    PartyRole,
    RevisionKind,
    SealKind,
    SignatoryStatus,
    SignatureMethod,
    Verdict,
)
from .freezing import FROZEN
from .numbering import NumberCounter, NumberScheme
from .revision import AgreementRevision
from .signing import AgreementDocument, DigitalSignature, SealUse, Signatory

__all__ = [
    "FROZEN", "Agreement", "AgreementDocument", "AgreementKind", "AgreementParty", "AgreementRevision",
    "AgreementStatus", "AgreementVisibility", "ArchiveEntry", "ArchiveSettings", "ArchiveStatus", "Clearance",
    "ClearanceResult", "ClearanceStep", "ClosureOutcome", "DigitalSignature", "Disclosure", "DocumentKind",
    "LegalResult", "NumberCounter", "NumberScheme", "PartyApproval", "PartyRole", "Retention", "RevisionKind",
    "SealKind", "SealUse", "Secrecy", "Signatory", "SignatoryStatus", "SignatureMethod", "Verdict",
]  # fmt: skip

install(Agreement.metadata)

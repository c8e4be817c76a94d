"""Tables of agreements, by what they hold. 协议数据表."""

from .agreement import Agreement, AgreementParty, AgreementVisibility
from .approval import Clearance, PartyApproval
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
from .numbering import NumberCounter, NumberScheme
from .revision import AgreementRevision
from .signing import AgreementDocument, DigitalSignature, SealUse, Signatory

__all__ = [
    "Agreement", "AgreementDocument", "AgreementKind", "AgreementParty", "AgreementRevision", "AgreementStatus",
    "AgreementVisibility", "Clearance", "ClearanceResult", "ClearanceStep", "ClosureOutcome", "DigitalSignature",
    "DocumentKind", "LegalResult", "NumberCounter", "NumberScheme", "PartyApproval", "PartyRole", "RevisionKind",
    "SealKind", "SealUse", "Signatory", "SignatoryStatus", "SignatureMethod", "Verdict",
]  # fmt: skip

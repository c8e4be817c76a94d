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
    GapReason,
    LegalResult,
    PartyRole,
    RevisionKind,
    SealKind,
    SignatoryStatus,
    SignatureMethod,
    SkipReason,
    Verdict,
)
from .numbering import COMMON, NumberCounter, NumberKindPrefix, NumberPrefix, NumberScheme, NumberSkip
from .revision import AgreementRevision
from .signing import AgreementDocument, DigitalSignature, SealUse, Signatory

__all__ = [
    "COMMON", "Agreement", "AgreementDocument", "AgreementKind", "AgreementParty", "AgreementRevision",
    "AgreementStatus", "AgreementVisibility", "Clearance", "ClearanceResult", "ClearanceStep", "ClosureOutcome",
    "DigitalSignature", "DocumentKind", "GapReason", "LegalResult", "NumberCounter", "NumberKindPrefix",
    "NumberPrefix", "NumberScheme", "NumberSkip", "PartyApproval", "PartyRole", "RevisionKind", "SealKind", "SealUse",
    "Signatory", "SignatoryStatus", "SignatureMethod", "SkipReason", "Verdict",
]  # fmt: skip

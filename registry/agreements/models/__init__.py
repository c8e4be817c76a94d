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
    EventStatus,
    LegalResult,
    PartyRole,
    RevisionKind,
    ScanState,
    SealKind,
    SignatoryStatus,
    SignatureMethod,
    SupplementState,
    Verdict,
)
from .event import EventScan, SigningEvent, TableTick
from .numbering import NumberCounter, NumberScheme
from .revision import AgreementRevision
from .signing import AgreementDocument, DigitalSignature, SealUse, Signatory
from .supplement import Supplement

__all__ = [
    "Agreement", "AgreementDocument", "AgreementKind", "AgreementParty", "AgreementRevision", "AgreementStatus",
    "AgreementVisibility", "Clearance", "ClearanceResult", "ClearanceStep", "ClosureOutcome",
    "DigitalSignature", "DocumentKind", "EventScan", "EventStatus", "LegalResult", "NumberCounter",
    "NumberScheme", "PartyApproval", "PartyRole", "RevisionKind", "ScanState", "SealKind", "SealUse",
    "Signatory", "SignatoryStatus", "SignatureMethod", "SigningEvent", "Supplement", "SupplementState",
    "TableTick", "Verdict",
]  # fmt: skip

"""Tables of agreements, by what they hold. 协议数据表."""

from .agreement import (
    PAPER,
    Agreement,
    AgreementParty,
    AgreementVisibility,
)
from .approval import (
    Clearance,
    PartyApproval,
)
from .ending import (
    TerminationNotice,
)
from .enums import (
    OPEN_STAGES,
    SIGNED_STAGES,
    AgreementKind,
    AgreementStatus,
    ClearanceResult,
    ClearanceStep,
    ClosureOutcome,
    DocumentKind,
    EventStatus,
    GapReason,
    LegalResult,
    PartyRole,
    RenewalDecision,
    RevisionKind,
    RevisionStage,
    ScanState,
    SealKind,
    SignatoryStatus,
    SignatureMethod,
    SkipReason,
    SupplementState,
    Verdict,
)
from .event import (
    EventScan,
    SigningEvent,
    TableTick,
)
from .numbering import (
    COMMON,
    NumberCounter,
    NumberKindPrefix,
    NumberPrefix,
    NumberScheme,
    NumberSkip,
)
from .period import (
    AgreementPeriod,
)
from .revision import (
    AgreementRevision,
)
from .signing import (
    AgreementDocument,
    DigitalSignature,
    SealUse,
    Signatory,
)
from .supplement import (
    Supplement,
)

__all__ = [
    "COMMON", "OPEN_STAGES", "PAPER", "SIGNED_STAGES", "Agreement", "AgreementDocument", "AgreementKind",
    "AgreementParty", "AgreementPeriod", "AgreementRevision", "AgreementStatus", "AgreementVisibility", "Clearance",
    "ClearanceResult", "ClearanceStep", "ClosureOutcome", "DigitalSignature", "DocumentKind", "EventScan",
    "EventStatus", "GapReason", "LegalResult", "NumberCounter", "NumberKindPrefix", "NumberPrefix", "NumberScheme",
    "NumberSkip", "PartyApproval", "PartyRole", "RenewalDecision", "RevisionKind", "RevisionStage", "ScanState",
    "SealKind", "SealUse", "Signatory", "SignatoryStatus", "SignatureMethod", "SigningEvent", "SkipReason",
    "Supplement", "SupplementState", "TableTick", "TerminationNotice", "Verdict",
]  # fmt: skip

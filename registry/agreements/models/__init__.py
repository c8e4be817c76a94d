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
    GapReason,
    LegalResult,
    PartyRole,
    RenewalDecision,
    RevisionKind,
    RevisionStage,
    SealKind,
    SignatoryStatus,
    SignatureMethod,
    SkipReason,
    Verdict,
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

__all__ = [
    "COMMON", "OPEN_STAGES", "PAPER", "SIGNED_STAGES", "Agreement", "AgreementDocument", "AgreementKind",
    "AgreementParty", "AgreementPeriod", "AgreementRevision", "AgreementStatus", "AgreementVisibility", "Clearance",
    "ClearanceResult", "ClearanceStep", "ClosureOutcome", "DigitalSignature", "DocumentKind", "GapReason",
    "LegalResult", "NumberCounter", "NumberKindPrefix", "NumberPrefix", "NumberScheme", "NumberSkip", "PartyApproval",
    "PartyRole", "RenewalDecision", "RevisionKind", "RevisionStage", "SealKind", "SealUse", "Signatory",
    "SignatoryStatus", "SignatureMethod", "SkipReason", "TerminationNotice", "Verdict",
]  # fmt: skip

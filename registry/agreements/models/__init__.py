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
from .archive import (
    ArchiveEntry,
    ArchiveSettings,
)
from .archive_enums import (
    ArchiveStatus,
    Disclosure,
    Retention,
    Secrecy,
)
from .archive_triggers import (
    install,
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
from .freezing import (
    FROZEN,
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
    "COMMON", "FROZEN", "OPEN_STAGES", "PAPER", "SIGNED_STAGES", "Agreement", "AgreementDocument", "AgreementKind",
    "AgreementParty", "AgreementPeriod", "AgreementRevision", "AgreementStatus", "AgreementVisibility",
    "ArchiveEntry", "ArchiveSettings", "ArchiveStatus", "Clearance", "ClearanceResult", "ClearanceStep",
    "ClosureOutcome", "DigitalSignature", "Disclosure", "DocumentKind", "EventScan", "EventStatus", "GapReason",
    "LegalResult", "NumberCounter", "NumberKindPrefix", "NumberPrefix", "NumberScheme", "NumberSkip",
    "PartyApproval", "PartyRole", "RenewalDecision", "Retention", "RevisionKind", "RevisionStage", "ScanState",
    "SealKind", "SealUse", "Secrecy", "Signatory", "SignatoryStatus", "SignatureMethod", "SigningEvent",
    "SkipReason", "Supplement", "SupplementState", "TableTick", "TerminationNotice", "Verdict",
]  # fmt: skip

install(Agreement.metadata)

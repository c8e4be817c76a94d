"""What codes are called, for the reader. English here is the key of the Chinese in the catalogue."""

from collections.abc import Mapping
from enum import StrEnum

from ..accounts.event_labels import action_label
from ..core.i18n import Either, Message, msg
from .models.archive_enums import ArchiveStatus, Disclosure, Retention, Secrecy
from .models.enums import (
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
from .texts.numerals import letter, party_zh

# By class first: members of two enums with the same code are equal as strings.
LABELS: Mapping[type[StrEnum], Mapping[StrEnum, Message]] = {
    AgreementKind: {
        AgreementKind.FRAMEWORK: msg("Framework agreement"),
        AgreementKind.SCHOOL_LOCALITY: msg("School–locality agreement"),
        AgreementKind.STRATEGIC: msg("Strategic agreement"),
        AgreementKind.WORKSTATION: msg("Workstation co-construction agreement"),
        AgreementKind.DOCKING_MEMORANDUM: msg("Docking memorandum"),
        AgreementKind.LETTER_OF_INTENT: msg("Letter of intent"),
        AgreementKind.SUPPLEMENT: msg("Supplementary agreement"),
        AgreementKind.RENEWAL: msg("Renewal"),
    },
    AgreementStatus: {
        AgreementStatus.DRAFT: msg("Draft"),
        AgreementStatus.REVIEW: msg("Internal review"),
        AgreementStatus.NEGOTIATION: msg("Negotiation"),
        AgreementStatus.SIGNING: msg("Signing"),
        AgreementStatus.SIGNED: msg("Signed, not yet effective"),
        AgreementStatus.IN_FORCE: msg("In force"),
        AgreementStatus.SUSPENDED: msg("Suspended"),
        AgreementStatus.CLOSED: msg("Closed"),
        AgreementStatus.VOID: msg("Void"),
        AgreementStatus.RECORDED_PENDING: msg("Recorded, to be confirmed"),
    },
    ClosureOutcome: {
        ClosureOutcome.COMPLETED: msg("Completed"),
        ClosureOutcome.EXPIRED: msg("Expired"),
        ClosureOutcome.SUPERSEDED: msg("Superseded"),
        ClosureOutcome.TERMINATED: msg("Terminated"),
    },
    SkipReason: {
        SkipReason.STARTED_HIGHER: msg("Begun above numbers given out on paper"),
        SkipReason.TAKEN_OVER: msg("Passed over for a number taken over from a paper"),
    },
    GapReason: {
        GapReason.STARTED_HIGHER: msg("given out on paper before the registry counted this year"),
        GapReason.TAKEN_OVER: msg("passed over, since a higher number was taken over from a paper"),
        GapReason.ON_PAPER: msg("numbered on paper in a year that the registry did not count; not entered here"),
        GapReason.UNKNOWN: msg("missing without a known reason: please tell the administrator"),
    },
    PartyRole: {
        PartyRole.LEAD: msg("Lead party"),
        PartyRole.PARTY: msg("Party"),
        PartyRole.WITNESS: msg("Witness"),
    },
    RevisionKind: {
        RevisionKind.ORIGINAL: msg("Original text"),
        RevisionKind.AMENDMENT: msg("Amendment"),
        RevisionKind.RENEWAL: msg("Renewal"),
        RevisionKind.ACCESSION: msg("Accession"),
        RevisionKind.WITHDRAWAL: msg("Withdrawal"),
        RevisionKind.TERMINATION: msg("Termination"),
        RevisionKind.CORRECTION: msg("Correction"),
    },
    RevisionStage: {
        RevisionStage.DRAFT: msg("Draft"),
        RevisionStage.REVIEW: msg("Internal review"),
        RevisionStage.NEGOTIATION: msg("Negotiation"),
        RevisionStage.SIGNING: msg("Signing"),
        RevisionStage.SIGNED: msg("Signed, not yet effective"),
        RevisionStage.EFFECTIVE: msg("In force"),
        RevisionStage.SUPERSEDED: msg("Replaced"),
        RevisionStage.SET_ASIDE: msg("Set aside"),
    },
    RenewalDecision: {
        RenewalDecision.UNDECIDED: msg("Not decided yet"),
        RenewalDecision.RENEW: msg("To be renewed"),
        RenewalDecision.LET_EXPIRE: msg("To expire"),
    },
    ClearanceStep: {
        ClearanceStep.SECTION: msg("Section review"),
        ClearanceStep.LEGAL: msg("Legality review"),
        ClearanceStep.LEADER: msg("Leader approval"),
    },
    ClearanceResult: {
        ClearanceResult.PASSED: msg("Passed"),
        ClearanceResult.RETURNED: msg("Returned"),
        ClearanceResult.EXEMPT: msg("Exempt"),
    },
    LegalResult: {
        LegalResult.LEGAL: msg("Legal"),
        LegalResult.AFTER_CHANGE: msg("Legal after changes"),
        LegalResult.ILLEGAL: msg("Not legal"),
        LegalResult.TEMPLATE_EXEMPT: msg("Model text, exempt"),
    },
    Verdict: {
        Verdict.APPROVED: msg("Approved"),
        Verdict.CHANGES_REQUESTED: msg("Changes requested"),
        Verdict.REJECTED: msg("Rejected"),
    },
    SignatureMethod: {
        SignatureMethod.WET_INK: msg("By hand on paper"),
        SignatureMethod.SCAN: msg("Paper, scanned"),
        SignatureMethod.E_SEAL: msg("Electronic seal"),
        SignatureMethod.DIGITAL: msg("Digital signature"),
    },
    SignatoryStatus: {
        SignatoryStatus.PENDING: msg("Signature pending"),
        SignatoryStatus.SIGNED: msg("Signature given"),
        SignatoryStatus.DECLINED: msg("Signature declined"),
        SignatoryStatus.VOID: msg("Signature void"),
    },
    SealKind: {
        SealKind.OFFICIAL: msg("Official seal"),
        SealKind.CONTRACT: msg("Contract seal"),
        SealKind.NAME: msg("Representative name seal"),
        SealKind.CROSS_PAGE: msg("Cross-page seal"),
    },
    DocumentKind: {
        DocumentKind.SIGNING_COPY: msg("Signing copy"),
        DocumentKind.SIGNED_FILE: msg("Digitally signed file, not yet closed"),
        DocumentKind.SIGNED_AGREEMENT: msg("Signed agreement"),
        DocumentKind.PARTY_SCAN: msg("Scan of a party's signed paper"),
        DocumentKind.PROXY_LETTER: msg("Power of attorney"),
        DocumentKind.EXTERNAL_FILE: msg("File sealed elsewhere"),
        DocumentKind.REGISTRY_COPY: msg("Registry copy"),
        DocumentKind.SOURCE: msg("Source document"),
        DocumentKind.ATTACHMENT: msg("Attachment"),
        DocumentKind.CONSENT: msg("Consent of the superior department"),
    },
    EventStatus: {
        EventStatus.PLANNED: msg("Planned"),
        EventStatus.HELD: msg("Held"),
    },
    ScanState: {
        ScanState.FILED: msg("Filed"),
        ScanState.WAITING: msg("To be chosen by hand"),
        ScanState.SET_ASIDE: msg("Set aside"),
    },
    SupplementState: {
        SupplementState.PENDING: msg("To be confirmed"),
        SupplementState.CONFIRMED: msg("Details confirmed"),
        SupplementState.REFUSED: msg("Refused"),
    },
    ArchiveStatus: {
        ArchiveStatus.NONE: msg("Not archived"),
        ArchiveStatus.PENDING: msg("To be archived"),
        ArchiveStatus.DONE: msg("Archived"),
    },
    Retention: {
        Retention.PERMANENT: msg("Permanent"),
        Retention.Y30: msg("30 years"),
        Retention.Y10: msg("10 years"),
    },
    Secrecy: {
        Secrecy.PUBLIC: msg("Public"),
        Secrecy.INTERNAL: msg("Internal"),
    },
    Disclosure: {
        Disclosure.ACTIVE: msg("Proactive disclosure"),
        Disclosure.ON_REQUEST: msg("On request"),
        Disclosure.NONE: msg("Not disclosed"),
    },
}


def label(value: StrEnum) -> Message:
    """The name of a code for the reader.

    Raises KeyError for an enum that has no labels here.
    """
    return LABELS[type(value)][value]


def party_label(position: int) -> Message:
    """甲方 or Party A for position 1; papers count 甲乙丙丁, then 第五方."""
    return Either(party_zh(position), f"Party {letter(position)}")


EVENTS = {
    "agreement:register": msg("Draft entered"),
    "agreement:record": msg("Historic record entered"),
    "agreement:confirm": msg("Historic record confirmed"),
    "agreement:edit": msg("Changed"),
    "agreement:submit": msg("Submitted for review"),
    "agreement:return": msg("Returned to the handler"),
    "agreement:clear": msg("Internal step passed"),
    "agreement:approve": msg("Written approval recorded"),
    "agreement:request_changes": msg("Changes requested"),
    "agreement:start_signing": msg("Signing begun"),
    "agreement:record_signature": msg("Signing papers recorded"),
    "agreement:void_signature": msg("Signature voided"),
    "agreement:sign": msg("Signed digitally"),
    "agreement:decline": msg("Declined to sign"),
    "agreement:send_again": msg("Asked again to sign"),
    "agreement:complete_signing": msg("Signing completed"),
    "agreement:withdraw_signing": msg("Signing withdrawn"),
    "agreement:void": msg("Voided"),
    "agreement:suspend": msg("Suspended by its owner"),
    "agreement:resume": msg("Resumed"),
    "agreement:revise": msg("Change begun"),
    "agreement:abandon": msg("Change given up"),
    "agreement:merge": msg("Draft brought onto the terms in force"),
    "agreement:decide_renewal": msg("Decided about the renewal"),
    "agreement:renew": msg("Renewal begun"),
    "agreement:supersede": msg("Superseded by its renewal"),
    "agreement:give_notice": msg("Notice of termination recorded or taken back"),
    "agreement:terminate": msg("Terminated by notice"),
    "agreement:complete": msg("Closed as completed"),
    "agreement:take_effect": msg("Took effect"),
    "agreement:expire": msg("Expired"),
    "agreement:download": msg("File downloaded"),
    "agreement:remake": msg("Document ordered again"),
    "agreement:attach_consent": msg("Consent of the superior department filed"),
    "agreement:supplement": msg("Missing details found, to be confirmed"),
    "agreement:confirm_supplement": msg("Found details decided on"),
    "event:add": msg("Signing event entered"),
    "event:edit": msg("Signing event changed"),
    "event:tick": msg("Ticked at the table"),
    "event:download": msg("Ceremony pack downloaded"),
    "event:intake": msg("Scans of the event taken in"),
    "attachment:add": msg("File attached"),
    "attachment:remove": msg("Attachment removed"),
    "attachment:download": msg("Attachment downloaded"),
    "event:record_batch": msg("Batch of historic records entered"),
    "agreement:signing_copy_made": msg("Signing copy made"),
    "agreement:registry_copy_made": msg("Registry copy made"),
    "agreement:signed_agreement_made": msg("Signed agreement closed by the registry"),
    "agreement:archive_due": msg("Noted as due for the archive"),
    "agreement:archive": msg("Archived"),
    "agreement:archive_package_made": msg("Archive package made"),
}


def event_label(action: str) -> Message | str:
    """What an audit event of an agreement is called; packages above name what they do to it."""
    return EVENTS.get(action) or action_label(action)


FILTERS = {"label": label, "party_label": party_label}

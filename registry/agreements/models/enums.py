"""Codes of agreements; labels stand in `registry.agreements.labels`."""

from enum import StrEnum

from ...core.access.roles import Role


class AgreementKind(StrEnum):
    """What kind of paper it is."""

    FRAMEWORK = "framework"
    SCHOOL_LOCALITY = "school_locality"
    STRATEGIC = "strategic"
    WORKSTATION = "workstation"
    DOCKING_MEMORANDUM = "docking_memorandum"
    LETTER_OF_INTENT = "letter_of_intent"
    SUPPLEMENT = "supplement"
    RENEWAL = "renewal"


class AgreementStatus(StrEnum):
    """Where it stands; badges such as expiring or incomplete are computed, never stored."""

    DRAFT = "draft"
    REVIEW = "review"
    NEGOTIATION = "negotiation"
    SIGNING = "signing"
    SIGNED = "signed"
    IN_FORCE = "in_force"
    SUSPENDED = "suspended"
    CLOSED = "closed"
    VOID = "void"
    RECORDED_PENDING = "recorded_pending"


class SkipReason(StrEnum):
    """Why the registry passes numbers over."""

    STARTED_HIGHER = "started_higher"
    TAKEN_OVER = "taken_over"


class GapReason(StrEnum):
    """Why numbers are missing from the register."""

    STARTED_HIGHER = "started_higher"
    TAKEN_OVER = "taken_over"
    ON_PAPER = "on_paper"
    UNKNOWN = "unknown"


class ClosureOutcome(StrEnum):
    """How a closed agreement ended."""

    COMPLETED = "completed"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    TERMINATED = "terminated"


class PartyRole(StrEnum):
    """How a party takes part."""

    LEAD = "lead"
    PARTY = "party"
    WITNESS = "witness"


class RevisionKind(StrEnum):
    """What a revision does to the agreement."""

    ORIGINAL = "original"
    AMENDMENT = "amendment"
    RENEWAL = "renewal"
    ACCESSION = "accession"
    WITHDRAWAL = "withdrawal"
    TERMINATION = "termination"
    CORRECTION = "correction"


class RevisionStage(StrEnum):
    """How far a revision has come. `signed` waits for its day; only one may be on its way (OPEN_STAGES)."""

    DRAFT = "draft"
    REVIEW = "review"
    NEGOTIATION = "negotiation"
    SIGNING = "signing"
    SIGNED = "signed"
    EFFECTIVE = "effective"
    SUPERSEDED = "superseded"
    SET_ASIDE = "set_aside"


OPEN_STAGES = (RevisionStage.DRAFT, RevisionStage.REVIEW, RevisionStage.NEGOTIATION, RevisionStage.SIGNING)
SIGNED_STAGES = (RevisionStage.SIGNED, RevisionStage.EFFECTIVE, RevisionStage.SUPERSEDED)


class RenewalDecision(StrEnum):
    """What the owner decided about the end of an agreement; no row yet means that nobody was asked."""

    UNDECIDED = "undecided"
    RENEW = "renew"
    LET_EXPIRE = "let_expire"


class ClearanceStep(StrEnum):
    """An internal step of one organisation."""

    SECTION = "section"
    LEGAL = "legal"
    LEADER = "leader"

    @property
    def role(self) -> Role:
        """Whose step it is."""
        return STEP_ROLES[self]

    @property
    def working_days(self) -> int:
        """How many working days the step has."""
        return STEP_WORKING_DAYS[self]


STEP_ROLES = {
    ClearanceStep.SECTION: Role.SECTION_HEAD,
    ClearanceStep.LEGAL: Role.LEGAL_OFFICER,
    ClearanceStep.LEADER: Role.LEADER,
}
STEP_WORKING_DAYS = {ClearanceStep.SECTION: 2, ClearanceStep.LEGAL: 5, ClearanceStep.LEADER: 3}


class ClearanceResult(StrEnum):
    """How an internal step ended."""

    PASSED = "passed"
    RETURNED = "returned"
    EXEMPT = "exempt"


class LegalResult(StrEnum):
    """The legality review's finding."""

    LEGAL = "legal"
    AFTER_CHANGE = "after_change"
    ILLEGAL = "illegal"
    TEMPLATE_EXEMPT = "template_exempt"


class Verdict(StrEnum):
    """What a party says of the content."""

    APPROVED = "approved"
    CHANGES_REQUESTED = "changes_requested"
    REJECTED = "rejected"


class SignatureMethod(StrEnum):
    """How somebody signs."""

    WET_INK = "wet_ink"
    SCAN = "scan"
    E_SEAL = "e_seal"
    DIGITAL = "digital"


class SignatoryStatus(StrEnum):
    """Where a signature stands."""

    PENDING = "pending"
    SIGNED = "signed"
    DECLINED = "declined"
    VOID = "void"


class SealKind(StrEnum):
    """Which seal was used."""

    OFFICIAL = "official"
    CONTRACT = "contract"
    NAME = "name"
    CROSS_PAGE = "cross_page"


class DocumentKind(StrEnum):
    """What a file is to its agreement."""

    SIGNING_COPY = "signing_copy"
    SIGNED_FILE = "signed_file"
    SIGNED_AGREEMENT = "signed_agreement"
    PARTY_SCAN = "party_scan"
    PROXY_LETTER = "proxy_letter"
    EXTERNAL_FILE = "external_file"
    REGISTRY_COPY = "registry_copy"
    SOURCE = "source"
    ATTACHMENT = "attachment"
    CONSENT = "consent"


class EventStatus(StrEnum):
    """Whether a signing event lies ahead; computed from its day."""

    PLANNED = "planned"
    HELD = "held"


class ScanState(StrEnum):
    """What became of a file that was handed in for an event."""

    FILED = "filed"
    WAITING = "waiting"
    SET_ASIDE = "set_aside"


class SupplementState(StrEnum):
    """Whether found details count."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    REFUSED = "refused"

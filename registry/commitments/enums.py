"""Codes of commitments, with their names and colours."""

from enum import StrEnum

from ..core.i18n import Message, msg


class Measure(StrEnum):
    """What kind of figure a promise is counted by (计量方式)."""

    BOOLEAN = "boolean"
    COUNT = "count"
    PERCENT = "percent"
    AMOUNT = "amount"

    @property
    def label(self) -> Message:
        """The measure for the reader."""
        return MEASURES[self]


MEASURES = {
    Measure.BOOLEAN: msg("Done or not"),
    Measure.COUNT: msg("Count"),
    Measure.PERCENT: msg("Percentage"),
    Measure.AMOUNT: msg("Amount"),
}


class Comparator(StrEnum):
    """How the figure has to stand to the target (比较方式)."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    EXACTLY = "exactly"

    @property
    def label(self) -> Message:
        """The comparator for the reader."""
        return COMPARATORS[self]


COMPARATORS = {
    Comparator.AT_LEAST: msg("No less than"),
    Comparator.AT_MOST: msg("No more than"),
    Comparator.EXACTLY: msg("Exactly"),
}


class Curve(StrEnum):
    """How much of the target is expected as the period goes by (预期进度曲线)."""

    LINEAR = "linear"
    SEASONAL = "seasonal"
    CUSTOM = "custom"

    @property
    def label(self) -> Message:
        """The curve for the reader."""
        return CURVES[self]


CURVES = {
    Curve.LINEAR: msg("Straight line"),
    Curve.SEASONAL: msg("Recruitment seasons"),
    Curve.CUSTOM: msg("By weights of the months"),
}


class Recurrence(StrEnum):
    """How often a promise falls due (周期). `term` is once in the whole term, `once` on a day of its own."""

    ONCE = "once"
    YEARLY = "yearly"
    COHORT = "cohort"
    TERM = "term"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    HALF_YEARLY = "half_yearly"

    @property
    def label(self) -> Message:
        """The recurrence for the reader."""
        return RECURRENCES[self]


RECURRENCES = {
    Recurrence.ONCE: msg("Once"),
    Recurrence.YEARLY: msg("Every year of the agreement"),
    Recurrence.COHORT: msg("Every graduating class"),
    Recurrence.TERM: msg("Once in the term of the agreement"),
    Recurrence.MONTHLY: msg("Every month"),
    Recurrence.QUARTERLY: msg("Every quarter"),
    Recurrence.HALF_YEARLY: msg("Every half year"),
}


class Category(StrEnum):
    """What a promise is about (承诺类别)."""

    FAIRS = "fairs"
    TALKS = "talks"
    POSITIONS = "positions"
    INTERNSHIPS = "internships"
    EMPLOYMENT = "employment"
    BASES = "bases"
    SECONDMENTS = "secondments"
    VISITS = "visits"
    MEETINGS = "meetings"
    REPORTING = "reporting"
    TRAINING = "training"
    RESEARCH = "research"
    FUNDING = "funding"
    OTHER = "other"

    @property
    def label(self) -> Message:
        """The category for the reader."""
        return CATEGORIES[self]


CATEGORIES = {
    Category.FAIRS: msg("Recruitment events"),
    Category.TALKS: msg("Talks on policies and positions"),
    Category.POSITIONS: msg("Positions pushed"),
    Category.INTERNSHIPS: msg("Internships and trainees"),
    Category.EMPLOYMENT: msg("Graduates taking up work"),
    Category.BASES: msg("Internship bases"),
    Category.SECONDMENTS: msg("Secondments"),
    Category.VISITS: msg("Visits"),
    Category.MEETINGS: msg("Joint meetings"),
    Category.REPORTING: msg("Exchange of information"),
    Category.TRAINING: msg("Training of talent"),
    Category.RESEARCH: msg("Research and its use"),
    Category.FUNDING: msg("Funding"),
    Category.OTHER: msg("Other promises"),
}


class VerifyRule(StrEnum):
    """Which of several beneficiaries have to verify (核验规则)."""

    ANY = "any"
    ALL = "all"
    LEAD = "lead"

    @property
    def label(self) -> Message:
        """The rule for the reader."""
        return VERIFY_RULES[self]


VERIFY_RULES = {
    VerifyRule.ANY: msg("Any of the beneficiaries"),
    VerifyRule.ALL: msg("Every beneficiary"),
    VerifyRule.LEAD: msg("The lead party"),
}


class Origin(StrEnum):
    """Where in the agreement a promise stands: its table, a place in the text, or an article that was marked."""

    TABLE = "table"
    VARIABLE = "variable"
    MARKED = "marked"


class CommitmentState(StrEnum):
    """proposed (marked, not accepted yet) → active → ended; proposed → declined."""

    PROPOSED = "proposed"
    ACTIVE = "active"
    ENDED = "ended"
    DECLINED = "declined"

    @property
    def label(self) -> Message:
        """The state for the reader."""
        return STATES[self][0]

    @property
    def tone(self) -> str:
        """The colour beside the word."""
        return STATES[self][1]


STATES = {
    CommitmentState.PROPOSED: (msg("Waiting to be accepted"), "warn"),
    CommitmentState.ACTIVE: (msg("Running"), "info"),
    CommitmentState.ENDED: (msg("Ended"), ""),
    CommitmentState.DECLINED: (msg("Declined"), ""),
}


class Part(StrEnum):
    """What an organisation is in a promise. In a joint one every party is obligor and beneficiary."""

    OBLIGOR = "obligor"
    BENEFICIARY = "beneficiary"
    SUPPORT = "support"

    @property
    def label(self) -> Message:
        """The part for the reader."""
        return PARTS[self]


PARTS = {
    Part.OBLIGOR: msg("Responsible"),
    Part.BENEFICIARY: msg("Beneficiary"),
    Part.SUPPORT: msg("Supporting"),
}


class PeriodState(StrEnum):
    """How far one period of a promise is."""

    SCHEDULED = "scheduled"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    MET = "met"
    PARTIALLY_MET = "partially_met"
    NOT_MET = "not_met"
    WAIVED = "waived"
    DISPUTED = "disputed"
    CANCELLED = "cancelled"

    @property
    def label(self) -> Message:
        """The state for the reader."""
        return PERIOD_STATES[self][0]

    @property
    def tone(self) -> str:
        """The colour beside the word."""
        return PERIOD_STATES[self][1]


PERIOD_STATES = {
    PeriodState.SCHEDULED: (msg("To be done"), "info"),
    PeriodState.SUBMITTED: (msg("To be verified"), "warn"),
    PeriodState.RETURNED: (msg("Sent back"), "warn"),
    PeriodState.MET: (msg("Met"), "ok"),
    PeriodState.PARTIALLY_MET: (msg("Partly met"), "warn"),
    PeriodState.NOT_MET: (msg("Not met"), "bad"),
    PeriodState.WAIVED: (msg("Waived"), ""),
    PeriodState.DISPUTED: (msg("Disputed"), "bad"),
    PeriodState.CANCELLED: (msg("Cancelled"), ""),
}
OPEN = (PeriodState.SCHEDULED, PeriodState.SUBMITTED, PeriodState.RETURNED, PeriodState.DISPUTED)
RESULTS = (PeriodState.MET, PeriodState.PARTIALLY_MET, PeriodState.NOT_MET)
UNCOUNTED = (PeriodState.WAIVED, PeriodState.CANCELLED)  # no rate counts these


class Bucket(StrEnum):
    """Under which heading an organisation's lists show a period."""

    OPEN = "open"
    PAUSED = "paused"
    SETTLED = "settled"


class About(StrEnum):
    """What one of several organisations said yes to."""

    FIGURE = "figure"
    WAIVER = "waiver"


class EventKind(StrEnum):
    """What happened to a period (办理记录)."""

    REPORTED = "reported"
    CLOSE_REQUESTED = "close_requested"
    VERIFIED = "verified"
    SENT_BACK = "sent_back"
    DISPUTED = "disputed"
    ANSWERED = "answered"
    SAID = "said"
    WAIVER_ASKED = "waiver_asked"
    WAIVER_GRANTED = "waiver_granted"
    WAIVER_REFUSED = "waiver_refused"
    REOPENED = "reopened"
    RETARGETED = "retargeted"
    MOVED = "moved"
    CANCELLED = "cancelled"
    REINSTATED = "reinstated"

    @property
    def label(self) -> Message:
        """The event for the reader."""
        return EVENTS[self]


EVENTS = {
    EventKind.REPORTED: msg("Figure reported"),
    EventKind.CLOSE_REQUESTED: msg("Close-out requested"),
    EventKind.VERIFIED: msg("Figure verified"),
    EventKind.SENT_BACK: msg("Sent back"),
    EventKind.DISPUTED: msg("Figure disputed"),
    EventKind.ANSWERED: msg("Dispute answered"),
    EventKind.SAID: msg("Remark"),
    EventKind.WAIVER_ASKED: msg("Waiver asked for"),
    EventKind.WAIVER_GRANTED: msg("Waiver agreed to"),
    EventKind.WAIVER_REFUSED: msg("Waiver refused or taken back"),
    EventKind.REOPENED: msg("Reopened"),
    EventKind.RETARGETED: msg("Target changed"),
    EventKind.MOVED: msg("Days changed"),
    EventKind.CANCELLED: msg("Cancelled"),
    EventKind.REINSTATED: msg("In hand again"),
}

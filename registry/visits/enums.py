"""Codes of visits, with their names and colours. 走访代码."""

from enum import StrEnum

from ..core.i18n import Message, msg


class VisitKind(StrEnum):
    """What a visit is for."""

    FOLLOW_UP = "follow_up"
    ENTERPRISE_EXPANSION = "enterprise_expansion"
    FIELD_DOCKING = "field_docking"
    RECIPROCAL = "reciprocal"

    @property
    def label(self) -> Message:
        """The kind for the reader."""
        return KINDS[self]


KINDS = {
    VisitKind.FOLLOW_UP: msg("Follow-up visit"),
    VisitKind.ENTERPRISE_EXPANSION: msg("Enterprise visit to expand posts"),
    VisitKind.FIELD_DOCKING: msg("Field docking"),
    VisitKind.RECIPROCAL: msg("Reciprocal visit"),
}


class Direction(StrEnum):
    """Who goes where (走访形式)."""

    GO_OUT = "go_out"
    INVITE_IN = "invite_in"
    ONLINE = "online"

    @property
    def label(self) -> Message:
        """The form for the reader."""
        return DIRECTIONS[self]


DIRECTIONS = {
    Direction.GO_OUT: msg("Go out"),
    Direction.INVITE_IN: msg("Invite in"),
    Direction.ONLINE: msg("Online visit"),
}


class VisitState(StrEnum):
    """Whether it took place. That findings are being dealt with is computed, never stored."""

    PLANNED = "planned"
    HELD = "held"
    NOT_HELD = "not_held"
    CANCELLED = "cancelled"

    @property
    def label(self) -> Message:
        """The state for the reader."""
        return STATES[self][0]

    @property
    def tone(self) -> str:
        """The colour beside the word."""
        return STATES[self][1]


STATES = {
    VisitState.PLANNED: (msg("Visit planned"), "info"),
    VisitState.HELD: (msg("Visit held"), "ok"),
    VisitState.NOT_HELD: (msg("Visit not held"), "warn"),
    VisitState.CANCELLED: (msg("Visit cancelled"), ""),
}
DROPPED = (VisitState.NOT_HELD, VisitState.CANCELLED)


class Aftermath(StrEnum):
    """What a held visit's findings have come to, derived from their tasks (问题整改中 → 办结)."""

    RECTIFYING = "rectifying"
    SETTLED = "settled"

    @property
    def label(self) -> Message:
        """The word for the reader."""
        return AFTERMATHS[self][0]

    @property
    def tone(self) -> str:
        """The colour beside the word."""
        return AFTERMATHS[self][1]


AFTERMATHS = {
    Aftermath.RECTIFYING: (msg("Findings being rectified"), "warn"),
    Aftermath.SETTLED: (msg("Findings settled"), "ok"),
}


class LeadLevel(StrEnum):
    """The level of who led a visit; 教学厅函〔2022〕3号 counts the first."""

    HEAD = "head"
    LEADERSHIP = "leadership"
    FACULTY = "faculty"
    OTHER = "other"

    @property
    def label(self) -> Message:
        """The level for the reader."""
        return LEVELS[self]


LEVELS = {
    LeadLevel.HEAD: msg("Secretary or president"),
    LeadLevel.LEADERSHIP: msg("University leadership team"),
    LeadLevel.FACULTY: msg("Faculty level"),
    LeadLevel.OTHER: msg("Other"),
}


class EmployerNature(StrEnum):
    """单位性质, by the codes of the graduates' destination register."""

    GOVERNMENT = "10"
    RESEARCH = "20"
    HIGHER_EDUCATION = "21"
    SCHOOL = "22"
    HEALTH = "23"
    PUBLIC_INSTITUTION = "29"
    STATE_OWNED = "31"
    FOREIGN_INVESTED = "32"
    OTHER_ENTERPRISE = "39"
    ARMED_FORCES = "40"

    @property
    def label(self) -> Message:
        """The nature for the reader."""
        return NATURES[self]


NATURES = {
    EmployerNature.GOVERNMENT: msg("Government organ"),
    EmployerNature.RESEARCH: msg("Research and design institute"),
    EmployerNature.HIGHER_EDUCATION: msg("Higher-education unit"),
    EmployerNature.SCHOOL: msg("School"),
    EmployerNature.HEALTH: msg("Health unit"),
    EmployerNature.PUBLIC_INSTITUTION: msg("Other public institution"),
    EmployerNature.STATE_OWNED: msg("State-owned enterprise"),
    EmployerNature.FOREIGN_INVESTED: msg("Foreign-invested enterprise"),
    EmployerNature.OTHER_ENTERPRISE: msg("Other enterprise (incl. private)"),
    EmployerNature.ARMED_FORCES: msg("Armed forces"),
}


class Intention(StrEnum):
    """What the employer and the university intend to do together (达成合作意向)."""

    FAIR = "fair"
    INTERNSHIP_BASE = "internship_base"
    ORDERED_TRAINING = "ordered_training"
    RESEARCH = "research"
    DONATION = "donation"
    OTHER = "other"

    @property
    def label(self) -> Message:
        """The intention for the reader."""
        return INTENTIONS[self]


INTENTIONS = {
    Intention.FAIR: msg("Recruitment on campus"),
    Intention.INTERNSHIP_BASE: msg("Internship base"),
    Intention.ORDERED_TRAINING: msg("Training to order"),
    Intention.RESEARCH: msg("Joint research"),
    Intention.DONATION: msg("Donation or grant"),
    Intention.OTHER: msg("Other"),
}


class Rating(StrEnum):
    """How well an agreement is performed (协议履行评价)."""

    GOOD = "good"
    FAIRLY_GOOD = "fairly_good"
    AVERAGE = "average"
    POOR = "poor"

    @property
    def label(self) -> Message:
        """The grade for the reader."""
        return RATINGS[self]


RATINGS = {
    Rating.GOOD: msg("Performed well"),
    Rating.FAIRLY_GOOD: msg("Performed fairly well"),
    Rating.AVERAGE: msg("Performed averagely"),
    Rating.POOR: msg("Performed poorly"),
}


class FigureCode(StrEnum):
    """Figures of a visit."""

    POSTS = "posts"
    INTERNSHIPS = "internships"
    AVERAGE_PAY = "average_pay"

    @property
    def label(self) -> Message:
        """The figure's name for the reader."""
        return FIGURES[self]


FIGURES = {
    FigureCode.POSTS: msg("Posts opened"),
    FigureCode.INTERNSHIPS: msg("Internship places"),
    FigureCode.AVERAGE_PAY: msg("Average pay a month"),
}

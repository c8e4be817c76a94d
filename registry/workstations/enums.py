"""Codes of workstations, with their names and colours."""

from enum import StrEnum

from ..core.i18n import Message, msg


class WorkstationKind(StrEnum):
    """What a station is for (工作站类型)."""

    TALENT_COOP = "talent_coop"
    TALENT_ATTRACT = "talent_attract"
    GUIDANCE = "guidance"
    POST_HOUSE = "post_house"
    LIAISON = "liaison"

    @property
    def label(self) -> Message:
        """The kind for the reader."""
        return KINDS[self]


KINDS = {
    WorkstationKind.TALENT_COOP: msg("Talent cooperation workstation"),
    WorkstationKind.TALENT_ATTRACT: msg("Talent-attraction workstation"),
    WorkstationKind.GUIDANCE: msg("Employment guidance station"),
    WorkstationKind.POST_HOUSE: msg("Campus talent post-house"),
    WorkstationKind.LIAISON: msg("University talent liaison station"),
}


class WorkstationState(StrEnum):
    """How a station stands (dossier, section 5)."""

    PREPARING = "preparing"
    OPERATING = "operating"
    RECTIFYING = "rectifying"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> Message:
        """The state for the reader."""
        return STATES[self][0]

    @property
    def tone(self) -> str:
        """The colour beside the word."""
        return STATES[self][1]


S = WorkstationState
STATES = {
    S.PREPARING: (msg("Station in preparation"), "info"),
    S.OPERATING: (msg("Station in operation"), "ok"),
    S.RECTIFYING: (msg("Station being put right"), "warn"),
    S.SUSPENDED: (msg("Station suspended"), "warn"),
    S.WITHDRAWN: (msg("Station withdrawn"), ""),
}
RUNNING = (S.OPERATING, S.RECTIFYING)
STANDING = (S.PREPARING, *RUNNING, S.SUSPENDED)  # whatever was set up and not withdrawn
# From operation straight to withdrawal only where that is proposed (see `policy.may_withdraw`).
TRANSITIONS: dict[WorkstationState, frozenset[WorkstationState]] = {
    S.PREPARING: frozenset({S.OPERATING, S.WITHDRAWN}),
    S.OPERATING: frozenset({S.RECTIFYING, S.SUSPENDED, S.WITHDRAWN}),
    S.RECTIFYING: frozenset({S.OPERATING, S.SUSPENDED, S.WITHDRAWN}),
    S.SUSPENDED: frozenset({S.OPERATING, S.WITHDRAWN}),
    S.WITHDRAWN: frozenset(),
}


class ActivityKind(StrEnum):
    """What a station does; each is counted and may have a yearly target."""

    TALK = "talk"
    FAIR = "fair"
    POSTS = "posts"
    INTERNSHIP = "internship"
    INTRODUCED = "introduced"

    @property
    def label(self) -> Message:
        """The kind for the reader."""
        return ACTIVITIES[self]


ACTIVITIES = {
    ActivityKind.TALK: msg("Careers talks"),
    ActivityKind.FAIR: msg("Dedicated fairs"),
    ActivityKind.POSTS: msg("Posts pushed"),
    ActivityKind.INTERNSHIP: msg("Internships and trainee places filled"),
    ActivityKind.INTRODUCED: msg("People introduced (signed)"),
}


class ActivityState(StrEnum):
    """Whether it took place."""

    PLANNED = "planned"
    HELD = "held"
    CANCELLED = "cancelled"

    @property
    def label(self) -> Message:
        """The state for the reader."""
        return ACTIVITY_STATES[self][0]

    @property
    def tone(self) -> str:
        """The colour beside the word."""
        return ACTIVITY_STATES[self][1]


ACTIVITY_STATES = {
    ActivityState.PLANNED: (msg("Activity planned"), "info"),
    ActivityState.HELD: (msg("Activity held"), "ok"),
    ActivityState.CANCELLED: (msg("Activity cancelled"), ""),
}


class Grade(StrEnum):
    """The yearly grade (年度考核)."""

    EXCELLENT = "excellent"
    QUALIFIED = "qualified"
    BASIC = "basic"
    UNQUALIFIED = "unqualified"

    @property
    def label(self) -> Message:
        """The grade for the reader."""
        return GRADES[self][0]

    @property
    def tone(self) -> str:
        """The colour beside the word."""
        return GRADES[self][1]


GRADES = {
    Grade.EXCELLENT: (msg("Excellent"), "ok"),
    Grade.QUALIFIED: (msg("Qualified"), "ok"),
    Grade.BASIC: (msg("Basically qualified"), "warn"),
    Grade.UNQUALIFIED: (msg("Unqualified"), "bad"),
}

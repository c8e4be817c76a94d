"""Codes of activities, with their names and colours. 活动用语."""

from enum import StrEnum

from ..core.i18n import Message, msg


class ActivityKind(StrEnum):
    """What an activity is; a series has parts, which are activities of their own."""

    CAMPUS_FAIR = "campus_fair"
    JOB_FAIR = "job_fair"
    TWO_WAY_FAIR = "two_way_fair"
    TALK = "talk"
    LIVE = "live"
    MATCHMAKING = "matchmaking"
    LAUNCH = "launch"
    SIGNING_CEREMONY = "signing_ceremony"
    MEETING = "meeting"
    SERIES = "series"

    @property
    def label(self) -> Message:
        """The kind for the reader."""
        return KINDS[self]


KINDS = {
    ActivityKind.CAMPUS_FAIR: msg("Campus fair"),
    ActivityKind.JOB_FAIR: msg("Job fair"),
    ActivityKind.TWO_WAY_FAIR: msg("Two-way selection fair"),
    ActivityKind.TALK: msg("Recruitment talk"),
    ActivityKind.LIVE: msg("Live-stream recruitment"),
    ActivityKind.MATCHMAKING: msg("Matchmaking meeting"),
    ActivityKind.LAUNCH: msg("Launch ceremony"),
    ActivityKind.SIGNING_CEREMONY: msg("Signing ceremony"),
    ActivityKind.MEETING: msg("Work meeting"),
    ActivityKind.SERIES: msg("Series of activities"),
}
# Where people look for work or for people: what counts as 招聘活动场次.
RECRUITING = (
    ActivityKind.CAMPUS_FAIR,
    ActivityKind.JOB_FAIR,
    ActivityKind.TWO_WAY_FAIR,
    ActivityKind.TALK,
    ActivityKind.LIVE,
    ActivityKind.MATCHMAKING,
)
# What may hold others: a series its stops, a launch or a meeting the fair beside it.
HOLDERS = (ActivityKind.SERIES, ActivityKind.LAUNCH, ActivityKind.SIGNING_CEREMONY, ActivityKind.MEETING)
# Where agreements are signed.
SIGNED_AT = (ActivityKind.SIGNING_CEREMONY, ActivityKind.LAUNCH)


class ActivityState(StrEnum):
    """planned → held or cancelled."""

    PLANNED = "planned"
    HELD = "held"
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
    ActivityState.PLANNED: (msg("Activity planned"), "info"),
    ActivityState.HELD: (msg("Activity held"), "ok"),
    ActivityState.CANCELLED: (msg("Activity cancelled"), ""),
}


class Part(StrEnum):
    """In which part an organisation took part."""

    ORGANISER = "organiser"
    CO_ORGANISER = "co_organiser"
    HOST = "host"
    PARTICIPANT = "participant"

    @property
    def label(self) -> Message:
        """The part for the reader."""
        return PARTS[self]


PARTS = {
    Part.ORGANISER: msg("Organiser"),
    Part.CO_ORGANISER: msg("Co-organiser"),
    Part.HOST: msg("Host university"),
    Part.PARTICIPANT: msg("Took part"),
}


class Link(StrEnum):
    """How a record stands to an activity."""

    PRODUCED = "produced"
    BELONGS_TO = "belongs_to"

    @property
    def label(self) -> Message:
        """The link for the reader."""
        return LINKS[self]


LINKS = {
    Link.PRODUCED: msg("Came out of the activity"),
    Link.BELONGS_TO: msg("The activity belongs to it"),
}

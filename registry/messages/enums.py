"""Codes of messages, with their names."""

from enum import StrEnum

from ..core.i18n import Message, msg


class Topic(StrEnum):
    """What a message is about."""

    REMINDER = "reminder"
    DIGEST = "digest"
    COMMITMENT = "commitment"
    AGREEMENT = "agreement"
    TASK = "task"
    SYSTEM = "system"

    @property
    def label(self) -> Message:
        """The topic for the reader."""
        return TOPICS[self]


TOPICS = {
    Topic.REMINDER: msg("Reminders"),
    Topic.DIGEST: msg("Daily digest"),
    Topic.COMMITMENT: msg("Commitments"),
    Topic.AGREEMENT: msg("About agreements"),
    Topic.TASK: msg("About tasks"),
    Topic.SYSTEM: msg("System"),
}
# What an organisation's group chat may be told; a digest and the system's own matters are one person's.
SHARED_TOPICS = (Topic.REMINDER, Topic.COMMITMENT, Topic.AGREEMENT, Topic.TASK)


class Way(StrEnum):
    """How somebody wants the messages of a topic by e-mail; the message centre has them all."""

    AT_ONCE = "at_once"
    DIGEST = "digest"
    NONE = "none"

    @property
    def label(self) -> Message:
        """The way for the reader."""
        return WAYS[self]


WAYS = {
    Way.AT_ONCE: msg("At once"),
    Way.DIGEST: msg("In one e-mail a day"),
    Way.NONE: msg("Not at all"),
}
# Each reminder stands in the day's digest already.
USUAL_WAY = dict.fromkeys(Topic, Way.AT_ONCE) | {Topic.REMINDER: Way.NONE}


class Via(StrEnum):
    """By what a message leaves the registry."""

    EMAIL = "email"
    WECOM = "wecom"
    DINGTALK = "dingtalk"
    WEBHOOK = "webhook"

    @property
    def label(self) -> Message:
        """The kind of channel for the reader."""
        return VIAS[self]


VIAS = {
    Via.EMAIL: msg("E-mail"),
    Via.WECOM: msg("WeCom group robot"),
    Via.DINGTALK: msg("DingTalk group robot"),
    Via.WEBHOOK: msg("Signed webhook"),
}
GROUP_VIAS = (Via.WECOM, Via.DINGTALK, Via.WEBHOOK)
# What the receivers allow a robot in a minute; beyond that they refuse for a while.
PER_MINUTE = {Via.WECOM: 20, Via.DINGTALK: 20, Via.WEBHOOK: 60}


class DeliveryStatus(StrEnum):
    """Where a delivery stands."""

    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"
    SKIPPED = "skipped"

    @property
    def label(self) -> Message:
        """The status for the reader."""
        return STATUSES[self][0]

    @property
    def tone(self) -> str:
        """The colour beside the word."""
        return STATUSES[self][1]


STATUSES = {
    DeliveryStatus.QUEUED: (msg("On its way"), "info"),
    DeliveryStatus.SENT: (msg("Delivered"), "ok"),
    DeliveryStatus.FAILED: (msg("Given up"), "bad"),
    DeliveryStatus.SKIPPED: (msg("Not sent"), ""),
}


class Outcome(StrEnum):
    """What came of one attempt; `begun` stays where the worker ended in the middle, and the attempt is made again."""

    BEGUN = "begun"
    ACCEPTED = "accepted"
    REFUSED = "refused"  # the receiver said no, for good
    DEFERRED = "deferred"  # the receiver said: later
    UNREACHABLE = "unreachable"

    @property
    def label(self) -> Message:
        """The outcome for the reader."""
        return OUTCOMES[self]


OUTCOMES = {
    Outcome.BEGUN: msg("No answer noted"),
    Outcome.ACCEPTED: msg("Accepted"),
    Outcome.REFUSED: msg("Refused"),
    Outcome.DEFERRED: msg("Put off"),
    Outcome.UNREACHABLE: msg("Not reached"),
}

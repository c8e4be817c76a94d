"""What the reader should notice; computed from dates and gaps, never stored as a state."""

from datetime import date
from enum import StrEnum

from ..core.i18n import Message, msg
from .models import Agreement, AgreementStatus, ArchiveStatus

EXPIRING_DAYS = 90


class Badge(StrEnum):
    """Marks beside the status."""

    EXPIRING = "expiring"
    INCOMPLETE = "incomplete"
    ARCHIVE_DUE = "archive_due"
    ARCHIVE_OVERDUE = "archive_overdue"
    HISTORIC = "historic"
    DEMO = "demo"

    @property
    def label(self) -> Message:
        """The mark for the reader."""
        return LABELS[self]


LABELS: dict[Badge, Message] = {
    Badge.EXPIRING: msg("Expiring"),
    Badge.INCOMPLETE: msg("Details missing"),
    Badge.ARCHIVE_DUE: msg("Archive due"),
    Badge.ARCHIVE_OVERDUE: msg("Archive overdue"),
    Badge.HISTORIC: msg("Historic record"),
    Badge.DEMO: msg("Demonstration"),
}


def is_expiring(status: AgreementStatus, expires_on: date | None, today: date) -> bool:
    """In force, with at most 90 days to the last day."""
    return (
        status is AgreementStatus.IN_FORCE
        and expires_on is not None
        and 0 <= (expires_on - today).days <= EXPIRING_DAYS
    )


def of_archive(status: ArchiveStatus, due_on: date | None, today: date) -> Badge | None:
    """Due until the last day, overdue from the next one."""
    if status is not ArchiveStatus.PENDING or due_on is None:
        return None
    return Badge.ARCHIVE_OVERDUE if due_on < today else Badge.ARCHIVE_DUE


def of(agreement: Agreement, today: date) -> list[Badge]:
    """The marks of one agreement."""
    marks = {
        Badge.EXPIRING: is_expiring(agreement.status, agreement.expires_on, today),
        Badge.INCOMPLETE: agreement.needs_details,
        **dict.fromkeys(_archive(agreement, today), True),
        Badge.HISTORIC: agreement.is_historic,
        Badge.DEMO: agreement.is_demo,
    }
    return [badge for badge, applies in marks.items() if applies]


def _archive(agreement: Agreement, today: date) -> set[Badge]:
    """From the row that the lists read, whoever's: they all say the same."""
    found = {of_archive(row.archive_status, row.archive_due_on, today) for row in agreement.visibility[:1]}
    return {badge for badge in found if badge}


TONES = {
    AgreementStatus.REVIEW: "info",
    AgreementStatus.NEGOTIATION: "info",
    AgreementStatus.SIGNING: "warn",
    AgreementStatus.SIGNED: "info",
    AgreementStatus.IN_FORCE: "ok",
    AgreementStatus.SUSPENDED: "warn",
    AgreementStatus.VOID: "bad",
    AgreementStatus.RECORDED_PENDING: "warn",
}


def tone(status: AgreementStatus) -> str:
    """The colour of a status, beside its word; grey where nothing is going on."""
    return TONES.get(status, "")

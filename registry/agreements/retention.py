"""How long a signed paper is kept. 保管期限.

国家档案局令第8号 knows permanent, 30 and 10 years; which kind falls under which is the owner's to decide, from this
default. The years run from the year after the paper was signed, so it is kept to the last day of a year.
"""

from datetime import date

from .models import AgreementKind, ArchiveSettings, Retention

OTHERWISE = Retention.Y30
DEFAULTS = {
    AgreementKind.FRAMEWORK: Retention.PERMANENT,
    AgreementKind.STRATEGIC: Retention.PERMANENT,
    AgreementKind.LETTER_OF_INTENT: Retention.Y10,
    AgreementKind.DOCKING_MEMORANDUM: Retention.Y10,
}


def retention_for(kind: AgreementKind, settings: ArchiveSettings | None) -> Retention:
    """The organisation's own term for the kind, else the default."""
    own = settings.retentions.get(kind) if settings else None
    return Retention(own) if own else DEFAULTS.get(kind, OTHERWISE)


def kept_until(retention: Retention, signed_on: date) -> date | None:
    """The last day on which it must still be there; None for good."""
    return date(signed_on.year + retention.years, 12, 31) if retention.years else None

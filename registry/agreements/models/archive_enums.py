"""Codes of the archive 归档; labels stand in `registry.agreements.labels`."""

from enum import StrEnum


class ArchiveStatus(StrEnum):
    """Whether the papers of an agreement have been filed: any that waits makes it pending."""

    NONE = "none"
    PENDING = "pending"
    DONE = "done"


class Retention(StrEnum):
    """How long a file is kept (机关文件材料归档范围和文书档案保管期限规定, 国家档案局令第8号)."""

    PERMANENT = "permanent"
    Y30 = "y30"
    Y10 = "y10"

    @property
    def years(self) -> int | None:
        """How many years; None for good."""
        return RETENTION_YEARS[self]


RETENTION_YEARS = {Retention.PERMANENT: None, Retention.Y30: 30, Retention.Y10: 10}


class Secrecy(StrEnum):
    """密级: the registry holds nothing that is classified, so there are only these two."""

    PUBLIC = "public"
    INTERNAL = "internal"


class Disclosure(StrEnum):
    """How the file is disclosed (政府信息公开条例)."""

    ACTIVE = "active"
    ON_REQUEST = "on_request"
    NONE = "none"

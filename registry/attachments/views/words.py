"""What the macro of attachments asks."""

from typing import Any

from ...core.access.decision import Decision
from ...core.web.guard import actor
from ...documents.inspection.kinds import DOCX, JPEG, LARGEST_BYTES, PDF, PNG, PPTX, TIFF, XLSX
from .. import policy, queries
from ..intake import MOST_AT_ONCE
from ..subjects import Record, kind_of

TYPE_NAMES = {PDF: "PDF", JPEG: "JPEG", PNG: "PNG", TIFF: "TIFF", DOCX: "Word", XLSX: "Excel", PPTX: "PowerPoint"}
ACCEPT = "image/*,.pdf,.tif,.tiff,.docx,.xlsx,.pptx"  # image/* lets a phone offer its camera


def may_attach(kind: str, record: Record) -> Decision:
    """Whether the reader may add files to a record."""
    return policy.may_add(actor(), kind_of(kind), record)


def may_detach(kind: str, record: Record) -> Decision:
    """Whether the reader may remove files from a record."""
    return policy.may_remove(actor(), kind_of(kind), record)


def type_name(media_type: str) -> str:
    """What people call a type of file, alike in both languages."""
    return TYPE_NAMES.get(media_type, media_type)


GLOBALS: dict[str, Any] = {
    "attachments_of": queries.attachments_of,
    "may_attach": may_attach,
    "may_detach": may_detach,
    "attachment_type": type_name,
    "ATTACHMENT_ACCEPT": ACCEPT,
    "ATTACHMENTS_AT_ONCE": MOST_AT_ONCE,
    "ATTACHMENT_BYTES": LARGEST_BYTES,
}

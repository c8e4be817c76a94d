"""The revision that is worked on, and beginning the next one."""

from collections.abc import Mapping
from typing import Any

from ...core.dates import now
from ...core.errors import Conflict, Invalid
from ...core.i18n import msg
from ..facts import KEPT
from ..models import Agreement, AgreementRevision, AgreementStatus


def open_revision(agreement: Agreement) -> AgreementRevision:
    """The revision that is worked on.

    Raises Conflict where there is none (historic records).
    """
    revision = agreement.open_revision
    if revision is None:
        raise Conflict(msg("No revision of this agreement is open"))
    return revision


def begin_again(agreement: Agreement, reason: str) -> None:
    """Back to draft: the open revision is closed with the reason, the next one begins with the same content.

    Raises Invalid without a reason.
    """
    if not reason:
        raise Invalid({"reason": [msg("Give a reason")]})
    revision = open_revision(agreement)
    agreement.move(AgreementStatus.DRAFT)
    agreement.shared = False  # the other side sees the next text when it is put before it
    revision.close(reason, now())
    agreement.revisions.append(
        AgreementRevision(no=revision.no + 1, kind=revision.kind, content=_reopened(revision.content))
    )


def _reopened(content: Mapping[str, Any]) -> dict[str, Any]:
    """The content without what was kept when it was put before the parties."""
    return {name: value for name, value in content.items() if name not in (KEPT, "number")}

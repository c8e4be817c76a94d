"""The revision that is worked on, and beginning the next one."""

from ...core.dates import now
from ...core.errors import Conflict, Invalid
from ...core.i18n import msg
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
    revision.close(reason, now())
    agreement.revisions.append(
        AgreementRevision(no=revision.no + 1, kind=revision.kind, content=dict(revision.content))
    )

"""The revision that is worked on, and beginning the next one."""

from collections.abc import Mapping
from typing import Any

from ...core.dates import now
from ...core.db import db
from ...core.errors import Conflict, Invalid
from ...core.i18n import msg
from ..facts import KEPT
from ..models import Agreement, AgreementRevision, AgreementStatus, RevisionKind


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
    if not agreement.has_begun:
        agreement.move(AgreementStatus.DRAFT)
        agreement.shared = False  # the other side sees the next text when it is put before it
    follow(agreement, revision, reason, reopened(revision.content))


def follow(agreement: Agreement, revision: AgreementRevision, reason: str, content: dict[str, Any]) -> None:
    """Set a revision aside and begin the next one in its place, on the same base."""
    revision.set_aside(reason, now())
    db.session.flush()  # only one may be open
    append(agreement, content, kind=revision.kind, base_id=revision.base_id, minutes=revision)


def append(
    agreement: Agreement,
    content: dict[str, Any],
    *,
    kind: RevisionKind = RevisionKind.ORIGINAL,
    base_id: int | None = None,
    minutes: AgreementRevision | None = None,
) -> AgreementRevision:
    """The agreement's next revision; the collective decision of an earlier one (`minutes`) is kept."""
    number = max((row.no for row in agreement.revisions), default=0) + 1
    revision = AgreementRevision(no=number, kind=kind, base_id=base_id, content=content)
    if minutes:
        revision.minutes_number, revision.minutes_on = minutes.minutes_number, minutes.minutes_on
    agreement.revisions.append(revision)
    return revision


def reopened(content: Mapping[str, Any]) -> dict[str, Any]:
    """A content without what was kept when it was put before the parties."""
    return {name: value for name, value in content.items() if name not in (KEPT, "number")}

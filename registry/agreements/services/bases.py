"""Whether the terms that a revision was drafted on are still those in force. 变更基线."""

from collections.abc import Sequence

from ...core.errors import Conflict
from ...core.i18n import Message, msg
from .. import changes, content
from ..content_fields import label_of
from ..models import Agreement, AgreementRevision


class BaseMoved(Conflict):
    """Other terms came into force since it was drafted; `reasons` are the fields that read otherwise by now."""

    title = msg("The terms in force are others by now: bring the draft onto them first. These fields changed")

    def __init__(self, reasons: Sequence[Message] = ()) -> None:
        super().__init__()
        self.reasons = tuple(reasons)


def named(base: AgreementRevision) -> dict[str, object]:
    """How a change names the text that it was drafted on."""
    return {"no": base.no, "content_sha256": base.content_sha256 or content.digest(base.content)}


def has_moved(agreement: Agreement, revision: AgreementRevision) -> bool:
    """Whether the revision changes terms that are not in force any more."""
    effective = agreement.effective_revision
    return revision.is_follow_up and effective is not None and revision.base_id != effective.id


def check(agreement: Agreement, revision: AgreementRevision) -> None:
    """Nothing goes on that was drafted on old terms.

    Raises BaseMoved with the fields that changed since.
    """
    base, effective = revision.base, agreement.effective_revision
    if base is None or effective is None or not has_moved(agreement, revision):
        return
    moved = changes.changed_fields(base.content, effective.content)
    raise BaseMoved([label_of(path, effective.content, base.content) for path in moved])

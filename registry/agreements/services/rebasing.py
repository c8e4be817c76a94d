"""Bringing a drafted change onto terms that came into force since: three texts into one. 变更基线合并."""

from collections.abc import Mapping

from ...accounts.models import User
from ...core.access.actions import Action
from ...core.access.decision import decide
from ...core.dates import now
from ...core.db import db
from ...core.errors import Conflict, Invalid
from ...core.i18n import msg
from .. import merging
from ..content_fields import Path, written
from ..merging import Merge, Side
from ..models import Agreement, AgreementRevision, RevisionStage
from ..participants import CHANGE
from . import bases, projection
from .revisions import append, open_revision, reopened

REBASED = "The terms in force changed"


def merged(agreement: Agreement, chosen: Mapping[Path, Side] | None = None) -> Merge:
    """What the drafted change would be on the terms in force.

    Raises Conflict where they are still those that it was drafted on.
    """
    revision, base, effective = three(agreement)
    return merging.merge(base.content, revision.content, effective.content, chosen)


def bring_forward(agreement: Agreement, chosen: Mapping[Path, Side], actor: User) -> None:
    """Let the change stand on the terms in force; every field that both sides changed needs a choice.

    A draft takes the merged content; a text that the parties have before them is set aside, and both tracks begin
    again with the merged one. Raises Forbidden, Conflict, Invalid by field for a clash without a choice.
    """
    decide(actor, Action.AGREEMENT_MERGE, agreement).enforce()
    revision, base, effective = three(agreement)
    outcome = merged(agreement, chosen)
    if outcome.clashes:
        raise Invalid({written(clash.path): [msg("Choose which text counts")] for clash in outcome.clashes})
    change = {**revision.content[CHANGE], "base": bases.named(effective)}
    content = outcome.content(reopened(revision.content)) | {CHANGE: change}
    if revision.stage is RevisionStage.DRAFT:
        revision.content, revision.base_id = content, effective.id
    else:
        revision = _next(agreement, revision, effective, content)
    agreement.edited_by_id = actor.id
    told = {"revision": (None, revision.no), "base": (base.no, effective.no)}
    projection.settle(agreement, actor, Action.AGREEMENT_MERGE, told)


def three(agreement: Agreement) -> tuple[AgreementRevision, AgreementRevision, AgreementRevision]:
    """The drafted change, the terms that it was drafted on, and those in force.

    Raises Conflict where the last two are the same.
    """
    revision, effective = open_revision(agreement), agreement.effective_revision
    if revision.base is None or effective is None or not bases.has_moved(agreement, revision):
        raise Conflict(msg("The draft stands on the terms in force already"))
    return revision, revision.base, effective


def _next(
    agreement: Agreement, revision: AgreementRevision, effective: AgreementRevision, content: dict[str, object]
) -> AgreementRevision:
    revision.set_aside(REBASED, now())
    db.session.flush()
    return append(agreement, content, kind=revision.kind, base_id=effective.id, minutes=revision)

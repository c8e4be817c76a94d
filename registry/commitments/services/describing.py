"""What is known of a promise beyond the signed text: category, curve, fitting records, who verifies. 承诺描述."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from ...accounts.models import User
from ...core.access.actions import Action
from ...core.access.scope import without_scope
from ...core.db import db
from ...core.errors import Invalid
from ...core.i18n import Message, msg
from ...records import kinds
from ...records.services import Changes, settle
from .. import policy
from ..curves import fits
from ..enums import About, Curve
from ..inputs import Description
from ..models import Commitment, CommitmentPeriod
from . import standing

FIELDS = ("category", "curve", "weights", "evidence_kinds", "verify_rule")
LISTED = {"category", "curve", "weights", "verify_rule"}  # what the rows of lists depend on


def describe(commitment: Commitment, given: Description, actor: User) -> None:
    """Say it better; the signed text stays as it is. Raises Forbidden, Conflict once it ended, Invalid by field."""
    policy.may_describe(actor, commitment).enforce()
    changes = write_description(commitment, given)
    db.session.flush()
    if LISTED & changes.keys():
        periods = all_periods([commitment])
        if "verify_rule" in changes:
            _ask_anew(periods)
        standing.refresh(periods)
    settle(commitment, actor, Action.COMMITMENT_DESCRIBE, changes)


def _ask_anew(periods: list[CommitmentPeriod]) -> None:
    """Who has to say yes is another now: whoever said it before is asked again, so that nothing waits for nobody."""
    for period in periods:
        if period.is_open:
            period.hush(About.FIGURE)
            period.hush(About.WAIVER)


def write_description(commitment: Commitment, given: Description) -> Changes:
    """Take it over. Raises Invalid by field."""
    problems: dict[str, list[Message]] = {}
    if given.curve is Curve.CUSTOM and not fits(given.weights):
        problems["weights"] = [msg("Give twelve weights, January first; not all of them zero")]
    known = {kind.code for kind in kinds.known()}
    if set(given.evidence_kinds) - known:
        problems["evidence_kinds"] = [msg("Choose kinds of records")]
    if problems:
        raise Invalid(problems)
    weights = list(given.weights) if given.curve is Curve.CUSTOM else []
    wanted = (given.category, given.curve, weights, list(given.evidence_kinds), given.verify_rule)
    changes: Changes = {}
    for name, after in zip(FIELDS, wanted, strict=True):
        before = getattr(commitment, name)
        if before != after:
            changes[name] = (before, after)
            setattr(commitment, name, after)
    return changes


def all_periods(commitments: list[Commitment]) -> list[CommitmentPeriod]:
    """Every period of these, whoever looks."""
    statement = select(CommitmentPeriod).where(CommitmentPeriod.commitment_id.in_([one.id for one in commitments]))
    loaded = statement.options(
        selectinload(CommitmentPeriod.voices), joinedload(CommitmentPeriod.commitment).selectinload(Commitment.sides)
    )
    with without_scope():
        return list(db.session.scalars(loaded.order_by(CommitmentPeriod.id)))

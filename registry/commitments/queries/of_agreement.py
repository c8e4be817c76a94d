"""The promises of one agreement, for its page. 某份协议的承诺."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select

from ...core.access.decision import Actor
from ...core.db import db
from ..models import Commitment, CommitmentPeriod, CommitmentVisibility

MOST = 10_000  # rates and lights are those of every period, also of long agreements by the month
PERIOD: tuple[Any, ...] = (
    CommitmentPeriod.state,
    CommitmentPeriod.starts_on,
    CommitmentPeriod.due_on,
    CommitmentPeriod.target,
    CommitmentPeriod.reported,
    CommitmentPeriod.verified,
    CommitmentPeriod.closed_on,
)
COMMITMENT: tuple[Any, ...] = (
    Commitment.public_id,
    Commitment.code,
    Commitment.title_zh,
    Commitment.title_en,
    Commitment.state.label("commitment_state"),
    Commitment.measure,
    Commitment.comparator,
    Commitment.curve,
    Commitment.weights,
    Commitment.paused_on,
)


def promises(agreement_id: int, actor: Actor) -> Sequence[Row[Any]]:
    """All that the actor sees, in the order of their entry: a row for each period, or one without (`due_on` empty).

    At most MOST rows.
    """
    # Its promises are found first, and then it is asked whether they are seen: joined, SQLite reads all that is seen.
    seen = CommitmentVisibility
    mine = select(seen.record_id).where(seen.record_id == Commitment.id, seen.organisation_id == actor.organisation_id)
    statement = select(*COMMITMENT, *PERIOD).outerjoin(
        CommitmentPeriod, CommitmentPeriod.commitment_id == Commitment.id
    )
    wanted = (Commitment.agreement_id == agreement_id, mine.correlate(Commitment).exists())
    order = (Commitment.id, CommitmentPeriod.no)
    return db.session.execute(statement.where(*wanted).order_by(*order).limit(MOST)).all()

"""The promises of one agreement, for its page. 某份协议的承诺."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select

from ...core.access.decision import Actor
from ...core.db import db
from ..models import Commitment, CommitmentPeriod, CommitmentVisibility

MOST = 500
MOST_PERIODS = 10_000  # of all of them: rates and lights are those of every period
PERIOD: tuple[Any, ...] = (
    CommitmentPeriod.state,
    CommitmentPeriod.starts_on,
    CommitmentPeriod.due_on,
    CommitmentPeriod.target,
    CommitmentPeriod.reported,
    CommitmentPeriod.verified,
    CommitmentPeriod.closed_on,
    Commitment.measure,
    Commitment.comparator,
    Commitment.curve,
    Commitment.weights,
    Commitment.paused_on,
)
COMMITMENT: tuple[Any, ...] = (
    Commitment.public_id,
    Commitment.code,
    Commitment.title_zh,
    Commitment.title_en,
    Commitment.state,
    Commitment.article,
)


def commitments(agreement_id: int, actor: Actor) -> Sequence[Row[Any]]:
    """All that the actor sees, ended ones too, in the order of their codes; at most MOST."""
    seen = CommitmentVisibility
    statement = select(*COMMITMENT).join(seen, seen.record_id == Commitment.id)
    wanted = (Commitment.agreement_id == agreement_id, seen.organisation_id == actor.organisation_id)
    return db.session.execute(statement.where(*wanted).order_by(Commitment.id).limit(MOST)).all()


def periods(agreement_id: int, actor: Actor) -> Sequence[Row[Any]]:
    """What lights and rates need to know of their periods; at most MOST_PERIODS."""
    seen = CommitmentVisibility
    statement = (
        select(*PERIOD)
        .join(Commitment, Commitment.id == CommitmentPeriod.commitment_id)
        .join(seen, seen.record_id == Commitment.id)
    )
    wanted = (Commitment.agreement_id == agreement_id, seen.organisation_id == actor.organisation_id)
    return db.session.execute(statement.where(*wanted).order_by(CommitmentPeriod.id).limit(MOST_PERIODS)).all()

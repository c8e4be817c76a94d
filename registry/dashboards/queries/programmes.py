"""The programmes (专项行动) that activities of a period belong to, for the filter. 专项行动。"""

from sqlalchemy import select

from ...activities.models import Activity, ActivityVisibility
from ...activities.queries.predicates import programmes_of
from ...core.access.decision import Actor
from ...core.db import db
from ..cut import Cut

LOOKED_AT, MOST = 500, 40


def list_programmes(actor: Actor, cut: Cut) -> list[str]:
    """Named by the latest activities of the period that the reader sees, in their order; one statement."""
    seen = ActivityVisibility
    statement = (
        select(Activity.programme)
        .join_from(seen, Activity, Activity.id == seen.record_id)
        .where(seen.organisation_id == actor.organisation_id, seen.sort_on.between(cut.first_day, cut.last_day))
        .order_by(seen.sort_on.desc(), seen.record_id.desc())
        .limit(LOOKED_AT)
    )
    named = [name for text in db.session.scalars(statement) for name in sorted(programmes_of(text))]
    return sorted({*named[:MOST], *([cut.programme] if cut.programme else [])})

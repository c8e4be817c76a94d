"""Traineeship and internship bases: told on the timeline, no rung of the ladder. 见习与实习基地。"""

from collections.abc import Iterator, Sequence

from sqlalchemy import Select, or_, select

from ...bases.models import BaseVisibility, InternshipBase
from ...core.access.decision import Actor
from ...core.dates import Precision, today
from ...core.db import db
from ...core.i18n import msg
from ..pairs import Pair, local_organisations
from .base import Entry


def entries(pair: Pair, actor: Actor) -> Sequence[Entry]:
    """When each was recognised, and until when, as far as the actor sees it."""
    seen = BaseVisibility
    statement = (
        select(InternshipBase)
        .join(seen, seen.record_id == InternshipBase.id)
        .where(InternshipBase.id.in_(_between(pair)), seen.organisation_id == actor.organisation_id)
    )
    return [entry for one in db.session.scalars(statement) for entry in _entries(one)]


def _between(pair: Pair) -> Select[int]:
    """One side keeps it and the other takes part."""
    one, local = InternshipBase, local_organisations(pair.locality)
    sides = (one.university_id == pair.university) & or_(one.owner_id.in_(local), one.employer_id.in_(local))
    return select(one.id).where(or_(sides, (one.owner_id == pair.university) & one.employer_id.in_(local)))


def _entries(one: InternshipBase) -> Iterator[Entry]:
    same = (one.title_zh, one.title_en, "bases.show", one.public_id)
    recognised = msg("Base recognised")
    yield Entry(one.approved_on, recognised, *same, "mortarboard", "ok", one.approved_precision, str(one.kind.label))
    if one.expires_on and one.is_kept_up:
        ahead = one.expires_on >= today()
        ends = msg("End of the base's recognition")
        yield Entry(one.expires_on, ends, *same, "calendar-check", precision=Precision.DAY, is_due=ahead)

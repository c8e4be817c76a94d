"""Records that are counted otherwise once a visit no longer counts with them. 走访变更的关联记录。"""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import extract, select

from ...agreements.models import Agreement
from ...core.access.scope import without_scope
from ...core.dates import today
from ...core.db import db
from ...records.happenings import Told
from ..enums import VisitState
from ..models import Visit
from .due import SUBJECT


@dataclass(frozen=True)
class Standing:
    """What a held visit counts with: others to the same employer in the year, and the record that it is about."""

    employer_key: str
    visitor_id: int
    year: int
    subject: tuple[str, str]


def standing(visit: Visit) -> Standing | None:
    """Where it stands; a visit that was not held counts with nothing."""
    if visit.held_on is None:
        return None
    subject = (visit.subject_kind, visit.subject_public_id)
    return Standing(visit.employer_key, visit.visitor_id, visit.held_on.year, subject)


def left_behind(before: Standing) -> Iterator[Told]:
    """To be told of, whoever reads them: visits of which another may be the first now, the agreement it was about."""
    same = (
        Visit.employer_key == before.employer_key,
        Visit.state == VisitState.HELD,
        Visit.visitor_id == before.visitor_id,
        extract("year", Visit.held_on) == before.year,
    )
    kind, public_id = before.subject
    with without_scope():
        others = db.session.scalars(select(Visit).where(*same)).all()
        about = select(Agreement).where(Agreement.public_id == public_id)
        agreement = db.session.scalar(about) if kind == SUBJECT else None
    for one in others:
        yield Told(one, today(), one.kind_code, one.public_id, frozenset(one.party_ids))
    if agreement is not None:
        sides = frozenset(party.organisation_id for party in agreement.parties if party.organisation_id)
        yield Told(agreement, today(), SUBJECT, agreement.public_id, sides)

"""What goes out of step by itself, put right every day; and what is too much for one request. 每日校正."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, or_, select

from ..core.db import db, transaction
from ..core.i18n import msg
from ..jobs.daily import daily
from ..jobs.registry import handles
from ..organisations.models import Organisation, Region
from .models import Relationship
from .pairs import Pair
from .services import FOLLOW_JOB, JOINED, refresh


@daily("relationships.upkeep", msg("Relationships: put right what fell due"))
def put_right(day: date) -> None:
    """Work out anew what fell due before this day, and what bears a former name; each in a transaction of its own."""
    statement = (
        select(Relationship.locality_code, Relationship.university_id)
        .join(Region, Region.code == Relationship.locality_code)
        .join(Organisation, Organisation.id == Relationship.university_id)
        .where(or_(Relationship.next_due_on < day, _is_called_otherwise()))
    )
    for locality, university in db.session.execute(statement).all():
        with transaction():
            refresh(Pair(locality, university))


@handles(FOLLOW_JOB, title=msg("Relationships: bring in step"))
def follow_later(payload: Mapping[str, Any]) -> None:
    """Bring in step what one record with many parties counts towards; each in a transaction of its own."""
    for locality, university in payload["pairs"]:
        with transaction():
            refresh(Pair(locality, university))


def _is_called_otherwise() -> ColumnElement[bool]:
    chinese = Region.name_zh + JOINED + Organisation.name_zh
    english = Region.name_en + JOINED + Organisation.name_en
    return or_(
        Relationship.title_zh != chinese,
        (Organisation.name_en != "") & (Relationship.title_en != english),
        (Organisation.name_en == "") & (Relationship.title_en != ""),
    )

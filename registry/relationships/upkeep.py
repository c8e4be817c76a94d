"""What goes out of step by itself: days that pass, sides that are called otherwise; put right every day. 每日校正."""

from datetime import date

from sqlalchemy import ColumnElement, or_, select

from ..core.db import db, transaction
from ..jobs.daily import daily
from ..organisations.models import Organisation, Region
from .models import Relationship
from .pairs import Pair
from .services import JOINED, refresh


@daily("relationships.upkeep")
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


def _is_called_otherwise() -> ColumnElement[bool]:
    chinese = Region.name_zh + JOINED + Organisation.name_zh
    english = Region.name_en + JOINED + Organisation.name_en
    return or_(
        Relationship.title_zh != chinese,
        (Organisation.name_en != "") & (Relationship.title_en != english),
        (Organisation.name_en == "") & (Relationship.title_en != ""),
    )

"""Agreements whose last day in force comes near, for everybody who is bound. 协议到期."""

from sqlalchemy import select
from sqlalchemy.orm import aliased

from ...agreements.models import PAPER, Agreement
from ..rules import Rule
from .agreements import HOLDS, KIND, SEEN, of_sides
from .base import Source

_renewal = aliased(Agreement)
_signed = select(_renewal.id).where(_renewal.renews_id == Agreement.id, _renewal.status.in_(PAPER)).exists()

SOURCE = Source(
    rule=Rule.EXPIRY,
    kind=KIND,
    statement=of_sides().where(Agreement.status.in_(HOLDS), Agreement.open_ended.is_(False), ~_signed),
    anchor=Agreement.expires_on,
    number=Agreement.id,
    organisation_id=SEEN.organisation_id,
    public_id=Agreement.public_id,
)

"""Signs of life that other records tell of."""

from sqlalchemy import select

from ...core.db import db
from ...records.happenings import Told
from ..models import Workstation, WorkstationSign


def note(station: Workstation, told: Told) -> WorkstationSign:
    """Keep it once for each record that tells; told again, the newer day counts."""
    origin = f"{type(told.subject).__name__.lower()}:{told.subject.public_id}"
    wanted = (WorkstationSign.workstation_id == station.id, WorkstationSign.origin == origin)
    sign = db.session.scalar(select(WorkstationSign).where(*wanted))
    if sign is None:
        sign = WorkstationSign(workstation_id=station.id, origin=origin)
        db.session.add(sign)
    sign.day = told.on
    return sign

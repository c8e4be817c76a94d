"""Workstations: neither unveiling nor term are told, so they wait in preparation. 工作站录入。"""

from sqlalchemy import select

from ..core.db import db
from ..workstations.enums import WorkstationKind
from ..workstations.inputs import StationDetails
from ..workstations.models import Workstation
from ..workstations.services import KIND, entry
from . import reading
from .keeping import Load, public_id
from .names import organisation_of
from .reading import AgreementLine

RECORD_KIND = "workstation"
WORKSTATIONS = "workstations"


def details(line: AgreementLine) -> StationDetails:
    """As far as the source tells; the host is the party that is named last."""
    *founders, host = (organisation_of(name) for name in line.parties)
    return StationDetails(
        title_zh=line.title_zh,
        title_en=line.title_en,
        kind=WorkstationKind.TALENT_COOP,
        founders=tuple(founders),
        host=host,
        remark=line.remark,
        source=line.source,
    )


def load(run: Load) -> None:
    """Enter what is missing. Raises Forbidden, Invalid."""
    for one in reading.agreements():
        if one.record_kind == RECORD_KIND:
            load_one(run, one)


def load_one(run: Load, line: AgreementLine) -> None:
    """One workstation; whoever enters it founded it or oversees who did. Raises Forbidden, Invalid."""
    run.once(WORKSTATIONS, line.key, KIND, lambda: entry.enter(details(line), run.by, is_demo=run.is_demo))


def recorded(key: str) -> Workstation:
    """The workstation that a line was entered as. Raises NoResultFound."""
    return db.session.scalars(select(Workstation).where(Workstation.public_id == public_id(key))).one()

"""Docking mechanisms of the stories: begun without any paper. 对接机制录入。"""

from sqlalchemy import select

from ..core.db import db
from ..mechanisms import services
from ..mechanisms.inputs import MechanismDetails, SideLine
from ..mechanisms.models import DockingMechanism
from . import reading
from .keeping import Load, public_id
from .names import organisations_of
from .reading import AgreementLine

RECORD_KIND = "docking_mechanism"
MECHANISMS = "mechanisms"


def details(line: AgreementLine) -> MechanismDetails:
    """As far as the source tells; it begins as preliminary, with nothing in writing."""
    return MechanismDetails(
        title_zh=line.title_zh,
        title_en=line.title_en,
        sides=tuple(SideLine(organisation, name) for organisation, name in organisations_of(line.parties)),
        source=line.source,
    )


def load(run: Load) -> None:
    """Enter what is missing. Raises Forbidden, Invalid."""
    for one in reading.agreements():
        if one.record_kind == RECORD_KIND:
            load_one(run, one)


def load_one(run: Load, line: AgreementLine) -> None:
    """One mechanism. Raises Forbidden, Invalid."""
    run.once(MECHANISMS, line.key, services.KIND, lambda: services.enter(details(line), run.by, is_demo=run.is_demo))


def recorded(key: str) -> DockingMechanism:
    """The mechanism that a line was entered as. Raises NoResultFound."""
    return db.session.scalars(select(DockingMechanism).where(DockingMechanism.public_id == public_id(key))).one()

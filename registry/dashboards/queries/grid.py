"""The reporting localities on the tile grid, and of which of them the reader's figures tell all. 方格图。"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Row, select
from sqlalchemy.orm import aliased

from ...core.access.decision import Actor
from ...core.db import db
from ...core.i18n import Either, Message
from ...organisations.models import Organisation, OrganisationKind, Region

# Whoever stands for one place sees what concerns it, and of other places only what it has with them itself.
LOCAL = (OrganisationKind.HR_BUREAU, OrganisationKind.TALENT_CENTRE, OrganisationKind.ZONE_ADMIN)
Home = aliased(Region, name="home")
Reader = aliased(Organisation, name="reader")


@dataclass(frozen=True)
class Place:
    """A reporting locality; `row` and `column` of the grid count from 0, None where it has no place yet.

    `is_told`: no figure there means that there is none.
    """

    code: str
    name_zh: str
    name_en: str
    short_zh: str
    row: int | None
    column: int | None
    is_told: bool

    @property
    def name(self) -> Message:
        """As short as it is usual."""
        return Either(self.short_zh or self.name_zh, self.name_en.split(" ", 1)[0])


def list_places(actor: Actor) -> list[Place]:
    """In the order of codes, Shenfu last; one statement."""
    statement = (
        select(
            Region.code,
            Region.name_zh,
            Region.name_en,
            Region.short_zh,
            Region.grid_row,
            Region.grid_column,
            Reader.kind,
            Home.code.label("home"),
            Home.parent_code.label("above"),
        )
        .join_from(Region, Reader, Reader.id == actor.organisation_id)
        .join(Home, Home.code == Reader.region_code)
        .where(Region.is_reporting_locality.is_(True))
        .order_by(Region.sort_order, Region.code)
    )
    rows = db.session.execute(statement).all()
    own = _own(rows)
    return [_place(row, own) for row in rows]


def _own(rows: Sequence[Row[*tuple[object, ...]]]) -> str:
    """The one locality that the reader's organisation stands for; empty where it stands for none."""
    codes = {row.code for row in rows}
    here = [code for row in rows[:1] if row.kind in LOCAL for code in (row.home, row.above) if code in codes]
    return here[0] if here else ""


def _place(row: Row[*tuple[object, ...]], own: str) -> Place:
    names = (row.code, row.name_zh, row.name_en, row.short_zh)
    return Place(*names, row.grid_row, row.grid_column, not own or row.code == own)

"""Whom an organisation belongs to beside its superior: 主管单位 and 挂靠单位 that oversee nothing. 隶属关系."""

from collections.abc import Iterable, Mapping

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..core.db import Identified, Model, enum_type
from .models import Organisation, Tie


class OrganisationTie(Identified, Model):
    """One organisation belongs to another in one way. Only the superior's tie gives sight (see `Oversight`)."""

    __tablename__ = "organisation_tie"
    __table_args__ = (UniqueConstraint("organisation_id", "other_id", "tie"),)

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    other_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    tie: Mapped[Tie] = mapped_column(enum_type(Tie))

    organisation: Mapped[Organisation] = relationship(foreign_keys=[organisation_id])
    other: Mapped[Organisation] = relationship(foreign_keys=[other_id])


def reaches(above: Mapping[int, Iterable[int]], start: int, goal: int) -> bool:
    """Whether one comes from `start` to `goal` by going up; `above` leads from each to whom it is below."""
    seen, waiting = {start}, [start]
    while waiting:
        one = waiting.pop()
        if one == goal:
            return True
        fresh = set(above.get(one, ())) - seen
        seen |= fresh
        waiting.extend(fresh)
    return False

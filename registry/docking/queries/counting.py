"""What a case counts for: locality, stages reached in a period, rates whose both numbers are known. 统计口径。"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import aliased

from ...core.i18n import Message, msg
from ...organisations.queries.localities import places_of
from ...records.months import Months
from ..enums import EntryStatus, Stage
from ..models import DockingCase, DockingStageEntry


class Share(StrEnum):
    """A rate whose cases are those of which both numbers are known."""

    ONBOARDED = "onboarded"
    RETAINED_6M = "retained_6m"
    RETAINED_12M = "retained_12m"

    @property
    def label(self) -> Message:
        """For the reader, which cases these are."""
        return LABELS[self]

    @property
    def sides(self) -> "Sides":
        """What is set against what."""
        return SIDES[self]


@dataclass(frozen=True)
class Sides:
    """The count of a stage set against that of an earlier one."""

    stage: Stage
    part: str
    base: Stage
    whole: str


LABELS = {
    Share.ONBOARDED: msg("On-boarding rate: people signed and on-boarded known"),
    Share.RETAINED_6M: msg("Retention rate, 6 months: people on-boarded and retained known"),
    Share.RETAINED_12M: msg("Retention rate, 12 months: people on-boarded and retained known"),
}
SIDES = {
    Share.ONBOARDED: Sides(Stage.ONBOARDED, "onboarded", Stage.SIGNED, "signed"),
    Share.RETAINED_6M: Sides(Stage.RETAINED_6M, "retained", Stage.ONBOARDED, "onboarded"),
    Share.RETAINED_12M: Sides(Stage.RETAINED_12M, "retained", Stage.ONBOARDED, "onboarded"),
}


def in_locality(code: str) -> ColumnElement[bool]:
    """The case's city, or one of its counties."""
    return DockingCase.region_code.in_(places_of(code))


def reached(stage: Stage, months: Months | None = None, known: str = "") -> ColumnElement[bool]:
    """The stage was reached, in these months where they are given, with a count of this name."""
    entry = aliased(DockingStageEntry)
    rows = select(entry.id).where(
        entry.case_id == DockingCase.id,
        entry.position == stage.position,
        entry.status == EntryStatus.REACHED,
        *(months.within(entry.actual_on) if months else ()),
        *_said(entry, known),
    )
    return rows.correlate(DockingCase).exists()


def counts_in(share: Share, months: Months | None) -> ColumnElement[bool]:
    """Both numbers of a rate are known, and its stage was reached in these months."""
    sides = share.sides
    return reached(sides.stage, months, sides.part) & reached(sides.base, None, sides.whole)


def _said(entry: Any, known: str) -> Iterator[ColumnElement[bool]]:
    if known:
        yield getattr(entry, known).is_not(None)

"""The list as a file with the columns of the ledger (人才合作工作站台账); phones are masked."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any

from flask.typing import ResponseReturnValue
from sqlalchemy import Row

from ...core.access.actions import Action
from ...core.dates import today
from ...core.i18n import msg
from ...core.web.guard import actor, needs
from ...core.web.words import legal_date
from ...records.views.export import Column, send
from .. import queries
from ..enums import ActivityKind, Grade, WorkstationState
from ..models.station import YUAN_PER_WAN
from ..queries import LISTING, Counted
from .blueprint import blueprint
from .browse import wanted_filter

EXPORTED = "workstation:export"
A = ActivityKind


@dataclass
class Batch:
    """What a batch of rows needs beside its columns, for this year; refilled batch by batch."""

    number: int = 0
    sides: dict[int, list[Any]] = field(default_factory=dict)
    done: dict[int, dict[ActivityKind, Counted]] = field(default_factory=dict)
    targets: dict[int, dict[ActivityKind, int]] = field(default_factory=dict)
    grades: dict[int, Grade] = field(default_factory=dict)
    signed: dict[int, str] = field(default_factory=dict)
    heads: dict[int, str] = field(default_factory=dict)

    def fill(self, rows: list[Row[Any]], year: int) -> None:
        """Six queries for a batch."""
        ids = [row.id for row in rows]
        self.sides, self.done = queries.sides_of(ids), queries.done_in(ids, year)
        self.targets, self.grades = queries.targets_in(ids, year), queries.grades_in(ids, year)
        self.signed = {
            row.id: legal_date(row.signed_on, row.signed_precision) for row in queries.signed_days(ids, actor())
        }
        self.heads = queries.heads_of(ids)

    def counted(self, kind: ActivityKind) -> Callable[[Row[Any]], object]:
        """What was done of a kind this year; nothing is nought, since every station reports."""
        return lambda row: self.done[row.id].get(kind, Counted()).number

    def target(self, kind: ActivityKind) -> Callable[[Row[Any]], object]:
        """What was expected of a kind; empty where nothing was."""
        return lambda row: self.targets[row.id].get(kind, "")

    def named(self, row: Row[Any], name: str) -> str:
        """Something of each side that has it."""
        return "；".join(value for one in self.sides[row.id] if (value := getattr(one, name) or ""))


@blueprint.post("/workstations/export")
@needs(Action.WORKSTATION_VIEW)
def export() -> ResponseReturnValue:
    """The filtered list as XLSX or CSV; the export is an event itself."""
    wanted, batch = wanted_filter(), Batch()
    return send(msg("Workstation ledger"), columns(batch), _rows(batch), EXPORTED, asdict(wanted))


def _rows(batch: Batch) -> Iterator[Row[Any]]:
    for rows in LISTING.batches(actor(), queries.conditions(wanted_filter(), today())):
        batch.fill(list(rows), today().year)
        for row in rows:
            batch.number += 1
            yield row


def columns(batch: Batch) -> list[Column]:
    """The 26 columns in their order; figures are this year's."""
    return [*_who(batch), *_figures(batch)]


def _who(batch: Batch) -> list[Column]:
    def founders(row: Row[Any]) -> str:
        return "；".join(one.name_zh for one in batch.sides[row.id] if not one.is_host)

    def host(row: Row[Any]) -> str:
        return next(str(one.name_zh) for one in batch.sides[row.id] if one.is_host)

    return [
        Column(msg("No."), lambda _row: batch.number),
        Column(msg("Station no."), lambda row: row.number),
        Column(msg("Station name"), lambda row: row.title_zh),
        Column(msg("Type"), lambda row: row.kind),
        Column(msg("Founders"), founders),
        Column(msg("Host university"), host),
        Column(msg("Host department"), lambda row: row.host_department),
        Column(msg("Agreement signed on"), lambda row: batch.signed.get(row.id, "")),
        Column(msg("Unveiled on"), lambda row: legal_date(row.unveiled_on, row.unveiled_precision).replace("—", "")),
        Column(msg("Valid until"), lambda row: row.term_until),
        Column(msg("Location"), lambda row: row.place),
        Column(msg("Station head"), lambda row: batch.heads.get(row.id, "")),
        Column(msg("Station liaison"), lambda row: batch.named(row, "name")),
        Column(msg("Liaison's phone"), lambda row: batch.named(row, "phone_hint")),
    ]


def _figures(batch: Batch) -> list[Column]:
    def master(row: Row[Any]) -> int:
        return batch.done[row.id].get(A.INTRODUCED, Counted()).master_plus

    def fund(row: Row[Any]) -> object:
        return "" if row.fund_yuan is None else float(Decimal(row.fund_yuan) / YUAN_PER_WAN)

    return [
        Column(msg("Talks this year (target)"), batch.target(A.TALK)),
        Column(msg("Talks this year (done)"), batch.counted(A.TALK)),
        Column(msg("Fairs this year (target)"), batch.target(A.FAIR)),
        Column(msg("Fairs this year (done)"), batch.counted(A.FAIR)),
        Column(A.POSTS.label, batch.counted(A.POSTS)),
        Column(A.INTERNSHIP.label, batch.counted(A.INTERNSHIP)),
        Column(A.INTRODUCED.label, batch.counted(A.INTRODUCED)),
        Column(msg("Of which master or above"), master),
        Column(msg("Funding (10,000 yuan)"), fund),
        Column(msg("Yearly grade"), lambda row: batch.grades.get(row.id, "")),
        Column(msg("State of operation"), lambda row: WorkstationState(row.state)),
        Column(msg("Remarks"), lambda row: row.remark),
    ]

"""Templates, full ledgers, and the rows that were left out, as files; exports are events of the audit. 台账文件."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from tempfile import SpooledTemporaryFile
from typing import IO, Any, cast

from flask import request, send_file
from flask.typing import ResponseReturnValue

from ...accounts.models import User
from ...agreements.views.browse import filter_from_address
from ...audit.services import record
from ...core.access.actions import Action
from ...core.dates import today
from ...core.db import transaction
from ...core.i18n import speaking
from ...core.web.guard import actor, needs
from ...records.signed import signed_by
from .. import exporting, notes, queries, writing
from ..enums import LEFT_OUT
from ..models import ImportBatch
from ..samples import SAMPLES
from ..targets.base import Target
from ..targets.catalogue import target
from .blueprint import blueprint

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
IN_MEMORY = 4 * 1024 * 1024
ORDER = ("sort", "descending")  # nothing of a filter
FILTERS: Mapping[str, Callable[[], Any]] = {"agreement": filter_from_address}


@blueprint.get("/ledgers/<code>/template")
@needs(Action.LEDGER_VIEW)
def template(code: str) -> ResponseReturnValue:
    """The empty ledger with drop-downs, a sample row and notes."""
    ledger = target(code).ledger
    file = _file()
    writing.write_template(file, ledger, SAMPLES.get(code, {}))
    return _send(file, f"{ledger.title.zh}模板.xlsx".replace("/", "、"), XLSX)


@blueprint.post("/ledgers/<code>/export")
@needs(Action.LEDGER_EXPORT)
def export(code: str) -> ResponseReturnValue:
    """Everything of a ledger that the reader sees, narrowed as the list is."""
    where, user = target(code), cast("User", actor())
    wanted = FILTERS[code]() if code in FILTERS else None
    counted = _Counted(exporting.rows_of(where, user, wanted))
    is_csv = request.form.get("format") == "csv"
    file = _file()
    if is_csv:
        writing.write_csv(file, where.ledger, counted)
    else:
        writing.write_ledger(file, where.ledger, counted, signed_by(user))
    with transaction():
        changes = {"ledger": ("", where.ledger.title.zh)} | _told(wanted) | {"count": ("", counted.number)}
        record(user, Action.LEDGER_EXPORT, changes=changes)
    name = f"{where.ledger.title.zh}-{today():%Y%m%d}".replace("/", "、")
    return _send(file, f"{name}.{'csv' if is_csv else 'xlsx'}", "text/csv" if is_csv else XLSX)


@blueprint.post("/ledgers/imports/<public_id>/refused")
@needs(Action.LEDGER_EXPORT)
def refused(public_id: str) -> ResponseReturnValue:
    """The rows that entering leaves out, with 错误原因."""
    batch = queries.get(public_id, actor())
    file = _file()
    counted = _Counted(_left_out(batch, target(batch.ledger)))
    with speaking("zh"):
        headings = [str(one["text"]) for one in _mapped(batch)]
        writing.write_refused(file, target(batch.ledger).ledger, headings, counted)
    with transaction():
        record(actor(), Action.LEDGER_EXPORT, batch, {"count": ("", counted.number)})
    return _send(file, f"{batch.filename.rpartition('.')[0] or batch.filename}-错误原因.xlsx", XLSX)


def _told(wanted: Any) -> dict[str, tuple[str, str]]:
    """The filter, as the audit keeps it."""
    given = {} if wanted is None else asdict(wanted)
    return {name: ("", str(given[name])) for name in given if name not in ORDER and given[name]}


def _mapped(batch: ImportBatch) -> list[dict[str, Any]]:
    """The headings that are read, each with the field that it is taken for now."""
    meant = [{**one, "field": batch.mapping.get(str(one["place"]), one["field"])} for one in batch.headings]
    return [one for one in meant if one["field"]]


def _left_out(batch: ImportBatch, where: Target) -> Iterator[tuple[list[object], str]]:
    columns = _mapped(batch)
    for row in queries.each_row(batch, *LEFT_OUT):
        cells: list[object] = [where.words_for(one["field"], row.values.get(one["field"], "")) for one in columns]
        told = [f"{_heading(where, field)}{message}" for field, _grade, message in notes.read(row.notes)]
        told += [f"{_heading(where, field)}{before} → {after}" for field, (before, after) in row.changes.items()]
        yield cells, "；".join(told)


def _heading(where: Target, field: str) -> str:
    column = where.ledger.by_field.get(field)
    return f"{column.header}：" if column else ""


class _Counted:
    """Rows that tell afterwards how many they were."""

    def __init__(self, rows: Iterator[Any]) -> None:
        self._rows = rows
        self.number = 0

    def __iter__(self) -> Iterator[Any]:
        for row in self._rows:
            self.number += 1
            yield row


def _file() -> IO[bytes]:
    return cast("IO[bytes]", SpooledTemporaryFile(IN_MEMORY))


def _send(file: IO[bytes], name: str, kind: str) -> ResponseReturnValue:
    file.seek(0)
    return send_file(file, kind, as_attachment=True, download_name=name)

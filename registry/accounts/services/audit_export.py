"""The auditor's acts: export events, check the chain. Both are events themselves. 审计导出与校验."""

import csv
import io
from collections.abc import Iterable
from typing import IO, Any

from sqlalchemy import Row

from ...audit import queries
from ...audit.queries import EventFilter
from ...audit.services import record
from ...audit.verify import Verdict
from ...core.access.actions import Action
from ...core.access.decision import Actor, decide
from ...core.dates import SHANGHAI
from ...core.i18n import Message, msg
from ...core.spreadsheets import defused
from ..event_labels import action_label, change_words, reason_label, type_label
from ..events import AccountEvent

YES, NO = msg("Yes"), msg("No")
BOM = "\ufeff"  # Excel reads UTF-8 only with it


def write_events(wanted: EventFilter, columns: Iterable[Message], file: IO[bytes]) -> int:
    """Write the events that fit as CSV, oldest first, with these headings; returns how many. Changes nothing."""
    text = io.TextIOWrapper(file, encoding="utf-8", newline="")
    text.write(BOM)
    sheet = csv.writer(text)
    sheet.writerow([str(column) for column in columns])
    count = 0
    for count, row in enumerate(queries.iterate_events(wanted), start=1):  # noqa: B007 - the count is the result
        sheet.writerow([defused(value) for value in _cells(row)])
    text.flush()
    text.detach()
    return count


def note_export(actor: Actor, wanted: EventFilter, count: int) -> None:
    """Record what was exported."""
    decide(actor, Action.AUDIT_EXPORT).enforce()
    given = {name: ("", value) for name, value in vars(wanted).items() if value not in ("", None)}
    record(actor, AccountEvent.AUDIT_EXPORTED, changes=given | {"count": ("", count)})


def note_check(actor: Actor, verdict: Verdict) -> None:
    """Record that the chain was checked, and the outcome."""
    decide(actor, Action.AUDIT_VIEW).enforce()
    problem = verdict.problem or ""
    record(
        actor,
        AccountEvent.AUDIT_CHECKED,
        changes={"events": ("", verdict.events), "bad": ("", verdict.bad_seq)},
        reason=problem,
        succeeded=verdict.is_good,
    )


def _cells(row: Row[Any]) -> list[object]:
    """One event in the order of the page's headings."""
    return [
        row.seq,
        row.happened_at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S"),
        row.actor_name,
        action_label(row.action),
        row.action,
        YES if row.succeeded else NO,
        type_label(row.object_type),
        row.object_label,
        row.object_id,
        "; ".join(
            f"{name}: {_shown(before)} → {_shown(after)}"
            for name, before, after in change_words(row.changes, row.object_type)
        ),
        reason_label(row.reason),
        row.address,
        row.request_id,
        row.hash,
    ]


def _shown(value: object) -> str:
    return "—" if value in (None, "") else str(value)

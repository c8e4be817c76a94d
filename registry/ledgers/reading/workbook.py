"""Opens a file that somebody dropped: the limited process reads it, the dangerous or too large is refused. 打开表格."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from ...core.errors import Invalid, Unavailable
from ...core.i18n import Message, msg
from ...documents import uploads
from ...documents.workers.parent import Failed, pool_of
from ..definitions import Ledger
from .grid import Grid, grid_of
from .headers import Head, find_head

READER = "registry.ledgers.reading.worker"
PROCESSES, SECONDS = 1, 60
LARGEST_BYTES = 10 * 1024 * 1024
MOST_ROWS = 20_000
REASONS: Mapping[str, Message] = {
    "sheet": msg("This is neither an XLSX file nor a CSV file, or it is damaged"),
    "sheet_large": msg("This file unpacks to more than a ledger can hold"),
    "sheet_names": msg("This file has parts whose names lead outside of it, or one part twice"),
    "sheet_locked": msg("This file is protected by a password; please save it without protection"),
    "sheet_rows": msg("At most %(most)s rows; please divide the file", most="20,000"),
    "sheet_columns": msg("At most %(most)s columns", most=200),
    "office": msg("This is neither an XLSX file nor a CSV file, or it is damaged"),
    "office_kind": msg("This is neither an XLSX file nor a CSV file, or it is damaged"),
}
TOO_HARD = msg("This file could not be read within the limits")


@dataclass(frozen=True)
class Found:
    """The sheet that is the ledger, and its headings."""

    grid: Grid
    head: Head


def open_book(data: bytes, field: str = "file") -> tuple[Grid, ...]:
    """The sheets of an XLSX or CSV file of at most 10 MB. Raises Invalid for `field`, Unavailable when busy."""
    if not data:
        raise Invalid({field: [msg("Choose a file")]})
    if len(data) > LARGEST_BYTES:
        size = f"{len(data) / 1024 / 1024:.1f}"
        raise Invalid({field: [msg("At most %(limit)s MB; this file has %(size)s MB", limit=10, size=size)]})
    try:
        answer = pool_of(READER, {}, PROCESSES, SECONDS).ask({}, [data])
    except Failed as failed:
        if failed.code == "busy":
            raise Unavailable from failed
        raise Invalid({field: [_reason(failed.code)]}) from failed
    sheets = json.loads(answer.blobs[0])
    return tuple(grid_of(sheet["name"], sheet["rows"], sheet["merged"]) for sheet in sheets)


def _reason(code: str) -> Message:
    return REASONS.get(code) or uploads.REASONS.get(code) or TOO_HARD


def find_ledger(grids: tuple[Grid, ...], ledger: Ledger) -> Found | None:
    """The sheet whose headings are best known; None where no sheet has the ledger's headings."""
    heads = [Found(grid, head) for grid in grids if (head := find_head(grid, ledger)) is not None]
    return max(heads, key=lambda found: found.head.known, default=None)

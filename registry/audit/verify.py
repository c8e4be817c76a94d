"""Walks the chain and names the first bad entry. Constant memory; sees one moment of the database. 审计链校验.

The rows are read as they are stored, not as the models read them: a changed byte that means the same is a change too.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Text, cast, select, tuple_, type_coerce
from sqlalchemy.engine import Connection
from sqlalchemy.exc import OperationalError
from sqlalchemy.types import NullType

from ..core.db import db
from ..core.i18n import Message, msg
from . import checkpoints
from .chain import digest
from .checkpoints import BadCheckpoint, Checkpoint
from .models import AuditEvent, AuditHead
from .plain import moment

BATCH = 500
START = "0" * 64
EVENT = AuditEvent.__table__.c


@dataclass(frozen=True)
class Verdict:
    """What the walk found: how many events and checkpoints were good, and the first bad entry."""

    events: int
    checkpoints: int
    bad_seq: int | None = None
    problem: Message | None = None

    @property
    def is_good(self) -> bool:
        """Whether nothing is wrong."""
        return self.problem is None


class _Bad(Exception):
    def __init__(self, seq: int, problem: Message) -> None:
        super().__init__(problem.english)
        self.seq, self.problem = seq, problem


class _Walk:
    """The state of one walk: where it stands, and the checkpoints that it has still to meet."""

    def __init__(self, signed: Sequence[Checkpoint]) -> None:
        self.seq, self.hash, self.met = 0, START, 0
        self.ahead = sorted(signed, key=lambda found: found.seq)

    def step(self, values: Mapping[str, Any]) -> None:
        """Take the next event.

        Raises _Bad.
        """
        expected, seq = self.seq + 1, values["seq"]
        if seq != expected and isinstance(seq, int) and seq > expected:
            raise _Bad(expected, msg("the entry is missing: after %(last)s comes %(next)s", last=self.seq, next=seq))
        if seq != expected or values["id"] != expected:
            raise _Bad(expected, msg("an entry was inserted, or its number was changed"))
        if values["digest"] != values["hash"]:
            raise _Bad(seq, msg("its content was changed"))
        if values["previous_hash"] != self.hash:
            raise _Bad(seq, msg("it does not follow from the entry before it"))
        self.seq, self.hash = seq, values["hash"]
        self._meet()

    def _meet(self) -> None:
        while self.ahead and self.ahead[0].seq <= self.seq:
            signed = self.ahead.pop(0)
            if signed.hash != self.hash:
                raise _Bad(self.seq, msg("it differs from what the checkpoint of %(time)s signed", time=signed.time))
            self.met += 1

    def end(self, head: tuple[int, str] | None) -> None:
        """Compare the end with the head, and with checkpoints beyond it.

        Raises _Bad.
        """
        if self.ahead:
            last = self.ahead[-1]
            raise _Bad(self.seq + 1, msg("the tail was cut off: a checkpoint signed %(seq)s entries", seq=last.seq))
        if head is None:
            raise _Bad(self.seq, msg("the head of the chain is missing"))
        if head[0] > self.seq:
            raise _Bad(self.seq + 1, msg("the tail was cut off: the head is at %(seq)s", seq=head[0]))
        if head != (self.seq, self.hash):
            raise _Bad(self.seq, msg("the head of the chain does not point to the last entry"))


def verify() -> Verdict:
    """Walk the whole chain, outside any transaction."""
    walk, count = _Walk([]), 0
    try:
        signed = list(checkpoints.read())  # one for a thousand events: small
        walk = _Walk(signed)
        count = _walk(walk)
    except BadCheckpoint as bad:
        return Verdict(0, 0, None, msg("%(problem)s", problem=str(bad)))
    except _Bad as bad:
        return Verdict(walk.seq, walk.met, bad.seq, bad.problem)
    return Verdict(count, walk.met)


def _walk(walk: _Walk) -> int:
    engine = db.engine
    if engine.dialect.name == "postgresql":  # SQLite's readers see one moment anyway
        engine = engine.execution_options(isolation_level="REPEATABLE READ")
    with engine.connect() as connection:
        for row in _rows(connection, walk):
            walk.step(_as_written(row, walk.seq + 1))
        head = connection.execute(select(AuditHead.seq, AuditHead.hash)).one_or_none()
        walk.end((head.seq, head.hash) if head else None)
    return walk.seq


def _rows(connection: Connection, walk: _Walk) -> Iterator[Mapping[str, Any]]:
    """All rows in order; a batch that cannot be read is read row by row, to find the bad one."""
    statement = select(*_stored(connection.dialect.name)).order_by(EVENT.seq, EVENT.id)
    after: tuple[Any, Any] | None = None
    size = BATCH
    while True:
        batch = statement if after is None else statement.where(tuple_(EVENT.seq, EVENT.id) > tuple_(*after))
        try:
            rows = connection.execute(batch.limit(size)).mappings().all()
        except OperationalError as error:
            if "decode" not in str(error.orig):
                raise
            if size == 1:
                raise _Bad(walk.seq + 1, msg("its content was changed")) from error
            size = 1
            continue
        yield from map(dict, rows)
        if len(rows) < size:
            return
        after = (rows[-1]["seq"], rows[-1]["id"])


def _stored(dialect: str) -> list[ColumnElement[Any]]:
    """The columns without what SQLAlchemy makes of them; PostgreSQL keeps JSON as the text that it was."""
    if dialect == "postgresql":
        return [cast(column, Text).label("changes") if column.name == "changes" else column for column in EVENT]
    return [type_coerce(column, NullType()).label(column.name) for column in EVENT]


def _as_written(row: Mapping[str, Any], expected: int) -> dict[str, Any]:
    """The row's values for the digest.

    Raises _Bad for a value that the registry does not write so.
    """
    values = dict(row)
    try:
        values["happened_at"] = _moment(values["happened_at"])
        values["changes"] = _json(values["changes"])
        values["succeeded"] = {0: False, 1: True}[values["succeeded"]]
        values["digest"] = digest(values)
    except (ValueError, TypeError, KeyError):
        raise _Bad(expected, msg("its content was changed")) from None
    return values


def _moment(stored: datetime | str) -> str:
    """SQLite keeps text, PostgreSQL a moment."""
    if isinstance(stored, datetime):
        return moment(stored)
    read = datetime.strptime(f"{stored}+0000", "%Y-%m-%d %H:%M:%S.%f%z")
    if read.strftime("%Y-%m-%d %H:%M:%S.%f") != stored:
        raise ValueError(stored)
    return moment(read)


def _json(stored: str) -> Any:
    read = json.loads(stored)
    if json.dumps(read) != stored:
        raise ValueError(stored)
    return read

"""Taking a file in, saying what its columns and names mean, abandoning it. 导入办理."""

from collections.abc import Mapping
from dataclasses import dataclass

from ...accounts.models import User
from ...audit.services import record
from ...core import crypto
from ...core.access.actions import Action
from ...core.db import db
from ...core.errors import Invalid
from ...core.i18n import msg
from ...core.ids import new_public_id
from ...documents import store
from ...jobs.services import enqueue
from ...organisations.names import fold
from .. import policy, queries
from ..models import ImportBatch
from ..reading.workbook import Found
from ..targets.base import Target

CHECK_JOB, ENTER_JOB = "ledgers.check", "ledgers.enter"
SEALED = "application/octet-stream"
PURPOSE = "ledger-file"
MOST_DECISIONS = 2_000


@dataclass(frozen=True)
class Dropped:
    """A file that was looked at and stored, encrypted, before the transaction."""

    filename: str
    sha256: str
    kept: store.Kept
    found: Found


def keep(data: bytes) -> store.Kept:
    """Store a file encrypted: ledgers hold phone numbers."""
    return store.put(crypto.encrypt(data, PURPOSE), SEALED)


def content(batch: ImportBatch) -> bytes:
    """The file as it was dropped. Raises Damaged."""
    return crypto.decrypt(store.read(batch.file), PURPOSE)


def begin(dropped: Dropped, target: Target, actor: User) -> ImportBatch:
    """Take a file in and have it checked. Raises Forbidden."""
    policy.may_import(actor, target).enforce()
    head = dropped.found.head
    batch = ImportBatch(
        ledger=target.code,
        organisation_id=actor.organisation_id,
        created_by_id=actor.id,
        file=store.register(dropped.kept),
        filename=dropped.filename,
        sha256=dropped.sha256,
        sheet=dropped.found.grid.name[:200],
        headings=[{"place": one.place, "text": one.text[:200], "field": one.field} for one in head.headings],
        decisions=queries.remembered(actor),
        total=max(len(dropped.found.grid.rows) - head.body, 0),
    )
    db.session.add(batch)
    db.session.flush()
    _have_checked(batch)
    record(actor, Action.LEDGER_IMPORT, batch, {"ledger": (None, target.ledger.title.zh)})
    return batch


def remap(batch: ImportBatch, mapping: Mapping[str, str], target: Target, actor: User) -> None:
    """Say which field each column is; empty for one that is not to be read. Raises Forbidden, Conflict, Invalid."""
    policy.may_change(actor, batch, target).enforce()
    places = {str(one["place"]) for one in batch.headings}
    fields = [field for field in mapping.values() if field]
    if mapping.keys() - places or set(fields) - target.ledger.by_field.keys():
        raise Invalid({"mapping": [msg("Choose one of the listed values")]})
    if len(set(fields)) < len(fields):
        raise Invalid({"mapping": [msg("Two columns are taken for the same field")]})
    before, batch.mapping = batch.mapping, dict(mapping)
    _have_checked(batch)
    record(actor, Action.LEDGER_CHANGE, batch, {"mapping": (before, batch.mapping)})


def decide_names(batch: ImportBatch, decisions: Mapping[str, str], target: Target, actor: User) -> None:
    """Say whom names mean: public ids, or REPORTED. Raises Forbidden, Conflict, Invalid."""
    policy.may_change(actor, batch, target).enforce()
    said = {fold(name): choice for name, choice in decisions.items() if choice}
    if not said:
        raise Invalid({"": [msg("Choose at least one organisation")]})
    merged = {**batch.decisions, **said}
    if len(merged) > MOST_DECISIONS:
        raise Invalid({"": [msg("At most %(most)s lines", most=MOST_DECISIONS)]})
    batch.decisions = merged
    _have_checked(batch)
    record(actor, Action.LEDGER_CHANGE, batch, {"organisations": (None, list(decisions))})


def check_again(batch: ImportBatch, target: Target, actor: User) -> None:
    """Look at the same file anew. Raises Forbidden, Conflict."""
    policy.may_change(actor, batch, target).enforce()
    _have_checked(batch)
    record(actor, Action.LEDGER_CHANGE, batch)


def abandon(batch: ImportBatch, target: Target, actor: User) -> None:
    """Go no further. Raises Forbidden, Conflict."""
    policy.may_change(actor, batch, target).enforce()
    batch.abandon()
    record(actor, Action.LEDGER_CHANGE, batch, {"state": (None, str(batch.state))})


def confirm(batch: ImportBatch, target: Target, actor: User) -> None:
    """Have the new rows entered, right after the commit. Raises Forbidden, Conflict, Invalid where there are none."""
    policy.may_enter(actor, batch, target).enforce()
    if not batch.counts.get("new"):
        raise Invalid({"": [msg("There is nothing new to enter")]})
    batch.begin_entering()
    enqueue(ENTER_JOB, batch.public_id, {"batch": batch.id, "actor": actor.id}, renew=True)
    record(actor, Action.LEDGER_ENTER, batch, {"rows": (None, batch.counts["new"])})


def _have_checked(batch: ImportBatch) -> None:
    batch.check(new_public_id())
    db.session.flush()
    enqueue(CHECK_JOB, batch.public_id, {"batch": batch.id, "run": batch.run}, renew=True)

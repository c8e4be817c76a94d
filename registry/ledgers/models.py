"""Tables of imports: a file that somebody dropped, and what each of its rows says. 导入批次."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ColumnElement, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..accounts.models import User
from ..core.access.decision import Actor
from ..core.access.scope import scoped
from ..core.access.table import Relation
from ..core.db import Identified, Model, Stamped, Versioned, enum_type
from ..core.errors import Conflict
from ..core.i18n import msg
from ..documents.models import StoredFile
from .enums import OPEN, BatchState, RowState


class ImportBatch(Identified, Versioned, Stamped, Model):
    """One file as one ledger. Only the organisation that dropped it sees it.

    The file is stored encrypted, since ledgers hold phone numbers. `headings` are the columns of the sheet with what
    the registry took them for, `mapping` what a person said instead (field by place). `decisions` say which
    organisation a name means: a public id, or REPORTED for the name as it stands. `run` names the check that counts.
    """

    __tablename__ = "import_batch"
    __table_args__ = (Index("ix_import_batch_list", "organisation_id", "id"),)

    ledger: Mapped[str] = mapped_column(String(40))
    state: Mapped[BatchState] = mapped_column(enum_type(BatchState), default=BatchState.CHECKING)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    created_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    filename: Mapped[str]
    sha256: Mapped[str] = mapped_column(String(64))
    sheet: Mapped[str] = mapped_column(default="")
    headings: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    mapping: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    decisions: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    counts: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    total: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    run: Mapped[str] = mapped_column(String(26), default="")
    error: Mapped[str] = mapped_column(String(2000), default="")
    entered_at: Mapped[datetime | None]

    created_by: Mapped[User] = relationship()
    file: Mapped[StoredFile] = relationship()

    @property
    def audit_label(self) -> str:
        """The file's name in the audit."""
        return self.filename

    @property
    def access_states(self) -> frozenset[str]:
        """Its state, for the policy table."""
        return frozenset({str(self.state)})

    def relations_to(self, actor: Actor) -> frozenset[Relation]:
        """The organisation that dropped it owns it; nobody else has to do with it."""
        is_own = actor.organisation_id == self.organisation_id
        return frozenset({Relation.OWN, Relation.SCOPE}) if is_own else frozenset()

    def count(self, state: RowState) -> int:
        """How many rows are in a state."""
        return self.counts.get(str(state), 0)

    def check(self, run: str) -> None:
        """Begin to check, from the beginning. Raises Conflict once it is being entered."""
        self._must_be(*OPEN)
        self.state, self.run, self.error = BatchState.CHECKING, run, ""
        self.done, self.counts = 0, {}

    def checked(self, counts: dict[str, int]) -> None:
        """Every row has been looked at."""
        self._must_be(BatchState.CHECKING)
        self.state, self.counts, self.done = BatchState.CHECKED, counts, self.total

    def fail(self, error: str) -> None:
        """It could not be checked."""
        self._must_be(BatchState.CHECKING)
        self.state, self.error = BatchState.FAILED, error

    def begin_entering(self) -> None:
        """Somebody confirmed it. Raises Conflict unless it is checked."""
        self._must_be(BatchState.CHECKED)
        self.state, self.error = BatchState.ENTERING, ""

    def stop_entering(self, error: str) -> None:
        """Nothing was entered; it may be checked and confirmed again."""
        self._must_be(BatchState.ENTERING)
        self.state, self.error = BatchState.CHECKED, error

    def entered(self, moment: datetime) -> None:
        """All of it, or nothing, is entered."""
        self._must_be(BatchState.ENTERING)
        self.state, self.entered_at = BatchState.ENTERED, moment

    def undo(self) -> None:
        """What it entered is taken back."""
        self._must_be(BatchState.ENTERED)
        self.state = BatchState.UNDONE

    def abandon(self) -> None:
        """Nobody goes on with it."""
        self._must_be(*OPEN)
        self.state = BatchState.ABANDONED

    def _must_be(self, *states: BatchState) -> None:
        if self.state not in states:
            raise Conflict(msg("This is not possible in the present state"))


class ImportRow(Model):
    """One row: what was read of it, what is the matter with it, which record it became.

    `values` are texts by field with phones masked; after entering, those that the record has no place for are kept
    here. `notes` are [field, grade, written message]; `changes` before and after by field; `organisations` who was
    meant by field, with proposals where a person has to say.
    """

    __tablename__ = "import_row"
    __table_args__ = (
        UniqueConstraint("batch_id", "number"),
        Index("ix_import_row_state", "batch_id", "state", "number"),
        Index("ix_import_row_record", "record_public_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batch.id"))
    number: Mapped[int]
    state: Mapped[RowState] = mapped_column(enum_type(RowState))
    values: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    notes: Mapped[list[list[str]]] = mapped_column(JSON, default=list)
    changes: Mapped[dict[str, list[str]]] = mapped_column(JSON, default=dict)
    organisations: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    record_public_id: Mapped[str] = mapped_column(String(26), default="")
    is_entered: Mapped[bool] = mapped_column(default=False)


def _own(organisation_id: int) -> ColumnElement[bool]:
    return ImportBatch.organisation_id == organisation_id


scoped(ImportBatch, _own)

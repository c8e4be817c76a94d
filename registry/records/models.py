"""Mixins of records that several organisations share, and of the rows that say who sees them. 共享记录."""

from datetime import date
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, aliased, declared_attr, mapped_column, relationship

from ..core.access.decision import Actor
from ..core.access.scope import Criterion
from ..core.access.table import Relation
from ..core.db import Identified, Stamped, Versioned
from ..organisations.models import Organisation


class VisibilityRow:
    """Which organisation sees which record, with the list's sort key and the state beside it.

    One row for the owner, each party, and everyone who oversees one of them; lists read one organisation's rows in
    order, so a page costs the same at any size of the table. A table of these adds `record_id` and `visibility_args`.
    """

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    record_id: Mapped[int]
    sort_on: Mapped[date]
    state: Mapped[str] = mapped_column(String(40))
    is_party: Mapped[bool]


def visibility_args(table: str) -> tuple[Index, ...]:
    """The indexes that lists and chips read, and the one by record."""
    return (
        Index(f"ix_{table}_list", "organisation_id", "sort_on", "record_id"),
        Index(f"ix_{table}_state", "organisation_id", "state", "sort_on", "record_id"),
        Index(f"ix_{table}_record", "record_id"),
    )


class Shared(Identified, Versioned, Stamped):
    """Mixin of a record that one organisation keeps and its parties see.

    A class names its `visibility` table and its `kind_code` (see `kinds`), and says `state_code` and `party_ids`.
    `sort_on` is never empty: the day that the record is about, else the day of entry. `source` says where a fact of
    the past is known from.
    """

    visibility: ClassVar[type[Any]]
    kind_code: ClassVar[str] = ""

    title_zh: Mapped[str]
    title_en: Mapped[str] = mapped_column(String(400), default="")
    owner_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    sort_on: Mapped[date]
    source: Mapped[str] = mapped_column(String(1000), default="")
    source_url: Mapped[str] = mapped_column(String(500), default="")
    is_demo: Mapped[bool] = mapped_column(default=False)

    @declared_attr
    def owner(cls) -> Mapped[Organisation]:
        """The organisation that keeps the record."""
        return relationship(Organisation, foreign_keys=f"{cls.__name__}.owner_id")  # type: ignore[attr-defined]

    @property
    def audit_label(self) -> str:
        """Its title in the audit."""
        return self.title_zh

    @property
    def state_code(self) -> str:
        """Its state, as lists and the policy table name it."""
        raise NotImplementedError

    @property
    def party_ids(self) -> set[int]:
        """Organisations that take part, beside the owner."""
        raise NotImplementedError

    @property
    def access_states(self) -> frozenset[str]:
        """Its state, for the policy table."""
        return frozenset({self.state_code})

    def relations_to(self, actor: Actor) -> frozenset[Relation]:
        """OWN for the owner, PARTY for whoever takes part; SCOPE for whoever the query let in."""
        if actor.organisation_id == self.owner_id:
            return frozenset({Relation.OWN, Relation.PARTY, Relation.SCOPE})
        if actor.organisation_id in self.party_ids:
            return frozenset({Relation.PARTY, Relation.COUNTERPART, Relation.SCOPE})
        return frozenset({Relation.SCOPE})


def seen_through(record: type[Shared], visibility: type[VisibilityRow]) -> Criterion:
    """For `scoped`: a record is seen by organisations that have a row. Under a name of its own, since lists join it.

    `offset(0)` has PostgreSQL look it up for each row that is found otherwise: joined, it hides how many those are, and
    all of them are sorted where the first page would do.
    """

    def seen_by(organisation_id: int) -> ColumnElement[bool]:
        seen = aliased(visibility)
        rows = select(seen.record_id).where(seen.record_id == record.id, seen.organisation_id == organisation_id)
        return rows.correlate(record).offset(0).exists()

    return seen_by

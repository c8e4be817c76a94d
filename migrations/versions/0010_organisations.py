"""Organisations in depth: former names with sources, ties, closing with a successor, merges that can be taken back.

Revision: 0010, after 0009
"""

import sqlalchemy as sa
from alembic import op

from registry.core import db as types
from registry.core.ids import new_public_id

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

PRECISIONS = ("day", "month", "year", "unknown")
TIES = ("component", "supervised", "attached")
NAMES = "organisation_name"
ADDED = ("successor_id", "closing_reason", "closed_on", "superior_tie")


def upgrade() -> None:
    """Go forward; former names without a precision are known by the day, or not at all."""
    _extend_organisations()
    _extend_names()
    op.create_table(
        "organisation_tie",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("tie", _codes("tie", *TIES), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        _reference("organisation_tie", "organisation_id"),
        _reference("organisation_tie", "other_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_tie")),
        sa.UniqueConstraint("public_id", name=op.f("uq_organisation_tie_public_id")),
        sa.UniqueConstraint(
            "organisation_id", "other_id", "tie", name=op.f("uq_organisation_tie_organisation_id_other_id_tie")
        ),
    )
    op.create_index("ix_organisation_tie_other_id", "organisation_tie", ["other_id"])
    _create_merges()


def _extend_organisations() -> None:
    """Said in full: Alembic would add constraints apart, for which SQLite builds the table anew."""
    listed = ", ".join(f"'{tie}'" for tie in TIES)
    for column in (
        f"superior_tie VARCHAR(40) CONSTRAINT ck_organisation_superior_tie CHECK (superior_tie IN ({listed}))",
        "closed_on DATE",
        "closing_reason VARCHAR(1000) DEFAULT '' NOT NULL",
        "successor_id INTEGER CONSTRAINT fk_organisation_successor_id_organisation REFERENCES organisation (id) "
        "CONSTRAINT ck_organisation_successor CHECK (successor_id IS NULL OR status = 'closed')",
    ):
        op.execute(f"ALTER TABLE organisation ADD COLUMN {column}")
    op.create_index("ix_organisation_successor_id", "organisation", ["successor_id"])
    op.create_index("ix_organisation_merged_into_id", "organisation", ["merged_into_id"])


def _extend_names() -> None:
    with op.batch_alter_table(NAMES) as batch:
        batch.add_column(sa.Column("public_id", sa.String(length=26), nullable=True))
        batch.add_column(sa.Column("name_en", sa.String(length=200), server_default="", nullable=False))
        batch.add_column(sa.Column("source", sa.String(length=500), server_default="", nullable=False))
        for name in ("valid_from_precision", "valid_to_precision"):
            known = _codes(name, *PRECISIONS)
            batch.add_column(sa.Column(name, known, server_default="unknown", nullable=False))
    names = sa.table(NAMES, *(sa.column(name) for name in ("id", "public_id", "valid_from", "valid_to")))
    connection = op.get_bind()
    for number in connection.scalars(sa.select(names.c.id)).all():
        connection.execute(sa.update(names).where(names.c.id == number).values(public_id=new_public_id()))
    for name in ("valid_from", "valid_to"):
        op.execute(f"UPDATE {NAMES} SET {name}_precision = 'day' WHERE {name} IS NOT NULL")  # noqa: S608
    with op.batch_alter_table(NAMES) as batch:
        batch.alter_column("public_id", existing_type=sa.String(length=26), nullable=False)
        batch.create_unique_constraint(op.f("uq_organisation_name_public_id"), ["public_id"])


def _create_merges() -> None:
    op.create_table(
        "organisation_merge",
        sa.Column("duplicate_id", sa.Integer(), nullable=False),
        sa.Column("survivor_id", sa.Integer(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("remembered", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("merged_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("merged_by_id", sa.Integer(), nullable=False),
        sa.Column("merged_for_id", sa.Integer(), nullable=False),
        sa.Column("undone_at", types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.Column("undo_reason", sa.String(length=1000), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.CheckConstraint("(undone_at IS NULL) = (undo_reason = '')", name=op.f("ck_organisation_merge_undo_reason")),
        _reference("organisation_merge", "duplicate_id"),
        _reference("organisation_merge", "survivor_id"),
        _reference("organisation_merge", "merged_for_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_merge")),
        sa.UniqueConstraint("public_id", name=op.f("uq_organisation_merge_public_id")),
    )
    stands = sa.text("undone_at IS NULL")
    op.create_index(
        "uq_organisation_merge_standing",
        "organisation_merge",
        ["duplicate_id"],
        unique=True,
        sqlite_where=stands,
        postgresql_where=stands,
    )
    op.create_index("ix_organisation_merge_survivor", "organisation_merge", ["survivor_id"])
    op.create_table(
        "organisation_moved_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("merge_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("row_id", sa.Integer(), nullable=False),
        sa.Column("before_id", sa.Integer(), nullable=False),
        sa.Column("after_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["merge_id"], ["organisation_merge.id"], name=op.f("fk_organisation_moved_row_merge_id_organisation_merge")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_moved_row")),
    )
    op.create_index("ix_organisation_moved_row_merge", "organisation_moved_row", ["merge_id", "key"])


def downgrade() -> None:
    """Go back; what was merged stays merged, and closing keeps no date, reason or successor."""
    for table in ("organisation_moved_row", "organisation_merge", "organisation_tie"):
        op.drop_table(table)
    with op.batch_alter_table(NAMES) as batch:
        batch.drop_constraint(op.f("uq_organisation_name_public_id"), type_="unique")
        for name in ("valid_from_precision", "valid_to_precision"):
            batch.drop_constraint(op.f(f"ck_organisation_name_{name}"), type_="check")
        for name in ("public_id", "name_en", "source", "valid_from_precision", "valid_to_precision"):
            batch.drop_column(name)
    op.drop_index("ix_organisation_merged_into_id", table_name="organisation")
    op.drop_index("ix_organisation_successor_id", table_name="organisation")
    for name in ADDED:
        op.execute(f"ALTER TABLE organisation DROP COLUMN {name}")


def _codes(name: str, *codes: str) -> sa.Enum:
    return sa.Enum(*codes, name=name, native_enum=False, create_constraint=True, length=40)


def _reference(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["organisation.id"], name=op.f(f"fk_{table}_{column}_organisation"))

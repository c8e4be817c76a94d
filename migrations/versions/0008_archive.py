"""The archive ledger, terms of retention, and the triggers that freeze what was archived.

Revision: 0008, after 0007
"""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

from registry.core import db as types

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

STATUSES = ("none", "pending", "done")
PAPERS = ("agreement_document", "clearance", "party_approval", "seal_use", "signatory")
SIGNATURES = "digital_signature"
WRITES = ("INSERT", "UPDATE", "DELETE")
TOLD = "this was archived and can no longer change"
FILED = (
    "agreement_id, revision_id, owner_id, signed_on, number, retention, secrecy, disclosure, place, originals, "
    "kept_until, archived_at, archived_by_id, dossier"
)
TEXT = "agreement_id, no, kind, content, content_sha256, hash_version"
CLOSED = "OLD.archived_at IS NOT NULL"
REVISION = "EXISTS (SELECT 1 FROM archive_entry e WHERE e.archived_at IS NOT NULL AND e.revision_id = OLD.id)"
RETURN_ROW = "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW;"
FUNCTIONS = ("archive_refuse", "archive_refuse_paper", "archive_refuse_signature", "archive_refuse_text")
PACKED = "OLD.package_id IS NOT NULL AND NEW.package_id IS {} OLD.package_id"


def upgrade() -> None:
    """Go forward; what was signed before is noted as due by the next daily run."""
    op.create_table(
        "archive_settings",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("retentions", sa.JSON(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_archive_settings_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_archive_settings")),
    )
    _create_entries()
    _create_indexes()
    listed = ", ".join(f"'{status}'" for status in STATUSES)
    # Said in full: Alembic would add the CHECK apart, which SQLite cannot.
    op.execute(
        "ALTER TABLE agreement_visibility ADD COLUMN archive_status VARCHAR(40) DEFAULT 'none' NOT NULL "
        f"CONSTRAINT ck_agreement_visibility_archivestatus CHECK (archive_status IN ({listed}))"
    )
    op.add_column("agreement_visibility", sa.Column("archive_due_on", sa.Date(), nullable=True))
    op.create_index(
        "ix_agreement_visibility_archive",
        "agreement_visibility",
        ["organisation_id", "archive_status", "sort_on", "agreement_id"],
    )
    for statement in _triggers():
        op.execute(statement)


def _create_entries() -> None:
    op.create_table(
        "archive_entry",
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=True),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("due_is_estimated", sa.Boolean(), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("retention", _codes("retention", "permanent", "y30", "y10"), nullable=True),
        sa.Column("secrecy", _codes("secrecy", "public", "internal"), nullable=True),
        sa.Column("disclosure", _codes("disclosure", "active", "on_request", "none"), nullable=True),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("originals", sa.Integer(), nullable=True),
        sa.Column("kept_until", sa.Date(), nullable=True),
        sa.Column("archived_at", types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("archived_by_id", sa.Integer(), nullable=True),
        sa.Column("dossier", sa.JSON(), nullable=False),
        sa.Column("package_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.CheckConstraint("(archived_at IS NULL) = (number = '')", name=op.f("ck_archive_entry_numbered")),
        sa.CheckConstraint(
            "archived_at IS NULL OR (retention IS NOT NULL AND archived_by_id IS NOT NULL)",
            name=op.f("ck_archive_entry_answered_for"),
        ),
        *(_reference(column, table) for column, table in REFERENCES.items()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_archive_entry")),
        sa.UniqueConstraint("public_id", name=op.f("uq_archive_entry_public_id")),
    )


REFERENCES = {
    "agreement_id": "agreement",
    "revision_id": "agreement_revision",
    "owner_id": "organisation",
    "archived_by_id": "user_account",
    "package_id": "stored_file",
}


def _reference(column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_archive_entry_{column}_{table}"))


def _codes(name: str, *codes: str) -> sa.Enum:
    return sa.Enum(*codes, name=name, native_enum=False, create_constraint=True, length=40)


def _create_indexes() -> None:
    op.create_index("uq_archive_entry_revision", "archive_entry", ["revision_id"], unique=True)
    for name, columns, condition in (
        ("uq_archive_entry_historic", ["agreement_id"], "revision_id IS NULL"),
        ("uq_archive_entry_number", ["owner_id", "number"], "number <> ''"),
    ):
        where = sa.text(condition)
        op.create_index(name, "archive_entry", columns, unique=True, sqlite_where=where, postgresql_where=where)
    op.create_index("ix_archive_entry_agreement", "archive_entry", ["agreement_id", "id"])
    op.create_index("ix_archive_entry_due", "archive_entry", ["owner_id", "archived_at", "due_on"])


def downgrade() -> None:
    """Go back; the packages stay in the store."""
    for statement in _drops():
        op.execute(statement)
    op.drop_index("ix_agreement_visibility_archive", table_name="agreement_visibility")
    op.execute("ALTER TABLE agreement_visibility DROP COLUMN archive_due_on")
    op.execute("ALTER TABLE agreement_visibility DROP COLUMN archive_status")
    op.drop_table("archive_entry")
    op.drop_table("archive_settings")


def _is_archived(table: str, row: str) -> str:
    if table == SIGNATURES:
        return (
            "EXISTS (SELECT 1 FROM archive_entry e JOIN signatory s"  # noqa: S608 - no input in it
            " ON s.revision_id = e.revision_id"
            f" WHERE e.archived_at IS NOT NULL AND s.id = {row}.signatory_id)"
        )
    return (
        "EXISTS (SELECT 1 FROM archive_entry e WHERE e.archived_at IS NOT NULL"  # noqa: S608 - no input in it
        f" AND e.agreement_id = {row}.agreement_id"
        f" AND (e.revision_id = {row}.revision_id OR (e.revision_id IS NULL AND {row}.revision_id IS NULL)))"
    )


def _triggers() -> Iterator[str]:
    return _postgresql() if op.get_bind().dialect.name == "postgresql" else _sqlite()


def _sqlite() -> Iterator[str]:
    for table in (*PAPERS, SIGNATURES):
        for write in WRITES:
            rows = {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}[write]
            when = " OR ".join(_is_archived(table, row) for row in rows)
            yield _refusal(f"{table}_archived_{write.lower()}", write, table, when)
    yield _refusal("agreement_revision_archived_update", f"UPDATE OF {TEXT}", "agreement_revision", REVISION)
    yield _refusal("agreement_revision_archived_delete", "DELETE", "agreement_revision", REVISION)
    yield _refusal("archive_entry_closed_update", f"UPDATE OF {FILED}", "archive_entry", CLOSED)
    yield _refusal("archive_entry_closed_delete", "DELETE", "archive_entry", CLOSED)
    yield _refusal("archive_entry_packed", "UPDATE OF package_id", "archive_entry", PACKED.format("NOT"))


def _refusal(name: str, write: str, table: str, when: str) -> str:
    return f"CREATE TRIGGER {name} BEFORE {write} ON {table} WHEN {when} BEGIN SELECT RAISE(ABORT, '{TOLD}'); END"


def _postgresql() -> Iterator[str]:
    raises = f"RAISE EXCEPTION '{TOLD}';"
    bodies = (raises, _unless(PAPERS[0]), _unless(SIGNATURES), f"IF {REVISION} THEN {raises} END IF; {RETURN_ROW}")
    for name, body in zip(FUNCTIONS, bodies, strict=True):
        yield f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$"
    for table in PAPERS:
        yield _rule(f"{table}_archived", " OR ".join(WRITES), table, "archive_refuse_paper")
    yield _rule(f"{SIGNATURES}_archived", " OR ".join(WRITES), SIGNATURES, "archive_refuse_signature")
    yield _rule(
        "agreement_revision_archived", f"UPDATE OF {TEXT} OR DELETE", "agreement_revision", "archive_refuse_text"
    )
    yield _rule("archive_entry_closed", f"UPDATE OF {FILED} OR DELETE", "archive_entry", "archive_refuse", CLOSED)
    packed = PACKED.format("DISTINCT FROM")
    yield _rule("archive_entry_packed", "UPDATE OF package_id", "archive_entry", "archive_refuse", packed)


def _unless(table: str) -> str:
    found, raises = {row: _is_archived(table, row) for row in ("OLD", "NEW")}, f"RAISE EXCEPTION '{TOLD}';"
    return (
        f"IF TG_OP <> 'INSERT' THEN IF {found['OLD']} THEN {raises} END IF; END IF; "
        f"IF TG_OP <> 'DELETE' THEN IF {found['NEW']} THEN {raises} END IF; END IF; {RETURN_ROW}"
    )


def _rule(name: str, writes: str, table: str, function: str, when: str = "") -> str:
    condition = f" WHEN ({when})" if when else ""
    return f"CREATE TRIGGER {name} BEFORE {writes} ON {table} FOR EACH ROW{condition} EXECUTE FUNCTION {function}()"


def _drops() -> Iterator[str]:
    """Triggers of the ledger go with its table; PostgreSQL's go with their functions."""
    if op.get_bind().dialect.name == "postgresql":
        yield from (f"DROP FUNCTION IF EXISTS {name} CASCADE" for name in FUNCTIONS)
        return
    for table in (*PAPERS, SIGNATURES):
        yield from (f"DROP TRIGGER IF EXISTS {table}_archived_{write.lower()}" for write in WRITES)
    yield "DROP TRIGGER IF EXISTS agreement_revision_archived_update"
    yield "DROP TRIGGER IF EXISTS agreement_revision_archived_delete"

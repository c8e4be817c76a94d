"""What keeps an archived paper as it is in the database itself, whatever program asks. 归档冻结（触发器）.

On SQLite a table that is built anew (a CHECK that changes) loses its triggers: a migration that does so makes them
again. `tests/guards/test_migrations.py` compares what stands in the database with this.
"""

from collections.abc import Callable, Iterator

from sqlalchemy import DDL, MetaData, event

PAPERS = ("agreement_document", "clearance", "party_approval", "seal_use", "signatory")
TOLD = "this was archived and can no longer change"
WRITES = ("INSERT", "UPDATE", "DELETE")
FILED = (
    "agreement_id, revision_id, owner_id, signed_on, number, retention, secrecy, disclosure, place, originals, "
    "kept_until, archived_at, archived_by_id, dossier"
)
TEXT = "agreement_id, no, kind, content, content_sha256, hash_version"
CLOSED_ENTRY = "OLD.archived_at IS NOT NULL"
PACKED = "OLD.package_id IS NOT NULL AND NEW.package_id IS NOT OLD.package_id"
PACKED_POSTGRESQL = "OLD.package_id IS NOT NULL AND NEW.package_id IS DISTINCT FROM OLD.package_id"


def _is_archived(row: str) -> str:
    return (
        "EXISTS (SELECT 1 FROM archive_entry e WHERE e.archived_at IS NOT NULL"  # noqa: S608 - no input in it
        f" AND e.agreement_id = {row}.agreement_id"
        f" AND (e.revision_id = {row}.revision_id OR (e.revision_id IS NULL AND {row}.revision_id IS NULL)))"
    )


def _is_signature_archived(row: str) -> str:
    return (
        "EXISTS (SELECT 1 FROM archive_entry e JOIN signatory s"  # noqa: S608 - no input in it
        " ON s.revision_id = e.revision_id"
        f" WHERE e.archived_at IS NOT NULL AND s.id = {row}.signatory_id)"
    )


REVISION_ARCHIVED = "EXISTS (SELECT 1 FROM archive_entry e WHERE e.archived_at IS NOT NULL AND e.revision_id = OLD.id)"


def sqlite() -> Iterator[str]:
    """The statements for SQLite."""
    for table in (*PAPERS, "digital_signature"):
        archived = _is_signature_archived if table == "digital_signature" else _is_archived
        for write in WRITES:
            rows = {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}[write]
            yield _sqlite(f"{table}_archived_{write.lower()}", write, table, " OR ".join(map(archived, rows)))
    yield _sqlite("agreement_revision_archived_update", f"UPDATE OF {TEXT}", "agreement_revision", REVISION_ARCHIVED)
    yield _sqlite("agreement_revision_archived_delete", "DELETE", "agreement_revision", REVISION_ARCHIVED)
    yield _sqlite("archive_entry_closed_update", f"UPDATE OF {FILED}", "archive_entry", CLOSED_ENTRY)
    yield _sqlite("archive_entry_closed_delete", "DELETE", "archive_entry", CLOSED_ENTRY)
    yield _sqlite("archive_entry_packed", "UPDATE OF package_id", "archive_entry", PACKED)


def _sqlite(name: str, write: str, table: str, when: str) -> str:
    return f"CREATE TRIGGER {name} BEFORE {write} ON {table} WHEN {when} BEGIN SELECT RAISE(ABORT, '{TOLD}'); END"


def postgresql() -> Iterator[str]:
    """The statements for PostgreSQL."""
    yield _function("archive_refuse", f"RAISE EXCEPTION '{TOLD}';")
    yield _function("archive_refuse_paper", _unless(_is_archived))
    yield _function("archive_refuse_signature", _unless(_is_signature_archived))
    for table in PAPERS:
        yield _postgresql(f"{table}_archived", " OR ".join(WRITES), table, "archive_refuse_paper")
    yield _postgresql(
        "digital_signature_archived", " OR ".join(WRITES), "digital_signature", "archive_refuse_signature"
    )
    yield _function(
        "archive_refuse_text", f"IF {REVISION_ARCHIVED} THEN RAISE EXCEPTION '{TOLD}'; END IF; {RETURN_ROW}"
    )
    writes = f"UPDATE OF {TEXT} OR DELETE"
    yield _postgresql("agreement_revision_archived", writes, "agreement_revision", "archive_refuse_text")
    writes = f"UPDATE OF {FILED} OR DELETE"
    yield _postgresql("archive_entry_closed", writes, "archive_entry", "archive_refuse", CLOSED_ENTRY)
    writes = "UPDATE OF package_id"
    yield _postgresql("archive_entry_packed", writes, "archive_entry", "archive_refuse", PACKED_POSTGRESQL)


RETURN_ROW = "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW;"


def _unless(archived: Callable[[str], str]) -> str:
    """PL/pgSQL knows OLD and NEW only where the operation has them."""
    return (
        f"IF TG_OP <> 'INSERT' THEN IF {archived('OLD')} THEN RAISE EXCEPTION '{TOLD}'; END IF; END IF; "
        f"IF TG_OP <> 'DELETE' THEN IF {archived('NEW')} THEN RAISE EXCEPTION '{TOLD}'; END IF; END IF; {RETURN_ROW}"
    )


def _function(name: str, body: str) -> str:
    return f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$"


def _postgresql(name: str, writes: str, table: str, function: str, when: str = "") -> str:
    condition = f" WHEN ({when})" if when else ""
    return f"CREATE TRIGGER {name} BEFORE {writes} ON {table} FOR EACH ROW{condition} EXECUTE FUNCTION {function}()"


def install(metadata: MetaData) -> None:
    """Make the triggers once all tables have been made from the models (migrations do it by themselves)."""
    for dialect, statements in (("sqlite", sqlite()), ("postgresql", postgresql())):
        for statement in statements:
            rule = DDL(statement.replace("%", "%%"))  # type: ignore[no-untyped-call]  # SQLAlchemy's own lacks types
            event.listen(metadata, "after_create", rule.execute_if(dialect=dialect))

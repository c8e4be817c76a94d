"""Revisions of agreements in force: their stages and days, parties that join and leave, periods, notices, renewal.

Revision: 0003, after 0002
"""

import sqlalchemy as sa
from alembic import op

from registry.core import db as types

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

STAGES = ("draft", "review", "negotiation", "signing", "signed", "effective", "superseded", "set_aside")
OPEN = sa.text("stage IN ('draft', 'review', 'negotiation', 'signing')")
IN_EFFECT = sa.text("stage = 'effective'")
STATUSES = (
    "draft", "review", "negotiation", "signing", "signed", "in_force", "suspended", "closed", "void",
    "recorded_pending",
)  # fmt: skip
OUTCOMES = ("completed", "expired", "superseded", "terminated")
DECISIONS = ("undecided", "renew", "let_expire")


def _enum(name: str, codes: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*codes, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    """Go forward."""
    _grow_agreement()
    _grow_party()
    _grow_revision()
    _stages_from_what_was_known()
    _tighten_revision()
    _make_period()
    _make_notice()
    _periods_from_what_was_known()


def _add(table: str, column: str, definition: str) -> None:
    """Add a column with its constraints in one statement: both databases take it, and SQLite rebuilds nothing."""
    op.execute(f"ALTER TABLE {table} ADD COLUMN {column} {definition}")


def _one_of(table: str, name: str, column: str, codes: tuple[str, ...]) -> str:
    return f"CONSTRAINT ck_{table}_{name} CHECK ({column} IN ({', '.join(map(repr, codes))}))"


def _points(table: str, column: str, to: str) -> str:
    return f"CONSTRAINT fk_{table}_{column}_{to} REFERENCES {to} (id)"


def _grow_agreement() -> None:
    _add("agreement", "renews_id", f"INTEGER {_points('agreement', 'renews_id', 'agreement')}")
    _add("agreement", "closed_on", "DATE")
    _add("agreement", "closing_reason", "VARCHAR(1000) NOT NULL DEFAULT ''")
    _add("agreement", "closing_notes", "JSON")
    decisions = _one_of("agreement", "renewaldecision", "renewal_decision", DECISIONS)
    _add("agreement", "renewal_decision", f"VARCHAR(40) {decisions}")
    _add("agreement", "renewal_reason", "VARCHAR(1000) NOT NULL DEFAULT ''")
    decider = _points("agreement", "renewal_decided_by_id", "user_account")
    _add("agreement", "renewal_decided_by_id", f"INTEGER {decider}")
    _add("agreement", "renewal_decided_on", "DATE")
    op.create_index("ix_agreement_renews_id", "agreement", ["renews_id"])


def _grow_party() -> None:
    op.add_column("agreement_party", sa.Column("is_bound", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column("agreement_party", sa.Column("joined_on", sa.Date(), nullable=True))
    op.add_column("agreement_party", sa.Column("left_on", sa.Date(), nullable=True))


def _grow_revision() -> None:
    table = "agreement_revision"
    _add(table, "stage", f"VARCHAR(40) NOT NULL DEFAULT 'draft' {_one_of(table, 'revisionstage', 'stage', STAGES)}")
    _add(table, "base_id", f"INTEGER {_points(table, 'base_id', table)}")
    _add(table, "minutes_number", "VARCHAR(100) NOT NULL DEFAULT ''")
    _add(table, "minutes_on", "DATE")
    _add(table, "signed_on", "DATE")
    _add(table, "effective_on", "DATE")
    _add(table, "superseded_on", "DATE")


def _stages_from_what_was_known() -> None:
    """Until now a revision was set aside, effective, or where its agreement stood; nobody works on void ones."""
    op.execute("""
        UPDATE agreement_revision SET
            closed_at = (SELECT updated_at FROM agreement WHERE agreement.id = agreement_id),
            closed_reason = (SELECT void_reason FROM agreement WHERE agreement.id = agreement_id)
        WHERE closed_at IS NULL AND agreement_id IN (SELECT id FROM agreement WHERE status = 'void')
    """)
    op.execute("""
        UPDATE agreement_revision SET
            minutes_number = (SELECT minutes_number FROM agreement WHERE agreement.id = agreement_id),
            minutes_on = (SELECT minutes_on FROM agreement WHERE agreement.id = agreement_id),
            stage = CASE
                WHEN closed_at IS NOT NULL THEN 'set_aside'
                WHEN effective THEN 'effective'
                ELSE (SELECT CASE WHEN status IN ('draft', 'review', 'negotiation', 'signing') THEN status
                             WHEN content_sha256 = '' THEN 'draft' ELSE 'negotiation' END
                      FROM agreement WHERE agreement.id = agreement_id)
            END
    """)
    op.execute("""
        UPDATE agreement_revision SET
            signed_on = (SELECT signed_on FROM agreement WHERE agreement.id = agreement_id),
            effective_on = (SELECT COALESCE(effective_on, signed_on, sort_on) FROM agreement
                            WHERE agreement.id = agreement_id)
        WHERE stage = 'effective'
    """)
    closed_on = f"COALESCE({_next_day('expires_on')}, sort_on)"
    op.execute(f"UPDATE agreement SET closed_on = {closed_on} WHERE status = 'closed'")  # noqa: S608 - a column of ours


def _tighten_revision() -> None:
    op.drop_column("agreement_revision", "effective")
    for name, where in (("open", OPEN), ("effective", IN_EFFECT)):
        op.create_index(
            f"uq_agreement_revision_{name}",
            "agreement_revision",
            ["agreement_id"],
            unique=True,
            sqlite_where=where,
            postgresql_where=where,
        )
    op.create_index("ix_agreement_revision_stage", "agreement_revision", ["stage", "effective_on"])
    op.drop_column("agreement", "minutes_number")
    op.drop_column("agreement", "minutes_on")


def _make_period() -> None:
    op.create_table(
        "agreement_period",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("status", _enum("agreementstatus", STATUSES), nullable=False),
        sa.Column("outcome", _enum("closureoutcome", OUTCOMES), nullable=True),
        sa.Column("revision_id", sa.Integer(), nullable=True),
        sa.Column("title_zh", sa.String(length=200), nullable=False),
        sa.Column("title_en", sa.String(length=400), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("open_ended", sa.Boolean(), nullable=False),
        sa.CheckConstraint("until_on IS NULL OR until_on > from_on", name=op.f("ck_agreement_period_span")),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_agreement_period_agreement_id_agreement")
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"],
            ["agreement_revision.id"],
            name=op.f("fk_agreement_period_revision_id_agreement_revision"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_period")),
        sa.UniqueConstraint("agreement_id", "from_on", name=op.f("uq_agreement_period_agreement_id_from_on")),
    )


def _make_notice() -> None:
    op.create_table(
        "termination_notice",
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("party_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("notice_days", sa.Integer(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_reason", sa.String(length=1000), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.CheckConstraint("notice_days >= 0 AND ends_on >= received_on", name=op.f("ck_termination_notice_period")),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_termination_notice_agreement_id_agreement")
        ),
        sa.ForeignKeyConstraint(
            ["party_id"], ["agreement_party.id"], name=op.f("fk_termination_notice_party_id_agreement_party")
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_termination_notice_file_id_stored_file")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["user_account.id"], name=op.f("fk_termination_notice_recorded_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_termination_notice")),
        sa.UniqueConstraint("public_id", name=op.f("uq_termination_notice_public_id")),
    )
    op.create_index("ix_termination_notice_agreement", "termination_notice", ["agreement_id", "id"])
    op.create_index("ix_termination_notice_ends_on", "termination_notice", ["ends_on"])


COLUMNS = """
    agreement_id, from_on, until_on, status, outcome, revision_id,
    title_zh, title_en, effective_on, expires_on, open_ended
"""
IN_EFFECT_ID = "(SELECT r.id FROM agreement_revision r WHERE r.agreement_id = a.id AND r.stage = 'effective')"
TERMS = f"{IN_EFFECT_ID}, a.title_zh, a.title_en, a.effective_on, a.expires_on, a.open_ended"


def _periods_from_what_was_known() -> None:
    """What is signed stands as it does since its first day; what is closed was in force before, where that is known."""
    op.execute(f"""
        INSERT INTO agreement_period ({COLUMNS})
        SELECT a.id, CASE WHEN a.status = 'signed' THEN COALESCE(a.signed_on, a.sort_on)
                          ELSE COALESCE(a.effective_on, a.signed_on, a.sort_on) END,
               NULL, CASE WHEN a.status = 'closed' THEN 'in_force' ELSE a.status END, NULL, {TERMS}
        FROM agreement a WHERE a.status IN ('signed', 'in_force', 'suspended')
            OR (a.status = 'closed' AND COALESCE(a.effective_on, a.signed_on) < a.closed_on)
    """)  # noqa: S608 - columns of ours
    op.execute(f"""
        INSERT INTO agreement_period ({COLUMNS})
        SELECT a.id, a.closed_on, NULL, 'closed', a.outcome, {TERMS} FROM agreement a WHERE a.status = 'closed'
    """)  # noqa: S608 - columns of ours
    op.execute("""
        UPDATE agreement_period SET until_on = (
            SELECT MIN(later.from_on) FROM agreement_period later
            WHERE later.agreement_id = agreement_period.agreement_id AND later.from_on > agreement_period.from_on)
    """)


def _next_day(column: str) -> str:
    return f"{column} + 1" if op.get_context().dialect.name == "postgresql" else f"date({column}, '+1 day')"


def downgrade() -> None:
    """Go back; what only this form knows (periods, notices, later revisions' days) is gone."""
    op.drop_table("termination_notice")
    op.drop_table("agreement_period")
    _shrink_agreement()
    _shrink_revision()
    for column in ("left_on", "joined_on", "is_bound"):
        op.drop_column("agreement_party", column)


def _shrink_agreement() -> None:
    _add("agreement", "minutes_number", "VARCHAR(100) NOT NULL DEFAULT ''")
    _add("agreement", "minutes_on", "DATE")
    decided = """FROM agreement_revision r WHERE r.agreement_id = agreement.id AND r.minutes_number <> ''
                 ORDER BY CASE WHEN r.stage = 'effective' THEN 0 ELSE 1 END, r.no DESC LIMIT 1"""
    op.execute(f"""
        UPDATE agreement SET minutes_number = COALESCE((SELECT r.minutes_number {decided}), ''),
                             minutes_on = (SELECT r.minutes_on {decided})
    """)  # noqa: S608 - columns of ours
    op.drop_index("ix_agreement_renews_id", table_name="agreement")
    for column in (
        "renewal_decided_on", "renewal_decided_by_id", "renewal_reason", "renewal_decision", "closing_notes",
        "closing_reason", "closed_on", "renews_id",
    ):  # fmt: skip
        op.drop_column("agreement", column)


def _shrink_revision() -> None:
    for name in ("ix_agreement_revision_stage", "uq_agreement_revision_effective", "uq_agreement_revision_open"):
        op.drop_index(name, table_name="agreement_revision")
    op.add_column("agreement_revision", sa.Column("effective", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute(f"UPDATE agreement_revision SET effective = {_true()} WHERE stage = 'effective'")  # noqa: S608
    op.execute("""
        UPDATE agreement_revision SET closed_at = updated_at, closed_reason = stage
        WHERE closed_at IS NULL AND stage <> 'effective' AND (base_id IS NOT NULL OR stage = 'superseded')
    """)  # that form knows one text in force and none beside it
    for column in (
        "superseded_on", "effective_on", "signed_on", "minutes_on", "minutes_number", "base_id", "stage",
    ):  # fmt: skip
        op.drop_column("agreement_revision", column)


def _true() -> str:
    return "TRUE" if op.get_context().dialect.name == "postgresql" else "1"

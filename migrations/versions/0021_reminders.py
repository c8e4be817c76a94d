"""Reminders: settings, what was told to whom, how far each rule has come, and the indexes by which due dates are read.

Revision: 0021, after 0020
"""

import sqlalchemy as sa
from alembic import op

from registry.core import db as types

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

RULES = (
    "expiry", "renewal", "unsigned", "review", "archive", "commitment", "confirmation", "visit", "meeting", "silence",
    "dormancy", "task",
)  # fmt: skip
AT_SYSTEM = "organisation_id IS NULL"
AT_ORGANISATION = "organisation_id IS NOT NULL AND agreement_id IS NULL"
AT_AGREEMENT = "agreement_id IS NOT NULL"
# By which the sources read what falls due: table, name, columns, and the rows it is about.
INDEXES: tuple[tuple[str, str, list[str], str], ...] = (
    ("agreement", "ix_agreement_status_effective", ["status", "effective_on"], ""),
    ("agreement", "ix_agreement_owner_expiry", ["owner_id", "status", "expires_on"], ""),
    ("clearance", "ix_clearance_due", ["step", "due_on"], "result IS NULL"),
    ("archive_entry", "ix_archive_entry_waits", ["due_on"], "archived_at IS NULL"),
    ("task", "ix_task_due", ["state", "due_on"], ""),
    ("visit", "ix_visit_held", ["subject_kind", "state", "held_on"], ""),
    ("commitment_period", "ix_commitment_period_reported", ["state", "reported_on"], ""),
    ("relationship", "ix_relationship_said", ["quiet_said_on"], ""),
)


def _rule(name: str) -> sa.Column[str]:
    kind = sa.Enum(*RULES, name=name, native_enum=False, create_constraint=True, length=40)
    return sa.Column("rule", kind, nullable=False)


def _partial(name: str, table: str, columns: list[str], condition: str, *, unique: bool = False) -> None:
    where = sa.text(condition) if condition else None
    op.create_index(name, table, columns, unique=unique, sqlite_where=where, postgresql_where=where)


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "reminder_setting",
        sa.Column("id", sa.Integer(), nullable=False),
        _rule("reminder_setting_rule"),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("agreement_id", sa.Integer(), nullable=True),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("on_day", sa.Boolean(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("every", sa.Integer(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("created_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "agreement_id IS NULL OR organisation_id IS NOT NULL", name=op.f("ck_reminder_setting_whose")
        ),
        sa.CheckConstraint(
            "every >= 0 AND times >= 0 AND (every = 0) = (times = 0)", name=op.f("ck_reminder_setting_repeats")
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_reminder_setting_agreement_id_agreement")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_reminder_setting_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder_setting")),
    )
    table = "reminder_setting"
    _partial("uq_reminder_setting_system", table, ["rule"], AT_SYSTEM, unique=True)
    _partial("uq_reminder_setting_organisation", table, ["organisation_id", "rule"], AT_ORGANISATION, unique=True)
    columns = ["agreement_id", "organisation_id", "rule"]
    _partial("uq_reminder_setting_agreement", table, columns, AT_AGREEMENT, unique=True)
    _reminders()
    op.create_table(
        "reminder_run",
        _rule("reminder_run_rule"),
        sa.Column("through", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("rule", name=op.f("pk_reminder_run")),
    )
    for table, name, columns, condition in INDEXES:
        _partial(name, table, columns, condition)


def _reminders() -> None:
    op.create_table(
        "reminder",
        sa.Column("id", sa.Integer(), nullable=False),
        _rule("reminder_rule"),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_public_id", sa.String(length=26), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("reminded_on", sa.Date(), nullable=False),
        sa.Column("digest_on", sa.Date(), nullable=True),
        sa.Column("in_digest", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_reminder_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_reminder_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder")),
        sa.UniqueConstraint(
            "rule", "subject_kind", "subject_public_id", "due_on", "days", "user_id", name="uq_reminder"
        ),
    )
    op.create_index("ix_reminder_subject", "reminder", ["subject_kind", "subject_public_id", "organisation_id", "id"])
    op.create_index("ix_reminder_organisation", "reminder", ["organisation_id", "id"])
    op.create_index("ix_reminder_digest", "reminder", ["user_id", "digest_on"])
    _partial("ix_reminder_waits", "reminder", ["user_id", "id"], "digest_on IS NULL")


def downgrade() -> None:
    """Go back."""
    for table, name, _columns, _condition in INDEXES:
        op.drop_index(name, table)
    for table in ("reminder_run", "reminder", "reminder_setting"):
        op.drop_table(table)

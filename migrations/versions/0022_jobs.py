"""Attempts at jobs, signs of life of workers, failed jobs by kind; addresses of calendars.

Revision: 0022, after 0021
"""

import sqlalchemy as sa
from alembic import op

from registry.core import db as types

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

OUTCOMES = ("running", "done", "error", "lost", "late")
WORKERS = ("embedded", "process", "celery")


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "job_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=False),
        sa.Column("lease", sa.String(length=26), nullable=False),
        sa.Column("worker", sa.String(length=120), nullable=False),
        sa.Column("started_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", types.UTCDateTime(timezone=True), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(*OUTCOMES, name="attemptoutcome", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("error", sa.String(length=2000), nullable=False),
        sa.CheckConstraint("(outcome = 'running') = (ended_at IS NULL)", name=op.f("ck_job_attempt_ended")),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_job_attempt_job_id_job"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_attempt")),
    )
    op.create_index("ix_job_attempt_job", "job_attempt", ["job_id", "id"])
    op.create_index("ix_job_attempt_started", "job_attempt", ["started_at"])
    op.create_table(
        "worker_sign",
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(*WORKERS, name="workerkind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("started_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("seen_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_worker_sign")),
    )
    op.create_index(op.f("ix_worker_sign_seen_at"), "worker_sign", ["seen_at"])
    op.create_index("ix_job_kind", "job", ["kind", "status", "finished_at", "id"])
    op.create_table(
        "calendar_feed",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("security_epoch", sa.Integer(), nullable=False),
        sa.Column("made_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("fetched_at", types.UTCDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_calendar_feed_user_id_user_account")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_calendar_feed_token_hash")),
    )


def downgrade() -> None:
    """Go back; what was tried when is forgotten, and calendars get nothing more."""
    op.drop_table("calendar_feed")
    op.drop_index("ix_job_kind", table_name="job")
    op.drop_table("worker_sign")
    op.drop_table("job_attempt")

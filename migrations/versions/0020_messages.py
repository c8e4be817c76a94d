"""Messages, what people and organisations want of them, and the outbox.

Revision: 0020, after 0019
"""

import sqlalchemy as sa
from alembic import op

from registry.core import db as types

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "message_channel",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column(
            "via",
            sa.Enum(
                "email",
                "wecom",
                "dingtalk",
                "webhook",
                name="channel_via",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("host", sa.String(length=200), nullable=False),
        sa.Column("address_encrypted", sa.LargeBinary(), nullable=False),
        sa.Column("secret_encrypted", sa.LargeBinary(), nullable=True),
        sa.Column("topics", sa.JSON(), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("quiet_from", sa.Time(), nullable=False),
        sa.Column("quiet_until", sa.Time(), nullable=False),
        sa.Column("working_days_only", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("created_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("via <> 'email'", name=op.f("ck_message_channel_group")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_message_channel_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_channel")),
        sa.UniqueConstraint("public_id", name=op.f("uq_message_channel_public_id")),
    )
    with op.batch_alter_table("message_channel", schema=None) as batch_op:
        batch_op.create_index("ix_message_channel_organisation", ["organisation_id", "active"], unique=False)

    op.create_table(
        "message",
        sa.Column("recipient_id", sa.Integer(), nullable=False),
        sa.Column(
            "topic",
            sa.Enum(
                "reminder",
                "digest",
                "commitment",
                "agreement",
                "task",
                "system",
                name="message_topic",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("title_zh", sa.String(length=400), nullable=False),
        sa.Column("title_en", sa.String(length=400), nullable=False),
        sa.Column("body_zh", sa.Text(), nullable=False),
        sa.Column("body_en", sa.Text(), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_public_id", sa.String(length=26), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("created_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("read_at", types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["recipient_id"], ["user_account.id"], name=op.f("fk_message_recipient_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("public_id", name=op.f("uq_message_public_id")),
        sa.UniqueConstraint("recipient_id", "key", name=op.f("uq_message_recipient_id_key")),
    )
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index("ix_message_list", ["recipient_id", "id"], unique=False)
        batch_op.create_index("ix_message_read_at", ["read_at"], unique=False)
        batch_op.create_index("ix_message_topic", ["recipient_id", "topic", "id"], unique=False)
        batch_op.create_index(
            "ix_message_unread",
            ["recipient_id", "id"],
            unique=False,
            sqlite_where=sa.text("read_at IS NULL"),
            postgresql_where=sa.text("read_at IS NULL"),
        )

    op.create_table(
        "message_preference",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("email_encrypted", sa.LargeBinary(), nullable=True),
        sa.Column("email_hint", sa.String(length=200), nullable=False),
        sa.Column("verified_at", types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("pending_encrypted", sa.LargeBinary(), nullable=True),
        sa.Column("pending_hint", sa.String(length=200), nullable=False),
        sa.Column("code_encrypted", sa.LargeBinary(), nullable=True),
        sa.Column("code_expires_at", types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("code_tries", sa.Integer(), nullable=False),
        sa.Column("quiet_from", sa.Time(), nullable=False),
        sa.Column("quiet_until", sa.Time(), nullable=False),
        sa.Column("working_days_only", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("created_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_message_preference_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_preference")),
        sa.UniqueConstraint("public_id", name=op.f("uq_message_preference_public_id")),
        sa.UniqueConstraint("user_id", name=op.f("uq_message_preference_user_id")),
    )
    op.create_table(
        "message_delivery",
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("channel_id", sa.Integer(), nullable=True),
        sa.Column(
            "via",
            sa.Enum(
                "email",
                "wecom",
                "dingtalk",
                "webhook",
                name="delivery_via",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("target", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "queued",
                "sent",
                "failed",
                "skipped",
                name="delivery_status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("bundled", sa.Boolean(), nullable=False),
        sa.Column("bundle_on", sa.Date(), nullable=True),
        sa.Column("due_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=2000), nullable=False),
        sa.Column("created_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["channel_id"],
            ["message_channel.id"],
            name=op.f("fk_message_delivery_channel_id_message_channel"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["message.id"], name=op.f("fk_message_delivery_message_id_message"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_delivery")),
        sa.UniqueConstraint("public_id", name=op.f("uq_message_delivery_public_id")),
        sa.UniqueConstraint("target", "key", name=op.f("uq_message_delivery_target_key")),
    )
    with op.batch_alter_table("message_delivery", schema=None) as batch_op:
        batch_op.create_index(
            "ix_message_delivery_bundle",
            ["target", "bundle_on"],
            unique=False,
            sqlite_where=sa.text("status = 'queued' AND bundled"),
            postgresql_where=sa.text("status = 'queued' AND bundled"),
        )
        batch_op.create_index("ix_message_delivery_channel", ["channel_id", "id"], unique=False)
        batch_op.create_index("ix_message_delivery_message", ["message_id"], unique=False)
        batch_op.create_index("ix_message_delivery_status", ["status", "id"], unique=False)

    op.create_table(
        "message_topic_way",
        sa.Column("preference_id", sa.Integer(), nullable=False),
        sa.Column(
            "topic",
            sa.Enum(
                "reminder",
                "digest",
                "commitment",
                "agreement",
                "task",
                "system",
                name="topic_way_topic",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "way",
            sa.Enum(
                "at_once", "digest", "none", name="topic_way", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["preference_id"],
            ["message_preference.id"],
            name=op.f("fk_message_topic_way_preference_id_message_preference"),
        ),
        sa.PrimaryKeyConstraint("preference_id", "topic", name=op.f("pk_message_topic_way")),
    )
    op.create_table(
        "message_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.Column("channel_id", sa.Integer(), nullable=True),
        sa.Column("began_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", types.UTCDateTime(timezone=True), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "begun",
                "accepted",
                "refused",
                "deferred",
                "unreachable",
                name="attempt_outcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("status_code", sa.Integer(), nullable=True),
        sa.Column("words", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["channel_id"],
            ["message_channel.id"],
            name=op.f("fk_message_attempt_channel_id_message_channel"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["delivery_id"],
            ["message_delivery.id"],
            name=op.f("fk_message_attempt_delivery_id_message_delivery"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_attempt")),
    )
    with op.batch_alter_table("message_attempt", schema=None) as batch_op:
        batch_op.create_index("ix_message_attempt_channel", ["channel_id", "began_at"], unique=False)
        batch_op.create_index("ix_message_attempt_delivery", ["delivery_id", "id"], unique=False)


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("message_attempt", schema=None) as batch_op:
        batch_op.drop_index("ix_message_attempt_delivery")
        batch_op.drop_index("ix_message_attempt_channel")

    op.drop_table("message_attempt")
    op.drop_table("message_topic_way")
    with op.batch_alter_table("message_delivery", schema=None) as batch_op:
        batch_op.drop_index("ix_message_delivery_status")
        batch_op.drop_index("ix_message_delivery_message")
        batch_op.drop_index("ix_message_delivery_channel")
        batch_op.drop_index(
            "ix_message_delivery_bundle",
            sqlite_where=sa.text("status = 'queued' AND bundled"),
            postgresql_where=sa.text("status = 'queued' AND bundled"),
        )

    op.drop_table("message_delivery")
    op.drop_table("message_preference")
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_message_unread", sqlite_where=sa.text("read_at IS NULL"), postgresql_where=sa.text("read_at IS NULL")
        )
        batch_op.drop_index("ix_message_topic")
        batch_op.drop_index("ix_message_read_at")
        batch_op.drop_index("ix_message_list")

    op.drop_table("message")
    with op.batch_alter_table("message_channel", schema=None) as batch_op:
        batch_op.drop_index("ix_message_channel_organisation")

    op.drop_table("message_channel")

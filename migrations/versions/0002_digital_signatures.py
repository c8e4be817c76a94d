"""Certificates, digital signatures, what a scan's pages are, the order of signing.

Revision: 0002, after 0001
"""

import sqlalchemy as sa
from alembic import op

from registry.core import db as types

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

KINDS = ("signing_copy", "party_scan", "proxy_letter", "registry_copy", "source", "attachment")
NEW_KINDS = ("signed_file", "signed_agreement", "external_file")
KIND_CHECK = "ck_agreement_document_documentkind"


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "signing_certificate",
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column(
            "source",
            sa.Enum(
                "development",
                "pkcs12",
                "pkcs11",
                name="keysource",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("key_reference", sa.String(length=200), nullable=False),
        sa.Column("subject", sa.String(length=400), nullable=False),
        sa.Column("issuer", sa.String(length=400), nullable=False),
        sa.Column("serial", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("not_before", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("not_after", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("pem", sa.Text(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("revoked_reason", sa.String(length=1000), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(revoked_at IS NULL) = (revoked_reason = '')", name=op.f("ck_signing_certificate_revoked_reason")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user_account.id"], name=op.f("fk_signing_certificate_created_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_signing_certificate_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_certificate")),
        sa.UniqueConstraint("public_id", name=op.f("uq_signing_certificate_public_id")),
        sa.UniqueConstraint("sha256", name=op.f("uq_signing_certificate_sha256")),
    )
    op.create_index("ix_signing_certificate_organisation", "signing_certificate", ["organisation_id", "not_after"])
    op.add_column("agreement", sa.Column("signs_in_order", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("agreement_document", sa.Column("scan_pages", sa.JSON(), nullable=True))
    op.add_column("agreement_document", sa.Column("origin", sa.String(length=200), nullable=False, server_default=""))
    _check_kinds((*KINDS, *NEW_KINDS))
    op.create_table(
        "digital_signature",
        sa.Column("signatory_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("certificate_id", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("reviewed_sha256", sa.String(length=64), nullable=False),
        sa.Column("signed_by_id", sa.Integer(), nullable=False),
        sa.Column("signed_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["certificate_id"],
            ["signing_certificate.id"],
            name=op.f("fk_digital_signature_certificate_id_signing_certificate"),
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["agreement_document.id"], name=op.f("fk_digital_signature_document_id_agreement_document")
        ),
        sa.ForeignKeyConstraint(
            ["signatory_id"], ["signatory.id"], name=op.f("fk_digital_signature_signatory_id_signatory")
        ),
        sa.ForeignKeyConstraint(
            ["signed_by_id"], ["user_account.id"], name=op.f("fk_digital_signature_signed_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digital_signature")),
        sa.UniqueConstraint("document_id", "field", name=op.f("uq_digital_signature_document_id_field")),
        sa.UniqueConstraint("public_id", name=op.f("uq_digital_signature_public_id")),
        sa.UniqueConstraint("signatory_id", name=op.f("uq_digital_signature_signatory_id")),
    )


def downgrade() -> None:
    """Go back; files of the new kinds become attachments."""
    op.drop_table("digital_signature")
    documents = sa.table("agreement_document", sa.column("kind"))
    op.execute(documents.update().where(documents.c.kind.in_(NEW_KINDS)).values(kind="attachment"))
    _check_kinds(KINDS)
    op.drop_column("agreement_document", "origin")
    op.drop_column("agreement_document", "scan_pages")
    op.drop_column("agreement", "signs_in_order")
    op.drop_table("signing_certificate")


def _check_kinds(kinds: tuple[str, ...]) -> None:
    """Replace the CHECK of a file's kind; SQLite builds the table anew for it, which nothing points at then."""
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    if op.get_context().dialect.name == "postgresql":
        op.drop_constraint(op.f(KIND_CHECK), "agreement_document", type_="check")
        op.create_check_constraint(op.f(KIND_CHECK), "agreement_document", f"kind IN ({listed})")
    else:
        with op.batch_alter_table("agreement_document") as batch:  # the old CHECK is not copied
            batch.create_check_constraint(op.f(KIND_CHECK), f"kind IN ({listed})")

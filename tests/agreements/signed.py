"""An agreement that two parties signed digitally and the registry closed, with its rows as the registry keeps them."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from pyhanko.sign import signers

from registry.agreements import papers
from registry.agreements.models import (
    Agreement,
    AgreementDocument,
    AgreementRevision,
    DigitalSignature,
    DocumentKind,
    Signatory,
    SignatoryStatus,
    SignatureMethod,
)
from registry.agreements.queries import signatories_of
from registry.agreements.services import files
from registry.core.dates import now, today
from registry.core.db import db, transaction
from registry.core.i18n import speaking
from registry.core.instance import settings
from registry.documents import produce, store
from registry.documents.authority import make_development_authority
from registry.documents.models import KeySource, SigningCertificate
from registry.documents.places import places
from tests.agreements.scene import Scene
from tests.documents.signed import closed, parties, sign


@dataclass
class SignedAgreement:
    """The agreement with its files as they grew."""

    agreement: Agreement
    unsigned: bytes
    half: bytes
    both: bytes
    closed: bytes


def keys() -> Path:
    """The development keys of the running application, made once."""
    where = places().keys
    if not (where / "registry.key").exists():
        make_development_authority(where)
    return where


def render(agreement: Agreement, revision: AgreementRevision | None = None) -> bytes:
    """The signing copy of a revision, the open one unless another is given."""
    chosen = revision or agreement.open_revision or agreement.effective_revision
    assert chosen
    with speaking("zh"):
        data = papers.signing_copy(agreement, chosen, settings().public_url)
    return produce.render_signing_copy(data)


def sign_all(scene: Scene, agreement: Agreement, unsigned: bytes) -> SignedAgreement:
    """Both sign, the registry closes; everything is noted as the registry notes it."""
    where = keys()
    one, other = parties(where)
    half = sign(unsigned, "Party-1", one, first=True)
    both = sign(half, "Party-2", other)
    done = closed(both, where)
    with transaction():
        keep(agreement, unsigned, DocumentKind.SIGNING_COPY)
        note(scene, agreement, one, "Party-1", keep(agreement, half, DocumentKind.SIGNED_FILE))
        note(scene, agreement, other, "Party-2", keep(agreement, both, DocumentKind.SIGNED_FILE))
        keep(agreement, done, DocumentKind.SIGNED_AGREEMENT)
    return SignedAgreement(agreement, unsigned, half, both, done)


def keep(agreement: Agreement, data: bytes, kind: DocumentKind) -> AgreementDocument:
    """Register a file."""
    return files.add(agreement, kind, store.save(data, "application/pdf"), "文件.pdf", None)


def note(
    scene: Scene, agreement: Agreement, signer: signers.SimpleSigner, field: str, document: AgreementDocument
) -> Signatory:
    """The rows of a digital signature."""
    revision, position = agreement.open_revision, int(field.split("-")[1])
    assert revision
    person = scene.bureau.seal_keeper
    rows = signatories_of(revision)
    row = next(one for one in rows if one.position == position and one.status is SignatoryStatus.PENDING)
    row.method = SignatureMethod.DIGITAL
    row.sign("测试签字人", "局长", today(), person.id, now())
    certificate = certificate_row(signer)
    db.session.add(
        DigitalSignature(
            signatory=row,
            document=document,
            certificate=certificate,
            field=field,
            reviewed_sha256="0" * 64,
            signed_by=person,
            signed_at=now(),
        )
    )
    db.session.flush()
    return row


def certificate_row(signer: signers.SimpleSigner) -> SigningCertificate:
    """The row of a certificate, once."""
    certificate = signer.signing_cert
    assert certificate is not None
    digest = certificate.sha256.hex()
    present = db.session.query(SigningCertificate).filter_by(sha256=digest).one_or_none()
    if present:
        return present
    row = SigningCertificate(
        source=KeySource.DEVELOPMENT,
        key_reference="test",
        subject=str(certificate.subject.human_friendly),
        issuer=str(certificate.issuer.human_friendly),
        serial=f"{certificate.serial_number:x}",
        sha256=digest,
        not_before=now() - timedelta(days=1),
        not_after=now() + timedelta(days=365),
        pem="",
        created_at=now(),
    )
    db.session.add(row)
    db.session.flush()
    return row

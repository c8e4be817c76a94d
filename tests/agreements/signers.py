"""Keys and certificates for tests that sign digitally."""

from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from cryptography.x509.oid import NameOID

from registry.core.dates import now
from registry.core.db import db
from registry.documents.authority import make_development_authority
from registry.documents.models import KeySource, SigningCertificate
from registry.organisations.models import Organisation

LIFE = timedelta(days=300)


def make_certificate(organisation: Organisation, keys: Path, life: timedelta = LIFE) -> SigningCertificate:
    """A certificate of the development authority in `keys`, which is made when it is not there."""
    if not (keys / "root.key").exists():
        make_development_authority(keys)
    private, certificate = _issued(keys, organisation.name_zh, life)
    name = f"test-{organisation.public_id}-{certificate.serial_number:x}.key"
    (keys / name).write_bytes(private)
    der = certificate.public_bytes(Encoding.DER)
    row = SigningCertificate(
        organisation=organisation,
        source=KeySource.DEVELOPMENT,
        key_reference=name,
        subject=certificate.subject.rfc4514_string(),
        issuer=certificate.issuer.rfc4514_string(),
        serial=f"{certificate.serial_number:x}",
        sha256=sha256(der).hexdigest(),
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
        pem=(certificate.public_bytes(Encoding.PEM) + (keys / "root.crt").read_bytes()).decode(),
        created_at=now(),
    )
    db.session.add(row)
    db.session.flush()
    return row


@cache
def _issued(keys: Path, name: str, life: timedelta) -> tuple[bytes, x509.Certificate]:
    """Cached, since each test begins with an empty database but the same keys."""
    root = x509.load_pem_x509_certificate((keys / "root.crt").read_bytes())
    issuer = load_pem_private_key((keys / "root.key").read_bytes(), None)
    assert isinstance(issuer, ec.EllipticCurvePrivateKey)
    key = ec.generate_private_key(ec.SECP256R1())
    subject = [
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, "DEVELOPMENT ONLY"),
        x509.NameAttribute(NameOID.COMMON_NAME, name),
    ]
    start = datetime.now(UTC) - timedelta(days=1)
    builder = (
        x509.CertificateBuilder(root.subject, x509.Name(subject), key.public_key())
        .not_valid_before(start)
        .not_valid_after(start + life)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(), critical=True)
    )
    while True:
        made = builder.serial_number(x509.random_serial_number()).sign(issuer, SHA256())
        if made.public_bytes(Encoding.DER)[-1] not in b"\n\r":
            return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()), made


def _usage() -> x509.KeyUsage:
    return x509.KeyUsage(True, True, False, False, False, False, False, False, False)

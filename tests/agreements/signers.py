"""Keys and certificates for tests that sign digitally."""

from datetime import timedelta
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from registry.core.db import db
from registry.documents.authority import make_development_authority
from registry.documents.models import KeySource, SigningCertificate
from registry.documents.signing.keys import chain_of
from registry.organisations.models import Organisation
from tests.documents.certificates import certify, row_of

LIFE = timedelta(days=300)


def make_certificate(organisation: Organisation, keys: Path, life: timedelta = LIFE) -> SigningCertificate:
    """A certificate of the development authority in `keys`, which is made when it is not there."""
    if not (keys / "root.key").exists():
        make_development_authority(keys)
    private, certificate = _issued(keys, organisation.name_zh, life)
    name = f"test-{organisation.public_id}-{certificate.serial_number:x}.key"
    (keys / name).write_bytes(private)
    pem = (certificate.public_bytes(Encoding.PEM) + (keys / "root.crt").read_bytes()).decode()
    row = row_of(chain_of(pem), KeySource.DEVELOPMENT, name, pem)
    row.organisation, row.subject = organisation, certificate.subject.rfc4514_string()
    db.session.add(row)
    db.session.flush()
    return row


@cache
def _issued(keys: Path, name: str, life: timedelta) -> tuple[bytes, x509.Certificate]:
    """Cached, since each test begins with an empty database but the same keys."""
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = certify(keys, key, name, life=life)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()), certificate

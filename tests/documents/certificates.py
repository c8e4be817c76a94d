"""Certificates and keys for tests: from the development authority, in files, on tokens."""

from pathlib import Path

from asn1crypto import x509
from cryptography import x509 as pyca
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, KeySerializationEncryption
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates

from registry.core.dates import now
from registry.documents import authority
from registry.documents.minting import Issuer, Purpose, mint
from registry.documents.models import KeySource, SigningCertificate
from registry.documents.signing.keys import chain_of

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
PASSPHRASE = "打开 the file 2026"


def root_of(keys: Path) -> Issuer:
    """The development root with its key."""
    return authority._issuer(keys)


def certify(keys: Path, key: Key, name: str = "测试单位", **changes: object) -> pyca.Certificate:
    """A certificate to sign with for this key, by the development root."""
    return mint(name, key.public_key(), Purpose.SIGNING, root_of(keys), **changes)  # type: ignore[arg-type]


def bundle_of(
    key: Key | None,
    certificate: pyca.Certificate | None,
    others: list[pyca.Certificate] | None = None,
    passphrase: str = PASSPHRASE,
    encryption: KeySerializationEncryption | None = None,
) -> bytes:
    """A PKCS#12 file."""
    means = encryption or BestAvailableEncryption(passphrase.encode())
    return serialize_key_and_certificates("签名".encode(), key, certificate, others, means)


def row_of(chain: list[x509.Certificate], source: KeySource, key_reference: str, pem: str) -> SigningCertificate:
    """A row that is in no database."""
    own = chain[0]
    return SigningCertificate(
        source=source,
        key_reference=key_reference,
        subject="测试单位",
        issuer="DEVELOPMENT Root",
        serial=f"{own.serial_number:x}",
        sha256=own.sha256.hex(),
        not_before=own.not_valid_before,
        not_after=own.not_valid_after,
        pem=pem,
        created_at=now(),
    )


def issued_row(keys: Path, stem: str) -> SigningCertificate:
    """A development certificate whose key is in the folder."""
    made = authority.issue(keys, "测试单位", stem)
    return row_of(chain_of(made.pem), KeySource.DEVELOPMENT, made.key_name, made.pem)

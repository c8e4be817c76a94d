"""The development authority: a root and the registry's certificate, whose subjects say DEVELOPMENT. 开发用证书.

Good for demonstrations only. A site signs with its own certificate: REGISTRY_SIGNING_PKCS12 and
REGISTRY_SIGNING_PASSPHRASE.
"""

import os
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from cryptography.x509.oid import NameOID

from ..core.dates import now

ORGANISATION = "DEVELOPMENT ONLY – Cooperation Registry"
ROOT_NAME = "DEVELOPMENT Root"
REGISTRY_NAME = "DEVELOPMENT Registry 校地合作协议登记系统（演示）"
LIFE = timedelta(days=3650)
CRL_LIFE = timedelta(days=3650)
LINE_ENDS = b"\n\r"  # PDF/A checkers take such a last byte for the line end before `endstream`


class AlreadyThere(RuntimeError):
    """There are keys already; making new ones would orphan what the old ones signed."""


def make_development_authority(keys: Path) -> None:
    """Make root, registry certificate and an empty revocation list in `keys`, readable by the owner only.

    Raises AlreadyThere.
    """
    if (keys / "registry.key").exists():
        raise AlreadyThere(f"{keys} holds keys already")
    keys.mkdir(parents=True, exist_ok=True, mode=0o700)
    root_key, own_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root = _certificate(ROOT_NAME, root_key.public_key(), root_key, None)
    own = _certificate(REGISTRY_NAME, own_key.public_key(), root_key, root)
    _write(keys / "root.crt", root.public_bytes(Encoding.PEM))
    _write(keys / "registry.crt", own.public_bytes(Encoding.PEM))
    _write(keys / "root.key", _pem(root_key))
    _write(keys / "root.crl", _crl(root, root_key, ()).public_bytes(Encoding.PEM))
    _write(keys / "registry.key", _pem(own_key))  # last: its presence says that everything is there


def revoke(keys: Path, serials: Iterable[int]) -> None:
    """Write a revocation list of the development root that names these certificates."""
    root = x509.load_pem_x509_certificate((keys / "root.crt").read_bytes())
    key = load_pem_private_key((keys / "root.key").read_bytes(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)  # noqa: S101 - we made it
    _write(keys / "root.crl", _crl(root, key, serials).public_bytes(Encoding.PEM))


def _certificate(
    name: str,
    public: ec.EllipticCurvePublicKey,
    issuer_key: ec.EllipticCurvePrivateKey,
    issuer: x509.Certificate | None,
) -> x509.Certificate:
    """A certificate for `name`; without an issuer, a root that signs itself."""
    subject, moment, is_root = _name(name), now(), issuer is None
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(public)
        .not_valid_before(moment - timedelta(minutes=5))
        .not_valid_after(moment + LIFE)
        .add_extension(x509.BasicConstraints(ca=is_root, path_length=0 if is_root else None), critical=True)
        .add_extension(_usage(is_root=is_root), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
    )
    while True:  # a new serial number and signature each time
        made = builder.serial_number(x509.random_serial_number()).sign(issuer_key, SHA256())
        if made.public_bytes(Encoding.DER)[-1] not in LINE_ENDS:
            return made


def _crl(
    root: x509.Certificate, key: ec.EllipticCurvePrivateKey, serials: Iterable[int]
) -> x509.CertificateRevocationList:
    moment: datetime = now() - timedelta(minutes=5)
    builder = x509.CertificateRevocationListBuilder().issuer_name(root.subject).last_update(moment)
    builder = builder.next_update(moment + CRL_LIFE).add_extension(x509.CRLNumber(int(moment.timestamp())), False)
    builder = builder.add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), False)
    for serial in serials:
        row = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(moment).build()
        builder = builder.add_revoked_certificate(row)
    while True:
        made = builder.sign(key, SHA256())
        if made.public_bytes(Encoding.DER)[-1] not in LINE_ENDS:
            return made


def _usage(*, is_root: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not is_root,
        content_commitment=not is_root,
        key_cert_sign=is_root,
        crl_sign=is_root,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _name(common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, ORGANISATION),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _write(path: Path, data: bytes) -> None:
    """Write a file that only the owner reads, whole or not at all."""
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    number = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(number, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(number)
    os.replace(part, path)

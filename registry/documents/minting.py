"""Certificates and revocation lists of the development authority, made in memory. 签发证书与吊销列表."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from ..core.dates import now

ORGANISATION = "DEVELOPMENT ONLY – Cooperation Registry"
LIFE = timedelta(days=3650)
LINE_ENDS = b"\n\r"  # PDF/A checkers take such a last byte for the line end before `endstream`
LONGEST_NAME = 64  # RFC 5280, ub-common-name; bytes, since that is what programs count

PublicKey = ec.EllipticCurvePublicKey | rsa.RSAPublicKey


class Purpose(Enum):
    """What a certificate is good for."""

    ROOT = "root"
    SIGNING = "signing"
    TIME_STAMPS = "time_stamps"


@dataclass(frozen=True)
class Issuer:
    """Who issues: a root and its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


def mint(
    name: str, public: PublicKey, purpose: Purpose, issuer: Issuer | ec.EllipticCurvePrivateKey, life: timedelta = LIFE
) -> x509.Certificate:
    """A certificate for `name`. A root is issued by its own key alone."""
    subject, moment = _name(name), now()
    key = issuer.key if isinstance(issuer, Issuer) else issuer
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if isinstance(issuer, Issuer) else subject)
        .public_key(public)
        .not_valid_before(moment - timedelta(minutes=5))
        .not_valid_after(moment + life)
    )
    for extension, is_critical in _extensions(public, purpose, key):
        builder = builder.add_extension(extension, is_critical)
    while True:  # a new serial number and signature each time
        made = builder.serial_number(x509.random_serial_number()).sign(key, SHA256())
        if made.public_bytes(Encoding.DER)[-1] not in LINE_ENDS:
            return made


def revocation_list(issuer: Issuer, revoked: Mapping[int, datetime], number: int) -> x509.CertificateRevocationList:
    """A list of the issuer's that names these serial numbers, each with the moment of its revocation."""
    moment = now()
    builder = x509.CertificateRevocationListBuilder().issuer_name(issuer.certificate.subject).last_update(moment)
    builder = builder.next_update(moment + LIFE).add_extension(x509.CRLNumber(number), False)
    identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key())
    builder = builder.add_extension(identifier, False)
    for serial, revoked_at in revoked.items():
        row = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(revoked_at).build()
        builder = builder.add_revoked_certificate(row)
    while True:
        made = builder.sign(issuer.key, SHA256())
        if made.public_bytes(Encoding.DER)[-1] not in LINE_ENDS:
            return made


def _extensions(
    public: PublicKey, purpose: Purpose, issuer_key: ec.EllipticCurvePrivateKey
) -> list[tuple[x509.ExtensionType, bool]]:
    """Each with whether it is critical."""
    is_root = purpose is Purpose.ROOT
    found: list[tuple[x509.ExtensionType, bool]] = [
        (x509.BasicConstraints(ca=is_root, path_length=0 if is_root else None), True),
        (_usage(is_root=is_root), True),
        (x509.SubjectKeyIdentifier.from_public_key(public), False),
        (x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), False),
    ]
    if purpose is Purpose.TIME_STAMPS:  # RFC 3161, 2.3: this one purpose, and critical
        found.append((x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), True))
    return found


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
    """A name too long for its place stands whole as the unit."""
    short = common.encode()[:LONGEST_NAME].decode(errors="ignore")
    parts = [(NameOID.COUNTRY_NAME, "CN"), (NameOID.ORGANIZATION_NAME, ORGANISATION)]
    parts += [(NameOID.ORGANIZATIONAL_UNIT_NAME, common)] if short != common else []
    return x509.Name([x509.NameAttribute(kind, value) for kind, value in [*parts, (NameOID.COMMON_NAME, short)]])

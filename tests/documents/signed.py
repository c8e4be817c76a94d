"""Signatures of every kind for the tests, made with pyHanko directly: parties, the registry, time stamps."""

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import IO

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

DAY = timedelta(days=1)


def issue(
    keys: Path,
    organisation: str,
    name: str,
    *,
    days: tuple[int, int] = (-1, 365),
    stamps: bool = False,
    is_rsa: bool = False,
) -> signers.SimpleSigner:
    """A certificate of the development root in `keys`, valid between so many days from now, with its key."""
    root = x509.load_pem_x509_certificate((keys / "root.crt").read_bytes())
    root_key = load_pem_private_key((keys / "root.key").read_bytes(), None)
    assert isinstance(root_key, ec.EllipticCurvePrivateKey)
    key = rsa.generate_private_key(65537, 2048) if is_rsa else ec.generate_private_key(ec.SECP256R1())
    moment = datetime.now(UTC)
    subject = [(NameOID.COUNTRY_NAME, "CN"), (NameOID.ORGANIZATION_NAME, organisation), (NameOID.COMMON_NAME, name)]
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(*pair) for pair in subject]))
        .issuer_name(root.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(moment + days[0] * DAY)
        .not_valid_after(moment + days[1] * DAY)
        .add_extension(_usage(), critical=True)
    )
    if stamps:
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    return _signer(builder.sign(root_key, SHA256()), key, root)


def _usage() -> x509.KeyUsage:
    said = dict.fromkeys(("key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign"), False)
    return x509.KeyUsage(
        digital_signature=True, content_commitment=True, encipher_only=False, decipher_only=False, **said
    )


def _signer(
    certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey, root: x509.Certificate
) -> signers.SimpleSigner:
    own, above = (asn1.Certificate.load(one.public_bytes(Encoding.DER)) for one in (certificate, root))
    private = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return signers.SimpleSigner(
        signing_cert=own,
        signing_key=asn1_keys.PrivateKeyInfo.load(private),
        cert_registry=SimpleCertificateStore.from_certs([above]),  # type: ignore[no-untyped-call]  # pyHanko's
    )


def registry_signer(keys: Path) -> signers.SimpleSigner:
    """The registry's own key."""
    found = signers.SimpleSigner.load(  # type: ignore[no-untyped-call]  # pyHanko's, untyped
        str(keys / "registry.key"), str(keys / "registry.crt")
    )
    assert isinstance(found, signers.SimpleSigner)
    return found


def stamper(keys: Path, moment: datetime | None = None) -> DummyTimeStamper:
    """A time-stamping authority below the development root, whose clock may stand still."""
    signer = issue(keys, "DEVELOPMENT", "DEVELOPMENT Time Stamps", stamps=True, is_rsa=True)
    return DummyTimeStamper(signer.signing_cert, signer.signing_key, fixed_dt=moment)


def sign(
    pdf: bytes,
    field: str,
    signer: signers.SimpleSigner,
    *,
    first: bool = False,
    digest: str = "sha256",
    stamps: DummyTimeStamper | None = None,
) -> bytes:
    """One more signature, the first of all certifying."""
    rules = {"certify": True, "docmdp_permissions": MDPPerm.FILL_FORMS} if first else {}
    metadata = signers.PdfSignatureMetadata(
        field_name=field,
        md_algorithm=digest,
        subfilter=SigSeedSubFilter.PADES,
        **rules,  # type: ignore[arg-type]  # fields by name
    )
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    return _apart(lambda: signers.PdfSigner(metadata, signer, timestamper=stamps).sign_pdf(writer))


def stamp(pdf: bytes, stamps: DummyTimeStamper) -> bytes:
    """A document time stamp."""
    return stamp_in(pdf, None, stamps)


def stamp_in(pdf: bytes, field: str | None, stamps: DummyTimeStamper) -> bytes:
    """A document time stamp in a field of this name."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    return _apart(lambda: signers.PdfTimeStamper(stamps, field_name=field).timestamp_pdf(writer, "sha256"))


def _apart(make: Callable[[], IO[bytes]]) -> bytes:
    """In a thread of its own: pyHanko runs an event loop, and a browser test has one running already."""
    with ThreadPoolExecutor(1) as pool:
        made = pool.submit(make).result()
    made.seek(0)
    return made.read()


@cache
def parties(keys: Path) -> tuple[signers.SimpleSigner, signers.SimpleSigner]:
    """The bureau's and the university's certificates."""
    return (
        issue(keys, "鞍山市人力资源和社会保障局", "DEVELOPMENT 鞍山市人力资源和社会保障局"),
        issue(keys, "西北工业大学", "DEVELOPMENT 西北工业大学"),
    )


def signed_by_both(pdf: bytes, keys: Path) -> bytes:
    """Signed by two parties, still open."""
    one, other = parties(keys)
    return sign(sign(pdf, "Party-1", one, first=True), "Party-2", other)


def closed(pdf: bytes, keys: Path) -> bytes:
    """Closed by the registry."""
    return sign(pdf, "RegistryClosing", registry_signer(keys))


def digest_of(signer: signers.SimpleSigner) -> str:
    """SHA-256 of its certificate."""
    assert signer.signing_cert is not None
    return hashlib.sha256(signer.signing_cert.dump()).hexdigest()


def serial_of(signer: signers.SimpleSigner) -> int:
    """Its certificate's serial number."""
    assert signer.signing_cert is not None
    return int(signer.signing_cert.serial_number)

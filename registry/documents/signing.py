"""The registry's own signature under a file: PAdES baseline B, after which nothing may change. 签章."""

from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from asn1crypto import pem, x509
from pyhanko.keys import load_private_key_from_pemder
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import FieldMDPAction, FieldMDPSpec, MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, Signer, SimpleSigner
from pyhanko.sign.timestamps import TimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from ..core.errors import RegistryError
from ..core.i18n import msg
from .models import SigningCertificate
from .places import Places, places

FIELD = "RegistryClosing"
REASON = "Registry copy closed / 登记副本归档"


class NoSigningKey(RegistryError):
    """There is no certificate to sign with, or it cannot be opened."""

    title = msg("The registry has no signing certificate; the administrator must install one")


def close(pdf: bytes) -> bytes:
    """Add the registry's signature in an incremental update and forbid every further change.

    Raises NoSigningKey.
    """
    signer = _signer(places())
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    is_first = not writer.prev.embedded_signatures
    metadata = PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        reason=REASON,
        certify=is_first,
        docmdp_permissions=MDPPerm.NO_CHANGES,
    )
    # Readers ignore NO_CHANGES of a later signature unless it locks all fields as well.
    field = SigFieldSpec(
        FIELD,
        field_mdp_spec=FieldMDPSpec(FieldMDPAction.ALL),
        doc_mdp_update_value=None if is_first else MDPPerm.NO_CHANGES,
    )
    # pyHanko runs an event loop of its own, which a thread that has one running refuses: so sign in a thread apart.
    with ThreadPoolExecutor(1) as apart:
        signed = apart.submit(PdfSigner(metadata, signer, new_field_spec=field).sign_pdf, writer).result()
    return bytes(signed.getbuffer())


def signer_for(certificate: SigningCertificate) -> Signer:
    """Opens the key of an organisation's certificate.

    Raises NoSigningKey.
    """
    path = places().keys / certificate.key_reference
    if not path.exists():
        raise NoSigningKey
    own, *issuers = (x509.Certificate.load(der) for _, _, der in pem.unarmor(certificate.pem.encode(), multiple=True))
    return SimpleSigner(
        signing_cert=own,
        signing_key=load_private_key_from_pemder(path, passphrase=None),
        cert_registry=SimpleCertificateStore.from_certs(issuers),  # type: ignore[no-untyped-call]  # pyHanko's, untyped
    )


def timestamper() -> TimeStamper | None:
    """Who stamps signatures with a trusted time; None where none is configured."""
    return None


def trusted_roots(where: Places) -> list[bytes]:
    """The roots (DER) whose signatures the registry believes: the site's own, in demo mode the development root."""
    found: list[bytes] = []
    if where.signing_pkcs12:
        found += [certificate.dump() for certificate in _signer(where).cert_registry]
    for path in (where.trusted_roots, where.keys / "root.crt" if where.demo else None):
        for file in _files(path):
            found += [der for _, _, der in pem.unarmor(file.read_bytes(), multiple=True)]
    return [der for der in found if x509.Certificate.load(der).ca]


def _files(path: Path | None) -> list[Path]:
    """The file, or those of the folder."""
    if path is None or not path.exists():
        return []
    return sorted(file for file in path.iterdir() if file.suffix in (".pem", ".crt")) if path.is_dir() else [path]


def revocation_lists(where: Places) -> list[bytes]:
    """Revocation lists (DER) beside the keys; nothing is fetched."""
    lists = sorted(where.keys.glob("*.crl")) if where.keys.exists() else []
    return [der for path in lists for _, _, der in pem.unarmor(path.read_bytes(), multiple=True)]


def _signer(where: Places) -> SimpleSigner:
    path = where.signing_pkcs12 or where.keys / "registry.key"
    if not path.exists():
        raise NoSigningKey
    changed = path.stat().st_mtime_ns
    return _from_pkcs12(path, where.signing_passphrase, changed) if where.signing_pkcs12 else _from_keys(path, changed)


@lru_cache(maxsize=4)
def _from_pkcs12(path: Path, passphrase: str, _changed: int) -> SimpleSigner:
    signer: SimpleSigner | None = SimpleSigner.load_pkcs12(  # type: ignore[no-untyped-call]  # pyHanko's, untyped
        path, passphrase=passphrase.encode() or None
    )
    if signer is None:
        raise NoSigningKey(msg("The registry's signing certificate cannot be opened with the passphrase given"))
    return signer


@lru_cache(maxsize=4)
def _from_keys(path: Path, _changed: int) -> SimpleSigner:
    root, own = (_certificate(path.with_name(name)) for name in ("root.crt", "registry.crt"))
    return SimpleSigner(
        signing_cert=own,
        signing_key=load_private_key_from_pemder(path, passphrase=None),
        cert_registry=SimpleCertificateStore.from_certs([root]),  # type: ignore[no-untyped-call]  # pyHanko's, untyped
    )


def _certificate(path: Path) -> x509.Certificate:
    return x509.Certificate.load(pem.unarmor(path.read_bytes())[2])

"""The registry's own key and certificate: a PKCS#12 file by setting, else the development ones. 登记系统自身证书."""

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from asn1crypto import pem, x509
from pyhanko.keys import load_private_key_from_pemder
from pyhanko.sign.signers import SimpleSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

from ...core.i18n import msg
from ..places import Places
from .errors import NoSigningKey


def own_signer(where: Places) -> SimpleSigner:
    """What the registry closes files with. Raises NoSigningKey."""
    path = where.signing_pkcs12 or where.keys / "registry.key"
    if not path.exists():
        raise NoSigningKey
    changed = path.stat().st_mtime_ns
    return _from_pkcs12(path, where.signing_passphrase, changed) if where.signing_pkcs12 else _from_keys(path, changed)


def own_issuers(where: Places) -> Iterable[x509.Certificate]:
    """The certificates beside the registry's own. Raises NoSigningKey."""
    return own_signer(where).cert_registry


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

"""Asks the child process for what is in a PKCS#12 file, and says in words why it cannot be taken."""

from collections.abc import Mapping
from dataclasses import dataclass

from asn1crypto import x509

from ...core.errors import Invalid, Unavailable
from ...core.i18n import Message, msg
from ..workers.parent import Failed, pool_of

READER = "registry.documents.bundles.worker"
SECONDS = 20
LARGEST_BYTES = 100 * 1024
REASONS: Mapping[str, Message] = {
    "no_key": msg("The file holds no private key: export the certificate together with its key"),
    "key_kind": msg("The key must be elliptic (P-256 or P-384) or RSA with at least 2048 bits"),
    "no_certificate": msg("The file holds no certificate that belongs to the key"),
    "encryption": msg("The file is encrypted in a way that is not supported; export it again with AES-256"),
    "damaged": msg("This is not a PKCS#12 file (.p12, .pfx), or it is damaged"),
}
WRONG_PASSPHRASE = msg("The passphrase does not open the file")
TOO_HARD = msg("The file could not be opened within the limits")


@dataclass(frozen=True)
class Bundle:
    """What was inside: the key as PKCS#8 (DER), its certificate, and further certificates."""

    key: bytes
    certificate: x509.Certificate
    others: tuple[x509.Certificate, ...]


def read_bundle(data: bytes, passphrase: str) -> Bundle:
    """Open a PKCS#12 file; nothing of it touches the disk.

    Raises Invalid, and Unavailable when another one is being opened.
    """
    if not data:
        raise Invalid({"file": [msg("Choose a file")]})
    if len(data) > LARGEST_BYTES:
        raise Invalid({"file": [msg("At most %(limit)s KB", limit=LARGEST_BYTES // 1024)]})
    try:
        answer = pool_of(READER, {}, 1, SECONDS).ask({}, [data, passphrase.encode()])
    except Failed as failed:
        raise _refusal(failed) from None  # its detail may hold what a library said about the content
    key, own, *others = answer.blobs
    return Bundle(key, x509.Certificate.load(own), tuple(x509.Certificate.load(der) for der in others))


def _refusal(failed: Failed) -> Exception:
    if failed.code == "busy":
        return Unavailable()
    if failed.code == "passphrase":
        return Invalid({"passphrase": [WRONG_PASSPHRASE]})
    return Invalid({"file": [REASONS.get(failed.code, TOO_HARD)]})

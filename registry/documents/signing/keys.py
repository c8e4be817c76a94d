"""The keys that organisations sign with: each certificate's row says where its key lies. 单位签名密钥."""

from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from secrets import token_bytes
from typing import Any

from asn1crypto import keys as asn1_keys
from asn1crypto import pem, x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_private_key,
    load_der_public_key,
)
from pyhanko.keys import load_private_key_from_pemder_data
from pyhanko.sign.signers import Signer, SimpleSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

from ...core.crypto import Undecipherable
from ...core.dates import SHANGHAI, now
from ...core.i18n import Message, msg
from ..models import KeySource, SigningCertificate
from ..places import Places, places
from .apart import run_apart
from .errors import NoSigningKey
from .keyfiles import unseal
from .trust import is_listed, revocation_lists

SUBJECT_KEY = PublicFormat.SubjectPublicKeyInfo
MISSING = msg("The certificate's key file is missing; the administrator must import the certificate again")
UNREADABLE = msg("The certificate's key cannot be read: it was encrypted with another data key, or is damaged")
OTHER_KEY = msg("The key does not belong to the certificate")
NO_MODULE = msg("Tokens cannot be used here: the package python-pkcs11 is not installed")


def signer_for(certificate: SigningCertificate) -> Signer:
    """What an organisation signs with.

    Raises NoSigningKey with the reason: revoked, expired, not yet valid, key missing or unreadable, token absent,
    wrong PIN. The key of a token is asked only when it signs.
    """
    where = places()
    refusal = refusal_of(certificate, where)
    if refusal:
        raise NoSigningKey(refusal)
    return OPENERS[certificate.source](certificate, where)


def refusal_of(certificate: SigningCertificate, where: Places) -> Message | None:
    """Why the certificate may not sign now, whatever its key; None when it may."""
    moment = now()
    if certificate.source is KeySource.DEVELOPMENT and not where.demo:
        return msg("Development certificates sign in demonstrations only")
    if certificate.revoked_at is not None:
        return msg("The certificate was revoked on %(day)s", day=_day(certificate.revoked_at))
    if moment < certificate.not_before:
        return msg("The certificate is valid only from %(day)s", day=_day(certificate.not_before))
    if moment > certificate.not_after:
        return msg("The certificate expired on %(day)s", day=_day(certificate.not_after))
    if is_listed(chain_of(certificate.pem)[0], revocation_lists(where)):
        return msg("The certificate is on its issuer's revocation list")
    return None


def try_key(certificate: SigningCertificate) -> None:
    """Sign a random number and check the signature. Raises NoSigningKey."""
    signer, number = signer_for(certificate), token_bytes(32)
    signature = run_apart(lambda: signer.async_sign_raw(number, "sha256"))
    if not is_signed_by(chain_of(certificate.pem)[0], number, signature):
        raise NoSigningKey(OTHER_KEY)


def is_signed_by(certificate: x509.Certificate, data: bytes, signature: bytes) -> bool:
    """Whether the certificate's key made this signature (SHA-256; ECDSA or RSA PKCS#1 v1.5)."""
    public = load_der_public_key(certificate.public_key.dump())
    try:
        if isinstance(public, ec.EllipticCurvePublicKey):
            public.verify(signature, data, ec.ECDSA(SHA256()))
        elif isinstance(public, rsa.RSAPublicKey):
            public.verify(signature, data, padding.PKCS1v15(), SHA256())
        else:
            return False
    except InvalidSignature:
        return False
    return True


def is_own_key(key: bytes, certificate: x509.Certificate) -> bool:
    """Whether a private key (PKCS#8, DER) belongs to the certificate."""
    public: bytes = load_der_private_key(key, None).public_key().public_bytes(Encoding.DER, SUBJECT_KEY)
    own: bytes = certificate.public_key.dump()
    return public == own


def chain_of(text: str) -> list[x509.Certificate]:
    """The certificates of a PEM text: the first, then its issuers."""
    return [x509.Certificate.load(der) for _, _, der in pem.unarmor(text.encode(), multiple=True)]


def store_of(certificates: list[x509.Certificate]) -> SimpleCertificateStore:
    """What pyHanko takes issuers from."""
    made: SimpleCertificateStore = SimpleCertificateStore.from_certs(certificates)  # type: ignore[no-untyped-call]
    return made


def tokens() -> Any:
    """The module that speaks to tokens: not imported at the top, since its package is installed only where wanted.

    Raises NoSigningKey.
    """
    try:
        return import_module(f"{__package__}.tokens")
    except ImportError as error:
        raise NoSigningKey(NO_MODULE) from error


def _from_file(certificate: SigningCertificate, where: Places) -> Signer:
    """A development key, in the clear."""
    try:
        data = _path(certificate, where).read_bytes()
        key = load_private_key_from_pemder_data(data, passphrase=None)
    except FileNotFoundError as error:
        raise NoSigningKey(MISSING) from error
    except (ValueError, TypeError) as error:
        raise NoSigningKey(UNREADABLE) from error
    return _signer(certificate, key)


def _from_sealed(certificate: SigningCertificate, where: Places) -> Signer:
    """An imported key, encrypted."""
    try:
        key = asn1_keys.PrivateKeyInfo.load(unseal(_path(certificate, where)), strict=True)
    except FileNotFoundError as error:
        raise NoSigningKey(MISSING) from error
    except (Undecipherable, ValueError) as error:
        raise NoSigningKey(UNREADABLE) from error
    return _signer(certificate, key)


def _from_token(certificate: SigningCertificate, where: Places) -> Signer:
    own, *issuers = chain_of(certificate.pem)
    token, _, label = certificate.key_reference.partition("/")
    signer: Signer = tokens().TokenSigner(where, token, label, own, store_of(issuers))
    return signer


def _signer(certificate: SigningCertificate, key: asn1_keys.PrivateKeyInfo) -> Signer:
    """Raises NoSigningKey for a key that is not the certificate's."""
    own, *issuers = chain_of(certificate.pem)
    if not is_own_key(key.dump(), own):
        raise NoSigningKey(OTHER_KEY)
    return SimpleSigner(signing_cert=own, signing_key=key, cert_registry=store_of(issuers))


def _path(certificate: SigningCertificate, where: Places) -> Path:
    """Below the keys folder, whatever stands in the row."""
    return where.keys / Path(certificate.key_reference).name


def _day(moment: Any) -> str:
    return str(moment.astimezone(SHANGHAI).date())


Opener = Callable[[SigningCertificate, Places], Signer]
OPENERS: Mapping[KeySource, Opener] = {
    KeySource.DEVELOPMENT: _from_file,
    KeySource.PKCS12: _from_sealed,
    KeySource.PKCS11: _from_token,
}

"""Keys that never leave a token or a hardware module (PKCS#11). Imported only where one is used. 硬件密钥.

The token is opened for each signature and closed again: it may be pulled out and put back, and threads never share a
session. A PIN that was refused is not tried again before the next start, since tokens lock after a few wrong ones.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any

import pkcs11
from asn1crypto import x509
from pkcs11 import exceptions
from pyhanko.config.pkcs11 import TokenCriteria
from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session
from pyhanko.sign.signers import Signer
from pyhanko_certvalidator.registry import CertificateStore

from ...core.i18n import Message, msg
from ..places import Places
from .errors import NoSigningKey

NO_SETTING = msg("No token can be used: REGISTRY_PKCS11_MODULE is not set")
NO_LIBRARY = msg("The token's library (REGISTRY_PKCS11_MODULE) cannot be used")
WRONG_PIN = msg("The token refuses the PIN (REGISTRY_PKCS11_PIN); correct it and start the registry again")
LOCKED = msg("The token is locked after too many wrong PINs; unlock it with its own program")

_turn = Lock()
_refused: set[tuple[str, str, str]] = set()


class TokenSigner(Signer):
    """Signs with a key on a token. Raises NoSigningKey when the token is asked and cannot."""

    def __init__(
        self, where: Places, token: str, label: str, certificate: x509.Certificate, issuers: CertificateStore
    ) -> None:
        super().__init__(signing_cert=certificate, cert_registry=issuers)
        self.where, self.token, self.label = where, token, label
        self.longest_signature = 2 * certificate.public_key.byte_size + 16  # ECDSA: two numbers and their envelope

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        """The raw signature; a dry run only tells how long it may be."""
        if dry_run:
            return bytes(self.longest_signature)
        with _session(self.where, self.token) as session:
            # Not every token hashes by itself, so it gets the digest (the raw mechanism).
            inside = PKCS11Signer(
                session,
                signing_cert=self.signing_cert,
                key_label=self.label,
                ca_chain=self.cert_registry,
                use_raw_mechanism=True,
            )
            return bytes(await inside.async_sign_raw(data, digest_algorithm))


def certificates_on(where: Places, token: str, label: str) -> list[x509.Certificate]:
    """The certificates on the token, the key's own first: the one with the key's id, else with its label.

    Raises NoSigningKey when the token, the key or its certificate is not there.
    """
    with _session(where, token) as session:
        keys = list(_objects(session, pkcs11.ObjectClass.PRIVATE_KEY, label))
        if len(keys) != 1:
            raise NoSigningKey(_count_told(len(keys), label))
        wanted = keys[0][pkcs11.Attribute.ID]
        found = [
            (one[pkcs11.Attribute.ID] == wanted, one[pkcs11.Attribute.LABEL] == label, one[pkcs11.Attribute.VALUE])
            for one in _objects(session, pkcs11.ObjectClass.CERTIFICATE)
        ]
    ordered = sorted(found, key=lambda row: row[:2], reverse=True)
    if not ordered or not any(ordered[0][:2]):
        raise NoSigningKey(msg("The token holds no certificate for the key “%(label)s”", label=label))
    return [x509.Certificate.load(der) for _, _, der in ordered]


def _objects(session: Any, kind: pkcs11.ObjectClass, label: str = "") -> Iterator[Any]:
    wanted: dict[pkcs11.Attribute, Any] = {pkcs11.Attribute.CLASS: kind}
    if label:
        wanted[pkcs11.Attribute.LABEL] = label
    yield from session.get_objects(wanted)


@contextmanager
def _session(where: Places, token: str) -> Iterator[Any]:
    """The opened token, one user at a time. Raises NoSigningKey, also for what goes wrong inside."""
    if where.pkcs11_module is None:
        raise NoSigningKey(NO_SETTING)
    with _turn:
        tried = (str(where.pkcs11_module), token, where.pkcs11_pin)
        if tried in _refused:
            raise NoSigningKey(WRONG_PIN)
        try:
            with open_pkcs11_session(
                str(where.pkcs11_module), token_criteria=TokenCriteria(label=token), user_pin=where.pkcs11_pin or None
            ) as session:
                yield session
        except (exceptions.PinIncorrect, exceptions.PinInvalid, exceptions.PinLenRange) as error:
            _refused.add(tried)
            raise NoSigningKey(WRONG_PIN) from error
        except exceptions.PinLocked as error:
            raise NoSigningKey(LOCKED) from error
        except (exceptions.PKCS11Error, RuntimeError) as error:
            raise NoSigningKey(_told(error, token)) from error


def _told(error: Exception, token: str) -> Message:
    """pyHanko says only in words that it found no token or key; a library that cannot be loaded is no PKCS11Error."""
    if isinstance(error, exceptions.UserNotLoggedIn):
        return msg("The token wants a PIN: set REGISTRY_PKCS11_PIN")
    if "No token matching" in str(error):
        return msg("There is no token “%(token)s”: is it plugged in?", token=token)
    if "private key" in str(error):
        return msg("The token holds no such key, or cannot show it without a PIN")
    if isinstance(error, RuntimeError):
        return NO_LIBRARY
    return msg("The token does not work: %(error)s", error=repr(error))


def _count_told(count: int, label: str) -> Message:
    if count:
        return msg("The token holds several keys “%(label)s”", label=label)
    return msg("The token holds no key “%(label)s”, or cannot show it without a PIN", label=label)

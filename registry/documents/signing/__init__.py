"""Signing: keys and certificates, the registry's closing signature, time stamps, PAdES levels, trust. 签章."""

from .closing import close, closing_outlook
from .errors import NoSigningKey, NoTimeStamp
from .keys import signer_for, try_key
from .own import own_signer
from .timestamps import timestamper
from .trust import revocation_lists, trusted_roots

__all__ = [
    "NoSigningKey", "NoTimeStamp", "close", "closing_outlook", "own_signer", "revocation_lists", "signer_for",
    "timestamper", "trusted_roots", "try_key",
]  # fmt: skip

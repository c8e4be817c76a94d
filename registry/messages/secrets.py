"""Addresses, keys and codes, encrypted at rest with the installation's key, each for one purpose only. 加密保存."""

from ..core.crypto import decrypt, encrypt

EMAIL, CODE, ADDRESS, SECRET = "message-email", "message-code", "channel-address", "channel-secret"


def seal(text: str, purpose: str) -> bytes:
    """Encrypt a text for a purpose."""
    return encrypt(text.encode(), purpose)


def reveal(sealed: bytes | None, purpose: str) -> str:
    """The text again; empty where there is none. Raises Undecipherable."""
    return decrypt(sealed, purpose).decode() if sealed is not None else ""


def email_hint(address: str) -> str:
    """z***@example.cn: enough to recognise an address."""
    name, _at, host = address.rpartition("@")
    return f"{name[:1]}***@{host}"

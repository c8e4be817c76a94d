"""What comes in from outside, checked for form. 输入."""

from dataclasses import dataclass


@dataclass(frozen=True)
class BundleInput:
    """Whose PKCS#12 file it is, and its passphrase; `organisation` is a public id."""

    organisation: str
    passphrase: str


@dataclass(frozen=True)
class TokenInput:
    """Whose key on a token it is, and where."""

    organisation: str
    token: str
    key_label: str


@dataclass(frozen=True)
class CertificateFilter:
    """What the list is cut to; empty means all. `text` is part of an organisation's name, a subject or a number."""

    text: str = ""
    state: str = ""

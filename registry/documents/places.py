"""Where the running application keeps files, fonts and keys."""

from dataclasses import dataclass
from pathlib import Path

from ..core.instance import settings


@dataclass(frozen=True)
class Places:
    """Folders and signing settings of one application."""

    files: Path
    fonts: Path
    keys: Path
    demo: bool = False
    signing_pkcs12: Path | None = None
    signing_passphrase: str = ""
    trusted_roots: Path | None = None
    timestamp_url: str = ""
    signature_level: str = ""
    pkcs11_module: Path | None = None
    pkcs11_pin: str = ""


def places() -> Places:
    """The places of the application whose context is open."""
    given = settings()
    return Places(
        files=given.instance / "files",
        fonts=given.fonts or given.instance / "fonts",
        keys=given.instance / "keys",
        demo=given.demo,
        signing_pkcs12=given.signing_pkcs12,
        signing_passphrase=given.signing_passphrase,
        trusted_roots=given.trusted_roots,
        timestamp_url=given.timestamp_url,
        signature_level=given.signature_level,
        pkcs11_module=given.pkcs11_module,
        pkcs11_pin=given.pkcs11_pin,
    )

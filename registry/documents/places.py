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
    )

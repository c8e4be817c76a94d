"""Verifying an archive package without database and network. 归档包离线核验命令."""

import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from ..agreements.archive_check import Checked, check
from ..core.errors import Unavailable
from ..core.i18n import LANGUAGES, msg, speaking
from ..documents.store import sm3
from ..documents.verdicts import State, own_certificate
from .group import fail, registry
from .verify import EXISTING, EXIT, language_of_shell, trust_of

OTHER_DIGEST = msg("This is not the package that the archive card names: its SHA-256 is another one")


@registry.command("verify-archive")
@click.argument("file", type=EXISTING)
@click.option("--sha256", default="", help="The package's SHA-256 from the archive card, to compare.")
@click.option("--trust", type=EXISTING, multiple=True, help="Roots (PEM) to believe instead of this installation's.")
@click.option("--language", type=click.Choice(list(LANGUAGES)), help="Language of the words; by LANG unless given.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def verify_archive(file: Path, sha256: str, trust: tuple[Path, ...], language: str | None, as_json: bool) -> None:
    """Verify an archive package without the database; exit 0 valid, 1 invalid, 2 cannot be decided."""
    data = file.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    try:
        found = check(data, trust_of(trust, ()), None if trust else own_certificate())
    except Unavailable as error:
        raise fail(error.message.english) from error
    if sha256 and sha256.strip().lower() != digest:
        found = Checked(State.INVALID, (OTHER_DIGEST, *found.reasons), (), found.files)
    with speaking(language or language_of_shell()):
        click.echo(_as_json(found, digest) if as_json else "\n".join(_as_text(found, digest, data)))
    sys.exit(EXIT[found.state])


def _as_text(found: Checked, digest: str, data: bytes) -> Iterator[str]:
    yield str(found.state.label)
    yield from (f"  - {reason}" for reason in found.reasons)
    yield from (f"  · {note}" for note in found.notes)
    yield from (f"  {name}: {state.label}" for name, state in found.files)
    yield f"SHA-256 {digest}"
    if sm3(data):
        yield f"SM3     {sm3(data)}"


def _as_json(found: Checked, digest: str) -> str:
    told = {
        "state": str(found.state),
        "reasons": list(map(str, found.reasons)),
        "notes": list(map(str, found.notes)),
        "files": {name: str(state) for name, state in found.files},
        "sha256": digest,
    }
    return json.dumps(told, ensure_ascii=False, indent=1)

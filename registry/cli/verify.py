"""Verifying a file without database and network. 离线核验命令."""

import json
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from asn1crypto import pem

from ..agreements.labels import party_label
from ..agreements.offline import Examination, examine
from ..core.dates import SHANGHAI
from ..core.errors import Unavailable
from ..core.i18n import LANGUAGES, msg, speaking
from ..documents.store import sm3
from ..documents.verdicts import SignatureVerdict, State, Trust, own_certificate, own_trust
from .group import fail, registry

EXIT = {State.VALID: 0, State.INVALID: 1, State.UNDECIDED: 2}
EXISTING = click.Path(exists=True, dir_okay=False, path_type=Path)
LONGEST_VALUE = 200
CLOCK = msg("By the signer's own clock")


@registry.command()
@click.argument("file", type=EXISTING)
@click.option("--trust", type=EXISTING, multiple=True, help="Roots (PEM) to believe instead of this installation's.")
@click.option("--crl", type=EXISTING, multiple=True, help="Revocation lists (PEM) to regard as well.")
@click.option("--language", type=click.Choice(list(LANGUAGES)), help="Language of the words; by LANG unless given.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def verify(file: Path, trust: tuple[Path, ...], crl: tuple[Path, ...], language: str | None, as_json: bool) -> None:
    """Verify a signed PDF without the database; exit 0 valid, 1 invalid, 2 cannot be decided."""
    data = file.read_bytes()
    try:
        found = examine(data, trust_of(trust, crl), None if trust else own_certificate())
    except Unavailable as error:
        raise fail(error.message.english) from error
    with speaking(language or language_of_shell()):
        click.echo(json.dumps(_as_json(found), ensure_ascii=False, indent=1) if as_json else _as_text(found, data))
    sys.exit(EXIT[found.state])


def trust_of(roots: Sequence[Path], lists: Sequence[Path]) -> Trust:
    """The roots given, else this installation's, and the lists given besides."""
    known = Trust(tuple(_ders(roots))) if roots else own_trust()
    return replace(known, lists=(*known.lists, *_ders(lists)))


def _ders(paths: Sequence[Path]) -> Iterator[bytes]:
    for path in paths:
        try:
            yield from (der for _, _, der in pem.unarmor(path.read_bytes(), multiple=True))
        except ValueError as error:
            raise fail(f"{path} is not a PEM file") from error


def language_of_shell() -> str:
    """By LC_ALL, LC_MESSAGES or LANG, whichever is set first."""
    spoken = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return "zh" if spoken.startswith("zh") else "en"


def _as_text(found: Examination, data: bytes) -> str:
    lines = [str(found.state.label), *(f"  - {reason}" for reason in found.reasons)]
    for changed in found.differences:
        lines += [f"  - {changed.words}", f"      {_shown(changed.due)} → {_shown(changed.given)}"]
    lines += [f"  · {note}" for note in found.notes]
    for one in found.verdict.signatures:
        lines += ["", *_signature_lines(one)]
    lines += ["", f"SHA-256 {found.verdict.sha256}"]
    return "\n".join([*lines, f"SM3     {sm3(data)}"] if sm3(data) else lines)


def _signature_lines(one: SignatureVerdict) -> Iterator[str]:
    party = f"{party_label(one.position)} · " if one.position else ""
    yield f"{party}{one.field}: {one.state.label}"
    yield from (f"  - {reason}" for reason in one.reasons)
    yield from (f"  · {note}" for note in one.notes)
    held = one.certificate
    if held:
        yield f"  {msg('Organisation')}: {held.organisation}"
        yield f"  {msg('Signer')}: {held.name}"
        yield f"  {msg('Certificate issued by')}: {held.issuer}"
        yield f"  {msg('Serial number')}: {held.serial}"
        yield f"  {msg('Certificate valid')}: {_shanghai(held.not_before)} – {_shanghai(held.not_after)}"
    if one.moment:
        yield f"  {CLOCK}: {_shanghai(one.moment)}"
    if one.proven:
        yield f"  {msg('By a trusted time stamp')}: {_shanghai(one.proven)}"


def _as_json(found: Examination) -> dict[str, Any]:
    verdict = found.verdict
    return {
        "state": str(found.state),
        "reasons": [str(one) for one in found.reasons],
        "notes": [str(one) for one in found.notes],
        "closed": verdict.closed,
        "unsigned_parties": list(verdict.unsigned),
        "sha256": verdict.sha256,
        "record_sha256": verdict.record_sha256,
        "differences": [
            {"path": one.json_path, "change": str(one.change), "words": str(one.words)} for one in found.differences
        ],
        "signatures": [_signature_json(one) for one in verdict.signatures],
    }


def _signature_json(one: SignatureVerdict) -> dict[str, Any]:
    held = one.certificate
    return {
        "field": one.field,
        "party": one.position,
        "state": str(one.state),
        "reasons": [str(reason) for reason in one.reasons],
        "notes": [str(note) for note in one.notes],
        "time_stamp": one.is_timestamp,
        "signers_clock": _iso(one.moment),
        "trusted_time": _iso(one.proven),
        "certificate": held
        and {
            "organisation": held.organisation,
            "name": held.name,
            "issuer": held.issuer,
            "serial": held.serial,
            "not_before": _iso(held.not_before),
            "not_after": _iso(held.not_after),
            "sha256": held.sha256,
            "development": held.is_development,
        },
    }


def _shanghai(moment: datetime) -> str:
    """As people here read it; JSON keeps UTC."""
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _shown(value: Any) -> str:
    """A value of the file's own record, on one line; what would not print is escaped."""
    text = json.dumps(value, ensure_ascii=False)
    if not text.isprintable():
        text = json.dumps(value)
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}…"

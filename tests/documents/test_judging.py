"""Every signature judged by itself: whose, since when, what came after; and what was done to a closed file."""

import hashlib
import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import pikepdf
import pytest
from flask import Flask
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature

from registry.documents import produce
from registry.documents.authority import make_development_authority, revoke
from registry.documents.judging.checks import judge_pdf
from registry.documents.places import places
from registry.documents.verdicts import FileVerdict, SignatureVerdict, State, Trust, judge, own_trust
from registry.documents.workers.child import Refused
from registry.documents.workers.frames import Frame
from registry.documents.workers.parent import Failed, Pool

from .aside import aside
from .conftest import saved
from .samples import make_parties, make_signing_copy
from .signed import closed, digest_of, issue, parties, serial_of, sign, signed_by_both, stamp, stamper
from .tampering import annotate, append, flip, overlay, replace_content, save_again, swap_record

ALTERED = "The content was changed after it was signed"
CHANGED_LATER = "Something was added or changed after the signature that it does not allow"
NOW = datetime.now(UTC)


@pytest.fixture(scope="module")
def unsigned(house: Flask) -> bytes:
    """A signing copy with fields for two parties."""
    with house.app_context():
        return produce.render_signing_copy(make_signing_copy(parties=make_parties(2)))


@pytest.fixture
def open_file(inside: Flask, unsigned: bytes) -> bytes:
    """Signed by both, not yet closed."""
    return signed_by_both(unsigned, places().keys)


@pytest.fixture
def closed_file(inside: Flask, open_file: bytes) -> bytes:
    """Signed by both and closed by the registry."""
    return closed(open_file, places().keys)


def said(verdict: FileVerdict | SignatureVerdict) -> list[str]:
    """The reasons in English."""
    return [reason.english for reason in verdict.reasons]


def noted(one: SignatureVerdict) -> str:
    """What is told beside, in one piece."""
    return " / ".join(note.english for note in one.notes)


def test_a_closed_file_is_valid_and_tells_everything(inside: Flask, closed_file: bytes) -> None:
    verdict = judge(closed_file)
    assert verdict.state is State.VALID
    assert verdict.closed
    assert verdict.unsigned == ()
    assert [one.field for one in verdict.signatures] == ["Party-1", "Party-2", "RegistryClosing"]
    first, second, last = verdict.signatures
    assert (first.position, second.position, last.position) == (1, 2, None)
    assert first.certificate
    assert first.certificate.organisation == "鞍山市人力资源和社会保障局"
    assert first.certificate.sha256 == digest_of(parties(places().keys)[0])
    assert int(first.certificate.serial, 16) == serial_of(parties(places().keys)[0])
    assert first.certificate.is_development
    assert first.moment
    assert first.proven is None
    assert "only further signatures were added" in noted(first)
    assert "Nothing was added" in noted(last)
    assert last.closes
    assert not second.closes


def test_who_is_missing(inside: Flask, unsigned: bytes) -> None:
    verdict = judge(sign(unsigned, "Party-2", parties(places().keys)[1], first=True))
    assert verdict.state is State.VALID
    assert verdict.unsigned == (1,)
    assert not verdict.closed


def test_a_signature_in_a_later_field_stands_for_its_party(inside: Flask, open_file: bytes) -> None:
    verdict = judge(sign(open_file, "Party-1-2", parties(places().keys)[0]))
    assert verdict.state is State.VALID
    assert [one.position for one in verdict.signatures] == [1, 2, 1]


class Tampered(NamedTuple):
    """What was done to a closed file, our reason against it, and what two other programs say of the closing signature.

    Poppler looks at the bytes that were signed, not at what an update shows in their stead: after an update its line
    still says "valid", and only the other one tells that the signature no longer covers the whole file.
    """

    tamper: Callable[[bytes], bytes]
    ours: str
    poppler: str
    covers: str
    pyhanko_believes: bool


HOLDS, WHOLE, PART = "Signature is Valid.", "Total document signed", "Not total document signed"
CASES = [
    Tampered(flip, ALTERED, "Digest Mismatch.", WHOLE, False),
    Tampered(replace_content, "The content of page 1 was replaced", HOLDS, PART, False),
    Tampered(overlay, "Something was drawn over page 1", HOLDS, PART, False),
    Tampered(annotate, "Notes were added to page 1 or removed from it", HOLDS, PART, False),
    Tampered(swap_record, "The attachment agreement.json was exchanged", HOLDS, PART, False),
    Tampered(
        save_again,
        "The file was saved again by another program, which destroys every signature",
        "Signature has not yet been verified.",
        PART,
        False,
    ),
    Tampered(append, "Data that no signature covers were appended to the file", HOLDS, PART, True),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.tamper.__name__)
def test_tampering_is_named(inside: Flask, closed_file: bytes, case: Tampered) -> None:
    verdict = judge(case.tamper(closed_file))
    assert verdict.state is State.INVALID
    assert case.ours in said(verdict)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.tamper.__name__)
def test_where_other_programs_differ(inside: Flask, closed_file: bytes, case: Tampered, tmp_path: Path) -> None:
    tampered = case.tamper(closed_file)
    assert pdfsig(tampered, tmp_path)[-1] == (case.covers, case.poppler)
    *_, last = PdfFileReader(BytesIO(tampered)).embedded_signatures
    assert aside(validate_pdf_signature, last, own_trust().context()).bottom_line is case.pyhanko_believes


def test_other_programs_believe_an_untouched_file(inside: Flask, closed_file: bytes, tmp_path: Path) -> None:
    assert pdfsig(closed_file, tmp_path) == [(PART, HOLDS), (PART, HOLDS), (WHOLE, HOLDS)]


def pdfsig(pdf: bytes, work: Path) -> list[tuple[str, str]]:
    """Poppler's two lines on each signature: how much it covers, and whether it holds."""
    path = work / "looked-at.pdf"
    path.write_bytes(pdf)
    told = subprocess.run(
        ["/usr/bin/pdfsig", "-nocert", path], capture_output=True, text=True, check=False, env={"LC_ALL": "C.UTF-8"}
    ).stdout
    return list(
        zip(re.findall(r"- (.*otal document signed)", told), re.findall(r"Validation: (.*)", told), strict=True)
    )


def test_the_record_as_it_was_signed_is_still_there(inside: Flask, closed_file: bytes) -> None:
    verdict = judge(swap_record(closed_file, b'{"forged": 1}'))
    assert verdict.record == b'{"forged": 1}'
    assert verdict.record_then == make_signing_copy().record


def test_a_revoked_signer_without_time_stamp_is_not_believed(inside: Flask, closed_file: bytes) -> None:
    digest = digest_of(parties(places().keys)[0])
    verdict = judge(closed_file, own_trust({digest: NOW + timedelta(hours=1)}))
    assert [one.state for one in verdict.signatures] == [State.INVALID, State.VALID, State.VALID]
    assert said(verdict) == ["The signer's certificate was revoked"]


def test_a_revocation_list_counts_like_the_table(inside: Flask, closed_file: bytes, tmp_path: Path) -> None:
    for name in ("root.crt", "root.key"):
        (tmp_path / name).write_bytes((places().keys / name).read_bytes())
    revoke(tmp_path, [serial_of(parties(places().keys)[1])])
    lists = own_trust().lists + tuple(_ders(tmp_path / "root.crl"))
    verdict = judge(closed_file, Trust(own_trust().roots, lists))
    assert [one.state for one in verdict.signatures] == [State.VALID, State.INVALID, State.VALID]


def _ders(path: Path) -> list[bytes]:
    from_pem = subprocess.run(
        ["/usr/bin/openssl", "crl", "-in", path, "-outform", "DER"], capture_output=True, check=True
    )
    return [from_pem.stdout]


@pytest.mark.parametrize(
    ("revoked", "state", "told"),
    [
        (timedelta(hours=1), State.VALID, "revoked later; a time stamp proves"),
        (timedelta(hours=-1), State.INVALID, "already revoked when it signed"),
    ],
)
def test_a_time_stamp_decides_what_a_revocation_means(
    inside: Flask, unsigned: bytes, revoked: timedelta, state: State, told: str
) -> None:
    keys = places().keys
    signer = issue(keys, "某单位", "DEVELOPMENT 某单位")
    signed = sign(unsigned, "Party-1", signer, first=True, stamps=stamper(keys, NOW))
    digest = digest_of(signer)
    (one,) = judge(signed, own_trust({digest: NOW + revoked})).signatures
    assert one.state is state
    assert one.proven == NOW.replace(microsecond=0) or one.proven == NOW
    assert told in noted(one) + " ".join(said(one))


def test_a_later_document_time_stamp_proves_what_lies_before(inside: Flask, closed_file: bytes) -> None:
    stamped = stamp(closed_file, stamper(places().keys, NOW))
    verdict = judge(stamped)
    assert verdict.state is State.VALID
    assert verdict.closed
    assert [one.is_timestamp for one in verdict.signatures] == [False, False, False, True]
    assert all(one.proven for one in verdict.signatures)
    assert "only data for archiving" in noted(verdict.signatures[2])
    assert said(verdict.signatures[3]) == ["The time stamp is genuine and its authority is known"]


def test_a_time_stamp_of_a_stranger_counts_for_nothing(inside: Flask, unsigned: bytes, tmp_path: Path) -> None:
    from_elsewhere = tmp_path / "keys"
    make_development_authority(from_elsewhere)
    signed = sign(unsigned, "Party-1", parties(places().keys)[0], first=True, stamps=stamper(from_elsewhere))
    (one,) = judge(signed).signatures
    assert one.state is State.VALID
    assert one.proven is None
    assert "counts for nothing" in noted(one)


@pytest.mark.parametrize("as_table", [True, False])
def test_a_time_stamp_of_a_revoked_authority_counts_for_nothing(
    inside: Flask, unsigned: bytes, tmp_path: Path, as_table: bool
) -> None:
    keys = places().keys
    stamps = stamper(keys)
    signed = sign(unsigned, "Party-1", parties(keys)[0], first=True, stamps=stamps)
    trust = own_trust()
    if as_table:
        trust = own_trust({hashlib.sha256(stamps.tsa_cert.dump()).hexdigest(): NOW})
    else:
        for name in ("root.crt", "root.key"):
            (tmp_path / name).write_bytes((keys / name).read_bytes())
        revoke(tmp_path, [stamps.tsa_cert.serial_number])
        trust = replace(trust, lists=(*trust.lists, *_ders(tmp_path / "root.crl")))
    (one,) = judge(signed, trust).signatures
    assert one.state is State.VALID
    assert one.proven is None
    assert "counts for nothing" in noted(one)


@pytest.mark.parametrize(
    ("days", "state", "told"),
    [
        ((-20, -10), State.INVALID, "not valid at the time of signing"),
        ((5, 10), State.INVALID, "not valid at the time of signing"),
    ],
)
def test_a_certificate_outside_its_days(
    inside: Flask, unsigned: bytes, days: tuple[int, int], state: State, told: str
) -> None:
    signed = sign(unsigned, "Party-1", issue(places().keys, "某单位", "某单位", days=days), first=True)
    verdict = judge(signed)
    assert verdict.state is state
    assert any(told in reason for reason in said(verdict))


@pytest.mark.parametrize(("stamped", "state"), [(False, State.UNDECIDED), (True, State.VALID)])
def test_a_certificate_that_expired_since(inside: Flask, unsigned: bytes, stamped: bool, state: State) -> None:
    keys = places().keys
    signer = issue(keys, "某单位", "某单位", days=(-1, 1))
    signed = sign(unsigned, "Party-1", signer, first=True, stamps=stamper(keys) if stamped else None)
    trust = own_trust()
    (one,) = judge(signed, Trust(trust.roots, trust.lists, now=NOW + timedelta(days=30))).signatures
    assert one.state is state
    assert "expired since" in noted(one) + " ".join(said(one))


def test_an_unknown_root_leaves_it_undecided(inside: Flask, closed_file: bytes) -> None:
    verdict = judge(closed_file, Trust(()))
    assert verdict.state is State.UNDECIDED
    assert "no trusted root" in said(verdict)[0]


@pytest.mark.parametrize("digest", ["sha1", "md5"])
def test_a_weak_digest_proves_nothing(inside: Flask, unsigned: bytes, digest: str) -> None:
    signer = issue(places().keys, "某单位", "某单位", is_rsa=True)
    signed = sign(unsigned, "Party-1", signer, first=True, digest=digest)
    verdict = judge(signed)
    assert verdict.state is State.UNDECIDED
    assert "can be forged" in said(verdict)[0]
    assert judge(flip(signed)).state is State.INVALID
    assert "The content of page 1 was replaced" in said(judge(replace_content(signed)))


def with_fields(data: bytes, number: int, kind: str = "/Sig", name: str = "Field") -> bytes:
    """So many more empty fields."""
    with pikepdf.open(BytesIO(data)) as pdf:
        more = [
            pdf.make_indirect(pikepdf.Dictionary(FT=pikepdf.Name(kind), T=pikepdf.String(f"{name}-{place}")))
            for place in range(number)
        ]
        fields = pdf.Root.AcroForm.Fields
        pdf.Root.AcroForm.Fields = pikepdf.Array([*fields, *more])
        return saved(pdf)


@pytest.mark.parametrize(("number", "kind"), [(50, "/Sig"), (60_000, "/Sig"), (60_000, "/Tx")])
def test_more_fields_than_anybody_needs_are_not_looked_at(
    inside: Flask, unsigned: bytes, number: int, kind: str
) -> None:
    with pytest.raises(Refused, match="too_many"):
        judge_pdf(with_fields(unsigned, number, kind), own_trust())


def test_what_was_not_looked_at_is_not_decided(inside: Flask, unsigned: bytes) -> None:
    verdict = judge(sign(with_fields(unsigned, 50), "Party-1", parties(places().keys)[0], first=True))
    assert verdict.state is State.UNDECIDED
    assert not verdict.examined
    assert said(verdict) == ["The file has more form fields than can be examined"]


def test_names_in_a_file_are_cut(inside: Flask, unsigned: bytes) -> None:
    assert max(len(name) for name in judge(with_fields(unsigned, 2, name="x" * 5000)).empty) == 200


@pytest.mark.parametrize("code", ["timeout", "crash", "memory", "died", "unreadable"])
def test_a_failure_is_told_and_not_remembered(
    inside: Flask, unsigned: bytes, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    def fail(*_given: object) -> Frame:
        raise Failed(code)

    data = unsigned + f"\n% {code}".encode()
    with monkeypatch.context() as failing:
        failing.setattr(Pool, "ask", fail)
        verdict = judge(data)
    assert not verdict.examined
    assert verdict.state is not State.VALID
    assert judge(data).examined


def test_strangers_are_judged_apart(inside: Flask, unsigned: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever signs does not wait behind them, and they have less time."""
    asked: list[Pool] = []

    def fail(pool: Pool, *_given: object) -> Frame:
        asked.append(pool)
        raise Failed("timeout")

    monkeypatch.setattr(Pool, "ask", fail)
    for public in (True, False):
        judge(unsigned + b"\n% apart", public=public)
    strangers, own = asked
    assert strangers is not own
    assert strangers.seconds < own.seconds

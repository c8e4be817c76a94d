"""Signatures of the parties: in the fields of the signing copy, each only adding to the file."""

from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO

import pikepdf
import pytest
from flask import Flask
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.signers import SimpleSigner

from registry.documents import produce
from registry.documents.data import CLOSING_FIELD, FIELD_PREFIX
from registry.documents.places import places
from registry.documents.signing import close, party_signatures
from registry.documents.signing.party_signatures import Look, Request
from registry.documents.verdicts import State, judge
from tests.documents.conformance import conformance_failures
from tests.documents.samples import make_parties, make_signing_copy
from tests.documents.test_rendering import text_of
from tests.documents.test_signing import signer_of

LOOK = Look(
    organisation="鞍山市人力资源和社会保障局",
    signatory="王喆堃",
    title="局长",
    moment=datetime(2023, 3, 18, 2, 30, tzinfo=UTC),
    certificate="4F3A9C0011223344",
    notice="DEVELOPMENT 开发证书，不具法律效力",
)


@pytest.fixture(scope="module")
def copies(house: Flask) -> dict[int, bytes]:
    """Signing copies for so many parties."""
    with house.app_context():
        return {
            count: produce.render_signing_copy(make_signing_copy(parties=make_parties(count))) for count in (2, 4, 8)
        }


@pytest.fixture
def signer(inside: Flask) -> SimpleSigner:
    """Any key will do."""
    return signer_of(places().keys)


def sign(pdf: bytes, signer: SimpleSigner, party: int, look: Look = LOOK) -> bytes:
    """The party signs in its cell."""
    field = party_signatures.free_field(pdf, f"{FIELD_PREFIX}{party}")
    size = party_signatures.field_size(pdf, field)
    page = produce.render_look(replace(look, width_mm=size[0], height_mm=size[1])) if size else b""
    return party_signatures.sign(pdf, Request(field, "测试签字人", "代表签署", page), signer)


@pytest.mark.parametrize("count", [2, 4, 8])
def test_there_is_a_field_for_everybody_in_the_first_bytes(copies: dict[int, bytes], count: int) -> None:
    with pikepdf.open(BytesIO(copies[count])) as pdf:
        names = [str(field.T) for field in pdf.Root.AcroForm.Fields]
        assert names == [*(f"{FIELD_PREFIX}{party}" for party in range(1, count + 1)), CLOSING_FIELD]
        lock = pdf.Root.AcroForm.Fields[-1].Lock
        assert (str(lock.Action), int(lock.P)) == ("/All", 1)
    assert copies[count].count(b"%%EOF") == 1


@pytest.mark.parametrize("count", [2, 4, 8])
def test_the_field_lies_over_the_cell(copies: dict[int, bytes], count: int) -> None:
    for party in range(1, count + 1):
        size = party_signatures.field_size(copies[count], f"{FIELD_PREFIX}{party}")
        assert size
        assert size[0] == pytest.approx(74, abs=0.1)
        assert size[1] == pytest.approx({2: 40.6, 4: 27.6, 8: 14.6}[count], abs=0.1)
    assert party_signatures.field_size(copies[count], CLOSING_FIELD) is None


def test_the_first_certifies_and_all_hold(copies: dict[int, bytes], signer: SimpleSigner) -> None:
    one = sign(copies[4], signer, 3)
    two = sign(one, signer, 1)
    assert one.startswith(copies[4])
    assert two.startswith(one)
    first, second = PdfFileReader(BytesIO(two)).embedded_signatures
    assert first.docmdp_level is MDPPerm.FILL_FORMS
    assert second.docmdp_level is None
    assert party_signatures.signed_fields(two) == ("Party-3", "Party-1")
    assert judge(two).state is State.VALID
    assert conformance_failures(two) == []


def test_what_replaces_a_signature_is_invisible(copies: dict[int, bytes], signer: SimpleSigner) -> None:
    pdf = sign(sign(sign(copies[2], signer, 1), signer, 2), signer, 1)
    assert party_signatures.signed_fields(pdf) == ("Party-1", "Party-2", "Party-1-2")
    assert judge(pdf).state is State.VALID
    assert conformance_failures(pdf) == []


def test_the_cell_says_who_and_when(copies: dict[int, bytes], signer: SimpleSigner) -> None:
    text = "".join(text_of(sign(copies[count], signer, count)) for count in copies)
    for said in ("电子签名", "王喆堃（局长）", "2023-03-18 10:30:00（北京时间）", "4F3A9C0011223344", "不具法律效力"):
        assert said in text.replace("\n", "")


def test_hostile_names_are_only_text(copies: dict[int, bytes], signer: SimpleSigner) -> None:
    for text in ("<img src='http://127.0.0.1:9/x'>", "</p></style><script>1</script>", "{{ 7*7 }}", "url(file:///etc)"):
        look = replace(LOOK, organisation=text, signatory=text, title=text, certificate=text, notice=text)
        assert text in text_of(sign(copies[2], signer, 1, look)).replace("\n", "")


def test_signed_by_three_it_stays_small(copies: dict[int, bytes], signer: SimpleSigner) -> None:
    pdf = copies[4]
    for party in (1, 2, 3):
        pdf = sign(pdf, signer, party)
    assert len(pdf) < 500_000


def test_every_step_up_to_the_closing_can_be_archived(copies: dict[int, bytes], signer: SimpleSigner) -> None:
    pdf = copies[4]
    for party in (1, 2, 3):
        pdf = sign(pdf, signer, party)
        assert conformance_failures(pdf) == []
    closed = close(pdf)
    assert closed.startswith(pdf)
    assert conformance_failures(closed) == []
    assert judge(closed).closed

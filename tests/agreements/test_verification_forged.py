"""Files that begin with registered bytes and then show something else, under signatures that are all good."""

from io import BytesIO

import pikepdf
import pytest
from pyhanko.sign import signers

from registry.agreements import comparison
from registry.agreements.comparison import Judgement
from registry.core.db import transaction
from registry.documents.verdicts import State
from tests.agreements.scene import make_scene
from tests.agreements.signed import SignedAgreement, keys, render, sign_all
from tests.documents.signed import issue, parties, sign, stamp, stamp_in, stamper
from tests.documents.tampering import appended, replace_content, without_history
from tests.states import Begin


def plain_and_signed() -> SignedAgreement:
    """Signed by both and closed, in a file that may be saved anew."""
    keys()
    with transaction():
        scene = make_scene()
        agreement = scene.signing()
    return sign_all(scene, agreement, plain(render(agreement)))


@pytest.fixture
def signed(begin_with: Begin, fonts: object) -> SignedAgreement:
    """Signed by both and closed."""
    return begin_with(plain_and_signed)


def another(data: bytes) -> bytes:
    """A whole file of its own that looks like the given unsigned one, with another first page."""
    return plain(replace_content(data))


def plain(data: bytes) -> bytes:
    """Without object streams, so that its tables of places can be rewritten."""
    with pikepdf.open(BytesIO(data)) as pdf:
        target = BytesIO()
        pdf.save(target, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return target.getvalue()


def said(told: Judgement) -> str:
    """Reasons and notes in one piece."""
    return " / ".join(one.english for one in (*told.reasons, *told.notes))


def test_a_stranger_who_closes_for_the_registry(signed: SignedAgreement) -> None:
    for genuine in (signed.unsigned, signed.half, signed.both):
        told = comparison.judge_alone(sign(genuine, "RegistryClosing", stranger()))
        assert told.state is State.INVALID
        assert "knows nothing of the signature of 某单位" in said(told)
        assert "The file is closed" not in said(told)


@pytest.mark.parametrize("field", ["Party-1", "RegistryClosing", "Witness"])
def test_a_whole_other_file_behind_a_registered_one(signed: SignedAgreement, field: str) -> None:
    other = another(signed.unsigned)
    for genuine in (signed.unsigned, signed.half, signed.closed):
        told = comparison.judge_alone(sign(appended(genuine, other), field, stranger(), first=True))
        assert told.state is State.INVALID
        assert "something was added to it afterwards" in said(told)


def test_a_whole_other_file_under_a_time_stamp_alone(signed: SignedAgreement) -> None:
    other, stamps = another(signed.unsigned), stamper(keys())
    for genuine in (signed.unsigned, signed.half, signed.closed):
        assert comparison.judge_alone(stamp(appended(genuine, other), stamps)).state is State.INVALID


def test_a_signing_copy_under_a_time_stamp_alone(signed: SignedAgreement) -> None:
    """Nothing in it protects what it shows."""
    assert comparison.judge_alone(stamp(replace_content(signed.unsigned), stamper(keys()))).state is State.INVALID


def test_genuine_signatures_in_a_file_without_history(signed: SignedAgreement) -> None:
    """The reader finds them all, and none of them can say what came after it."""
    for genuine in (signed.half, signed.closed):
        forged = without_history(replace_content(genuine))
        for data in (forged, stamp(forged, stamper(keys()))):
            told = comparison.judge_alone(data)
            assert told.state is State.INVALID
            assert next(one.field for one in told.signatures) == "Party-1"


@pytest.mark.parametrize("field", ["Party-2", "RegistryClosing"])
def test_a_time_stamp_where_somebody_should_sign(signed: SignedAgreement, field: str) -> None:
    told = comparison.judge_alone(stamp_in(signed.half, field, stamper(keys())))
    assert told.state is State.INVALID
    assert f"in the field {field}" in said(told)


def test_a_stranger_in_the_place_of_a_party(signed: SignedAgreement) -> None:
    """Only a signature was added, by somebody who is known to a root: the registry does not know what for."""
    told = comparison.judge_alone(sign(signed.half, "Party-2", stranger()))
    assert told.state is State.UNDECIDED
    assert "in the field Party-2" in said(told)
    assert "Nothing but signatures was added" in said(told)


def test_a_party_that_signs_again_without_the_registry(signed: SignedAgreement) -> None:
    told = comparison.judge_alone(sign(signed.both, "Party-1-2", parties(keys())[0]))
    assert told.state is State.UNDECIDED


def test_a_change_under_a_further_signature(signed: SignedAgreement) -> None:
    told = comparison.judge_alone(sign(replace_content(signed.half), "Witness", stranger()))
    assert told.state is State.INVALID


def test_time_stamps_for_the_archive_change_nothing(signed: SignedAgreement) -> None:
    stamps = stamper(keys())
    for genuine in (signed.half, signed.both, signed.closed):
        told = comparison.judge_alone(stamp(stamp(genuine, stamps), stamps))
        assert told.state is State.VALID
        assert ("The file is closed" in said(told)) == (genuine is signed.closed)
        assert ("Party B has not signed in this file yet" in said(told)) == (genuine is signed.half)


def stranger() -> signers.SimpleSigner:
    """Known to a trusted root, and nobody's party."""
    return issue(keys(), "某单位", "某单位")

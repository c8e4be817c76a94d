"""Whose certificate is in which field, by the names in the record alone."""

from datetime import UTC, datetime
from typing import Any

import pytest

from registry.agreements.holders import strangers
from registry.documents.verdicts import CertificateFacts, FileVerdict, SignatureVerdict, State

DAY = datetime(2026, 11, 2, tzinfo=UTC)
STAYS = {"position": 1, "name": "鞍山市人力资源和社会保障局"}
LEFT = {"position": 2, "name": "西北工业大学"}
RECORD: dict[str, Any] = {"content": {"parties": [STAYS], "change": {"leaving": [LEFT]}}}


def signed_by(name: str, position: int = 2) -> FileVerdict:
    """A file with one signature in the field of a party."""
    held = CertificateFacts(name, name, "测试机构", "1", DAY, DAY, "0" * 64)
    one = SignatureVerdict(name, DAY, State.VALID, (), field=f"Party-{position}", certificate=held)
    return FileVerdict(State.VALID, (), (one,), "0" * 64)


@pytest.mark.parametrize(
    ("name", "position", "doubts"),
    [("西北工业大学", 2, 0), ("东北大学", 2, 1), ("鞍山市人力资源和社会保障局", 1, 0), ("西北工业大学", 1, 1)],
)
def test_whoever_leaves_signs_its_withdrawal(name: str, position: int, doubts: int) -> None:
    """The leaving party is no party of the text any more, and yet its signature is what counts."""
    assert len(list(strangers(signed_by(name, position), RECORD, None))) == doubts


@pytest.mark.parametrize("change", [None, [], "x", {"leaving": 3}, {"leaving": ["x", None]}])
def test_a_record_of_anything_names_nobody(change: object) -> None:
    record = {"content": {"parties": [STAYS], "change": change}}
    assert len(list(strangers(signed_by("西北工业大学"), record, None))) == 1

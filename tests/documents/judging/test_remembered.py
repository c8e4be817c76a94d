"""Verdicts are kept by their size."""

import pytest

from registry.documents.judging.findings import FileVerdict
from registry.documents.judging.remembered import EACH, LARGEST, Remembered, size_of
from registry.documents.judging.states import State


def verdict(name: str = "", *, record: bytes = b"", empty: tuple[str, ...] = ()) -> FileVerdict:
    """About a file with this digest."""
    return FileVerdict(State.VALID, (), (), name, record=record, empty=empty)


def test_the_one_used_longest_ago_goes_first() -> None:
    kept = Remembered(2 * EACH)
    for name in ("a", "b"):
        kept.put(name, verdict(name))
    assert kept.get("a") == verdict("a")
    kept.put("c", verdict("c"))
    assert [kept.get(name) is not None for name in "abc"] == [True, False, True]
    assert kept.size == 2 * EACH


def test_what_is_kept_already_is_not_counted_again() -> None:
    kept = Remembered()
    for _time in range(3):
        kept.put("a", verdict("a"))
    assert kept.size == EACH


@pytest.mark.parametrize("large", [verdict(record=b"x" * LARGEST), verdict(empty=("x" * 200,) * 2000)])
def test_what_is_too_large_is_not_kept(large: FileVerdict) -> None:
    kept = Remembered()
    kept.put("a", large)
    assert size_of(large) > LARGEST
    assert kept.get("a") is None
    assert kept.size == 0

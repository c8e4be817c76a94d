"""Whoever can wait hears of many records once for the same parties, after the last of them; others hear of each."""

from collections.abc import Sequence
from datetime import date

import pytest

from registry.records import happenings
from registry.records.happenings import Happening, Told, gathered, hears, tell

HELD = Happening.MEETING_HELD


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setattr(happenings, "_listeners", {})
    monkeypatch.setattr(happenings, "_patient", {})
    said: list[str] = []
    hears(HELD)(lambda told: said.append(f"each {told.public_id}"))

    def together(many: Sequence[Told]) -> None:
        said.extend(f"once {sorted(told.parties)}" for told in many)

    hears(HELD, together=together)(lambda told: together([told]))
    return said


def say(public_id: str, *parties: int) -> None:
    tell(HELD, Told(None, date(2026, 11, 22), "visit", public_id, frozenset(parties)))


def test_alone_everybody_hears_at_once(heard: list[str]) -> None:
    say("A", 1, 2)
    say("B", 1, 2)
    assert heard == ["each A", "once [1, 2]", "each B", "once [1, 2]"]


def test_gathered_the_patient_hear_once_at_the_end(heard: list[str]) -> None:
    with gathered():
        say("A", 1, 2)
        with gathered():
            say("B", 2, 1)
        say("C", 3)
    assert heard == ["each A", "each B", "each C", "once [1, 2]", "once [3]"]


def fail_after_one() -> None:
    with gathered():
        say("A", 1)
        raise ZeroDivisionError


def test_what_failed_is_told_to_nobody(heard: list[str]) -> None:
    with pytest.raises(ZeroDivisionError):
        fail_after_one()
    assert heard == ["each A"]

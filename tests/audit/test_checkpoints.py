"""Signed checkpoints beside the database."""

import json
import stat
from pathlib import Path

import pytest

from registry.audit import checkpoints, hooks, keys
from registry.audit.checkpoints import BadCheckpoint
from registry.audit.verify import verify
from registry.core.access.actions import Action
from registry.core.dates import today

from .conftest import happen


def lines(instance: Path) -> list[str]:
    return (instance / checkpoints.FILE).read_text().splitlines()


def test_a_checkpoint_names_the_end_of_the_chain(instance: Path) -> None:
    happen(times=2)
    signed = checkpoints.checkpoint()
    assert signed is not None
    assert (signed.seq, signed.count) == (2, 2)
    assert set(json.loads(lines(instance)[0])) == {"seq", "hash", "count", "time", "key", "signature"}
    assert checkpoints.last() == signed


def test_an_empty_chain_needs_none(instance: Path) -> None:
    assert checkpoints.checkpoint() is None
    assert checkpoints.last() is None


def test_an_unchanged_chain_is_signed_once(instance: Path) -> None:
    happen()
    assert checkpoints.checkpoint() == checkpoints.checkpoint()
    hooks.sign_daily(today())
    assert len(lines(instance)) == 1


def test_every_thousand_events(instance: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpoints, "EVERY", 3)
    happen(times=7)
    assert [signed.seq for signed in checkpoints.read()] == [3, 6]


@pytest.mark.parametrize("action", [Action.AGREEMENT_SIGN, Action.AGREEMENT_COMPLETE_SIGNING])
def test_every_signing(instance: Path, action: Action) -> None:
    happen()
    happen(action)
    assert [signed.seq for signed in checkpoints.read()] == [2]


def test_a_checkpoint_that_cannot_be_written_does_not_undo_the_commit(
    instance: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoints, "EVERY", 1)
    (instance / checkpoints.FILE).mkdir()
    happen()
    (instance / checkpoints.FILE).rmdir()
    assert verify().events == 1


def test_the_key_is_for_its_owner_alone(instance: Path) -> None:
    happen()
    checkpoints.checkpoint()
    private, public = instance / "keys" / keys.PRIVATE, instance / "keys" / keys.PUBLIC
    assert stat.S_IMODE(private.stat().st_mode) == 0o600
    assert b"PUBLIC KEY" in public.read_bytes()
    assert not list((instance / "keys").glob("*.key.*"))


def test_a_lost_private_key_is_replaced_and_the_old_checkpoints_stay_good(instance: Path) -> None:
    happen()
    checkpoints.checkpoint()
    (instance / "keys" / keys.PRIVATE).unlink()
    happen()
    checkpoints.checkpoint()
    assert verify().checkpoints == 2
    assert len(list((instance / "keys").glob("audit*.pub"))) == 2


@pytest.mark.parametrize("name", ["seq", "hash", "count", "time", "key", "signature"])
def test_a_changed_checkpoint_is_named(instance: Path, name: str) -> None:
    happen()
    checkpoints.checkpoint()
    values = json.loads(lines(instance)[0])
    values[name] = 2 if isinstance(values[name], int) else values[name][:-3] + "abc"
    (instance / checkpoints.FILE).write_text(json.dumps(values) + "\n")
    verdict = verify()
    assert verdict.problem is not None
    assert "checkpoint line 1" in verdict.problem.english


@pytest.mark.parametrize("line", ["", "nonsense", "[]", '{"seq": 1}', "\xff"])
def test_what_is_no_checkpoint(instance: Path, line: str) -> None:
    happen()
    checkpoints.checkpoint()
    with (instance / checkpoints.FILE).open("ab") as file:
        file.write(line.encode("latin-1") + b"\n")
    with pytest.raises(BadCheckpoint, match="line 2"):
        list(checkpoints.read())


def test_half_a_line_of_a_power_cut_is_cut_off(instance: Path) -> None:
    happen()
    checkpoints.checkpoint()
    with (instance / checkpoints.FILE).open("ab") as file:
        file.write(b'{"seq": 2, "ha')
    assert verify().is_good
    happen()
    checkpoints.checkpoint()
    assert [signed.seq for signed in checkpoints.read()] == [1, 2]


def test_a_damaged_last_line_does_not_stop_new_checkpoints(instance: Path) -> None:
    (instance / checkpoints.FILE).write_text("damaged\n")
    happen()
    assert checkpoints.checkpoint() is not None
    with pytest.raises(BadCheckpoint, match="line 1"):
        list(checkpoints.read())


def test_every_single_byte_of_a_checkpoint(instance: Path) -> None:
    happen()
    checkpoints.checkpoint()
    good = (instance / checkpoints.FILE).read_bytes()
    for place in range(len(good) - 1):
        (instance / checkpoints.FILE).write_bytes(good[:place] + bytes([good[place] ^ 1]) + good[place + 1 :])
        assert not verify().is_good, place

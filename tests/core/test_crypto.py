"""Values are encrypted with a key outside the database."""

import stat
from base64 import urlsafe_b64encode
from pathlib import Path

import pytest

from registry.core import crypto
from registry.core.config import DEMO_SECRET, BadSetting, Settings

KEY = urlsafe_b64encode(bytes(range(32))).decode()


def configured(folder: Path, data_key: str = "") -> None:
    crypto.configure(Settings(DEMO_SECRET, "sqlite://", folder, demo=True, data_key=data_key))


@pytest.fixture(autouse=True)
def _restore() -> object:
    kept = list(crypto._place)
    yield
    crypto._place[:] = kept


def test_reads_what_it_wrote(tmp_path: Path) -> None:
    configured(tmp_path)
    sealed = crypto.encrypt(b"13800005678", "phone")
    assert b"13800005678" not in sealed
    assert crypto.decrypt(sealed, "phone") == b"13800005678"


def test_equal_values_look_different(tmp_path: Path) -> None:
    configured(tmp_path)
    assert crypto.encrypt(b"same") != crypto.encrypt(b"same")


def test_key_file_is_private_and_kept(tmp_path: Path) -> None:
    configured(tmp_path / "instance")
    sealed = crypto.encrypt(b"secret")
    path = tmp_path / "instance" / crypto.KEY_FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in path.parent.iterdir()] == [crypto.KEY_FILE]
    crypto._keys.clear()
    assert crypto.decrypt(sealed) == b"secret"


@pytest.mark.parametrize("place", [0, 5, 20, -1])
def test_changed_bytes_are_noticed(tmp_path: Path, place: int) -> None:
    configured(tmp_path)
    sealed = bytearray(crypto.encrypt(b"secret"))
    sealed[place] ^= 1
    with pytest.raises(crypto.Undecipherable):
        crypto.decrypt(bytes(sealed))


def test_another_purpose_or_key_reads_nothing(tmp_path: Path) -> None:
    configured(tmp_path)
    sealed = crypto.encrypt(b"secret", "totp")
    with pytest.raises(crypto.Undecipherable):
        crypto.decrypt(sealed, "phone")
    configured(tmp_path, KEY)
    with pytest.raises(crypto.Undecipherable):
        crypto.decrypt(sealed, "totp")


def test_truncated_bytes_are_refused(tmp_path: Path) -> None:
    configured(tmp_path)
    with pytest.raises(crypto.Undecipherable):
        crypto.decrypt(b"\x01short")


def test_setting_goes_before_the_file(tmp_path: Path) -> None:
    configured(tmp_path, KEY)
    assert crypto.decrypt(crypto.encrypt(b"x")) == b"x"
    assert not (tmp_path / crypto.KEY_FILE).exists()


@pytest.mark.parametrize("text", ["", "short", "!!!!", urlsafe_b64encode(bytes(31)).decode()])
def test_bad_keys_are_named(text: str) -> None:
    with pytest.raises(BadSetting, match="REGISTRY_DATA_KEY"):
        crypto.parse_key(text)

"""Codes of the app and recovery codes."""

from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from flask import Flask
from sqlalchemy import select

from registry.accounts import second_factor
from registry.accounts.models import RecoveryCode
from registry.core.db import db, transaction

from .people import SECRET, make_person, with_second_factor

NOW = datetime(2026, 11, 22, 9, 0, 10, tzinfo=UTC)
STEP = int(NOW.timestamp()) // 30


def code_at(seconds: int) -> str:
    return pyotp.TOTP(SECRET).at(NOW + timedelta(seconds=seconds))


@pytest.mark.parametrize(("seconds", "step"), [(0, STEP), (-30, STEP - 1), (30, STEP + 1), (-60, None), (60, None)])
def test_one_step_of_drift(seconds: int, step: int | None) -> None:
    assert second_factor.matching_step(SECRET, code_at(seconds), NOW, after=0) == step


def test_a_used_step_does_not_count_again() -> None:
    assert second_factor.matching_step(SECRET, code_at(0), NOW, after=STEP) is None
    assert second_factor.matching_step(SECRET, code_at(-30), NOW, after=STEP) is None
    assert second_factor.matching_step(SECRET, code_at(30), NOW, after=STEP) == STEP + 1


def test_blanks_and_full_width_digits_are_understood() -> None:
    code = code_at(0)
    wide = "".join(chr(0xFF10 + int(digit)) for digit in code)
    assert second_factor.matching_step(SECRET, f" {code[:3]} {code[3:]} ", NOW, after=0)
    assert second_factor.matching_step(SECRET, wide, NOW, after=0)


@pytest.mark.parametrize("code", ["", "000", "零零零零零零", "' OR 1=1"])
def test_nonsense_is_no_code(code: str) -> None:
    assert second_factor.matching_step(SECRET, code, NOW, after=0) is None


def test_address_for_the_app() -> None:
    address = second_factor.address(SECRET, "wang.li")
    assert address.startswith("otpauth://totp/")
    assert SECRET in address
    assert "wang.li" in address


def test_use_code_remembers_the_step(app: Flask) -> None:
    user = with_second_factor(make_person())
    with transaction():
        assert second_factor.use_code(user, code_at(0), NOW)
        assert not second_factor.use_code(user, code_at(0), NOW)
    assert user.totp_last_step == STEP


def test_without_a_factor_no_code_is_right(app: Flask) -> None:
    user = make_person()
    with transaction():
        assert not second_factor.use_code(user, code_at(0), NOW)


def test_recovery_codes_count_once_and_for_one_person(app: Flask) -> None:
    user, other = make_person(), make_person()
    with transaction():
        codes = second_factor.renew_recovery_codes(user)
        assert len(set(codes)) == second_factor.RECOVERY_CODES
        assert not second_factor.use_recovery_code(other, codes[0], NOW)
        assert second_factor.use_recovery_code(user, codes[0].lower().replace("-", " "), NOW)
        assert not second_factor.use_recovery_code(user, codes[0], NOW)
    assert second_factor.unused_recovery_codes(user) == 9


def test_recovery_codes_are_stored_hashed(app: Flask) -> None:
    user = make_person()
    with transaction():
        codes = second_factor.renew_recovery_codes(user)
    stored = " ".join(db.session.scalars(select(RecoveryCode.code_hash)))
    assert not any(second_factor.plain(code) in stored for code in codes)


def test_new_recovery_codes_end_the_former(app: Flask) -> None:
    user = make_person()
    with transaction():
        former = second_factor.renew_recovery_codes(user)
        second_factor.renew_recovery_codes(user)
        assert not second_factor.use_recovery_code(user, former[0], NOW)

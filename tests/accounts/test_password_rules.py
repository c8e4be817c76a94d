"""What a password has to be."""

from datetime import UTC, datetime, timedelta

import pytest

from registry.accounts import password_rules as rules
from registry.accounts.passwords import hash_password, is_outdated, is_right

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def told(password: str, profile: str = "dengbao3", account: str = "wang.li") -> list[str]:
    return [message.key for message in rules.unmet(password, account, profile)]


@pytest.mark.parametrize("password", ["Plum-Bridge 47", "江南Spring-2047x", "correct Horse battery 9"])
def test_good_passwords_pass_both_profiles(password: str) -> None:
    assert told(password) == []
    assert told(password, "asvs") == []


def test_everything_unmet_is_told_together() -> None:
    assert len(told("aaaa")) == 3


@pytest.mark.parametrize(
    ("password", "word"),
    [
        ("Plum-Br 47x", "at least %(count)s characters"),
        ("Zz-WANG.LI-4711x", "account name"),
        ("Ab1Ab1Ab1Ab1", "different characters"),
        ("plumbridgelantern", "three of"),
        ("Password2026!!", "too common"),
        ("P@ssw0rd123456", "too common"),
        ("Woaini1314!520", "too common"),
        ("Anshan@2026!!!", "too common"),
        ("1qaz2wsx3edc", "too common"),
    ],
)
def test_each_rule_refuses(password: str, word: str) -> None:
    assert any(word.lower() in message.lower() for message in told(password))


def test_classes_are_asked_by_one_profile_only() -> None:
    assert told("plum bridge lantern", "asvs") == []
    assert told("plum bridge lantern", "dengbao3") != []


@pytest.mark.parametrize(
    ("password", "count"), [("abc", 1), ("abcABC", 2), ("abcABC1", 3), ("abcABC1-", 4), ("汉字", 1), ("汉字a1", 3)]
)
def test_classes(password: str, count: int) -> None:
    assert rules.classes(password) == count


def test_words_of_the_list_inside_a_longer_word_pass() -> None:
    assert not rules.is_common("administrationhall-x7")


def test_list_is_lower_case_and_without_doubles() -> None:
    lines = [line for line in rules.COMMON.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    assert len(lines) > 300
    assert lines == [line.casefold() for line in lines]
    assert len(lines) == len(set(lines))


def test_last_five_may_not_return() -> None:
    former = [hash_password("Plum-Bridge 47"), hash_password("Plum-Bridge 48")]
    assert rules.was_used("Plum-Bridge 48", former, "dengbao3")
    assert not rules.was_used("Plum-Bridge 49", former, "dengbao3")
    assert not rules.was_used("Plum-Bridge 48", former, "asvs")


@pytest.mark.parametrize(
    ("days", "profile", "old"), [(90, "dengbao3", False), (91, "dengbao3", True), (4000, "asvs", False)]
)
def test_age(days: int, profile: str, old: bool) -> None:
    assert rules.is_too_old(NOW - timedelta(days=days), NOW, profile) is old


def test_no_date_is_no_age() -> None:
    assert not rules.is_too_old(None, NOW, "dengbao3")


def test_hashes_are_argon2id_and_salted() -> None:
    first, second = hash_password("Plum-Bridge 47"), hash_password("Plum-Bridge 47")
    assert first.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert first != second
    assert is_right("Plum-Bridge 47", first)
    assert not is_right("Plum-Bridge 48", first)
    assert not is_outdated(first)


@pytest.mark.parametrize("stored", ["", "no hash", "$argon2id$broken"])
def test_what_is_no_hash_fits_nothing(stored: str) -> None:
    assert not is_right("anything", stored)
    assert not is_right("nobody's password, so that unknown accounts cost the same time", stored)

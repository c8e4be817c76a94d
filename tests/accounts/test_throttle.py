"""Counting tries."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from registry.accounts import throttle
from registry.accounts.models import SignInAttempt
from registry.core.db import db, transaction
from registry.core.errors import TooMany

START = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def minutes(*given: float) -> list[datetime]:
    return [START + timedelta(minutes=minute) for minute in given]


@pytest.mark.parametrize(
    ("failed_at", "moment", "until"),
    [
        ((0, 1, 2, 3), 3, None),
        ((0, 1, 2, 3, 4), 4, 34),
        ((0, 1, 2, 3, 15), 16, 45),
        ((0, 1, 2, 3, 15.1), 16, None),  # five, but not within fifteen minutes
        ((0, 1, 2, 3, 4), 33.9, 34),
        ((0, 1, 2, 3, 4), 34, None),
        ((0, 10, 11, 12, 13, 14), 15, 43),  # the first fifth failure began the lock
    ],
)
def test_lock_of_failures(failed_at: tuple[float, ...], moment: float, until: float | None) -> None:
    found = throttle.locked_until(minutes(*failed_at), START + timedelta(minutes=moment))
    assert found == (None if until is None else START + timedelta(minutes=until))


def attempt(moment: datetime, account: str = "somebody", network: str = "n") -> int:
    with transaction():
        return throttle.begin_attempt(account, network, moment).id


def test_a_try_counts_before_it_is_judged(app: Flask) -> None:
    for minute in range(throttle.FAILURES):
        attempt(START + timedelta(minutes=minute))
    with pytest.raises(TooMany) as caught:
        attempt(START + timedelta(minutes=6))
    assert caught.value.retry_after == 28 * 60
    assert len(db.session.scalars(select(SignInAttempt)).all()) == throttle.FAILURES


def test_success_wipes_failures(app: Flask) -> None:
    for _ in range(throttle.FAILURES - 1):
        attempt(START)
    last = attempt(START)
    with transaction():
        throttle.succeed(last)
    for _ in range(throttle.FAILURES - 1):
        attempt(START)
    assert attempt(START)


def test_accounts_and_networks_count_apart(app: Flask) -> None:
    for _ in range(throttle.FAILURES):
        attempt(START)
    assert attempt(START, account="another")
    assert attempt(START, network="elsewhere")
    with pytest.raises(TooMany):
        attempt(START, account="SomeBody")


def test_long_names_are_cut_like_the_column(app: Flask) -> None:
    assert attempt(START, account="x" * 500)

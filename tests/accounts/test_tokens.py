"""One-time links."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from registry.accounts import tokens
from registry.accounts.models import OneTimeToken, TokenPurpose, User
from registry.core.dates import now
from registry.core.db import db, transaction

from .people import make_person


def issue(user: User, purpose: TokenPurpose = TokenPurpose.RESET) -> str:
    with transaction():
        return tokens.issue(user, purpose, now())


def test_opens_for_its_person(app: Flask) -> None:
    user = make_person()
    assert tokens.find(issue(user), now()) == (user, TokenPurpose.RESET)


def test_only_the_hash_is_stored(app: Flask) -> None:
    token = issue(make_person())
    assert len(token) >= 43  # 256 bits
    assert token not in db.session.scalars(select(OneTimeToken.token_hash)).one()


@pytest.mark.parametrize("purpose", list(TokenPurpose))
def test_ages(app: Flask, purpose: TokenPurpose) -> None:
    token = issue(make_person(), purpose)
    lifetime = tokens.LIFETIME[purpose]
    assert tokens.find(token, now() + lifetime - timedelta(seconds=5))
    assert tokens.find(token, now() + lifetime) is None


def test_is_used_once(app: Flask) -> None:
    token = issue(make_person())
    with transaction():
        assert tokens.use(token, now())
        assert not tokens.use(token, now())
    assert tokens.find(token, now()) is None


def test_a_new_one_ends_the_former(app: Flask) -> None:
    user = make_person()
    former, latest = issue(user), issue(user)
    assert tokens.find(former, now()) is None
    assert tokens.find(latest, now())


def test_ends_when_the_account_changes(app: Flask) -> None:
    user = make_person()
    token = issue(user)
    with transaction():
        user.raise_epoch()
    assert tokens.find(token, now()) is None


def test_ends_when_the_account_is_disabled(app: Flask) -> None:
    user = make_person()
    with transaction():
        user.disable()
    assert tokens.find(issue(user), now()) is None


@pytest.mark.parametrize("token", ["", "unknown", "\ud800"])
def test_unknown_tokens_open_nothing(app: Flask, token: str) -> None:
    assert tokens.find(token, now()) is None

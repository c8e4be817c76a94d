"""What tests begin with is the same each time, whatever an earlier test did to it."""

from pathlib import Path

from flask import Flask
from sqlalchemy import select

from registry.core.db import db, transaction
from registry.core.instance import settings
from registry.organisations.models import Organisation
from tests.factories import make_organisation
from tests.states import Begin

made: list[None] = []


def a_file() -> Path:
    return settings().instance / "of-a-state.txt"


def one_organisation() -> tuple[Organisation, dict[str, int]]:
    """A row beside plain data, and a file."""
    made.append(None)
    a_file().write_text("whole")
    with transaction():
        return make_organisation("测试单位"), {"plain": 1}


def test_each_time_is_like_the_first(app: Flask, begin_with: Begin) -> None:
    made.clear()
    for time in range(3):
        organisation, plain = begin_with(one_organisation)
        assert len(made) <= 1
        assert (organisation.name_zh, plain, a_file().read_text()) == ("测试单位", {"plain": 1}, "whole")
        assert list(db.session.scalars(select(Organisation))) == [organisation]
        with transaction():
            organisation.name_zh = f"改名{time}"
            make_organisation("又一单位")  # takes a number that nothing has
        plain["plain"] = 2
        a_file().unlink()


def test_other_tests_begin_with_nothing(app: Flask) -> None:
    assert db.session.scalars(select(Organisation)).all() == []

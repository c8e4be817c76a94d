"""Two people at the same moment: two marks have two codes, and a record shows one period of a promise only."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from flask import Flask
from sqlalchemy import func, select

from registry.accounts.models import User
from registry.agreements.models import Agreement
from registry.commitments.enums import Category
from registry.commitments.inputs import Description, Proof
from registry.commitments.models import Commitment, CommitmentEvidence
from registry.commitments.queries import period_for_change
from registry.commitments.services import describing, marking, reporting
from registry.core.db import db, transaction
from registry.core.errors import Invalid
from tests.agreements.days import make_clock
from tests.mechanisms.meetings import make_mechanism
from tests.states import Begin

from .promised import Promised, framework
from .test_marking import promise

PATIENCE = 60.0  # seconds
HEAD_START = 0.5  # how long the first waits with its commit, where the database lets the second begin


@pytest.fixture
def promised(begin_with: Begin) -> Promised:
    return begin_with(framework)


def side_by_side(app: Flask, first: Callable[[], object], second: Callable[[], object]) -> list[object]:
    """Both in transactions of their own, the second begun before the first commits; what they gave or raised."""
    entered, beside = Event(), Event()

    def run(work: Callable[[], object], *, is_first: bool) -> object:
        assert is_first or entered.wait(PATIENCE)
        try:
            with app.app_context(), transaction():
                given = work()
                entered.set()
                if is_first:
                    beside.wait(HEAD_START)
                return given
        except Invalid as error:
            return error
        finally:
            beside.set()

    with ThreadPoolExecutor(2) as pool:
        running = [pool.submit(run, first, is_first=True), pool.submit(run, second, is_first=False)]
        return [one.result(PATIENCE) for one in running]


def test_two_marks_have_two_codes(app: Flask, promised: Promised) -> None:
    agreement, handler = promised.agreement.id, promised.bureau.handler.id
    new = promise(promised.bureau.organisation.public_id)
    db.session.remove()

    def mark() -> str:
        by = db.session.get_one(User, handler)
        return marking.mark(db.session.get_one(Agreement, agreement), "5", new, by).code

    assert side_by_side(app, mark, mark) == ["K1", "K2"]
    assert db.session.scalar(select(func.count()).where(Commitment.origin == "marked")) == 2


def test_a_record_shows_one_of_two_periods(app: Flask, promised: Promised, monkeypatch: pytest.MonkeyPatch) -> None:
    with transaction():
        proof = Proof("mechanism", make_mechanism(promised.scene).public_id)
        given = Description(Category.MEETINGS, evidence_kinds=("mechanism",))
        describing.describe(promised.commitment("M1"), given, promised.bureau.handler)
    periods = [(one.public_id, one.row_version) for one in promised.periods("M1")[:2]]
    make_clock(monkeypatch)(promised.periods("M1")[1].starts_on)
    handler = promised.bureau.handler.id
    db.session.remove()

    def report(number: int) -> Callable[[], int]:
        def work() -> int:
            by = db.session.get_one(User, handler)
            reporting.report(period_for_change(periods[number][0], by, periods[number][1]), 1, "", (proof,), by)
            return number

        return work

    found = side_by_side(app, report(0), report(1))
    assert found[0] == 0
    assert isinstance(found[1], Invalid)
    assert db.session.scalar(select(func.count()).select_from(CommitmentEvidence)) == 1

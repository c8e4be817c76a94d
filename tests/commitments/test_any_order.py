"""In whatever order people report, verify, dispute, waive, amend and close: what is promised of promises holds.

`PROMISE_EXAMPLES` and `PROMISE_STEPS` make it as long as one has patience: script/gates asks for many.
"""

import os
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st
from sqlalchemy import select

from registry.audit.verify import verify
from registry.commitments.enums import EventKind, Part, PeriodState
from registry.commitments.models import CommitmentPeriod
from registry.commitments.services import checking
from registry.core.access.scope import without_scope
from registry.core.db import db
from tests.agreements.days import make_clock
from tests.states import Begin

from .promised import of_three
from .recomputed import is_kept
from .whims import Whims

pytestmark = pytest.mark.only("sqlite")
EXAMPLES = int(os.environ.get("PROMISE_EXAMPLES", "3"))
STEPS = int(os.environ.get("PROMISE_STEPS", "25"))
NEED_WORDS = {
    EventKind.SENT_BACK,
    EventKind.DISPUTED,
    EventKind.ANSWERED,
    EventKind.SAID,
    EventKind.WAIVER_ASKED,
    EventKind.WAIVER_REFUSED,
    EventKind.REOPENED,
    EventKind.CANCELLED,
}


@settings(
    max_examples=EXAMPLES,
    phases=(Phase.generate,),  # a failed play is told act by act; to shorten it would take minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(luck=st.randoms(use_true_random=True))
def test_nobody_verifies_their_own_promise_and_sums_are_what_happened(
    begin_with: Begin, monkeypatch: pytest.MonkeyPatch, luck: Random
) -> None:
    monkeypatch.undo()
    play = Whims(begin_with(of_three), luck, make_clock(monkeypatch))
    try:
        for _step in range(STEPS):
            play.step()
            assert is_kept()
        with without_scope():
            for period in db.session.scalars(select(CommitmentPeriod)):
                look_at(period)
        assert list(checking.compare()) == []
    finally:
        note("; ".join(play.done))
    assert verify().is_good


def look_at(period: CommitmentPeriod) -> None:
    """Invariants 6 and 7 over the whole history of a period."""
    commitment, reporter, reopened = period.commitment, None, 0
    for event in period.events:
        if event.kind in (EventKind.REPORTED, EventKind.ANSWERED):
            reporter = event.organisation_id
            assert reporter in commitment.having(Part.OBLIGOR) or commitment.ended_on
        if event.kind is EventKind.VERIFIED:
            assert event.organisation_id != reporter
            assert commitment.is_joint or event.organisation_id not in commitment.having(Part.OBLIGOR)
        if event.kind is EventKind.WAIVER_GRANTED and event.state is PeriodState.WAIVED:
            assert event.organisation_id != period.waiver_by_id or period.reopened
        assert event.note.strip() or event.kind not in NEED_WORDS
        reopened += event.kind is EventKind.REOPENED
    assert period.reopened == reopened
    assert (period.closed_on is None) == period.is_open

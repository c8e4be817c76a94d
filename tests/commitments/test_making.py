"""How the promises of a signed text become commitments."""

import pytest
from sqlalchemy import select

from registry.commitments.enums import PeriodState
from registry.commitments.models import Commitment, CommitmentPeriod, CommitmentTotal
from registry.commitments.services import reporting, verifying
from registry.core.db import db, transaction
from tests.agreements.scene import Scene, make_scene
from tests.states import Begin

pytestmark = pytest.mark.usefixtures("app")


def in_force() -> Scene:
    """A framework agreement since today."""
    with transaction():
        scene = make_scene()
        scene.in_force()
    return scene


def test_what_was_reported_and_verified_is_struck_off_and_counted(begin_with: Begin) -> None:
    scene = begin_with(in_force)
    found = {one.code: one for one in db.session.scalars(select(Commitment))}
    assert set(found) == {"T1", "T2", "T9", "M1"}
    of_fairs = select(CommitmentPeriod).where(CommitmentPeriod.commitment_id == found["T1"].id)
    period, *others = db.session.scalars(of_fairs.order_by(CommitmentPeriod.no)).all()
    assert [one.target for one in (period, *others)] == [2, 2, 2]
    with transaction():
        reporting.report(period, 2, "照片见台账", [], scene.bureau.handler)
        verifying.verify(period, 2, "", scene.university.handler)
    assert period.state is PeriodState.MET
    kept = db.session.scalars(select(CommitmentTotal).where(CommitmentTotal.met > 0)).all()
    assert [(one.periods, one.verified) for one in kept] == [(1, 1_000_000)] * 2

"""Promises stand on the timeline of the two sides when they are due soon and when they were settled."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from registry.accounts.models import User
from registry.commitments.services import reporting, verifying, waiving
from registry.core.dates import today
from registry.core.db import db, transaction
from registry.relationships.models import Relationship
from registry.relationships.queries import timeline
from tests.commitments.scene import promised
from tests.states import Begin

pytestmark = pytest.mark.usefixtures("app")
PROMISES = ("Promise kept", "Promise kept in part", "Promise not kept", "Promise waived", "Promise due")


def told(who: User) -> list[str]:
    relationship = db.session.scalars(select(Relationship)).one()
    past, due = timeline(relationship, who)
    return [one.what.english for one in (*past, *due) if one.what.english in PROMISES]


def test_promises_are_told_as_they_end(begin_with: Begin) -> None:
    one = begin_with(promised)
    university, bureau = one.scene.university, one.scene.bureau
    assert told(bureau.handler) == []  # none is due within 90 days
    with transaction():
        one.move(one.period(), today(), today() + timedelta(days=60))
    assert told(bureau.handler) == told(university.handler) == ["Promise due"]
    with transaction():
        reporting.report(one.period(), 2, "照片", [], university.handler)
        verifying.verify(one.period(), 2, "", bureau.handler)
        waiving.ask_waiver(one.period("T2"), "并入省级活动", bureau.leader)
        waiving.consent_waiver(one.period("T2"), "", university.leader)
    assert sorted(told(bureau.handler)) == ["Promise kept", "Promise waived"]
    assert told(one.stranger) == []

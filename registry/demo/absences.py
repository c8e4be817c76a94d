"""A section head who is away with a stand-in, another without; one review step of the former is late."""

from datetime import timedelta

from sqlalchemy import select

from ..accounts.inputs import AbsenceNotice, Handover
from ..accounts.models import User
from ..accounts.services import delegations
from ..agreements.models import Agreement, Clearance, ClearanceStep
from ..core.access.roles import Role
from ..core.dates import today
from ..core.db import db, transaction

TRIP = timedelta(days=13)
LATE = timedelta(days=7)


def enter_absences(people: dict[str, User], in_review: Agreement) -> None:
    """The bureau's signatory stands in for its section head; the university's section head has nobody.

    The late step is laid back by hand: deadlines are counted from the day of submitting, and that is today here.
    """
    first, last = today(), today() + TRIP
    with transaction():
        to = people["anshan.signatory"].public_id
        given = Handover(Role.SECTION_HEAD, to, first, last, "出差（演示）", is_away=True)
        delegations.hand_over(people["anshan.section_head"], given)
    with transaction():
        delegations.tell_absence(people["nwpu.section_head"], AbsenceNotice(first, last, "培训（演示）"))
    with transaction():
        waiting = (Clearance.agreement_id == in_review.id, Clearance.step == ClearanceStep.SECTION)
        db.session.scalars(select(Clearance).where(*waiting)).one().due_on = first - LATE

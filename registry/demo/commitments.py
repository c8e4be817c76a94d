"""Promises of the agreement in force in many states, reported and verified by both sides; all marked 演示."""

from datetime import timedelta

from sqlalchemy import select

from ..accounts.models import User
from ..agreements.models import Agreement
from ..commitments.models import Commitment, CommitmentPeriod
from ..commitments.services import reporting, standing, verifying, waiving
from ..core.access.scope import without_scope
from ..core.dates import today
from ..core.db import db, transaction

BEGAN, FELL_DUE, LEFT = timedelta(days=300), timedelta(days=6), timedelta(days=65)


def enter_commitments(people: dict[str, User], agreement: Agreement) -> list[CommitmentPeriod]:
    """Met, half done, waiting for the close-out, disputed, waiver asked for; the first periods are laid back by hand.

    Nothing can be late in an agreement that began some days ago.
    """
    bureau, university = people["anshan.handler"], people["nwpu.handler"]
    fairs, talks, posts, visits, meetings = (_first(agreement, code) for code in ("T1", "T2", "T3", "T9", "M1"))
    with transaction():
        for period, due_on in ((fairs, today() + LEFT), (posts, today() + LEFT), (meetings, today() - FELL_DUE)):
            period.starts_on, period.due_on = today() - BEGAN, due_on
        db.session.flush()
        standing.refresh([fairs, posts, meetings])
    with transaction():
        reporting.report(fairs, 1, "演示：春季专场招聘会已举办，签到表见台账。", [], bureau)
        reporting.report(posts, 500, "演示：岗位清单分三批推送。", [], bureau)
        reporting.report(talks, 2, "演示：两场宣讲均有签到。", [], bureau)
        reporting.request_close(talks, "演示：全年任务已完成，请核验。", bureau)
        reporting.report(visits, 1, "演示：赴鞍山回访用人单位3家。", [], university)
    with transaction():
        verifying.verify(fairs, 1, "演示：属实。", university)
        verifying.verify(posts, 500, "演示：属实。", university)
        verifying.dispute(visits, 0, "演示：该次走访未形成回访记录。", bureau)
        verifying.say(visits, "演示：回访记录已补录，请核对。", university)
    with transaction():
        waiving.ask_waiver(meetings, "演示：双方商定并入下年度联席会议。", people["nwpu.leader"])
    return [fairs, talks, posts, visits, meetings]


def _first(agreement: Agreement, code: str) -> CommitmentPeriod:
    of_code = (Commitment.agreement_id == agreement.id, Commitment.code == code, CommitmentPeriod.no == 1)
    joined = select(CommitmentPeriod).join(Commitment, Commitment.id == CommitmentPeriod.commitment_id)
    with without_scope():
        return db.session.scalars(joined.where(*of_code)).one()

"""Promises of an agreement in its second year: kept, disputed, overdue, waiting; all marked 演示. 承诺演示。"""

from datetime import timedelta

from sqlalchemy import select

from ..accounts.models import User
from ..agreements.models import Agreement
from ..commitments.enums import Category, Recurrence
from ..commitments.inputs import Description, NewCommitment
from ..commitments.models import Commitment, CommitmentPeriod
from ..commitments.services import marking, reporting, verifying, waiving
from ..core.db import db, transaction
from .people import UNIVERSITY, organisation
from .states import Cast

TITLE = "演示·鞍山市与西北工业大学校地合作框架协议（履约第二年）"
SIGNED_AGO = timedelta(days=400)


def enter_commitments(people: dict[str, User]) -> Agreement:
    """Signed thirteen months ago; its first year is mostly settled, its second under way."""
    agreement = Cast(people).in_force(TITLE, ago=SIGNED_AGO)
    bureau, university = people["anshan.handler"], people["nwpu.handler"]
    _kept(agreement, "T1", 1, 2, bureau, university)
    _kept(agreement, "M1", 1, 1, university, bureau)
    _kept(agreement, "T2", 1, 1, bureau, university)
    _disputed(agreement, bureau, university)
    _waiting(agreement, people)
    _marked(agreement, people)
    return agreement


def _kept(agreement: Agreement, code: str, no: int, figure: int, obligor: User, other: User) -> None:
    """Reported by one side and verified by the other."""
    period = _period(agreement, code, no)
    with transaction():
        reporting.report(period, figure, "演示：见活动台账和照片。", (), obligor)
        reporting.request_close(period, "演示：请予核验销号。", obligor)
    with transaction():
        verifying.close(period, "演示：属实。", other)


def _disputed(agreement: Agreement, obligor: User, other: User) -> None:
    """Both figures stand beside each other; T9 of the first year is left overdue."""
    period = _period(agreement, "T3", 1)
    with transaction():
        reporting.report(period, 520, "演示：岗位清单四期合计。", (), obligor)
    with transaction():
        verifying.dispute(period, 430, "演示：第四期与第三期有90个岗位重复。", other)
    with transaction():
        verifying.say(period, "演示：正在逐条核对。", obligor)


def _waiting(agreement: Agreement, people: dict[str, User]) -> None:
    """Of the second year: one of two fairs waits to be verified, a waiver waits for the other side."""
    with transaction():
        reporting.report(_period(agreement, "T1", 2), 1, "演示：秋季专场照片。", (), people["anshan.handler"])
    with transaction():
        reason = "演示：今年政策宣讲并入省级活动。"
        waiving.ask_waiver(_period(agreement, "T2", 2), reason, people["anshan.section_head"])


def _marked(agreement: Agreement, people: dict[str, User]) -> None:
    """Promises of the university in an article: one accepted, one still proposed."""
    for title, target, unit in (("演示·提供分专业毕业生规模信息", 1, "次"), ("演示·推荐毕业生到岗实习", 20, "人")):
        new = NewCommitment(
            title_zh=title,
            obligors=(organisation(UNIVERSITY).public_id,),
            description=Description(Category.REPORTING if unit == "次" else Category.INTERNSHIPS),
            target=target,
            unit=unit,
            recurrence=Recurrence.YEARLY,
        )
        with transaction():
            made = marking.mark(agreement, "6", new, people["anshan.handler"])
        if unit == "次":
            with transaction():
                marking.accept(made, people["nwpu.section_head"])


def _period(agreement: Agreement, code: str, no: int) -> CommitmentPeriod:
    statement = (
        select(CommitmentPeriod)
        .join(Commitment, Commitment.id == CommitmentPeriod.commitment_id)
        .where(Commitment.agreement_id == agreement.id, Commitment.code == code, CommitmentPeriod.no == no)
    )
    return db.session.scalars(statement).one()

"""A framework agreement in force since today, with promises of either side, and everybody who looks at them."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from registry.accounts.models import User
from registry.agreements.inputs import TaskRow
from registry.agreements.models import Agreement
from registry.commitments.models import Commitment, CommitmentPeriod
from registry.commitments.services import standing
from registry.core.access.roles import Role
from registry.core.access.scope import without_scope
from registry.core.dates import add_months, today
from registry.core.db import db, transaction
from registry.organisations.models import OrganisationKind, Oversight
from tests.agreements.scene import Scene, make_scene
from tests.conftest import Client
from tests.factories import make_organisation, make_user

FAIRS = "举办校园专场招聘会"
CAMPUS = TaskRow(FAIRS, obligor="B", target="2", unit="场", period="年", rule="同日同地计1场", evidence="照片")


@dataclass
class Promised:
    """`fairs` is promised by the university alone; T1 and T2 by the bureau alone; T9 and M1 by both."""

    scene: Scene
    agreement: Agreement
    overseer: User
    stranger: User

    def commitment(self, code: str = "") -> Commitment:
        """By its code; without one the fairs of the university."""
        wanted = Commitment.code == code if code else Commitment.title_zh == FAIRS
        of_agreement = (Commitment.agreement_id == self.agreement.id, Commitment.state == "active")
        with without_scope():
            return db.session.scalars(select(Commitment).where(wanted, *of_agreement)).one()

    def period(self, code: str = "", no: int = 1) -> CommitmentPeriod:
        """One of its periods."""
        wanted = (CommitmentPeriod.commitment_id == self.commitment(code).id, CommitmentPeriod.no == no)
        with without_scope():
            return db.session.scalars(select(CommitmentPeriod).where(*wanted)).one()

    def move(self, period: CommitmentPeriod, starts_on: date, due_on: date) -> CommitmentPeriod:
        """To other days, as if the agreement were older; the caller holds the transaction."""
        period.starts_on, period.due_on = starts_on, due_on
        db.session.flush()
        standing.refresh([period])
        return period

    def late(self, code: str = "") -> CommitmentPeriod:
        """The first period, whose last day was a month ago."""
        return self.move(self.period(code), add_months(today(), -13), add_months(today(), -1))


def promised() -> Promised:
    """Everything, made once (see tests/states.py)."""
    with transaction():
        scene = make_scene()
        province = make_organisation("测试省厅", OrganisationKind.HR_DEPARTMENT)
        db.session.add(Oversight(overseer_id=province.id, organisation_id=scene.bureau.organisation.id))
        db.session.flush()
        agreement = scene.brought_in_force(scene.draft_input(tasks=(CAMPUS,)), scene.university)
        overseer = make_user(Role.OVERSEER, organisation=province)
        stranger = make_user(Role.HANDLER, organisation=make_organisation("测试外单位"))
    return Promised(scene, agreement, overseer, stranger)


def post(client: Client, period: CommitmentPeriod, act: str, version: int | None = None, **more: str) -> int:
    """The status of an act on a period, sent from its present version."""
    db.session.rollback()
    db.session.refresh(period)
    data = {"row_version": str(period.row_version if version is None else version)} | more
    return client.post(f"/commitments/periods/{period.public_id}/{act}", data=data).status_code

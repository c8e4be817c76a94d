"""Agreements whose promises tests report, verify and dispute."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from registry.accounts.models import User
from registry.agreements.inputs import PartyLine, TaskRow
from registry.agreements.models import Agreement
from registry.commitments.models import Commitment, CommitmentPeriod
from registry.core.access.scope import without_scope
from registry.core.dates import today
from registry.core.db import db, transaction
from registry.organisations.models import OrganisationKind
from tests.agreements.scene import VARIABLES, Scene, Side, make_scene, make_side


@dataclass
class Promised:
    """An agreement in force since today with its promises; `company` is the third party where there is one."""

    scene: Scene
    agreement: Agreement
    company: Side | None = None

    @property
    def bureau(self) -> Side:
        """Party A, which keeps the agreement."""
        return self.scene.bureau

    @property
    def university(self) -> Side:
        """Party B."""
        return self.scene.university

    @property
    def third(self) -> Side:
        """Party C."""
        assert self.company
        return self.company

    def commitment(self, code: str) -> Commitment:
        """The newest commitment of a code."""
        statement = select(Commitment).where(Commitment.agreement_id == self.agreement.id, Commitment.code == code)
        with without_scope():
            return db.session.scalars(statement.order_by(Commitment.id.desc())).first() or self._none(code)

    def _none(self, code: str) -> Commitment:
        raise AssertionError(f"no commitment {code}")

    def codes(self) -> dict[str, str]:
        """Codes and states of all, the newest of a code."""
        statement = select(Commitment.code, Commitment.state).where(Commitment.agreement_id == self.agreement.id)
        with without_scope():
            return {code: str(state) for code, state in db.session.execute(statement.order_by(Commitment.id))}

    def periods(self, code: str) -> list[CommitmentPeriod]:
        """Its periods in order."""
        statement = select(CommitmentPeriod).where(CommitmentPeriod.commitment_id == self.commitment(code).id)
        with without_scope():
            return list(db.session.scalars(statement.order_by(CommitmentPeriod.no)))

    def first(self, code: str) -> CommitmentPeriod:
        """Its first period."""
        return self.periods(code)[0]

    def days(self, code: str) -> list[tuple[date, date]]:
        """First and last days of its periods."""
        return [(one.starts_on, one.due_on) for one in self.periods(code)]


def framework() -> Promised:
    """The framework text of a bureau and a university: T1, T2, T3 promised by the bureau, T9 and M1 by both."""
    with transaction():
        scene = make_scene()
        draft = scene.draft_input(variables=VARIABLES | {"posts_per_year": "500"})
        return Promised(scene, scene.brought_in_force(draft, scene.university))


ROWS = (
    TaskRow("举办招聘会", obligor="A", target="2", unit="场", period="年", code="1"),
    TaskRow("推荐毕业生", obligor="B", target="10", unit="人", period="年", evidence="名册", code="2"),
    TaskRow("联合走访企业", obligor="all", target="4", unit="次", period="年", code="3"),
)


def of_three() -> Promised:
    """A text of their own of three parties: one promise of each of two, one of all."""
    with transaction():
        scene = make_scene()
        company = make_side("东北大学", OrganisationKind.UNIVERSITY)
        lines = (*scene.draft_input().parties, PartyLine(company.organisation.public_id, representative="测试丙"))
        draft = scene.own_text(parties=lines, copies_total=6, tasks=ROWS)
        return Promised(scene, scene.brought_in_force(draft, scene.university, company), company)


def everybody(promised: Promised) -> list[User]:
    """Everybody of all sides."""
    sides = [promised.bureau, promised.university, *([promised.company] if promised.company else [])]
    return [person for side in sides for person in side.people.values()]


def a_year_on() -> date:
    """The last day of the first year from today."""
    day = today()
    return date(day.year + 1, day.month, min(day.day, 28) if day.month == 2 else day.day)

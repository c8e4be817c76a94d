"""Two bureaus, two universities and what lies between them, from January to January; and what they do on which day."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select

from registry.agreements.inputs import Opinion, Term
from registry.agreements.models import Agreement, RenewalDecision, Signatory
from registry.agreements.services import archiving, clearance, lifecycle, renewal, signing
from registry.commitments.models import Commitment, CommitmentPeriod
from registry.commitments.services import reporting, verifying
from registry.core.dates import now
from registry.core.db import db
from registry.mechanisms import services as mechanisms
from registry.mechanisms.models import DockingMechanism
from registry.organisations.models import OrganisationKind
from registry.relationships import services as relationships
from registry.relationships.models import Relationship
from registry.tasks import closing
from registry.tasks import services as tasks
from registry.tasks.enums import TaskSource
from registry.tasks.inputs import NewTask
from registry.tasks.models import Task
from registry.visits.enums import VisitKind
from registry.visits.inputs import VisitDetails
from registry.visits.services import entry as visits
from registry.workstations.models import Workstation
from registry.workstations.services import activities, moves
from tests.agreements.archived import DETAILS, entry_of, with_rows_only
from tests.agreements.scene import Scene, Side, make_side
from tests.mechanisms.meetings import make_mechanism, meeting
from tests.workstations.stations import held, operating

BEGINS, ENDS = date(2026, 1, 5), date(2027, 1, 31)
A_YEAR = Term(months=12)
Acts = Mapping[date, Callable[[], object]]


@dataclass
class World:
    """Who is there, and what they have with each other. Letters: A and B are bureaus, U and V universities."""

    anshan: Side
    xian: Side
    nwpu: Side
    neu: Side
    framework: Agreement
    own: Agreement
    stalled: Agreement
    reviewed: Agreement
    station: Workstation
    mechanism: DockingMechanism
    task: Task

    def between(self, bureau: Side, university: Side) -> Scene:
        """Two of them."""
        return Scene(bureau, university)

    def letters(self) -> Mapping[int, str]:
        """Of each organisation, its letter."""
        sides = zip("ABUV", (self.anshan, self.xian, self.nwpu, self.neu), strict=True)
        return {side.organisation.id: letter for letter, side in sides}

    def subjects(self) -> Mapping[str, str]:
        """Of each record, what the table calls it."""
        named = {one.public_id: self._promise(one) for one in db.session.scalars(select(Commitment))}
        for letters, bureau, university in (
            ("A-U", self.anshan, self.nwpu), ("A-V", self.anshan, self.neu),
            ("B-U", self.xian, self.nwpu), ("B-V", self.xian, self.neu),
        ):  # fmt: skip
            if found := _relationship(bureau, university):
                named[found.public_id] = letters
        parts = ("framework", "own", "stalled", "reviewed", "station", "mechanism", "task")
        return named | {getattr(self, part).public_id: part for part in parts}

    def _promise(self, one: Commitment) -> str:
        return f"{'framework' if one.agreement_id == self.framework.id else 'stalled'}-{one.code}"


def make_world() -> World:
    """As it stands on the first day; the caller holds the transaction."""
    anshan = make_side("鞍山市人力资源和社会保障局", OrganisationKind.HR_BUREAU)
    xian = make_side("西安市人力资源和社会保障局", OrganisationKind.HR_BUREAU, "610100")
    nwpu = make_side("西北工业大学", OrganisationKind.UNIVERSITY, "610100")
    neu = make_side("东北大学", OrganisationKind.UNIVERSITY, "610100")
    a_u, b_v, a_v, b_u = Scene(anshan, nwpu), Scene(xian, neu), Scene(anshan, neu), Scene(xian, nwpu)
    return World(
        anshan,
        xian,
        nwpu,
        neu,
        framework=a_u.brought_in_force(a_u.draft_input(term=A_YEAR), nwpu),
        own=b_v.brought_in_force(b_v.own_text(term=A_YEAR, title_zh="西安市与东北大学合作协议"), neu),
        stalled=_being_signed(a_v),
        reviewed=b_u.draft(title_zh="西安市与西北工业大学合作框架协议"),
        station=operating(a_u, unveiled_on=BEGINS),
        mechanism=_met(b_u),
        task=tasks.assign(_task(neu), anshan.handler),
    )


def _being_signed(scene: Scene) -> Agreement:
    agreement = scene.draft(title_zh="鞍山市与东北大学合作框架协议")
    scene.pass_review(agreement)
    scene.approve(agreement)
    signing.start_signing(agreement, scene.bureau.leader)
    for row in db.session.scalars(select(Signatory).where(Signatory.agreement_id == agreement.id)):
        row.created_at = now()  # rows are stamped by a clock that no test moves
    return agreement


def _met(scene: Scene) -> DockingMechanism:
    mechanism = make_mechanism(scene)
    mechanisms.record_meeting(mechanism, meeting(BEGINS), scene.bureau.handler)
    return mechanism


def _task(lead: Side) -> NewTask:
    to = lead.handler.public_id
    return NewTask(
        "落实校园招聘", TaskSource.JOINT_MEETING, lead.organisation.public_id, due_on=date(2026, 2, 27), assignee=to
    )


def _relationship(bureau: Side, university: Side) -> Relationship | None:
    theirs = (
        Relationship.locality_code == bureau.organisation.region_code,
        Relationship.university_id == university.organisation.id,
    )
    return db.session.scalars(select(Relationship).where(*theirs)).one_or_none()


def acts_of(world: World) -> Acts:
    """What people do, each on its day, before the registry's daily work."""
    a_u, a_v = world.between(world.anshan, world.nwpu), world.between(world.anshan, world.neu)
    anshan, xian, nwpu, neu = world.anshan, world.xian, world.nwpu, world.neu
    return {
        date(2026, 1, 18): lambda: a_v.sign(world.stalled, neu, date(2026, 1, 18)),
        date(2026, 1, 21): lambda: _file(world.framework, anshan),
        date(2026, 1, 22): lambda: _file(world.own, xian),
        date(2026, 1, 25): lambda: _complete(a_v, world.stalled),
        date(2026, 1, 30): lambda: _file(world.stalled, anshan),
        date(2026, 2, 2): lambda: clearance.submit(world.reviewed, xian.handler, duplicates_known=True),
        date(2026, 2, 9): lambda: clearance.clear(world.reviewed, Opinion("同意"), xian.section_head),
        date(2026, 2, 11): lambda: clearance.send_back(world.reviewed, "退回修改", xian.legal_officer),
        date(2026, 3, 9): lambda: closing.request_close(world.task, "已举办", neu.handler),
        date(2026, 4, 10): lambda: mechanisms.record_meeting(world.mechanism, meeting(date(2026, 4, 10)), xian.handler),
        date(2026, 5, 20): lambda: activities.add(world.station, held(date(2026, 5, 20)), nwpu.handler),
        date(2026, 6, 15): lambda: _visit(a_u, world.framework, date(2026, 6, 15)),
        date(2026, 7, 15): lambda: mechanisms.record_meeting(world.mechanism, meeting(date(2026, 7, 15)), xian.handler),
        date(2026, 8, 1): lambda: mechanisms.end(world.mechanism, "已有协议", xian.leader),
        date(2026, 8, 3): lambda: relationships.explain(_found(xian, neu), "双方正在换届", xian.handler),
        date(2026, 8, 20): lambda: activities.add(world.station, held(date(2026, 8, 20)), anshan.handler),
        date(2026, 10, 1): lambda: lifecycle.suspend(world.own, "调整", xian.leader),
        date(2026, 10, 2): lambda: renewal.decide_renewal(
            world.framework, RenewalDecision.LET_EXPIRE, "合作已完成", anshan.handler
        ),
        date(2026, 11, 20): lambda: lifecycle.resume(world.own, "恢复", xian.leader),
        date(2026, 11, 25): lambda: moves.suspend(world.station, "调整", anshan.leader),
        date(2026, 12, 10): lambda: _report(_period(world.framework, "T1"), 2, anshan),
        date(2026, 12, 16): lambda: verifying.verify(_period(world.framework, "T1"), 2, "", nwpu.handler),
        date(2027, 1, 10): lambda: _visit(a_v, world.stalled, date(2027, 2, 10), took_place=False),
    }


def _file(agreement: Agreement, owner: Side) -> None:
    details = replace(DETAILS, number=f"2026·WS·Y·{agreement.id:04}")
    archiving.archive(entry_of(with_rows_only(agreement)), details, owner.handler)


def _complete(scene: Scene, agreement: Agreement) -> None:
    scene.sign(agreement, scene.bureau, date(2026, 1, 25))
    signing.complete_signing(agreement, scene.bureau.seal_keeper)


def _visit(scene: Scene, agreement: Agreement, day: date, *, took_place: bool = True) -> None:
    given = VisitDetails(
        kind=VisitKind.FOLLOW_UP,
        day=day,
        took_place=took_place,
        visited=scene.university.organisation.public_id,
        subject_kind="agreement",
        subject_public_id=agreement.public_id,
        findings="进展顺利" if took_place else "",
    )
    visits.enter(given, scene.bureau.handler)


def _found(bureau: Side, university: Side) -> Relationship:
    found = _relationship(bureau, university)
    assert found
    return found


def _period(agreement: Agreement, code: str) -> CommitmentPeriod:
    theirs = (Commitment.agreement_id == agreement.id, Commitment.code == code)
    statement = select(CommitmentPeriod).join(Commitment).where(*theirs)
    found = db.session.scalars(statement.order_by(CommitmentPeriod.no)).first()
    assert found
    return found


def _report(period: CommitmentPeriod, figure: int, side: Side) -> None:
    reporting.report(period, figure, "照片见台账", [], side.handler)

"""People of several organisations and the calendar, who do whatever comes into their heads to agreements."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import Any, TypeVar

from sqlalchemy import select

from registry.accounts.models import User
from registry.agreements import jobs, queries
from registry.agreements.inputs import ArticleText, Draft, PartyLine, Term
from registry.agreements.models import (
    Agreement,
    AgreementKind,
    AgreementRevision,
    PartyRole,
)
from registry.agreements.texts.catalogue import get_template
from registry.core.access.roles import Role
from registry.core.db import db, transaction
from registry.core.errors import RegistryError
from registry.jobs import leases
from registry.organisations.models import OrganisationKind, Oversight
from tests.agreements import invariants, snapshot
from tests.agreements.clock import Clock
from tests.agreements.scene import VARIABLES, Scene, Side, make_scene, make_side
from tests.factories import make_organisation, make_user

T = TypeVar("T")
ARTICLE = ArticleText("1", "一、合作内容", "各方互通岗位与生源信息。")
TITLES = ("校地合作协议", "校地人才合作协议", "Agreement on talents 人才协议")
PLACES = ("鞍山市", "沈阳市")
REASONS = ("情况变化", "经协商一致", "经研究", "")
TITLE_BY_ROLE = {"lead": PartyRole.LEAD, "witness": PartyRole.WITNESS}


@dataclass
class Cast:
    """Everybody: the owner, two universities, a company without people here, who oversees, and who has no business."""

    scene: Scene
    second: Side
    stranger: Side
    company: Any
    others: list[User]
    double: User
    """Somebody of the bureau who is handler, section head and leader in one."""

    @property
    def sides(self) -> tuple[Side, ...]:
        """Organisations with a person for every role."""
        return self.scene.bureau, self.scene.university, self.second, self.stranger

    @property
    def people(self) -> list[User]:
        """Everybody who may try something."""
        return [*(user for side in self.sides for user in side.people.values()), self.double, *self.others]


def make_cast() -> Cast:
    """The caller holds the transaction."""
    scene = make_scene()
    second = make_side("东北大学", OrganisationKind.UNIVERSITY)
    stranger = make_side("抚顺市人力资源和社会保障局", OrganisationKind.HR_BUREAU)
    company = make_organisation("鞍山测试企业有限公司", OrganisationKind.ENTERPRISE)
    province = make_organisation("辽宁省人力资源和社会保障厅", OrganisationKind.HR_DEPARTMENT)
    for below in (scene.bureau.organisation, stranger.organisation, company):
        db.session.add(Oversight(overseer_id=province.id, organisation_id=below.id))
    double = make_user(Role.HANDLER, Role.SECTION_HEAD, Role.LEADER, organisation=scene.bureau.organisation)
    over = [make_user(role, organisation=province) for role in (Role.OVERSEER, Role.LEADER, Role.HANDLER)]
    return Cast(scene, second, stranger, company, [*over, make_user(Role.SYSTEM_ADMIN, organisation=province)], double)


def world_of(cast: Cast) -> invariants.World:
    """The same as plain numbers."""
    organisations = {side.organisation.public_id: side.organisation.id for side in cast.sides}
    people = {user.id: (user.organisation_id, frozenset(map(str, user.roles))) for user in cast.people}
    staffed = frozenset(side.organisation.id for side in cast.sides)
    return invariants.World(organisations | {cast.company.public_id: cast.company.id}, people, staffed)


class Stage:
    """Where the play happens: one act after the other, each looked at before and after."""

    def __init__(self, clock: Clock, luck: Random) -> None:
        self.clock, self.luck = clock, luck
        with transaction():
            self.cast = make_cast()
        self.world, self.past = world_of(self.cast), invariants.Past()
        self.agreements: list[str] = []
        self.before = snapshot.take()
        self.done: list[str] = []

    def draw(self, *options: T) -> T:
        """One of the options."""
        return self.luck.choice(options)

    def chance(self, percent: int) -> bool:
        """Whether something happens that does so in so many of a hundred cases."""
        return self.luck.randrange(100) < percent

    def role(self, side: Side, *roles: Role) -> User:
        """Mostly somebody who may; now and then anybody at all."""
        return side.people[self.draw(*roles)] if self.chance(90) else self.draw(*self.cast.people)

    def bureau(self, *roles: Role) -> User:
        """Of the owner."""
        return self.role(self.cast.scene.bureau, *roles)

    def attempt(self, name: str, do: Callable[[], object]) -> bool:
        """Try it in a transaction of its own; what is refused must leave no trace."""
        try:
            with transaction():
                do()
        except RegistryError as refused:
            self.done.append(f"{name}: {type(refused).__name__}")
            assert snapshot.take() == self.before, f"{name} was refused and changed something"
            return False
        self.done.append(name)
        self.look()
        return True

    def look(self, *, steps: int = 1) -> None:
        """What holds always holds now."""
        after = snapshot.take()
        invariants.check(self.world, self.past, self.before, after, self.clock.today, steps=steps)
        self.before = after

    def act(self, name: str, person: User, do: Callable[[Agreement, User], object], identity: str = "") -> bool:
        """Somebody does something to an agreement that they have to see, as any page does."""
        wanted = identity or (self.agreements[-1] if self.chance(85) else self.draw(*self.agreements))
        return self.attempt(name, lambda: do(queries.get_visible(wanted, person), person))

    def current(self) -> Agreement:
        """The agreement that the play is about now."""
        found = db.session.scalars(select(Agreement).where(Agreement.public_id == self.agreements[-1])).one()
        db.session.refresh(found)
        return found

    def lines(self) -> tuple[PartyLine, ...]:
        """Who is to be party: the owner, the university, and often a third one."""
        scene, third = self.cast.scene, self.draw(None, None, self.cast.second.organisation, self.cast.company)
        role = self.draw(PartyRole.PARTY, PartyRole.PARTY, PartyRole.WITNESS)
        found = [
            PartyLine(scene.bureau.organisation.public_id, role=PartyRole.LEAD, representative="测试甲"),
            PartyLine(scene.university.organisation.public_id, representative="测试乙"),
        ]
        return (*found, PartyLine(third.public_id, role=role, representative="测试丙")) if third else tuple(found)

    def term(self) -> Term:
        """Mostly sound."""
        day = self.clock.today
        odd = (
            Term(expires_on=day - timedelta(days=self.draw(1, 20))), Term(),
            Term(months=2, planned_effective_on=day + timedelta(days=self.draw(1, 12))),
        )  # fmt: skip
        last = Term(expires_on=day + timedelta(days=self.draw(3, 40, 400)))
        plain = (Term(months=36), Term(months=48), Term(months=1), Term(open_ended=True), last)
        return self.draw(*odd) if self.chance(12) else self.draw(*plain)

    def text(self, lines: tuple[PartyLine, ...]) -> Draft:
        """A draft of one's own words, or a model text where two sign it."""
        is_model = len(lines) == len(VARIABLES) - 8 and self.chance(30)
        draft = Draft(
            kind=AgreementKind.FRAMEWORK if is_model else AgreementKind.STRATEGIC,
            title_zh=self.draw(*TITLES),
            parties=lines,
            articles=() if is_model else (ARTICLE,),
            term=self.term(),
            copies_total=2 * len(lines),
            copies_each=2,
            signing_place=self.draw(*PLACES),
            has_funding=self.chance(20),
        )
        return replace(draft, template="framework", variables=VARIABLES) if is_model else draft

    def redrafted(self, agreement: Agreement) -> Draft:
        """Another text for what is drafted now; of a change, often one that its kind allows."""
        revision = agreement.open_revision
        if revision is None or not revision.is_follow_up:
            return self.text(self.lines())
        return self._changed(revision)

    def _changed(self, revision: AgreementRevision) -> Draft:
        given = revision.content
        lines = [_line(line) for line in given["parties"]]
        if revision.kind == "accession" or self.chance(5):
            joins = self.draw(self.cast.second.organisation, self.cast.company, self.cast.stranger.organisation)
            lines.append(PartyLine(joins.public_id, representative="测试丁"))
        if self.chance(5) and len(lines) > 1:
            lines.pop(self.draw(*range(len(lines))))
        draft = self.text(tuple(lines))
        total = 2 * len(lines) if revision.kind == "accession" else given["copies"]["total"]
        kept = replace(draft, kind=AgreementKind(given["kind"]), has_funding=given["has_funding"], copies_total=total)
        if given["template"] and get_template(given["template"]):
            kept = replace(kept, template=given["template"], variables=given["variables"], articles=())
        if revision.kind == "correction" and self.chance(80):
            kept = replace(kept, term=_term(given["term"]))
        return kept

    def days(self, *numbers: int) -> date:
        """A day so many days away."""
        return self.clock.today + timedelta(days=self.draw(*numbers))

    def work(self) -> None:
        """The worker does what is due, however often that fails."""
        while leases.run_next():
            pass
        self.look()

    def run_calendar(self, day: date) -> None:
        """The daily run for a day."""
        jobs.calendar(day)
        self.look(steps=4)


def _line(line: dict[str, Any]) -> PartyLine:
    role = TITLE_BY_ROLE.get(line["role"], PartyRole.PARTY)
    return PartyLine(line["organisation"], role=role, department=line["department"], representative="测试")


def _term(term: dict[str, Any]) -> Term:
    days = {name: date.fromisoformat(term[name]) if term[name] else None for name in
            ("expires_on", "planned_effective_on")}  # fmt: skip
    return Term(term["months"], open_ended=term["open_ended"], **days)

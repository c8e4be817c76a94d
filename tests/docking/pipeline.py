"""An enterprise, a university and a bureau with people, and ways to bring a case to a stage."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from registry.accounts.models import User
from registry.core.access.roles import Role
from registry.core.dates import today
from registry.docking import services
from registry.docking.enums import Stage
from registry.docking.inputs import CaseDetails, StageDetails
from registry.docking.models import DockingCase
from registry.organisations.models import Organisation, OrganisationKind
from registry.organisations.uscc import check_character
from tests.factories import make_organisation, make_user

BODY = "91210300MA0TEXT00"
CODE = BODY + check_character(BODY)
COUNTS: Mapping[Stage, dict[str, int | None]] = {
    Stage.VERIFIED: {"posts": 20},
    Stage.POSTED: {"posts": 20, "headcount": 30},
    Stage.FAIR: {"resumes": 60},
    Stage.INTERVIEW: {"interviewed": 15},
    Stage.OFFER: {"offers": 12, "offers_master": 5},
    Stage.SIGNED: {"signed": 10},
    Stage.ONBOARDED: {"onboarded": 8},
    Stage.RETAINED_6M: {"retained": 7},
    Stage.RETAINED_12M: {"retained": 6},
}


@dataclass
class Pipeline:
    """The bureau keeps the cases; every side has a handler."""

    bureau: Organisation
    university: Organisation
    enterprise: Organisation
    handler: User
    head: User
    school: User
    firm: User

    def details(self, **changes: object) -> CaseDetails:
        """A case of all three, registered a hundred days ago."""
        given = CaseDetails(
            university=self.university.public_id,
            enterprise=self.enterprise.public_id,
            bureau=self.bureau.public_id,
            registered_on=today() - timedelta(days=100),
            posts=20,
            majors="材料、机械",
        )
        return replace(given, **changes)  # type: ignore[arg-type]  # any field of the details

    def case(self, **changes: object) -> DockingCase:
        """A registered case of the bureau."""
        return services.enter(self.details(**changes), self.handler)

    def at(self, stage: Stage, **changes: object) -> DockingCase:
        """A case that went through every stage up to this one, a day each."""
        case = self.case(**changes)
        for one in Stage:
            if Stage.REGISTERED.position < one.position <= stage.position:
                self.move(case, one)
        return case

    def move(
        self, case: DockingCase, stage: Stage, day: date | None = None, by: User | None = None, **rest: object
    ) -> None:
        """Record a stage with its usual counts, by default the day after the last one."""
        last = case.reached[-1].actual_on
        assert last is not None
        given = StageDetails(day or last + timedelta(days=1), COUNTS.get(stage, {}))
        services.advance(case, stage, replace(given, **rest), by or self.handler)  # type: ignore[arg-type]


def make_pipeline() -> Pipeline:
    """The three sides."""
    bureau = make_organisation("测试市人社局")
    university = make_organisation("测试大学", OrganisationKind.UNIVERSITY)
    enterprise = make_organisation("测试制造有限公司", OrganisationKind.ENTERPRISE, uscc=CODE)
    return Pipeline(
        bureau,
        university,
        enterprise,
        make_user(organisation=bureau),
        make_user(Role.SECTION_HEAD, organisation=bureau),
        make_user(organisation=university),
        make_user(organisation=enterprise),
    )

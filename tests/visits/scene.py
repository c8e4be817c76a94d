"""Who visits whom in the tests of visits: a university, the bureau that follows up, the province above both."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from registry.accounts.models import User
from registry.core.access.roles import Role
from registry.core.db import db
from registry.organisations.models import Organisation, OrganisationKind, Oversight
from registry.visits.enums import LeadLevel, VisitKind
from registry.visits.inputs import VisitDetails
from registry.visits.models import Visit
from registry.visits.services import entry
from tests.agreements.scene import Side, make_side
from tests.factories import make_organisation, make_region

ROLES = (Role.HANDLER, Role.SECTION_HEAD, Role.LEADER, Role.VIEWER)
DAY = date(2022, 5, 10)


@dataclass
class Scene:
    """The employer is of the directory, in the university's province."""

    school: Side
    bureau: Side
    province: Side
    stranger: Side
    employer: Organisation

    def details(self, **changes: Any) -> VisitDetails:
        """The university's president saw the employer."""
        given = VisitDetails(
            kind=VisitKind.ENTERPRISE_EXPANSION,
            day=DAY,
            took_place=True,
            visited=self.employer.public_id,
            leader_name="测试甲",
            leader_office="校长",
            lead_level=LeadLevel.HEAD,
            findings="企业愿意来校招聘",
        )
        return replace(given, **changes)

    def visit(self, by: User | None = None, **changes: Any) -> Visit:
        """Recorded by the university's handler."""
        return entry.enter(self.details(**changes), by or self.school.handler)

    def named(self, name: str, by: User | None = None, **changes: Any) -> Visit:
        """To an employer that the directory does not know."""
        return self.visit(by, visited="", visited_name=name, **changes)

    def planned(self, **changes: Any) -> Visit:
        """Not held yet."""
        given: dict[str, Any] = {"took_place": False, "findings": ""} | changes
        return self.visit(**given)


def make_scene() -> Scene:
    """Everybody; the caller commits."""
    province = make_side("测试省厅", OrganisationKind.HR_DEPARTMENT, roles=ROLES)
    school = make_side("辽宁工业大学", OrganisationKind.UNIVERSITY, roles=ROLES)
    bureau = make_side("测试市局", OrganisationKind.HR_BUREAU, roles=ROLES)
    for below in (school, bureau):
        db.session.add(Oversight(overseer_id=province.organisation.id, organisation_id=below.organisation.id))
    employer = make_organisation("示例钢铁有限公司", OrganisationKind.ENTERPRISE, make_region())
    return Scene(
        school, bureau, province, make_side("测试外校", OrganisationKind.UNIVERSITY, "610100", ROLES), employer
    )

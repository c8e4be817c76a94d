"""A bureau that assigns, a university that does, another that helps, and the province above the bureau."""

from dataclasses import dataclass, replace
from typing import Any

from registry.accounts.models import User
from registry.core.access.roles import Role
from registry.core.db import db
from registry.organisations.models import Organisation, OrganisationKind, Oversight
from registry.tasks import closing, services
from registry.tasks.enums import TaskSource
from registry.tasks.inputs import NewTask
from registry.tasks.models import Task
from tests.agreements.scene import Side, make_side
from tests.factories import make_organisation, make_user

ROLES = (Role.HANDLER, Role.SECTION_HEAD, Role.LEADER, Role.VIEWER)


@dataclass
class Scene:
    """Who is there."""

    bureau: Side
    university: Side
    helper: Side
    province: Side
    stranger: Organisation

    def new(self, **changes: Any) -> NewTask:
        """The bureau asks the university for something within ten working days."""
        given = NewTask(
            title_zh="落实专场招聘会筹备",
            source=TaskSource.JOINT_MEETING,
            lead=self.university.organisation.public_id,
            days=10,
            supporting=(self.helper.organisation.public_id,),
        )
        return replace(given, **changes)

    def task(self, by: User | None = None, **changes: Any) -> Task:
        """Assigned by the bureau's handler."""
        return services.assign(self.new(**changes), by or self.bureau.handler)

    def own(self, **changes: Any) -> Task:
        """A task that the bureau gave itself."""
        return self.task(lead=self.bureau.organisation.public_id, supporting=(), **changes)

    def requested(self) -> Task:
        """The university's handler asked for the close-out."""
        task = self.task()
        closing.request_close(task, "已举办2场", self.university.handler)
        return task

    def closed(self) -> Task:
        """Verified by the bureau's section head."""
        task = self.requested()
        closing.close(task, "属实", self.bureau.section_head)
        return task


def make_scene() -> Scene:
    """Everybody, the caller commits."""
    province = make_side("测试省厅", OrganisationKind.HR_DEPARTMENT, roles=ROLES)
    bureau = make_side("测试市局", OrganisationKind.HR_BUREAU, roles=ROLES)
    db.session.add(Oversight(overseer_id=province.organisation.id, organisation_id=bureau.organisation.id))
    db.session.flush()
    return Scene(
        bureau,
        make_side("测试大学", OrganisationKind.UNIVERSITY, "610100", roles=ROLES),
        make_side("测试中心", OrganisationKind.TALENT_CENTRE, roles=ROLES),
        province,
        make_organisation("测试外单位"),
    )


def outsider(scene: Scene, role: Role = Role.HANDLER) -> User:
    """Somebody whose organisation has nothing to do with it."""
    return make_user(role, organisation=scene.stranger)

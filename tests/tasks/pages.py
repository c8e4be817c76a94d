"""What tests of the pages have in common: a form as it is typed, and acts on the only task there is."""

from datetime import timedelta

from sqlalchemy import select

from registry.core.access.scope import without_scope
from registry.core.dates import today
from registry.core.db import db
from registry.records.services import share
from registry.tasks.models import Task
from tests.conftest import Client
from tests.tasks.scene import Scene


def values(scene: Scene, **changes: str) -> dict[str, str]:
    return {
        "title_zh": "落实专场招聘会筹备",
        "title_en": "",
        "goal": "全年2场",
        "source": "joint_meeting",
        "lead": scene.university.organisation.public_id,
        "supporting-0": scene.helper.organisation.public_id,
        "supporting-1": "",
        "leader": "副校长",
        "starts_on": "",
        "days": "10",
        "due_on": "",
        "subject_kind": "",
        "subject_public_id": "",
    } | changes


def only_task() -> Task:
    db.session.rollback()
    db.session.expire_all()
    with without_scope():
        return db.session.scalars(select(Task)).one()


def post(client: Client, verb: str, **more: str) -> int:
    task = only_task()
    data = {"row_version": str(task.row_version)} | more
    return client.post(f"/tasks/{task.public_id}/{verb}", data=data).status_code


def overdue(task: Task) -> Task:
    """Its deadline passed yesterday: a red light."""
    task.set_deadline(today() - timedelta(days=9), today() - timedelta(days=1), None, None)
    share(task)
    return task


def exported(client: Client, query: str, form: str) -> bytes:
    """The list as a file, filtered as in the address."""
    with client.post(f"/tasks/export{query}", data={"format": form}) as answer:
        data: bytes = answer.data
    return data

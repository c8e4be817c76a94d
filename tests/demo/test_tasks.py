"""The tasks of the demonstration."""

from registry.accounts.models import User
from registry.agreements.models import Agreement
from registry.core.db import db
from registry.demo.tasks import enter_tasks
from registry.tasks.enums import Light, TaskSource
from registry.tasks.queries import horizon_now, light_of


def test_one_task_of_each_light_and_an_instruction_on_the_red_one(
    people: dict[str, User], stories: list[Agreement]
) -> None:
    tasks = enter_tasks(people, stories[0])
    db.session.expire_all()
    sky = horizon_now()
    assert [light_of(task, sky) for task in tasks] == list(Light)
    red, instruction = tasks[2], tasks[-1]
    assert (instruction.origin, instruction.subject_public_id) == (TaskSource.INSTRUCTION, red.public_id)
    assert [slip.issued_by for slip in red.slips] == [people["anshan.section_head"]]
    assert all(task.is_demo and "演示" in task.title_zh for task in tasks)

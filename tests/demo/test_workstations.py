"""The workstations of the demonstration are what they are shown as, by acts of the people whose acts they are."""

from registry.accounts.models import User
from registry.audit.verify import verify
from registry.core.dates import today
from registry.demo.workstations import enter_workstations
from registry.tasks.queries import tasks_of
from registry.workstations import marks, queries
from registry.workstations.enums import Grade
from registry.workstations.services import KIND, yearly


def test_one_is_active_and_one_is_silent(people: dict[str, User]) -> None:
    lively, silent = enter_workstations(people)
    assert all(one.is_demo and one.title_zh.startswith("演示") for one in (lively, silent))
    assert marks.is_expiring(lively.state, lively.term_until, today())
    assert not marks.is_silent(lively.quiet_since, today())
    assert queries.grades_in([lively.id], today().year - 1) == {lively.id: Grade.QUALIFIED}
    assert marks.is_silent(silent.quiet_since, today())
    assert silent.last_active_on
    assert yearly.suggestion(silent, silent.last_active_on.year).grade is Grade.QUALIFIED
    (reminder,) = tasks_of(KIND, silent.public_id, people["anshan.handler"])
    assert "91" in reminder.title_zh
    assert queries.sides_of([lively.id])[lively.id][-1].name_zh == "西北工业大学"
    assert verify().is_good

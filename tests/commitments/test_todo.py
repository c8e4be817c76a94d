"""What waits for whom: to report, to report again, to answer, to verify, to strike off, to decide, to accept."""

import pytest

from registry.accounts.models import User
from registry.agreements.todo import rows_of
from registry.commitments import todo
from registry.commitments.services import reporting, verifying, waiving
from registry.core.db import transaction
from tests.commitments.scene import promised
from tests.states import Begin

pytestmark = pytest.mark.usefixtures("app")


def waiting(who: User) -> list[tuple[str, str]]:
    rows = rows_of(list(todo.parts_for(who)))
    return sorted((row.task.removeprefix("promise_"), row.title_zh) for row in rows)


def test_each_sees_what_is_theirs_to_do(begin_with: Begin) -> None:
    one = begin_with(promised)
    university, bureau = one.scene.university, one.scene.bureau
    assert waiting(university.handler) == waiting(bureau.section_head) == waiting(bureau.leader) == []
    with transaction():
        late, fairs, visits, talks = one.late("T1"), one.period(), one.period("T9"), one.period("T2")
        reporting.report(fairs, 1, "照片", [], university.handler)
        reporting.report(visits, 1, "回访记录", [], university.handler)
        verifying.dispute(visits, 0, "未见", bureau.handler)
        reporting.report(talks, 2, "签到", [], bureau.handler)
        reporting.request_close(talks, "签到", bureau.handler)
        waiving.ask_waiver(one.period("M1"), "并入下年", university.leader)
    assert waiting(bureau.handler) == [("confirm", fairs.commitment.title_zh), ("report", late.commitment.title_zh)]
    assert waiting(university.handler) == [("answer", "回访"), ("close", talks.commitment.title_zh)]
    assert waiting(university.section_head) == waiting(university.handler)
    assert waiting(bureau.leader) == [("waiver", "召开联席会议")]
    assert waiting(bureau.section_head) == [*waiting(bureau.handler), ("waiver", "召开联席会议")]
    assert waiting(bureau.seal_keeper) == waiting(one.overseer) == waiting(one.stranger) == []
    with transaction():
        verifying.send_back(fairs, "照片不清", bureau.handler)
    assert ("again", fairs.commitment.title_zh) in waiting(university.handler)

"""Briefings: of March and May 2023, drawn up later from what the news stories tell, and of the month that ended."""

from ..accounts.models import User
from ..core.dates import today
from ..core.db import transaction
from ..dashboards.cut import month_of, shifted
from ..dashboards.inputs import BriefingTexts
from ..dashboards.models import Briefing
from ..dashboards.services import briefings
from ..tasks import services as tasks
from ..tasks.enums import TaskSource
from ..tasks.inputs import NewTask

LAUNCHED, PROMOTED = 202303, 202305  # the months of the stories' launch and of their promotion week
ITEM = "briefing_item"


def enter_briefings(people: dict[str, User]) -> list[Briefing]:
    """One issued with a leader's instruction on it, one as the registry proposes it, one of each side's last month."""
    handler, head, leader = (people[f"liaoning.{role}"] for role in ("handler", "section_head", "leader"))
    march = _draw_up(LAUNCHED, handler)
    with transaction():
        briefings.edit(march, _texts(march), handler)
    with transaction():
        briefings.issue(march, head)
    _instruct(march, leader)
    last = shifted(month_of(today()), -1)
    return [march, _draw_up(PROMOTED, handler), _draw_up(last, handler), _draw_up(last, people["anshan.handler"])]


def _draw_up(month: int, by: User) -> Briefing:
    with transaction():
        return briefings.draw_up(by.organisation, month, by)


def _texts(briefing: Briefing) -> BriefingTexts:
    """What the registry proposed stays; who draws up and who receives is the office's."""
    given = {name: getattr(briefing, name) for name in briefings.FIELDS}
    return BriefingTexts(
        **given | {"author": "演示：省人社厅就业促进处", "report_to": "演示：省委办公厅、省政府办公厅"}
    )


def _instruct(briefing: Briefing, leader: User) -> None:
    """批示 on the sentence of what was signed."""
    signed = next(item for item in briefing.items if item.code == "signed")
    instruction = NewTask(
        title_zh="演示：落实关于3月新签协议的批示",
        source=TaskSource.INSTRUCTION,
        lead=leader.organisation.public_id,
        goal="演示：请各市尽快补齐协议的高校一方，下期专报列明进展。",
        days=15,
        subject_kind=ITEM,
        subject_public_id=signed.public_id,
    )
    with transaction():
        tasks.assign(instruction, leader, is_demo=True)

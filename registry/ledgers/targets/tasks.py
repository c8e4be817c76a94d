"""The ledger of tasks and their supervision: rows become unfinished tasks that one's organisation assigned. 督办台账.

What the registry works out itself (light, slips, close-out) is only compared by those who read it; a task that the
ledger says is struck off is not entered: a close-out is verified in the registry, by another than who asked for it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import select

from ...accounts.models import User
from ...core.access.actions import Action
from ...core.db import db
from ...core.errors import Invalid
from ...core.figures.kinds import Qualifier
from ...core.i18n import msg
from ...organisations.models import Organisation
from ...organisations.names import fold
from ...records.taking_back import take_back
from ...tasks import policy, queries, taking_over
from ...tasks.enums import Light, TaskSource, TaskState
from ...tasks.inputs import Report
from ...tasks.models import Task, TaskProgress, TaskUnit
from ...tasks.queries import LISTING
from ...tasks.taking_over import Standing
from ..definitions import ledger
from ..reading.cells import Grade, Note, code_of, figure_of
from .base import Existing, Key, Row, Target
from .plain import Problems, anything, by_column, exact_day, iso, named_several, same_names, words

CODE = "task"
FROM_LEDGER = "台账导入"
LONGEST = {"task": 200, "target": 4000, "leader": 200, "progress": 4000, "problem": 2000, "help": 2000}
SOURCES = {
    TaskSource.CLAUSE: ("协议条款", "协议", "条款"),
    TaskSource.JOINT_MEETING: ("联席会议", "会议", "会商"),
    TaskSource.INSTRUCTION: ("领导批示", "批示"),
    TaskSource.FINDING: ("走访发现", "回访", "走访", "回访发现"),
    TaskSource.REMINDER: ("系统提醒",),
}
SOURCE_WORDS = words(SOURCES)
LIGHT_WORDS = {Light.GREEN: "绿灯", Light.YELLOW: "黄灯", Light.RED: "红灯", Light.BLUE: "蓝灯", Light.CLOSED: "销号"}
LIGHTS = {"绿": "绿灯", "黄": "黄灯", "红": "红灯", "蓝": "蓝灯", "绿灯": "绿灯", "黄灯": "黄灯", "红灯": "红灯",
          "蓝灯": "蓝灯", "蓝单": "蓝单", "黄单": "黄单", "红单": "红单", "销号": "销号", "已销号": "销号",
          "未开始": "未开始", "撤销": "撤销"}  # fmt: skip
NAMES = {"supporting": "support", "due_on": "due_on"}
STRUCK_OFF = msg("Struck off in the ledger already: close-outs are verified in the registry, none is entered")
PROGRESS = ("progress", "percent", "problem", "help")


@dataclass(frozen=True)
class Given:
    """A task as the ledger tells it, and whether it says that it is done."""

    standing: Standing
    is_struck_off: bool


def read(row: Row, _prepared: Any, actor: User) -> Given:
    """The task that a row describes. Raises Invalid by field."""
    problems: Problems = {}
    due_on, starts_on = exact_day(row, "due_on", problems), exact_day(row, "start_on", problems)
    for name, limit in LONGEST.items():
        if len(row.text(name)) > limit:
            told = msg("At most %(limit)s characters; these are %(length)s", limit=limit, length=len(row.text(name)))
            problems[name] = [told]
    if due_on and starts_on and due_on < starts_on:
        problems["due_on"] = [msg("The deadline lies before the first day")]
    report = _report(row, actor, problems)
    if problems or due_on is None:
        raise Invalid(problems or {"due_on": [msg("This field is required")]})
    standing = Standing(
        title_zh=row.text("task"),
        source=_source(row),
        lead=row.named("lead").public_id,
        due_on=due_on,
        supporting=tuple(one.public_id for one in named_several(row, "support")),
        goal=row.text("target"),
        leader=row.text("leader"),
        starts_on=starts_on,
        report=report,
        known_from=FROM_LEDGER,
    )
    return Given(standing, bool(row.text("closed_on")) or row.text("light") == "销号")


def _source(row: Row) -> TaskSource:
    """What the word says; words of the office's own count as what a meeting agreed upon, and stay with the row."""
    found = code_of(row.text("source"), SOURCE_WORDS)
    return TaskSource(found) if found and found != TaskSource.REMINDER else TaskSource.JOINT_MEETING


def _report(row: Row, actor: User, problems: Problems) -> Report | None:
    """What the lead tells of its own task; of others' it stays with the row."""
    if row.named("lead").number != actor.organisation_id or not any(row.text(name) for name in PROGRESS):
        return None
    percent = figure_of(ledger(CODE).column("percent"), row.text("percent"))
    number = percent.value if percent is not None and percent.qualifier is Qualifier.EXACT else None
    if row.text("percent") and (number is None or number != int(number) or not 0 <= number <= 100):
        problems["percent"] = [msg("A whole number from 0 to 100 is needed here")]
        return None
    return Report(row.text("progress") or FROM_LEDGER, int(number or 0), row.text("problem"), row.text("help"))


def make(given: Given, actor: User) -> Any:
    """The task as it will be kept. Raises Invalid by column."""
    if given.is_struck_off:
        raise Invalid({"": [STRUCK_OFF]})
    if not policy.may_assign(actor, given.standing.source):
        raise Invalid({"source": [msg("An instruction is a leader's: a leader imports these rows")]})
    return by_column(NAMES, lambda: taking_over.make(given.standing, actor))


def warn(row: Row) -> list[Note]:
    """A source in words of the office's own, and a close-out that is asked for."""
    told: list[Note] = []
    if code_of(row.text("source"), SOURCE_WORDS) in ("", str(TaskSource.REMINDER)):
        words_stay = msg("Entered as agreed in a joint meeting; the words stay with the row")
        told.append(Note("source", Grade.WARNING, words_stay))
    if row.text("close_requested_on") and not row.text("closed_on"):
        anew = msg("The close-out is asked for anew in the registry, with its evidence")
        told.append(Note("close_requested_on", Grade.WARNING, anew))
    return told


def keys(row: Row, _actor: User) -> list[Key]:
    """The task, who leads it, by when."""
    return [(CODE, fold(row.text("task")), row.named("lead").key, row.text("due_on"))]


def existing(rows: Sequence[Row], actor: User) -> dict[Key, Existing]:
    """Tasks of these titles that the actor sees and that nobody cancelled."""
    titles = {row.text("task") for row in rows}
    wanted = (Task.title_zh.in_(titles), Task.state != TaskState.CANCELLED)
    found: dict[Key, Existing] = {}
    for one, beside in with_beside(db.session.execute(LISTING.seen_by(actor, wanted)).all()):
        key = (CODE, fold(one.title_zh), f"org:{beside.lead}", iso(one.due_on))
        found.setdefault(key, Existing(one.public_id, facts(one, beside)))
    return found


@dataclass(frozen=True)
class Beside:
    """What belongs to a task beside its own columns."""

    supporting: Sequence[str]
    report: Any
    light: Light | None
    lead: str


def with_beside(rows: Sequence[Any]) -> list[tuple[Any, Beside]]:
    """Rows of the listing with supporting organisations, the latest report and the light, in a few more queries."""
    ids = [row.id for row in rows]
    sky = queries.horizon_now()
    units, reports = queries.supporting(ids), queries.latest_reports(ids)
    lead = select(Task.id, Organisation.public_id).join(Organisation, Organisation.id == Task.lead_id)
    leads: Mapping[int, str] = dict(db.session.execute(lead.where(Task.id.in_(ids))).all())
    return [
        (row, Beside(units[row.id], reports.get(row.id), queries.light_of(row, sky), leads[row.id])) for row in rows
    ]


def facts(row: Any, beside: Beside) -> dict[str, str]:
    """What a task says, field by field."""
    report = beside.report
    return {
        "source": SOURCES[row.origin][0],
        "task": row.title_zh,
        "target": row.goal,
        "lead": row.lead_zh,
        "support": "；".join(beside.supporting),
        "leader": row.leader,
        "owner": row.assignee or "",
        "start_on": iso(row.starts_on),
        "due_on": iso(row.due_on),
        "progress": "" if report is None or report.note == FROM_LEDGER else report.note,
        "percent": str(row.percent) if row.percent or report is not None else "",
        "light": _light(row, beside.light),
        "problem": "" if report is None else report.problems,
        "help": "" if report is None else report.help_needed,
        "reminders": str(row.slip_count) if row.slip_count else "",
        "close_requested_on": iso(row.requested_on),
        "closed_on": iso(row.closed_on),
        "verifier": row.verifier or "",
    }


def _light(row: Any, light: Light | None) -> str:
    if row.state == TaskState.CANCELLED:
        return "撤销"
    return LIGHT_WORDS.get(light, "未开始") if light else ""


def _same_source(text: str, before: str) -> bool:
    """The office's own words say nothing else than what was entered for them."""
    found = code_of(text, SOURCE_WORDS)
    return not found or found == code_of(before, SOURCE_WORDS)


TOLD = ("light", "reminders", "close_requested_on", "closed_on", "verifier", "owner", "milestone_on")
TARGET = Target(
    CODE, "task", "task", Action.TASK_ASSIGN, "tasks.show",
    needs=frozenset({"source", "task", "lead", "due_on"}),
    kept=frozenset({"task", "target", "lead", "support", "leader", "start_on", "due_on"}),
    read=read, keys=keys, existing=existing, make=make, enter=taking_over.enter_many, warn=warn,
    take_back=partial(take_back, Task, (TaskUnit.task_id, TaskProgress.task_id)),
    words={"light": LIGHTS}, own_words=frozenset({"source"}),
    same={"source": _same_source, "support": same_names, **dict.fromkeys(TOLD, anything)},
)  # fmt: skip

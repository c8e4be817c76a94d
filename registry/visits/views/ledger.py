"""The columns of the ledgers of visits (访企拓岗台账, 回访台账): the headings that go out are those that come in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from operator import attrgetter
from typing import Any

from sqlalchemy import Row, select

from ...attachments.queries import count_of
from ...core.access.decision import Actor
from ...core.db import db
from ...core.figures.showing import figure
from ...core.i18n import Either, Message, msg
from ...organisations.models import OrganisationKind, Oversight
from ...records.views.export import Column
from ..enums import Aftermath, FigureCode, Intention, VisitKind, VisitState
from ..models import Visit, VisitFigure
from ..queries.aftermath import Owed, owed_of, problems_of
from ..queries.listing import Filter, figures_of


class Ledger(StrEnum):
    """Which ledger a list is exported as."""

    ENTERPRISE = "visit_enterprise"
    FOLLOW_UP = "follow_up"


LEDGERS = {
    Ledger.ENTERPRISE: msg("Ledger of visits to employers"),
    Ledger.FOLLOW_UP: msg("Ledger of follow-up visits"),
}
SCHOOL, COMPANY, OTHER = msg("University"), msg("Enterprise"), msg("Other")


@dataclass
class Rows:
    """What the present batch has beside its rows; `sees` are owners whose subjects the reader may be told."""

    ledger: Ledger
    sees: frozenset[int]
    figures: dict[tuple[int, FigureCode], VisitFigure] = field(default_factory=dict)
    problems: dict[int, list[str]] = field(default_factory=dict)
    owed: dict[int, list[Owed]] = field(default_factory=dict)
    files: dict[int, int] = field(default_factory=dict)
    number: int = 0

    def next_number(self, _row: Row[Any]) -> int:
        """序号."""
        self.number += 1
        return self.number

    def figure(self, code: FigureCode) -> Callable[[Row[Any]], object]:
        """A figure as a number where it is plain, else in words with its sign."""

        def cell(row: Row[Any]) -> object:
            one = self.figures.get((row.id, code))
            if one is None:
                return ""
            return one.as_reported if not one.needs_check and one.as_reported else figure(one)

        return cell

    def take(self, visit_ids: Sequence[int]) -> None:
        """Read what belongs to the next batch, as far as the ledger has a column for it: one query for each thing."""
        self.files = count_of(Visit.kind_code, visit_ids)
        if self.ledger is Ledger.FOLLOW_UP:
            self.problems, self.owed = problems_of(visit_ids), owed_of(visit_ids)
        else:
            self.figures = figures_of(visit_ids)

    def owners(self, row: Row[Any]) -> str:
        """责任人: who leads the findings' tasks, and who does them."""
        return "、".join(dict.fromkeys(" ".join(filter(None, (one.lead, one.assignee))) for one in self.owed[row.id]))

    def due(self, row: Row[Any]) -> object:
        """完成时限: when the last of the findings' tasks is due."""
        return max((one.due_on for one in self.owed[row.id] if one.due_on), default="")

    def evidence(self, row: Row[Any]) -> str:
        """佐证材料: how many files stand beside the visit, and the address on the web."""
        number = self.files.get(row.id, 0)
        return _joined(str(msg("Files: %(count)s", count=number)) if number else "", row.source_url, "；")

    def subject(self, row: Row[Any]) -> str:
        """The record that it was about, for who sees it for the owner's sake."""
        return str(row.subject_title) if row.owner_id in self.sees else ""


def oversees(actor: Actor) -> frozenset[int]:
    """The reader's organisation and those below it."""
    below = select(Oversight.organisation_id).where(Oversight.overseer_id == actor.organisation_id)
    return frozenset({actor.organisation_id, *db.session.scalars(below)})


def ledger_of(wanted: Filter) -> Ledger:
    """Follow-up visits have a ledger of their own."""
    return Ledger.FOLLOW_UP if wanted.kind is VisitKind.FOLLOW_UP else Ledger.ENTERPRISE


def columns_of(rows: Rows) -> list[Column]:
    """The columns in the order of the ledger."""
    return _follow_up(rows) if rows.ledger is Ledger.FOLLOW_UP else _enterprise(rows)


def _enterprise(rows: Rows) -> list[Column]:
    return [
        _column("序号", "No.", rows.next_number),
        _column("学校名称", "University", attrgetter("visitor_zh")),
        _column("学校标识码", "MOE code", attrgetter("moe_code")),
        _column("走访日期", "Visit date", lambda row: row.held_on or row.planned_on),
        _column("走访单位名称", "Visited employer", attrgetter("visited_zh")),
        _column("统一社会信用代码", "USCC", attrgetter("uscc")),
        _column("单位性质", "Employer nature", attrgetter("nature")),
        _column("所属行业", "Industry", attrgetter("industry_zh")),
        _column("单位所在地", "Employer location", attrgetter("place_zh")),
        _column("是否首次走访", "First visit", lambda row: _said(row.is_first)),
        _column("走访形式", "Form", attrgetter("direction")),
        _column("带队领导", "Lead visitor", attrgetter("leader_name")),
        _column("职务", "Position", attrgetter("leader_office")),
        _column("领导层级", "Level", attrgetter("lead_level")),
        _column("参与部门/学院", "Participants", lambda row: _joined(row.participants, row.college)),
        _column("企业接待人及职务", "Received by", lambda row: _joined(row.receiver, row.receiver_title, " ")),
        _column("拓展就业岗位数", "Posts expanded", rows.figure(FigureCode.POSTS)),
        _column("拓展实习岗位数", "Internship posts", rows.figure(FigureCode.INTERNSHIPS)),
        _column("需求专业", "Majors wanted", attrgetter("majors")),
        _column("平均薪酬（元/月）", "Average pay", rows.figure(FigureCode.AVERAGE_PAY)),
        _column("是否建立就业实习基地", "Base built", lambda row: _said(row.base_built)),
        _column("达成合作意向", "Intentions", _intentions),
        _column("是否开展毕业生跟踪调查", "Graduate tracking", lambda row: _said(row.tracked)),
        _column("用人单位意见建议", "Employer feedback", attrgetter("feedback")),
        _column("后续工作及责任人", "Follow-up & owner", attrgetter("follow_up")),
        _column("完成时限", "Due", attrgetter("next_on")),
        _column("佐证材料", "Evidence", rows.evidence),
        _column("备注", "Remarks", _remarks),
    ]


def _follow_up(rows: Rows) -> list[Column]:
    return [
        _column("序号", "No.", rows.next_number),
        _column("回访日期", "Date", lambda row: row.held_on or row.planned_on),
        _column("回访对象", "Visited unit", attrgetter("visited_zh")),
        _column("对象类型", "Target type", _target_type),
        _column("回访方式", "Mode", attrgetter("direction")),
        _column("关联协议/工作站/招聘活动", "Linked record", rows.subject),
        _column("回访人员", "Visitors", lambda row: _joined(row.leader_name, row.participants)),
        _column("受访人及职务", "Interviewee", lambda row: _joined(row.receiver, row.receiver_title, " ")),
        _column("回访内容", "Content", attrgetter("findings")),
        _column("协议履行评价", "Performance", attrgetter("rating")),
        _column("发现问题", "Problems", lambda row: "；".join(rows.problems.get(row.id, ()))),
        _column("整改/后续措施", "Actions", attrgetter("follow_up")),
        _column("责任人", "Owner", rows.owners),
        _column("完成时限", "Due", rows.due),
        _column("是否办结", "Closed", _is_settled),
        _column("下次回访日期", "Next visit", attrgetter("next_on")),
        _column("附件", "Attachments", rows.evidence),
        _column("备注", "Remarks", _remarks),
    ]


def _column(zh: str, en: str, cell: Callable[[Row[Any]], object]) -> Column:
    return Column(Either(zh, en), cell)


def _said(value: bool | None) -> object:
    """Nothing where nobody said, never no."""
    return "" if value is None else value


def _joined(first: str, second: str, sign: str = "、") -> str:
    return f"{first}{sign}{second}" if first and second else first or second or ""


def _intentions(row: Row[Any]) -> str:
    return "、".join(str(Intention(one).label) for one in row.intentions)


def _remarks(row: Row[Any]) -> str:
    """What is not held says so."""
    if row.state == VisitState.HELD:
        return ""
    return _joined(str(VisitState(row.state).label), row.reason, " ")


def _is_settled(row: Row[Any]) -> object:
    return "" if row.aftermath is None else row.aftermath == Aftermath.SETTLED


def _target_type(row: Row[Any]) -> Message:
    kinds = {OrganisationKind.UNIVERSITY: SCHOOL, OrganisationKind.ENTERPRISE: COMPANY}
    return kinds.get(row.visited_kind, OTHER)

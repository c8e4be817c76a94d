"""The ledger of enterprise docking (企业对接台账): the filtered list as a file, the stages as columns."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from flask.typing import ResponseReturnValue
from sqlalchemy import Row

from ...core.access.actions import Action
from ...core.i18n import Either, msg
from ...core.web.guard import actor, needs
from ...records.views.export import Column, send
from ..enums import EntryStatus, Stage
from ..queries import LISTING, conditions, entries_of, links_of, present
from .blueprint import blueprint
from .filters import wanted_filter
from .links import Key, titles_of

EXPORTED = "docking:export"


@blueprint.post("/docking/export")
@needs(Action.DOCKING_VIEW)
def export() -> ResponseReturnValue:
    """The filtered list as XLSX or CSV; the export is an event itself."""
    wanted, rows = wanted_filter(), Rows()
    found = rows.read(LISTING.batches(actor(), conditions(wanted)))
    return send(msg("Enterprise docking ledger"), columns(rows), found, EXPORTED, asdict(wanted))


@dataclass
class Rows:
    """What the present batch has beside its rows: stages, and the titles of linked records that the reader sees."""

    stages: dict[int, dict[Stage, Row[Any]]] = field(default_factory=dict)
    links: dict[int, list[Key]] = field(default_factory=dict)
    titles: dict[Key, tuple[str, str]] = field(default_factory=dict)
    number: int = 0

    def read(self, batches: Iterator[Sequence[Row[Any]]]) -> Iterator[Row[Any]]:
        """Row after row; what belongs to a batch is read with it."""
        for batch in batches:
            self.stages = entries_of([row.id for row in batch])
            self.links = links_of([row.id for row in batch])
            self.titles = titles_of(key for keys in self.links.values() for key in keys)
            yield from batch

    def next_number(self, _row: Row[Any]) -> int:
        """序号."""
        self.number += 1
        return self.number

    def day(self, stage: Stage) -> Callable[[Row[Any]], object]:
        """On which day a stage was reached."""
        return lambda row: getattr(self.stages[row.id].get(stage), "actual_on", None)

    def count(self, stage: Stage, name: str) -> Callable[[Row[Any]], object]:
        """A count of a stage that was reached."""
        return lambda row: present(self.stages[row.id], stage, name)

    def linked(self, row: Row[Any]) -> str:
        """The agreement and other records, those that the reader sees."""
        titles = (self.titles.get(key) for key in self.links.get(row.id, ()))
        return "；".join(title[0] for title in titles if title)

    def next_step(self, row: Row[Any]) -> str:
        """The nearest planned stage with its day."""
        for stage, entry in self.stages[row.id].items():
            if entry.status is EntryStatus.PLANNED and entry.planned_on:
                return f"{stage.label} {entry.planned_on:%Y-%m-%d}"
        return ""


def columns(rows: Rows) -> list[Column]:
    """The columns of the ledger in its order, then what the registry knows beyond it."""
    return [*_ledger(rows), *_beyond(rows)]


def _ledger(rows: Rows) -> list[Column]:
    return [
        _column("序号", "No.", rows.next_number),
        _column("企业名称", "Enterprise", lambda row: row.enterprise_zh or row.enterprise_as_reported),
        _column("统一社会信用代码", "USCC", lambda row: row.enterprise_uscc or row.uscc),
        _column("所属行业", "Industry", lambda row: row.industry_zh),
        _column("所在市", "City", lambda row: row.region_zh),
        _column("对接高校", "University", lambda row: row.university_zh),
        _column("关联协议/工作站", "Linked record", rows.linked),
        _column("意向登记日期", "Registered", rows.day(Stage.REGISTERED)),
        _column("实地对接日期", "Field docking", rows.day(Stage.FIELD_DOCKING)),
        _column("岗位发布日期", "Posts published", rows.day(Stage.POSTED)),
        _column("发布岗位数", "Posts", rows.count(Stage.POSTED, "posts")),
        _column("需求人数", "Headcount", rows.count(Stage.POSTED, "headcount")),
        _column("宣讲/招聘日期", "Talk or fair", rows.day(Stage.FAIR)),
        _column("收取简历（份）", "Résumés", rows.count(Stage.FAIR, "resumes")),
        _column("面试人数", "Interviewed", rows.count(Stage.INTERVIEW, "interviewed")),
        _column("拟录用人数", "Offers", rows.count(Stage.OFFER, "offers")),
        _column("签约人数", "Signed", rows.count(Stage.SIGNED, "signed")),
        _column("报到人数", "On-boarded", rows.count(Stage.ONBOARDED, "onboarded")),
        _column("满6个月留任", "Retained 6m", rows.count(Stage.RETAINED_6M, "retained")),
        _column("满12个月留任", "Retained 12m", rows.count(Stage.RETAINED_12M, "retained")),
        _column("当前阶段", "Stage", lambda row: row.stage),
        _column("未成原因", "Drop reason", lambda row: row.drop_reason),
        _column("责任人", "Owner", lambda row: row.responsible),
        _column("下一步及时限", "Next step & due", rows.next_step),
        _column("备注", "Remarks", lambda row: row.remark),
    ]


def _beyond(rows: Rows) -> list[Column]:
    return [
        _column("需求核实日期", "Need verified", rows.day(Stage.VERIFIED)),
        _column("面试日期", "Interview", rows.day(Stage.INTERVIEW)),
        _column("录用日期", "Offer made", rows.day(Stage.OFFER)),
        _column("其中硕士及以上", "Of which master or above", rows.count(Stage.OFFER, "offers_master")),
        _column("签约日期", "Contract signed", rows.day(Stage.SIGNED)),
        _column("报到日期", "On-boarded on", rows.day(Stage.ONBOARDED)),
        _column("登记单位", "Kept by", lambda row: row.owner_zh),
    ]


def _column(zh: str, en: str, cell: Callable[[Row[Any]], object]) -> Column:
    return Column(Either(zh, en), cell)

"""The list of cases, and their stages for a page of them. 台账。"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, ScalarSelect, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from ...agreements.models import Agreement
from ...core.access.decision import Actor
from ...core.dates import today
from ...core.db import db
from ...organisations.models import IndustrySection, Organisation, Region
from ...records.months import Months
from ...records.queries import Listing, titled
from ..counts import COUNTS
from ..enums import EntryStatus, Stage
from ..models import DockingCase, DockingLink, DockingStageEntry, DockingVisibility
from . import counting

AGREEMENT = "agreement"  # the kind under which agreements are known (records.kinds)
Enterprise = aliased(Organisation, name="enterprise")
University = aliased(Organisation, name="university")


def _of(target: Any, column: Any, condition: ColumnElement[bool], label: str) -> Any:
    """A column of a row that a case points at, read by its key."""
    statement: ScalarSelect[Any] = (
        select(column).select_from(target).where(condition).correlate(DockingCase).scalar_subquery()
    )
    return statement.label(label)


_enterprise = Enterprise.id == DockingCase.enterprise_id
_university = University.id == DockingCase.university_id
_region = Region.code == DockingCase.region_code
_industry = IndustrySection.code == DockingCase.industry_code
COLUMNS = (
    DockingCase.stage,
    DockingCase.stuck_on,
    DockingCase.drop_reason,
    DockingCase.lost_on,
    DockingCase.enterprise_as_reported,
    DockingCase.uscc,
    DockingCase.responsible,
    DockingCase.remark,
    _of(Enterprise, Enterprise.name_zh, _enterprise, "enterprise_zh"),
    _of(Enterprise, Enterprise.name_en, _enterprise, "enterprise_en"),
    _of(Enterprise, Enterprise.uscc, _enterprise, "enterprise_uscc"),
    _of(University, University.name_zh, _university, "university_zh"),
    _of(University, University.name_en, _university, "university_en"),
    _of(Region, Region.name_zh, _region, "region_zh"),
    _of(Region, Region.name_en, _region, "region_en"),
    _of(IndustrySection, IndustrySection.name_zh, _industry, "industry_zh"),
    Organisation.name_zh.label("owner_zh"),
    Organisation.name_en.label("owner_en"),
)
LISTING = Listing(
    DockingCase,
    DockingVisibility,
    COLUMNS,
    options=(
        joinedload(DockingCase.owner),
        joinedload(DockingCase.enterprise),
        joinedload(DockingCase.university),
        joinedload(DockingCase.bureau),
        joinedload(DockingCase.region),
        joinedload(DockingCase.industry),
        joinedload(DockingCase.contact),
        joinedload(DockingCase.agreement),
        selectinload(DockingCase.entries).joinedload(DockingStageEntry.organisation),
        selectinload(DockingCase.links),
    ),
    sorts={"moved": DockingCase.sort_on, "stuck": DockingCase.stuck_on},
)


@dataclass(frozen=True)
class Filter:
    """What the list is narrowed to; empty fields narrow nothing. `state` is a stage or "lost".

    `reached` keeps cases that have reached a stage, however far they have come since or whether they were lost later;
    `share` those whose two numbers are known. `months` are those in which that stage was reached, else the first one.
    """

    text: str = ""
    state: str = ""
    reached: Stage | None = None
    is_stuck: bool = False
    university: str = ""
    region: str = ""
    industry: str = ""
    agreement: str = ""
    kind: str = ""
    record: str = ""
    share: counting.Share | None = None
    months: Months | None = None


def belonging_to(kind: str, public_id: str) -> Filter:
    """The cases of one record of another package."""
    return Filter(agreement=public_id) if kind == AGREEMENT else Filter(kind=kind, record=public_id)


def conditions(wanted: Filter) -> Iterator[ColumnElement[bool]]:
    """The filter as conditions of the listing."""
    if wanted.text:
        yield titled(DockingCase, wanted.text)
    if wanted.state:
        yield DockingVisibility.state == wanted.state
    yield from _reached(wanted)
    if wanted.is_stuck:
        yield DockingCase.stuck_on <= today()
    if wanted.university:
        school = aliased(Organisation)
        yield (
            DockingCase.university_id
            == select(school.id).where(school.public_id == wanted.university).scalar_subquery()
        )
    if wanted.region:
        yield counting.in_locality(wanted.region)
    if wanted.industry:
        yield DockingCase.industry_code == wanted.industry
    if wanted.agreement:
        agreement = select(Agreement.id).where(Agreement.public_id == wanted.agreement).scalar_subquery()
        yield DockingCase.agreement_id == agreement
    if wanted.kind and wanted.record:
        yield _is_linked(wanted.kind, wanted.record)


def _reached(wanted: Filter) -> Iterator[ColumnElement[bool]]:
    if wanted.share:
        yield counting.counts_in(wanted.share, wanted.months)
    if wanted.reached:
        yield counting.reached(wanted.reached, wanted.months)
    elif wanted.months and not wanted.share:
        yield counting.reached(Stage.REGISTERED, wanted.months)


def _is_linked(kind: str, public_id: str) -> ColumnElement[bool]:
    found = select(DockingLink.case_id).where(DockingLink.kind == kind, DockingLink.public_id == public_id)
    return DockingCase.id.in_(found)


def count_stuck(actor: Actor, limit: int) -> int:
    """How many cases that the actor sees are stuck, counted up to `limit` + 1."""
    return LISTING.count(actor, conditions(Filter(is_stuck=True)), limit)


def entries_of(case_ids: Sequence[int]) -> dict[int, dict[Stage, Row[Any]]]:
    """The stages of a page of cases in one query, by case and stage; whoever asks has read the cases."""
    entry = DockingStageEntry
    counts = [getattr(entry, name) for name in COUNTS]
    columns = (entry.case_id, entry.stage, entry.status, entry.planned_on, entry.actual_on, *counts)
    found: dict[int, dict[Stage, Row[Any]]] = {one: {} for one in case_ids}
    for row in db.session.execute(select(*columns).where(entry.case_id.in_(case_ids)).order_by(entry.position)):
        found[row.case_id][row.stage] = row
    return found


def links_of(case_ids: Sequence[int]) -> dict[int, list[tuple[str, str]]]:
    """Kind and public id of the agreement and the linked records of a page of cases; whoever asks has read the cases.

    They are told by their ids only: whether a reader sees them is asked of their kinds.
    """
    found: dict[int, list[tuple[str, str]]] = {}
    agreements = select(DockingCase.id, Agreement.public_id).join(Agreement, Agreement.id == DockingCase.agreement_id)
    for key, public_id in db.session.execute(agreements.where(DockingCase.id.in_(case_ids))):
        found.setdefault(key, []).append((AGREEMENT, public_id))
    link = DockingLink
    columns = (link.case_id, link.kind, link.public_id)
    for key, kind, public_id in db.session.execute(
        select(*columns).where(link.case_id.in_(case_ids)).order_by(link.id)
    ):
        found.setdefault(key, []).append((kind, public_id))
    return found


def present(stages: dict[Stage, Row[Any]], stage: Stage, name: str) -> int | None:
    """A count of a stage that was reached."""
    row = stages.get(stage)
    return getattr(row, name) if row is not None and row.status is EntryStatus.REACHED else None

"""The ledger of talent workstations: rows become stations in preparation. 人才合作工作站台账.

Yearly targets and figures are made of activities, which a ledger does not tell: they stay with the row.
"""

from collections.abc import Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from ...accounts.models import User
from ...core.access.actions import Action
from ...core.dates import Precision, read_partial, today
from ...core.db import db
from ...core.errors import Invalid
from ...core.i18n import Message, msg
from ...organisations.names import fold
from ...records.taking_back import take_back
from ...workstations.enums import WorkstationKind, WorkstationState
from ...workstations.inputs import StationDetails
from ...workstations.models import Workstation, WorkstationFounder
from ...workstations.models.station import YUAN_PER_WAN
from ...workstations.queries import LISTING, sides_of
from ...workstations.services.entry import enter_many, make
from ..definitions import ledger
from ..reading.cells import figure_of, written_day
from .base import Existing, Key, Row, Target
from .plain import named_several, same_names, shown, words

CODE = "workstation"
SOURCE = "台账导入"
LONGEST = 200
KINDS = {
    WorkstationKind.TALENT_COOP: ("人才合作工作站", "人才工作站", "工作站"),
    WorkstationKind.TALENT_ATTRACT: ("引才工作站", "招才引智工作站"),
    WorkstationKind.GUIDANCE: ("就业创业指导工作站",),
    WorkstationKind.POST_HOUSE: ("校园人才驿站",),
    WorkstationKind.LIAISON: ("高校人才工作联络站",),
}
STATES = {
    WorkstationState.PREPARING: ("筹建",),
    WorkstationState.OPERATING: ("运行",),
    WorkstationState.RECTIFYING: ("整改",),
    WorkstationState.SUSPENDED: ("暂停",),
    WorkstationState.WITHDRAWN: ("撤销",),
}


def read(row: Row, _prepared: Any, _actor: User) -> StationDetails:
    """The station that a row describes. Raises Invalid by field."""
    problems: dict[str, list[Message | str]] = {}
    unveiled, precision = (
        read_partial(row.text("unveiled_on")) if row.text("unveiled_on") else (None, Precision.UNKNOWN)
    )
    until, exactly = read_partial(row.text("expires_on")) if row.text("expires_on") else (None, Precision.DAY)
    if unveiled and unveiled > today():
        problems["unveiled_on"] = [msg("This date lies in the future")]
    if exactly is not Precision.DAY:
        problems["expires_on"] = [msg("Give the day, not only month or year")]
    if len(row.text("name_zh")) > LONGEST:
        problems["name_zh"] = [msg("This is too long")]
    if problems:
        raise Invalid(problems)
    return StationDetails(
        title_zh=row.text("name_zh"),
        kind=WorkstationKind(row.text("kind")),
        founders=tuple(found.public_id for found in named_several(row, "founders")),
        host=row.named("host").public_id,
        number=row.text("doc_no")[:60],
        host_department=row.text("host_dept")[:LONGEST],
        place=row.text("address")[:LONGEST],
        unveiled_on=unveiled,
        unveiled_precision=precision,
        term_until=until,
        fund_wan=_fund(row),
        remark=row.text("remark")[:1000],
        source=SOURCE,
    )


def _fund(row: Row) -> Decimal | None:
    read_as = figure_of(ledger(CODE).column("fund_wan"), row.text("fund_wan"))
    return None if read_as is None or read_as.value is None else Decimal(read_as.value)


def keys(row: Row, _actor: User) -> list[Key]:
    """The name and the host."""
    return [("station", fold(row.text("name_zh")), row.named("host").key)]


def existing(rows: Sequence[Row], actor: User) -> dict[Key, Existing]:
    """Stations of these names that the actor sees."""
    titles = {row.text("name_zh") for row in rows}
    found: dict[Key, Existing] = {}
    for one, sides in with_sides(db.session.execute(LISTING.seen_by(actor, [Workstation.title_zh.in_(titles)])).all()):
        for side in sides:
            if side.is_host:
                key = ("station", fold(one.title_zh), f"org:{side.public_id}")
                found.setdefault(key, Existing(one.public_id, facts(one, sides)))
    return found


def with_sides(rows: Sequence[Any]) -> list[tuple[Any, Sequence[Any]]]:
    """Rows of the listing with founders and host, in one more query."""
    sides = sides_of([row.id for row in rows])
    return [(row, sides[row.id]) for row in rows]


def facts(row: Any, sides: Sequence[Any]) -> dict[str, str]:
    """What a station says, field by field."""
    return {
        "doc_no": row.number,
        "name_zh": row.title_zh,
        "kind": str(row.kind),
        "founders": "；".join(side.name_zh for side in sides if not side.is_host),
        "host": next((side.name_zh for side in sides if side.is_host), ""),
        "host_dept": row.host_department,
        "unveiled_on": written_day(row.unveiled_on, row.unveiled_precision),
        "expires_on": row.term_until.isoformat() if row.term_until else "",
        "address": row.place,
        "liaison": "；".join(side.name for side in sides if side.name),
        "phone": "；".join(side.phone_hint for side in sides if side.phone_hint),
        "fund_wan": ""
        if row.fund_yuan is None
        else f"{Decimal(row.fund_yuan) / YUAN_PER_WAN:f}".rstrip("0").rstrip("."),
        "state": str(row.state),
        "remark": row.remark,
    }


TARGET = Target(
    CODE, "workstation", "workstation", Action.WORKSTATION_ADD, "workstations.show",
    needs=frozenset({"name_zh", "kind", "founders", "host"}),
    kept=frozenset({"doc_no", "name_zh", "kind", "founders", "host", "host_dept", "unveiled_on", "expires_on",
                    "address", "fund_wan", "remark"}),
    read=read, keys=keys, existing=existing, make=make, enter=enter_many,
    take_back=partial(take_back, Workstation, (WorkstationFounder.workstation_id,)),
    words={"kind": words(KINDS), "state": words(STATES)},
    shown={"kind": shown(KINDS), "state": shown(STATES)},
    same={"founders": same_names},
)  # fmt: skip

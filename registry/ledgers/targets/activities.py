"""The ledger of recruitment activities: rows become held activities with their figures. 招聘活动台账."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from ...accounts.models import User
from ...activities.enums import ActivityKind, ActivityState, Part
from ...activities.figure_codes import FigureCode
from ...activities.inputs import ActivityDetails, FigureLine, PartyLine
from ...activities.models import Activity, ActivityFigure, ActivityParty
from ...activities.queries.beside import figures_of, parties_of
from ...activities.queries.listing import LISTING
from ...activities.services.entry import enter_many, make
from ...core.access.actions import Action
from ...core.dates import read_partial, today
from ...core.db import db
from ...core.errors import Invalid
from ...core.i18n import Message, msg
from ...organisations.names import fold
from ...records.taking_back import take_back
from ..reading.cells import parts_of, words_of, written_day
from .base import Existing, Key, Row, Target
from .plain import same_names

CODE = "recruitment"
SOURCE = "台账导入"
LONGEST_TITLE = 200
KINDS = {
    ActivityKind.CAMPUS_FAIR: ("专场招聘会", "校园专场招聘会"),
    ActivityKind.JOB_FAIR: ("招聘会", "洽谈会"),
    ActivityKind.TWO_WAY_FAIR: ("双选会",),
    ActivityKind.TALK: ("宣讲会", "空中宣讲"),
    ActivityKind.LIVE: ("直播带岗",),
    ActivityKind.MATCHMAKING: ("供需对接会",),
    ActivityKind.LAUNCH: ("启动仪式",),
    ActivityKind.SIGNING_CEREMONY: ("签约仪式",),
    ActivityKind.MEETING: ("会议", "工作会议"),
    ActivityKind.SERIES: ("系列活动",),
}
WORDS = {"kind": words_of(*((word, str(code)) for code, known in KINDS.items() for word in (*known, str(code))))}
SHOWN = {"kind": {str(code): known[0] for code, known in KINDS.items()}}
FIGURES: Mapping[str, FigureCode] = {
    "employers": FigureCode.EMPLOYERS, "key_employers": FigureCode.KEY_EMPLOYERS, "positions": FigureCode.POSITIONS,
    "headcount": FigureCode.HEADCOUNT, "positions_10k": FigureCode.POSITIONS_OVER_10K, "onsite": FigureCode.ON_SITE,
    "online": FigureCode.ONLINE_VIEWERS, "resumes": FigureCode.RESUMES, "intentions": FigureCode.INTENTIONS,
    "signed_on_site": FigureCode.SIGNED, "hired": FigureCode.HIRES,
}  # fmt: skip
TEXTS = ("place", "count_note", "source", "remark")


def read(row: Row, _prepared: Any, _actor: User) -> ActivityDetails:
    """The activity that a row describes. Raises Invalid by field."""
    held_on, precision = read_partial(row.text("held_on"))
    title = row.text("name_zh")
    problems: dict[str, list[Message | str]] = {}
    if held_on > today():
        problems["held_on"] = [msg("This date lies in the future")]
    if len(title) > LONGEST_TITLE:
        problems["name_zh"] = [msg("At most %(limit)s characters; these are %(length)s", limit=200, length=len(title))]
    if problems:
        raise Invalid(problems)
    return ActivityDetails(
        kind=ActivityKind(row.text("kind")),
        title_zh=title,
        held_on=held_on,
        held_precision=precision,
        place=row.text("place")[:200],
        counting_note=row.text("count_note")[:1000],
        notes=row.text("remark")[:4000],
        source=row.text("source")[:1000] or SOURCE,
        parties=tuple(_parties(row)),
        is_held=True,
        figures=tuple(FigureLine(code, row.text(name)) for name, code in FIGURES.items() if row.text(name)),
    )


def _parties(row: Row) -> Iterator[PartyLine]:
    host = row.named("university")
    if host.name:
        yield PartyLine(Part.HOST, host.public_id, "" if host.public_id else host.name)
    for field, part in (("organizer", Part.ORGANISER), ("undertaker", Part.CO_ORGANISER)):
        for name in parts_of(row.text(field)):
            yield PartyLine(part, name_as_reported=name[:200])


def keys(row: Row, _actor: User) -> list[Key]:
    """The title and the day."""
    return [("activity", fold(row.text("name_zh")), row.text("held_on"))]


def existing(rows: Sequence[Row], actor: User) -> dict[Key, Existing]:
    """Activities of these titles that the actor sees."""
    titles = {row.text("name_zh") for row in rows}
    wanted = (Activity.title_zh.in_(titles), Activity.state != ActivityState.CANCELLED)
    found: dict[Key, Existing] = {}
    for one, beside in with_beside(db.session.execute(LISTING.seen_by(actor, wanted)).all()):
        day = written_day(one.held_on, one.held_precision)
        found.setdefault(("activity", fold(one.title_zh), day), Existing(one.public_id, facts(one, beside)))
    return found


def with_beside(rows: Sequence[Any]) -> list[tuple[Any, tuple[Sequence[Any], Mapping[Any, Any]]]]:
    """Rows of the listing with who took part and the figures, in two more queries."""
    ids = [row.id for row in rows]
    parties, figures = parties_of(ids), figures_of(ids)
    return [(row, (parties[row.id], figures[row.id])) for row in rows]


def facts(row: Any, beside: tuple[Sequence[Any], Mapping[Any, Any]]) -> dict[str, str]:
    """What an activity says, field by field."""
    parties, figures = beside
    counted = {name: figures[code].as_reported for name, code in FIGURES.items() if code in figures}
    return counted | {
        "name_zh": row.title_zh,
        "kind": str(row.kind),
        "held_on": written_day(row.held_on, row.held_precision),
        "place": row.place,
        "university": _named(parties, Part.HOST),
        "organizer": _named(parties, Part.ORGANISER),
        "undertaker": _named(parties, Part.CO_ORGANISER),
        "count_note": row.counting_note,
        "source": row.source,
        "remark": row.notes,
    }


def _named(parties: Sequence[Any], part: Part) -> str:
    return "；".join(one.name_zh or one.name_as_reported for one in parties if one.part is part)


TARGET = Target(
    CODE, "activity", "activity", Action.ACTIVITY_ADD, "activities.show",
    needs=frozenset({"name_zh", "kind", "held_on"}),
    kept=frozenset({"name_zh", "kind", "held_on", "university", "organizer", "undertaker", *TEXTS, *FIGURES}),
    read=read, keys=keys, existing=existing, make=make, enter=enter_many,
    take_back=partial(take_back, Activity, (ActivityFigure.activity_id, ActivityParty.activity_id)),
    words=WORDS, shown=SHOWN, strangers=frozenset({"university"}),
    same={"organizer": same_names, "undertaker": same_names},
)  # fmt: skip

"""The columns of the ledger of activities (招聘活动台账). 台账列."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from ...core.figures.showing import figure as figure_words
from ...core.i18n import msg
from ...core.web.words import legal_date
from ...records.views.export import Column
from ..enums import Part
from ..figure_codes import FigureCode
from ..models import ActivityFigure

Parties = dict[int, list[Row[*tuple[Any, ...]]]]
Figures = dict[int, dict[FigureCode, ActivityFigure]]
FIGURES = (
    FigureCode.EMPLOYERS,
    FigureCode.KEY_EMPLOYERS,
    FigureCode.POSITIONS,
    FigureCode.HEADCOUNT,
    FigureCode.POSITIONS_OVER_10K,
    FigureCode.ON_SITE,
    FigureCode.ONLINE_VIEWERS,
    FigureCode.PARTICIPANTS,
    FigureCode.RESUMES,
    FigureCode.INTENTIONS,
    FigureCode.COOPERATION_INTENTIONS,
    FigureCode.SIGNED,
    FigureCode.HIRES,
    FigureCode.ACTIVITIES,
)


@dataclass
class Beside:
    """What stands beside the batch of rows at hand, by activity."""

    parties: Parties
    figures: Figures
    holders: Mapping[int, str]
    agreements: Mapping[int, str]


def columns(beside: Beside) -> list[Column]:
    """Figures with their unit and sign, as they stand in the page; parts name their series, so nobody adds both."""
    return [
        Column(msg("Name of the activity"), lambda row: row.title_zh),
        Column(msg("Kind of activity"), lambda row: row.kind),
        Column(msg("Part of"), lambda row: beside.holders.get(row.parent_id, "")),
        Column(msg("Date"), day_of),
        Column(msg("Place"), lambda row: row.place),
        Column(msg("Host university"), _named(beside, Part.HOST)),
        Column(msg("Organiser"), _named(beside, Part.ORGANISER)),
        Column(msg("Co-organiser"), _named(beside, Part.CO_ORGANISER)),
        Column(msg("Linked agreements"), lambda row: beside.agreements[row.id]),
        *[Column(code.label, _figure(beside, code)) for code in FIGURES],
        Column(msg("How it was counted"), lambda row: row.counting_note),
        Column(msg("State"), lambda row: row.activity_state),
        Column(msg("Source"), lambda row: row.source),
        Column(msg("Remarks"), lambda row: row.notes),
        Column(msg("Kept by"), lambda row: row.owner_zh),
    ]


def day_of(row: Row[Any]) -> str:
    """The day, or the first and the last."""
    first = legal_date(row.held_on, row.held_precision)
    last = legal_date(row.held_until, row.held_precision) if row.held_until else first
    return first if first == last else f"{first}–{last}"


def _named(beside: Beside, part: Part) -> Callable[[Row[Any]], object]:
    def cell(row: Row[Any]) -> str:
        names = [one.name_zh or one.name_as_reported for one in beside.parties[row.id] if one.part is part]
        return "；".join(names)

    return cell


def _figure(beside: Beside, code: FigureCode) -> Callable[[Row[Any]], object]:
    def cell(row: Row[Any]) -> str:
        found = beside.figures[row.id].get(code)
        return figure_words(found) if found else ""

    return cell

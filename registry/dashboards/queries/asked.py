"""Pages of other packages whose figures are answered from the sums: totals of activities, the docking funnel. 汇总作答.

Only what sums are kept of: everything, or what belongs to a reporting locality, a university, a programme. Whoever
narrows a list otherwise has it added up (see `records.kept`); so has everybody while the worker is still adding up.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import select

from ...activities.figure_codes import FigureCode
from ...activities.queries import totals
from ...activities.queries.listing import Filter as Activities
from ...activities.queries.predicates import programmes_of
from ...core.access.decision import Actor
from ...core.db import db
from ...core.figures.kinds import Qualifier, Unit
from ...docking.enums import Stage
from ...docking.queries import figures
from ...docking.queries.ledger import Filter as Cases
from ...organisations.models import Organisation, OrganisationKind
from ...records.kept import answers
from ..facts import docking, series
from ..metrics.base import ALWAYS, Amount, Sum
from ..pending import is_added_up
from .places import localities_counted
from .rows import Where, lines


@dataclass(frozen=True)
class Place:
    """A locality (code), a university (id): empty and 0 for all of them."""

    locality: str = ""
    university_id: int = 0

    def of(self, actor: Actor) -> Where:
        """The reader's rows of it."""
        return Where(actor.organisation_id, self.locality, self.university_id)


def _place(actor: Actor, region: str, university: str) -> Place | None:
    """None where no sums are kept of it, a county or an office, or where they are not all there yet."""
    if not is_added_up(actor.organisation_id):
        return None
    if region and region not in db.session.scalars(localities_counted()).all():
        return None
    if not university:
        return Place(region)
    wanted = (Organisation.public_id == university, Organisation.kind == OrganisationKind.UNIVERSITY)
    number = db.session.scalar(select(Organisation.id).where(*wanted))
    return Place(region, number) if number else None


@answers(totals.KEPT)
def totals_kept(actor: Actor, wanted: Activities) -> Mapping[FigureCode, list[totals.Group]] | None:
    """What activities add up to, by code."""
    is_plain = replace(wanted, region="", university="", programme="") == Activities()
    is_one = programmes_of(wanted.programme) in ([], [wanted.programme])  # a list may be narrowed to several at once
    place = _place(actor, wanted.region, wanted.university) if is_plain and is_one else None
    if place is None:
        return None
    names = {code: series.amount(code) for code in series.COUNTED}
    if wanted.programme:
        names = {code: series.of_programme(name, wanted.programme) for code, name in names.items()}
    asked = {code: Sum(name, 0, ALWAYS) for code, name in names.items()}
    found = lines(place.of(actor), asked.values())
    groups = {code: list(_groups(found.add_up(one).parts)) for code, one in asked.items()}
    return {code: some for code, some in groups.items() if some}


def _groups(parts: Mapping[str, Amount]) -> Iterator[totals.Group]:
    for part, amount in sorted(parts.items()):
        unit, _between, qualifier = part.partition("|")
        if amount.number or amount.missing:
            value = amount.value if amount.number else None
            counts = (amount.number, amount.missing, amount.doubtful)
            yield totals.Group(value, Unit(unit) if unit else None, Qualifier(qualifier), *counts)


@answers(figures.KEPT)
def docking_kept(actor: Actor, wanted: Cases) -> tuple[figures.Funnel, list[figures.StageAverage]] | None:
    """How many cases reached each stage, and how long they stayed there."""
    is_plain = replace(wanted, region="", university="") == Cases()
    place = _place(actor, wanted.region, wanted.university) if is_plain else None
    if place is None:
        return None
    reached, stays = Sum(docking.FUNNEL), Sum(docking.STAY)
    found = lines(place.of(actor), (reached, stays))
    cells = {Stage(part): _cell(amount) for part, amount in found.add_up(reached).parts.items()}
    stayed = {Stage(part): amount for part, amount in found.add_up(stays).parts.items()}
    funnel = {stage: cells[stage] for stage in Stage if stage in cells and cells[stage].cases}
    averages = [_average(stage, stayed[stage]) for stage in Stage if stage in stayed and stayed[stage].number]
    return {None: funnel} if funnel else {}, averages


def _cell(amount: Amount) -> figures.Cell:
    return figures.Cell(amount.number + amount.missing, int(amount.value) if amount.number else None)


def _average(stage: Stage, amount: Amount) -> figures.StageAverage:
    return figures.StageAverage(stage, float(amount.value) / amount.number, amount.number)

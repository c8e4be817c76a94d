"""Who oversees whom, worked out anew when a region or a superior changes. 管辖关系."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import delete, insert, select

from ...core.db import db
from ..models import Organisation, OrganisationKind, OrganisationStatus, Oversight, Region

Pair = tuple[int, int]


@dataclass(frozen=True)
class Structure:
    """Superiors, regions and provincial departments of all organisations."""

    superiors: Mapping[int, int | None]
    regions: Mapping[int, str]
    region_parents: Mapping[str, str | None]
    departments: Mapping[str, Collection[int]]  # province code → its HR departments

    def overseers(self, organisation_id: int) -> set[int]:
        """Superiors at any distance, and the province's HR department."""
        found = set(self._superiors_of(organisation_id))
        found.update(self.departments.get(self.province(self.regions[organisation_id]), ()))
        return found - {organisation_id}

    def below(self, organisation_id: int) -> set[int]:
        """The organisation and everything under it."""
        return {one for one in self.superiors if one == organisation_id or organisation_id in self._superiors_of(one)}

    def province(self, code: str) -> str:
        """The topmost region of a city, county or zone."""
        parent = self.region_parents[code]
        return self.province(parent) if parent else code

    def _superiors_of(self, organisation_id: int) -> Iterator[int]:
        seen = {organisation_id}
        superior = self.superiors[organisation_id]
        while superior is not None and superior not in seen:
            yield superior
            seen.add(superior)
            superior = self.superiors[superior]


def read_structure() -> Structure:
    """The structure as it stands in the database, two queries."""
    columns = (Organisation.id, Organisation.superior_id, Organisation.region_code)
    rows = db.session.execute(select(*columns, Organisation.kind, Organisation.status)).all()
    parents = dict(db.session.execute(select(Region.code, Region.parent_code)).all())
    departments: dict[str, list[int]] = {}
    for number, _superior, region, kind, status in rows:
        if kind is OrganisationKind.HR_DEPARTMENT and status is OrganisationStatus.ACTIVE:
            departments.setdefault(region, []).append(number)
    return Structure(
        {row.id: row.superior_id for row in rows}, {row.id: row.region_code for row in rows}, parents, departments
    )


def rebuild_oversight(only: int | None = None) -> int:
    """Make the oversight table follow the structure; returns how many pairs were added or removed.

    `only` is an organisation whose superior or region changed: it and what is below it are looked at. Without it, and
    always for an HR department, everything is.
    """
    db.session.flush()
    structure = read_structure()
    affected = set(structure.superiors) if only is None else structure.below(only)
    wanted = {(overseer, one) for one in affected for overseer in structure.overseers(one)}
    present = {pair for pair in _present(only is None, affected) if pair[1] in affected}
    _remove(present - wanted)
    _add(wanted - present)
    db.session.expire_all()
    return len(present ^ wanted)


def _present(everything: bool, affected: Collection[int]) -> set[Pair]:
    statement = select(Oversight.overseer_id, Oversight.organisation_id)
    if not everything:
        statement = statement.where(Oversight.organisation_id.in_(affected))
    return set(db.session.execute(statement).all())


def _remove(pairs: Collection[Pair]) -> None:
    for overseer, organisation in pairs:
        condition = (Oversight.overseer_id == overseer, Oversight.organisation_id == organisation)
        db.session.execute(delete(Oversight).where(*condition))


def _add(pairs: Collection[Pair]) -> None:
    rows = [{"overseer_id": overseer, "organisation_id": organisation} for overseer, organisation in sorted(pairs)]
    if rows:
        db.session.execute(insert(Oversight), rows)

"""Who oversees whom, worked out anew when a region or a superior changes. 管辖关系."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import delete, func, insert, select

from ...core.db import db
from ..models import Organisation, OrganisationKind, OrganisationStatus, Oversight, Region

Pair = tuple[int, int]
Follower = Callable[[Collection[int]], None]
_followers: list[Follower] = []


def follows_oversight(function: Follower) -> Follower:
    """Mark a function that brings in step what is derived from oversight, in the same transaction.

    It is given the organisations (by id) over which others stand now than before.
    """
    if function not in _followers:
        _followers.append(function)
    return function


@dataclass(frozen=True)
class Structure:
    """Superiors, regions and provincial departments of all organisations.

    `heirs` leads from what was merged or closed to the record, or the successor, in which it lives on: the heir sees
    what stayed behind. By law it takes over rights and duties (Civil Code, article 67), so it has to see them; it does
    not become a party by that, since whoever signs in the other's place does so by a revision of its own.
    """

    superiors: Mapping[int, int | None]  # none for what was merged: its place is its heir's
    heirs: Mapping[int, int]
    regions: Mapping[int, str]
    region_parents: Mapping[str, str | None]
    departments: Mapping[str, Collection[int]]  # province code → its HR departments

    def overseers(self, organisation_id: int) -> set[int]:
        """Superiors at any distance, the province's HR department, and the heir with those above it."""
        found: set[int] = set()
        for one in self._heirs_of(organisation_id):
            found |= {one, *self._superiors_of(one)}
            found.update(self.departments.get(self.province(self.regions[one]), ()))
        return found - {organisation_id}

    def below(self, organisation_id: int) -> set[int]:
        """The organisation and everything under it."""
        return {
            one
            for one in self.superiors
            if any(organisation_id in (heir, *self._superiors_of(heir)) for heir in self._heirs_of(one))
        }

    def province(self, code: str) -> str:
        """The topmost region of a city, county or zone."""
        parent = self.region_parents[code]
        return self.province(parent) if parent else code

    def _heirs_of(self, organisation_id: int) -> Iterator[int]:
        """The organisation and what it lives on in, one after the other."""
        seen: set[int] = set()
        one: int | None = organisation_id
        while one is not None and one not in seen:
            yield one
            seen.add(one)
            one = self.heirs.get(one)

    def _superiors_of(self, organisation_id: int) -> Iterator[int]:
        seen = {organisation_id}
        superior = self.superiors[organisation_id]
        while superior is not None and superior not in seen:
            yield superior
            seen.add(superior)
            superior = self.superiors[superior]


def read_structure() -> Structure:
    """The structure as it stands in the database, two queries."""
    heir = func.coalesce(Organisation.merged_into_id, Organisation.successor_id).label("heir_id")
    columns = (Organisation.id, Organisation.superior_id, Organisation.region_code, heir)
    rows = db.session.execute(select(*columns, Organisation.kind, Organisation.status)).all()
    parents = dict(db.session.execute(select(Region.code, Region.parent_code)).all())
    departments: dict[str, list[int]] = {}
    for row in rows:
        if row.kind is OrganisationKind.HR_DEPARTMENT and row.status is OrganisationStatus.ACTIVE:
            departments.setdefault(row.region_code, []).append(row.id)
    merged = OrganisationStatus.MERGED
    return Structure(
        {row.id: None if row.status is merged else row.superior_id for row in rows},
        {row.id: row.heir_id for row in rows if row.heir_id is not None},
        {row.id: row.region_code for row in rows},
        parents,
        departments,
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
    changed = {organisation for _overseer, organisation in present ^ wanted}
    for follow in _followers if changed else ():
        follow(changed)
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

"""What docking mechanisms add: their stages. 对接机制统计来源."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from ...core.db import db
from ...mechanisms.models import DockingMechanism, MechanismParty, MechanismVisibility
from .base import Fact, Given, Source, numbers_of, seen_in, viewers_of
from .places import places_of

STAGE = "mechanisms.stage"


def read(numbers: Sequence[int]) -> Mapping[int, Sequence[Given]]:
    """Four queries for a batch."""
    seen, one = MechanismVisibility, DockingMechanism
    viewers = viewers_of(seen.record_id, seen.organisation_id, numbers)
    rows = db.session.execute(select(one.id, one.stage).where(one.id.in_(numbers))).all()
    sides = _sides(numbers)
    places = places_of({one for found in sides.values() for one in found})
    return {
        row.id: [
            Given(
                viewers[row.id],
                places.localities_of(sides.get(row.id, ())),
                places.universities_of(sides.get(row.id, ())),
                (Fact(STAGE, part=str(row.stage)),),
            )
        ]
        for row in rows
    }


def _sides(numbers: Sequence[int]) -> dict[int, list[int | None]]:
    party = MechanismParty
    found: dict[int, list[int | None]] = {}
    statement = select(party.mechanism_id, party.organisation_id).where(party.mechanism_id.in_(numbers))
    for number, organisation_id in db.session.execute(statement):
        found.setdefault(number, []).append(organisation_id)
    return found


SOURCE = Source(
    DockingMechanism.kind_code,
    read,
    numbers_of(DockingMechanism.id),
    seen_in(MechanismVisibility.record_id, MechanismVisibility.organisation_id),
    {DockingMechanism: "id", MechanismParty: "mechanism_id", MechanismVisibility: "record_id"},
    lambda organisation_id: select(MechanismParty.mechanism_id).where(
        MechanismParty.organisation_id == organisation_id
    ),
)

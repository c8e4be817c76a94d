"""Who takes part: real bureaus and universities, fictional enterprises, somebody for each bureau, and who looks."""

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import insert, select

from registry.core.access.roles import Role
from registry.core.dates import today
from registry.core.db import db, transaction
from registry.organisations.models import Organisation, OrganisationKind, Oversight
from registry.organisations.services.oversight import rebuild_oversight
from registry.organisations.services.reference import load_reference
from tests.factories import make_user

from .writing import Row, batches

FIRST, DAYS = date(2012, 1, 1), 5_400  # the days on which things are signed, held and begun
TRADES = ("钢铁", "菱镁", "装备制造", "精细化工", "软件", "生物医药", "新材料", "港口物流", "农产品", "汽车零部件")


@dataclass
class Cast:
    """Numbers of organisations, who stands above them, where they are, names; who looks, and the dice of all."""

    bureaus: Sequence[int]
    schools: Sequence[int]
    enterprises: Sequence[int]
    names: Mapping[int, str]
    places: Mapping[int, str]
    above: Mapping[int, frozenset[int]]
    dice: random.Random
    now: date = field(default_factory=today)
    met: set[tuple[int, int]] = field(default_factory=set)
    handlers: dict[int, int] = field(default_factory=dict)
    readers: dict[str, str] = field(default_factory=dict)  # province, bureau, school → public id of a user

    def day(self) -> date:
        """Some day of the years that are looked at."""
        return FIRST + timedelta(days=self.dice.randrange(DAYS))

    def sides(self) -> tuple[int, int]:
        """A bureau and a university, which have something between them from now on."""
        found = self.dice.choice(self.bureaus), self.dice.choice(self.schools)
        self.met.add(found)
        return found

    def visit(self) -> tuple[int, int]:
        """A university and an enterprise."""
        return self.dice.choice(self.schools), self.dice.choice(self.enterprises)

    def called(self, one: int) -> str:
        """A name in Chinese."""
        return self.names[one]


def cast_of(enterprises: int, dice: random.Random) -> Cast:
    """The directory as it is delivered, so many enterprises, and people."""
    with transaction():
        load_reference()
        codes = db.session.scalars(
            select(Organisation.region_code).where(Organisation.kind == OrganisationKind.HR_BUREAU)
        ).all()
        rows = [_enterprise(number, dice.choice(codes)) for number in range(1, enterprises + 1)]
        for some in batches(rows):
            db.session.execute(insert(Organisation), some)
        rebuild_oversight()
    with transaction():
        return _with_people(_known(dice))


def _enterprise(number: int, region: str) -> Row:
    trade = TRADES[number % len(TRADES)]
    name = f"示例{trade}{number}有限公司"
    return {
        "kind": OrganisationKind.ENTERPRISE,
        "name_zh": name,
        "region_code": region,
        "pinyin": f"shili{number}youxiangongsi",
        "initials": f"sl{number}yxgs",
    }


def _known(dice: random.Random) -> Cast:
    columns = (Organisation.id, Organisation.kind, Organisation.name_zh, Organisation.region_code)
    rows = db.session.execute(select(*columns).order_by(Organisation.id)).all()
    of_kind: dict[OrganisationKind, list[int]] = {}
    for row in rows:
        of_kind.setdefault(row.kind, []).append(row.id)
    above: dict[int, set[int]] = {}
    for overseer, one in db.session.execute(select(Oversight.overseer_id, Oversight.organisation_id)):
        above.setdefault(one, set()).add(overseer)
    return Cast(
        of_kind[OrganisationKind.HR_BUREAU],
        of_kind[OrganisationKind.UNIVERSITY],
        of_kind[OrganisationKind.ENTERPRISE],
        {row.id: row.name_zh for row in rows},
        {row.id: row.region_code for row in rows},
        {one: frozenset(found) for one, found in above.items()},
        dice,
    )


def _with_people(cast: Cast) -> Cast:
    """A handler for each bureau, and somebody who looks: of the province, of a large bureau, of one university."""
    handlers = {
        one: make_user(Role.HANDLER, organisation=db.session.get_one(Organisation, one)) for one in cast.bureaus
    }
    cast.handlers = {one: user.id for one, user in handlers.items()}
    seen_by = Counter(one for found in cast.above.values() for one in found)
    province = max(sorted(seen_by), key=seen_by.__getitem__)
    for name, one in (("province", province), ("bureau", cast.bureaus[0]), ("school", cast.schools[-1])):
        viewer = make_user(Role.VIEWER, Role.HANDLER, organisation=db.session.get_one(Organisation, one))
        cast.readers[name] = viewer.public_id
    return cast

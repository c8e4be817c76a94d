"""A registry with as many agreements as one likes, and what hangs on them, as rows: for benchmarks, never for use.

    python -m bench.plenty --agreements 10000 [--database-url postgresql+psycopg://…/empty] [--folder somewhere]

Real names of regions and universities, fictional enterprises and dealings, the same for the same number. Rows are
written with Core in batches, past every rule of the services; what is derived (who sees what, the search index) is as
the services would have written it, and `flask registry rebuild-search --check` agrees.
"""

import argparse
import random
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from alembic import command
from flask import Flask
from sqlalchemy import insert, select, text

from registry.accounts.models import User
from registry.agreements.models import Agreement, AgreementParty, AgreementVisibility
from registry.app import create_app
from registry.cli.database import alembic_config
from registry.core.access.roles import Role
from registry.core.config import DEMO_SECRET, Settings
from registry.core.db import Model, db, transaction
from registry.organisations.models import Organisation, OrganisationKind, Oversight
from registry.organisations.services.oversight import rebuild_oversight
from registry.organisations.services.reference import load_reference
from registry.search.services.rebuilding import enter
from registry.visits.models import Visit, VisitVisibility
from tests.factories import make_user

BATCH = 5_000
SEED = 20_261_128
FIRST, DAYS, TERM = date(2012, 1, 1), 5_400, 1_826
PARTS = ("校地合作", "人才培养", "就业服务", "实习实训", "科技成果转化", "毕业生招聘", "产学研", "人才引进", "见习基地")
FORMS = {
    "framework": "框架协议",
    "strategic": "战略合作协议",
    "school_locality": "合作协议",
    "letter_of_intent": "意向书",
}
STATES = ["in_force"] * 16 + ["draft"] * 2 + ["closed"] * 2 + ["signed", "suspended", "void"]
TRADES = ("钢铁", "菱镁", "装备制造", "精细化工", "软件", "生物医药", "新材料", "港口物流", "农产品", "汽车零部件")
Row = dict[str, Any]


@dataclass
class Cast:
    """Who takes part: numbers of organisations, who stands above them, names, one person who looks for each kind."""

    bureaus: Sequence[int]
    schools: Sequence[int]
    enterprises: Sequence[int]
    names: Mapping[int, str]
    above: Mapping[int, frozenset[int]]
    handlers: dict[int, int]
    readers: dict[str, str] = field(default_factory=dict)  # province, bureau, school → public id of a user


def application(folder: Path, database_url: str = "") -> Flask:
    """The registry on this database, an SQLite file in the folder unless told, migrated."""
    folder.mkdir(parents=True, exist_ok=True)
    url = database_url or f"sqlite:///{folder / 'registry.db'}"
    app = create_app(Settings(secret_key=DEMO_SECRET, database_url=url, instance=folder, demo=True, testing=True))
    with app.app_context():
        command.upgrade(alembic_config(), "head")
        db.engine.dispose()
    return app


def fill(agreements: int) -> Cast:
    """So many agreements, two to five parties each, a visit each, one enterprise for every twenty; and the index."""
    dice = random.Random(SEED)  # noqa: S311 - no secret
    cast = _cast(max(agreements // 20, 5), dice)
    first = 1
    for size in sizes(agreements):
        with transaction():
            _write(list(_agreements(first, size, cast, dice)))
            _write(list(_visits(first, size, cast, dice)))
        first += size
    for _tally in enter():
        pass
    _analyse()
    return cast


def _cast(enterprises: int, dice: random.Random) -> Cast:
    with transaction():
        load_reference()
        codes = db.session.scalars(
            select(Organisation.region_code).where(Organisation.kind == OrganisationKind.HR_BUREAU)
        ).all()
        rows = [_enterprise(number, dice.choice(codes)) for number in range(1, enterprises + 1)]
        for some in _batches(rows):
            db.session.execute(insert(Organisation), some)
        rebuild_oversight()
    with transaction():
        return _readers(_known())


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


def _known() -> Cast:
    rows = db.session.execute(select(Organisation.id, Organisation.kind, Organisation.name_zh)).all()
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
        {one: frozenset(found) for one, found in above.items()},
        {},
    )


def _readers(cast: Cast) -> Cast:
    """A handler for each bureau, and somebody who looks: of the province, of a large bureau, of one university."""
    handlers = {
        one: make_user(Role.HANDLER, organisation=db.session.get_one(Organisation, one)) for one in cast.bureaus
    }
    cast.handlers = {one: user.id for one, user in handlers.items()}
    province = max(
        (one for found in cast.above.values() for one in found),
        key=lambda one: sum(one in found for found in cast.above.values()),
    )
    for name, one in (("province", province), ("bureau", cast.bureaus[0]), ("school", cast.schools[-1])):
        viewer = make_user(Role.VIEWER, Role.HANDLER, organisation=db.session.get_one(Organisation, one))
        cast.readers[name] = viewer.public_id
    return cast


def _agreements(first: int, size: int, cast: Cast, dice: random.Random) -> Iterator[tuple[type[Model], Row]]:
    for number in range(first, first + size):
        owner = dice.choice(cast.bureaus)
        school = dice.choice(cast.schools)
        others = dice.sample(cast.enterprises, dice.choice((0, 0, 0, 1, 3)))
        parties = list(dict.fromkeys((owner, school, *others)))
        row = _agreement(number, owner, school, cast, dice)
        yield Agreement, row
        for position, one in enumerate(parties, start=1):
            yield AgreementParty, {"agreement_id": number, "position": position, "organisation_id": one}
        for reader in _seen(parties if row["shared"] else [owner], cast):
            seen = {"agreement_id": number, "organisation_id": reader}
            yield AgreementVisibility, {**seen, "sort_on": row["sort_on"], "status": row["status"]}


def _agreement(number: int, owner: int, school: int, cast: Cast, dice: random.Random) -> Row:
    kind, form = dice.choice(list(FORMS.items()))
    day = FIRST + timedelta(days=dice.randrange(DAYS))
    status, ends = dice.choice(STATES), day + timedelta(days=TERM)
    if status in ("in_force", "signed", "suspended") and ends < date.today():  # noqa: DTZ011 - a day more or less
        status = "closed"  # as the daily run would have left it
    is_signed = status not in ("draft", "void")
    return {
        "id": number,
        "kind": kind,
        "status": status,
        "outcome": "expired" if status == "closed" else None,
        "title_zh": f"{cast.names[owner][:3]}与{cast.names[school]}{dice.choice(PARTS)}{form}",
        "owner_id": owner,
        "handler_id": cast.handlers[owner],
        "number": f"例校地协〔{day.year}〕{number}号" if is_signed else None,
        "signed_on": day if is_signed else None,
        "effective_on": day if is_signed else None,
        "expires_on": ends if is_signed else None,
        "sort_on": day,
        "shared": status != "draft",
        "is_demo": True,
    }


def _visits(first: int, size: int, cast: Cast, dice: random.Random) -> Iterator[tuple[type[Model], Row]]:
    for number in range(first, first + size):
        visitor, visited = dice.choice(cast.schools), dice.choice(cast.enterprises)
        day = FIRST + timedelta(days=dice.randrange(DAYS))
        yield (
            Visit,
            {
                "id": number,
                "kind": "enterprise_expansion",
                "state": "held",
                "title_zh": f"{cast.names[visitor]}走访{cast.names[visited]}",
                "owner_id": visitor,
                "visitor_id": visitor,
                "visited_id": visited,
                "employer_key": f"org:{visited}",
                "planned_on": day,
                "held_on": day,
                "sort_on": day,
                "findings": "了解用人需求",
                "is_demo": True,
            },
        )
        for reader in _seen([visitor, visited], cast):
            seen = {"record_id": number, "organisation_id": reader, "is_party": reader in (visitor, visited)}
            yield VisitVisibility, {**seen, "sort_on": day, "state": "held"}


def _seen(organisations: Sequence[int], cast: Cast) -> set[int]:
    return set(organisations).union(*(cast.above.get(one, frozenset()) for one in organisations))


def _write(rows: Sequence[tuple[type[Model], Row]]) -> None:
    """Table by table, in the order in which they first come."""
    of_table: dict[type[Model], list[Row]] = {}
    for model, row in rows:
        of_table.setdefault(model, []).append(row)
    for model, some in of_table.items():
        db.session.execute(insert(model.__table__), some)  # type: ignore[arg-type]  # a mapped class has a table


def _batches(rows: Sequence[Row]) -> Iterator[list[Row]]:
    left = iter(rows)
    while some := list(islice(left, BATCH)):
        yield some


def sizes(whole: int) -> Iterator[int]:
    """Batches that add up to the whole."""
    for start in range(0, whole, BATCH):
        yield min(BATCH, whole - start)


def _analyse() -> None:
    """What a database learns about its tables over time; and counters that go on after the numbers given here."""
    is_postgresql = db.engine.dialect.name == "postgresql"
    for table in ("agreement", "visit") if is_postgresql else ():
        with transaction():
            db.session.execute(text(f"SELECT setval('{table}_id_seq', (SELECT max(id) FROM {table}))"))  # noqa: S608
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE" if is_postgresql else "ANALYZE"))


def user(public_id: str) -> User:
    """Somebody of the cast."""
    return db.session.scalars(select(User).where(User.public_id == public_id)).one()


def main(arguments: Sequence[str]) -> int:
    """Fill an empty database and say how long it took."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--agreements", type=int, default=10_000)
    parser.add_argument("--database-url", default="")
    parser.add_argument("--folder", type=Path, default=Path("instance/plenty"))
    given = parser.parse_args(arguments)
    started = time.perf_counter()
    with application(given.folder, given.database_url).app_context():
        fill(given.agreements)
    print(f"{given.agreements:,} agreements in {time.perf_counter() - started:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

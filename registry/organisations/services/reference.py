"""Loads the reference data that comes with the registry; loading twice changes nothing. 基础数据."""

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import select

from ...audit import services as audit
from ...audit.models import AuditEvent
from ...core.dates import Precision
from ...core.db import Model, db
from ..models import (
    IndustrySection,
    Organisation,
    OrganisationAlias,
    OrganisationKind,
    OrganisationName,
    OrganisationStatus,
    Region,
    RegionKind,
    Tie,
    WorkdayKind,
    WorkdayOverride,
    WorkdayYear,
)
from .oversight import rebuild_oversight

FOLDER = Path(__file__).resolve().parents[1] / "data"
Line = dict[str, str]
Values = dict[str, Any]


@dataclass
class Tally:
    """What loading one kind of rows did; `kept` are rows that people have edited, which are left alone."""

    name: str
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    kept: int = 0


def load_reference(folder: Path = FOLDER) -> list[Tally]:
    """Bring all reference data up to date by code; records one event when anything was added or changed."""
    tallies = [
        _load_table(folder, "regions", Region, _region, "code"),
        _load_table(folder, "industry_sections", IndustrySection, _section, "code"),
        *_load_workdays(folder),
        _load_organisations(folder, "organisations", _organisation, "reference_code"),
        _load_organisations(folder, "universities", _university, "moe_code"),
        _load_former_names(folder),
        _load_aliases(folder),
    ]
    _load_superiors(folder)
    tallies.append(Tally("oversight", changed=rebuild_oversight()))
    changes = {tally.name: (None, tally.added + tally.changed) for tally in tallies if tally.added + tally.changed}
    if changes:
        audit.record(None, "reference:load", None, changes)
    return tallies


def read(path: Path) -> list[Line]:
    """The lines of a data file by column."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _put(tally: Tally, found: Model | None, model: type[Model], values: Values, *, keep: bool = False) -> None:
    """Add the row, or change what differs, and count it."""
    if found is None:
        db.session.add(model(**values))
        tally.added += 1
    elif keep:
        tally.kept += 1
    elif different := {name: value for name, value in values.items() if getattr(found, name) != value}:
        db.session.flush()  # it may point at a row that an earlier line added, and changes are written before additions
        for name, value in different.items():
            setattr(found, name, value)
        tally.changed += 1
    else:
        tally.unchanged += 1


def _load_table(
    folder: Path,
    name: str,
    model: type[Model],
    parse: Callable[[Line], Values],
    key: str,
    is_kept: Callable[[Values], bool] = lambda _values: False,
) -> Tally:
    """Match by `key`; lines that `is_kept` are people's business now and change nothing."""
    tally = Tally(name)
    existing = {getattr(row, key): row for row in db.session.scalars(select(model))}
    for line in read(folder / f"{name}.csv"):
        values = parse(line)
        if is_kept(values):
            tally.kept += 1
        else:
            _put(tally, existing.get(values[key]), model, values)
    db.session.flush()
    return tally


def _load_workdays(folder: Path) -> list[Tally]:
    """Years and their exceptions, but not of years that somebody recorded or corrected."""
    edited = _edited_by_people(WorkdayYear)
    years = {row.year for row in db.session.scalars(select(WorkdayYear)) if row.public_id in edited}
    return [
        _load_table(folder, "workday_years", WorkdayYear, _year, "year", lambda line: line["year"] in years),
        _load_table(
            folder, "workday_overrides", WorkdayOverride, _workday, "day", lambda line: line["day"].year in years
        ),
    ]


def _load_organisations(folder: Path, name: str, parse: Callable[[Line], Values], key: str) -> Tally:
    """Match by code, or by name where people added the same organisation before."""
    tally = Tally(name)
    edited = _edited_by_people()
    present = list(db.session.scalars(select(Organisation)))
    by_code = {getattr(row, key): row for row in present if getattr(row, key)}
    by_name = {row.name_zh: row for row in present}
    for line in read(folder / f"{name}.csv"):
        values = parse(line)
        found = by_code.get(values[key]) or by_name.get(values["name_zh"])
        keep = found is not None and (found.public_id in edited or getattr(found, key) not in (None, values[key]))
        _put(tally, found, Organisation, values, keep=keep)
    db.session.flush()
    return tally


def _edited_by_people(model: type[Model] = Organisation) -> set[str]:
    """Public ids of what somebody added or changed in the registry: reloading must not undo their work."""
    kind = model.__name__.lower()
    named = (AuditEvent.object_type == kind, AuditEvent.actor_id.is_not(None), AuditEvent.succeeded)
    return set(db.session.scalars(select(AuditEvent.object_id).where(*named).distinct()))


def _load_superiors(folder: Path) -> None:
    """Superiors, once everybody is there; not of organisations that people edited."""
    edited = _edited_by_people()
    present = {row.reference_code: row for row in db.session.scalars(select(Organisation)) if row.reference_code}
    ids = _ids_by_name()
    for line in read(folder / "organisations.csv"):
        organisation = present[line["code"]]
        if line["superior"] and organisation.public_id not in edited:
            organisation.superior_id = ids.get(line["superior"], organisation.superior_id)
            organisation.superior_tie = Tie(line["superior_tie"]) if line["superior_tie"] else None
    db.session.flush()


def _load_former_names(folder: Path) -> Tally:
    tally = Tally("former_names")
    known = {(row.organisation_id, row.name_zh): row for row in db.session.scalars(select(OrganisationName))}
    ids, edited = _ids_by_name(), _numbers_of_edited()
    for line in _lines_of_known(folder / "former_names.csv", ids):
        values: Values = {
            "organisation_id": ids[line["organisation"]],
            "name_zh": line["name_zh"],
            **_known_day("valid_from", line),
            **_known_day("valid_to", line),
        }
        _put_name(tally, known.get((values["organisation_id"], line["name_zh"])), OrganisationName, values, edited)
    db.session.flush()
    return tally


def _load_aliases(folder: Path) -> Tally:
    tally = Tally("aliases")
    known = {(row.organisation_id, row.alias): row for row in db.session.scalars(select(OrganisationAlias))}
    ids, edited = _ids_by_name(), _numbers_of_edited()
    for line in _lines_of_known(folder / "aliases.csv", ids):
        values: Values = {"organisation_id": ids[line["organisation"]], "alias": line["alias"]}
        _put_name(tally, known.get((values["organisation_id"], line["alias"])), OrganisationAlias, values, edited)
    db.session.flush()
    return tally


def _put_name(tally: Tally, found: Model | None, model: type[Model], values: Values, edited: set[int]) -> None:
    """Names of an organisation that people edited are theirs: what they took out does not come back."""
    if values["organisation_id"] in edited:
        tally.kept += 1
    else:
        _put(tally, found, model, values)


def _numbers_of_edited() -> set[int]:
    public_ids = _edited_by_people()
    return set(db.session.scalars(select(Organisation.id).where(Organisation.public_id.in_(public_ids))))


def _lines_of_known(path: Path, ids: Mapping[str, int]) -> list[Line]:
    """Lines whose organisation still bears the name, or bore it: a corrected spelling leaves no former name."""
    return [line for line in read(path) if line["organisation"] in ids]


def _ids_by_name() -> dict[str, int]:
    """Organisations by reference name: a renamed one is found by its former name."""
    former = select(OrganisationName.name_zh, OrganisationName.organisation_id)
    current = select(Organisation.name_zh, Organisation.id)
    return dict(db.session.execute(former).all()) | dict(db.session.execute(current).all())


def _region(line: Line) -> Values:
    return {
        "code": line["code"],
        "name_zh": line["name_zh"],
        "name_en": line["name_en"],
        "short_zh": line["short_zh"],
        "kind": RegionKind(line["kind"]),
        "parent_code": line["parent_code"] or None,
        "code_system": line["code_system"],
        "sort_order": int(line["sort_order"]),
        "is_reporting_locality": line["is_reporting_locality"] == "1",
        "grid_row": int(line["grid_row"]) if line["grid_row"] else None,
        "grid_column": int(line["grid_column"]) if line["grid_column"] else None,
    }


def _section(line: Line) -> Values:
    return dict(line)


def _year(line: Line) -> Values:
    return {"year": int(line["year"]), "source": line["source"]}


def _workday(line: Line) -> Values:
    return {
        "day": date.fromisoformat(line["day"]),
        "kind": WorkdayKind(line["kind"]),
        "holiday_zh": line["holiday_zh"],
    }


def _organisation(line: Line) -> Values:
    return {
        "reference_code": line["code"],
        "name_zh": line["name_zh"],
        "name_en": line["name_en"],
        "short_zh": line["short_zh"],
        "kind": OrganisationKind(line["kind"]),
        "region_code": line["region_code"],
        "needs_check": line["needs_check"] == "1",
        "note": line["note"],
    }


def _university(line: Line) -> Values:
    return {
        "moe_code": line["moe_code"],
        "name_zh": line["name_zh"],
        "name_en": line["name_en"],
        "kind": OrganisationKind.UNIVERSITY,
        "region_code": line["region_code"],
        "authority": line["authority"],
        "status": OrganisationStatus(line["status"]),
        "note": line["note"],
    }


def _known_day(name: str, line: Line) -> Values:
    day = date.fromisoformat(line[name]) if line[name] else None
    return {name: day, f"{name}_precision": Precision.DAY if day else Precision.UNKNOWN}

"""The lines of `data/`: agreements, events, facts, and what each kind of fact is kept as. 数据读取。"""

import csv
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "data"
NOT_STATED = "未载明"
INFERRED = "(inferred"
Line = dict[str, str]


class Kept(StrEnum):
    """What a fact becomes: a figure, words of the notes, a programme's name, the activity's day, or a ratio."""

    FIGURE = "figure"
    WORDS = "words"
    NAME = "name"
    DAY = "day"
    COMPUTED = "computed"


@dataclass(frozen=True)
class AgreementLine:
    """One line of agreements.csv. `parties` are names as the source gives them, `event` the key of an event."""

    key: str
    type: str
    title_zh: str
    title_en: str
    parties: tuple[str, ...]
    signed_on: date | None
    place: str
    event: str
    record_kind: str
    source: str
    remark: str


@dataclass(frozen=True)
class EventLine:
    """One line of events.csv; organisations by names, `host` is the university where a fair was held."""

    key: str
    parent: str
    title_zh: str
    title_en: str
    type: str
    first: date | None
    last: date | None
    place: str
    organisers: tuple[str, ...]
    host: str
    participants: tuple[str, ...]
    source_file: str
    source: str
    remark: str


@dataclass(frozen=True)
class FactLine:
    """One line of facts.csv, `number` from 1; `label_en` and `code` come from metrics.csv."""

    number: int
    event: str
    event_title: str
    metric: str
    label_zh: str
    label_en: str
    kept: Kept
    code: str
    value: str
    qualifier: str
    unit: str
    kind: str
    as_reported: str
    source_file: str
    source: str
    remark: str

    @property
    def amount(self) -> Decimal | None:
        """The number, where it is one and not a day or a name."""
        return Decimal(self.value) if self.value.replace(".", "", 1).isdecimal() else None


@cache
def agreements() -> tuple[AgreementLine, ...]:
    """Agreements, mechanisms, workstations, and what is only hoped for or planned, in their order."""
    return tuple(_agreement(line) for line in _read("agreements"))


@cache
def events() -> tuple[EventLine, ...]:
    """Activities, each after the one that it is part of."""
    found = [_event(line) for line in _read("events")]
    return tuple(sorted(found, key=lambda one: bool(one.parent)))


@cache
def facts() -> tuple[FactLine, ...]:
    """All facts, in their order."""
    metrics = {line["metric"]: line for line in _read("metrics")}
    return tuple(_fact(no, line, metrics[line["metric"]]) for no, line in enumerate(_read("facts"), start=1))


def agreement(key: str) -> AgreementLine:
    """One line by its key."""
    return next(one for one in agreements() if one.key == key)


def event(key: str) -> EventLine:
    """One line by its key."""
    return next(one for one in events() if one.key == key)


def home_of(fact: FactLine) -> str:
    """The key of the activity that a fact stands with: a plan or programme without one, with its source's series."""
    known = {one.key for one in events()}
    if fact.event in known:
        return fact.event
    return next(one.key for one in events() if one.source_file == fact.source_file and not one.parent)


def facts_of(key: str) -> list[FactLine]:
    """What stands with one activity."""
    return [one for one in facts() if home_of(one) == key]


@cache
def _citations() -> dict[str, str]:
    return {line["source_file"]: line["citation_zh"] for line in _read("sources")}


def _read(name: str) -> list[Line]:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _agreement(line: Line) -> AgreementLine:
    names = [line["party_a"], line["party_b"], *line["other_parties"].split(";")]
    return AgreementLine(
        key=line["id"],
        type=line["type"],
        title_zh=line["title_zh"],
        title_en=line["title_en"],
        parties=tuple(name for name in names if name),
        signed_on=_day(line["sign_date"]),
        place="" if INFERRED in line["place"] else line["place"],
        event=line["event_key"],
        record_kind=line["record_kind"],
        source=_citations()[line["source_file"]],
        remark=line["remark_zh"],
    )


def _event(line: Line) -> EventLine:
    return EventLine(
        key=line["event_key"],
        parent=line["parent_key"],
        title_zh=line["name_zh"],
        title_en=line["name_en"],
        type=line["event_type"],
        first=_day(line["start_date"]),
        last=_day(line["end_date"]),
        place=line["place"],
        organisers=_several(line["organizers"]),
        host=line["host"],
        participants=_several(line["participants"]),
        source_file=line["source_file"],
        source=_citations()[line["source_file"]],
        remark=line["remark_zh"],
    )


def _fact(number: int, line: Line, metric: Line) -> FactLine:
    return FactLine(
        number=number,
        event=line["event_key"],
        event_title=line["event_name_zh"],
        metric=line["metric"],
        label_zh=line["metric_zh"],
        label_en=metric["label_en"],
        kept=Kept(metric["kept_as"]),
        code=metric["code"],
        value=line["value"],
        qualifier=line["qualifier"],
        unit=line["unit"],
        kind=line["kind"],
        as_reported=line["as_reported"],
        source_file=line["source_file"],
        source=_citations()[line["source_file"]],
        remark=line["remark_zh"],
    )


def _several(text: str) -> tuple[str, ...]:
    return tuple(name for name in text.split(";") if name)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None

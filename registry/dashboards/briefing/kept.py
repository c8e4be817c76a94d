"""Figures as they are kept at a month's end, with the records that the briefing names: plain data ⇄ JSON. 快照内容.

The form is a schema of its own (`SCHEMA`), so that a snapshot of years ago is read whatever metrics have become since.
The JSON is canonical: the same data is the same bytes, and its SHA-256 stands beside it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256
from typing import Any, Protocol

from ...core.figures.kinds import Number, Qualifier, Unit, neat

SCHEMA = 1


class Shown(Protocol):
    """A figure as the metrics give it (`metrics.base.Figure`)."""

    @property
    def value(self) -> Number | None: ...
    @property
    def unit(self) -> Unit | None: ...
    @property
    def qualifier(self) -> Qualifier: ...
    @property
    def numerator(self) -> Number | None: ...
    @property
    def denominator(self) -> Number | None: ...
    @property
    def doubtful(self) -> int: ...
    @property
    def missing(self) -> int: ...
    @property
    def capped(self) -> bool: ...


@dataclass(frozen=True)
class KeptFigure:
    """A figure as it stood; None for what nobody reported. `doubtful` of those in it were still to be confirmed."""

    value: Number | None = None
    unit: Unit | None = None
    qualifier: Qualifier = Qualifier.EXACT
    numerator: Number | None = None
    denominator: Number | None = None
    doubtful: int = 0
    missing: int = 0
    capped: bool = False
    as_reported: str = ""

    @classmethod
    def of(cls, shown: Shown) -> "KeptFigure":
        """Take a figure of the metrics over."""
        names = [one.name for one in fields(cls) if one.name != "as_reported"]
        return cls(**{name: getattr(shown, name) for name in names})

    @property
    def needs_check(self) -> bool:
        """Whether a doubtful figure is in it (待核)."""
        return self.doubtful > 0


Figures = Mapping[str, KeptFigure]


@dataclass(frozen=True)
class KeptRecord:
    """A record that the briefing names, by kind and public id. `day` is what it is about: signed, due, expiring."""

    kind: str
    public_id: str
    title_zh: str
    title_en: str = ""
    number: str = ""
    day: str = ""
    who_zh: str = ""
    who_en: str = ""
    note_zh: str = ""
    note_en: str = ""


@dataclass(frozen=True)
class KeptCount:
    """A figure of one activity under its own name."""

    code: str
    label_zh: str
    label_en: str
    figure: KeptFigure
    is_planned: bool = False


@dataclass(frozen=True)
class KeptActivity:
    """An activity of the month with its figures as they were reported."""

    public_id: str
    title_zh: str
    title_en: str
    day: str
    place: str
    state: str
    counts: tuple[KeptCount, ...] = ()


@dataclass(frozen=True)
class KeptLocality:
    """A reporting locality and its figures."""

    code: str
    name_zh: str
    name_en: str
    figures: Figures


@dataclass(frozen=True)
class Kept:
    """Everything that a month's briefing of one organisation is made of. `month` is YYYYMM.

    `scope_zh` is what the sentences call the whole: 全省, 鞍山市. `totals` says of how many each list shows some.
    `asked` are the metrics that there were: not to be kept yet is another thing than that nobody reported any.
    """

    organisation: str
    name_zh: str
    name_en: str
    scope_zh: str
    scope_en: str
    month: int
    as_of: date
    figures: Figures
    before: Figures = field(default_factory=dict)
    year_before: Figures = field(default_factory=dict)
    localities: tuple[KeptLocality, ...] = ()
    series: Mapping[str, tuple[tuple[int, KeptFigure], ...]] = field(default_factory=dict)
    signed: tuple[KeptRecord, ...] = ()
    activities: tuple[KeptActivity, ...] = ()
    expiring: tuple[KeptRecord, ...] = ()
    red: tuple[KeptRecord, ...] = ()
    totals: Mapping[str, int] = field(default_factory=dict)
    instructions: tuple[KeptRecord, ...] = ()
    asked: tuple[str, ...] = ()
    schema: int = SCHEMA

    def knew(self, code: str) -> bool:
        """Whether there was such a metric then. Snapshots without `asked` knew whatever is asked."""
        return not self.asked or code in self.asked


def dump(kept: Kept) -> str:
    """Canonical JSON; what is as usual is left out."""
    return json.dumps(_plain(kept), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(text: str) -> str:
    """SHA-256 of the canonical JSON."""
    return sha256(text.encode()).hexdigest()


def load(text: str) -> Kept:
    """Read what `dump` wrote. Raises ValueError for a schema that this version does not know."""
    given = json.loads(text)
    if given.get("schema", SCHEMA) != SCHEMA:
        raise ValueError(f"a snapshot of schema {given['schema']}")
    return Kept(
        **{name: value for name, value in given.items() if name not in READERS},
        **{name: read(given[name]) for name, read in READERS.items() if name in given},
    )


def _plain(value: Any) -> Any:
    """Plain data of dataclasses: fields that are as usual are left out, numbers that are not whole are text."""
    if hasattr(value, "__dataclass_fields__"):
        found = {one.name: getattr(value, one.name) for one in fields(value)}
        usual = {one.name: one.default for one in fields(value)}
        return {name: _plain(one) for name, one in found.items() if name == "schema" or one != usual[name]}
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(neat(value))
    return str(value) if isinstance(value, StrEnum) else value


def _number(value: Any) -> Number | None:
    return None if value is None else neat(Decimal(str(value)))


def _figure(given: Mapping[str, Any]) -> KeptFigure:
    numbers = {name: _number(given[name]) for name in ("value", "numerator", "denominator") if name in given}
    said: dict[str, Any] = {"qualifier": Qualifier(given.get("qualifier", "exact")), **numbers}
    said["unit"] = Unit(given["unit"]) if given.get("unit") else None
    return KeptFigure(**{**given, **said})


def _figures(given: Mapping[str, Any]) -> dict[str, KeptFigure]:
    return {code: _figure(one) for code, one in given.items()}


def _records(given: list[Any]) -> tuple[KeptRecord, ...]:
    return tuple(KeptRecord(**one) for one in given)


def _activities(given: list[Any]) -> tuple[KeptActivity, ...]:
    return tuple(KeptActivity(**one | {"counts": _counts(one.get("counts", []))}) for one in given)


def _counts(given: list[Any]) -> tuple[KeptCount, ...]:
    return tuple(KeptCount(**one | {"figure": _figure(one["figure"])}) for one in given)


def _localities(given: list[Any]) -> tuple[KeptLocality, ...]:
    return tuple(KeptLocality(**one | {"figures": _figures(one["figures"])}) for one in given)


def _series(given: Mapping[str, Any]) -> dict[str, tuple[tuple[int, KeptFigure], ...]]:
    return {code: tuple((month, _figure(one)) for month, one in points) for code, points in given.items()}


READERS: Mapping[str, Any] = {
    "as_of": date.fromisoformat,
    "figures": _figures,
    "before": _figures,
    "year_before": _figures,
    "localities": _localities,
    "series": _series,
    "signed": _records,
    "activities": _activities,
    "expiring": _records,
    "red": _records,
    "instructions": _records,
    "asked": tuple,
}

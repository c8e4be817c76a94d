"""What an effective text promises: the rows of its table, and places in its articles that are promises. 协议中的承诺.

A row without a figure is a promise to do it (target 1). Who "甲方" or "双方" are follows from the parties of the text.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from ..agreements.models import PartyRole
from ..agreements.texts.rendering import template_of
from ..agreements.texts.sides import sides, signing
from ..core.figures.kinds import Number
from .catalogue import VARIABLES, Known, known_of
from .enums import Origin, Part, Recurrence
from .recurrence import read_words

TABLE = ("{{commitments_table}}", "{{actions_table}}")
ALL, OTHERS, CHAIR, STATION = "all", "others", "chair", "station"


@dataclass(frozen=True)
class Cast:
    """Who takes which part, by positions of parties; `is_joint` where all promise each other."""

    obligors: frozenset[int]
    beneficiaries: frozenset[int]
    support: frozenset[int] = frozenset()
    is_joint: bool = False

    def parts(self) -> Iterator[tuple[int, Part]]:
        """Positions and parts in order."""
        for part, positions in (
            (Part.OBLIGOR, self.obligors),
            (Part.BENEFICIARY, self.beneficiaries),
            (Part.SUPPORT, self.support - self.obligors),
        ):
            for position in sorted(positions):
                yield position, part


@dataclass(frozen=True)
class Promise:
    """One promise of a text."""

    code: str
    title_zh: str
    cast: Cast
    target: Number
    unit: str
    recurrence: Recurrence
    known: Known
    title_en: str = ""
    period_words: str = ""
    due_on: date | None = None
    rule: str = ""
    rule_en: str = ""
    evidence: str = ""
    evidence_en: str = ""
    article: str = ""
    origin: Origin = Origin.TABLE


def promises_of(content: Mapping[str, Any]) -> dict[str, Promise]:
    """All promises of a content, by their codes, in its order."""
    found = [*_of_table(content), *_of_variables(content)]
    return {promise.code: promise for promise in found if promise.code and promise.title_zh.strip()}


def _of_table(content: Mapping[str, Any]) -> Iterator[Promise]:
    template, article = str(content.get("template") or ""), _article_with(content, TABLE)
    for row in content.get("commitments", ()):
        figure = read_target(row["target"])
        recurrence, due_on = read_words(row["period"])
        yield Promise(
            code=row["code"],
            title_zh=row["task"],
            title_en=row.get("task_en", ""),
            cast=cast_of(content, row["obligor"], row.get("support", "")),
            target=1 if figure is None else figure,
            unit=row["unit"],
            recurrence=recurrence,
            period_words=row["period"],
            due_on=due_on,
            rule=row.get("rule", ""),
            rule_en=row.get("rule_en", ""),
            evidence=row.get("evidence", ""),
            evidence_en=row.get("evidence_en", ""),
            known=known_of(template, row["code"], row["task"], row["unit"], has_figure=figure is not None),
            article=article,
        )


def _of_variables(content: Mapping[str, Any]) -> Iterator[Promise]:
    """Figures that an article promises and the table does not have."""
    template = str(content.get("template") or "")
    for name, code, zh, en, unit in VARIABLES.get(template, ()):
        figure = read_target(str(content["variables"].get(name, "")))
        article = _article_with(content, (f"{{{{{name}}}}}",))
        if figure and article:
            yield Promise(
                code=code,
                title_zh=zh,
                title_en=en,
                cast=cast_of(content, ALL),
                target=figure,
                unit=unit,
                recurrence=Recurrence.YEARLY,
                known=known_of(template, code, zh, unit),
                period_words="年",
                article=article,
                origin=Origin.VARIABLE,
            )


def _article_with(content: Mapping[str, Any], places: tuple[str, ...]) -> str:
    articles = content.get("articles", ())
    return next((str(one["key"]) for one in articles if any(place in one["text_zh"] for place in places)), "")


def read_target(text: str) -> Number | None:
    """The figure of a cell; None where it is empty or says something else."""
    try:
        value = Decimal(str(text).strip().rstrip("%％"))
    except InvalidOperation:
        return None
    if not value.is_finite() or value < 0:
        return None
    return int(value) if value == value.to_integral_value() else value


def cast_of(content: Mapping[str, Any], obligor: str, support: str = "") -> Cast:
    """Who promises to whom: a party's letter, all of them, the chair, the others, the host of the station."""
    everybody = frozenset(int(party["position"]) for party in signing(content["parties"]))
    by_code = _positions(content, everybody)
    obligors = by_code.get(obligor, everybody) or everybody
    if obligors == everybody:
        return Cast(everybody, everybody, is_joint=True)
    return Cast(obligors, everybody - obligors, by_code.get(support, frozenset()))


def _positions(content: Mapping[str, Any], everybody: frozenset[int]) -> dict[str, frozenset[int]]:
    template = template_of(content)
    grouped = bool(template and template.last_party_is_b)
    found = {
        side.code: frozenset(int(party["position"]) for party in side.parties)
        for side in sides(content["parties"], last_is_b=grouped)
    }
    chair = frozenset({_chair(content)}) & everybody
    host = frozenset({max(everybody)}) if everybody else frozenset[int]()
    return found | {ALL: everybody, CHAIR: chair, OTHERS: everybody - chair, STATION: host}


def _chair(content: Mapping[str, Any]) -> int:
    """The party that the text names as first chair, else the lead."""
    named = str(content["variables"].get("first_chair", "")).strip()
    parties = signing(content["parties"])
    if named:
        for party in parties:
            if named in party["name"] or party["name"] in named:
                return int(party["position"])
    lead = next((party for party in parties if party["role"] == PartyRole.LEAD), None)
    return int((lead or parties[0])["position"]) if parties else 0

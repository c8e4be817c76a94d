"""Shares and averages of an activity's figures: shown, computed, never typed. Pure. 占比与平均.

Formulas: dossier, section 8 (过万岗位占比 949/5459, 单位均岗位 5459/202, 求人倍率, 意向率).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from ..core.figures.checks import per, share
from ..core.figures.kinds import WORDS, HasFigure, Qualifier, Unit
from ..core.i18n import Either, Message, msg
from .figure_codes import FigureCode

SURE = (Qualifier.EXACT, Qualifier.DERIVED)
SHARES = (
    (FigureCode.POSITIONS_OVER_10K, FigureCode.POSITIONS, msg("Share of positions above 10,000 yuan a month")),
    (FigureCode.KEY_EMPLOYERS, FigureCode.EMPLOYERS, msg("Share of key employers")),
    (FigureCode.INTENTIONS, FigureCode.ON_SITE, msg("Employment intentions among those on site")),
)
AVERAGES = (
    (FigureCode.POSITIONS, FigureCode.EMPLOYERS, msg("Positions per employer")),
    (FigureCode.EMPLOYERS, FigureCode.ACTIVITIES, msg("Employers per activity")),
    (FigureCode.HEADCOUNT, FigureCode.ON_SITE, msg("Headcount wanted per seeker on site")),
)


@dataclass(frozen=True)
class Ratio:
    """A share or an average. `is_sure` is false where one of its figures is not exact or still to be confirmed."""

    label: Message
    value: Decimal
    unit: Either
    is_sure: bool

    @property
    def text(self) -> Message:
        """17.4%, 27.0个/家, 约38.1个/家次."""
        zh, en = ("", "") if self.is_sure else ("约", "about ")
        return Either(f"{zh}{self.value}{self.unit.zh}", f"{en}{self.value}{self.unit.key}")


def ratios(figures: Mapping[FigureCode, HasFigure]) -> list[Ratio]:
    """What can be computed of the actual figures; 人 is not set against 人次, nor what came against a plan."""
    known = {code: one for code, one in figures.items() if one.value is not None}
    known = {code: one for code, one in known.items() if one.qualifier is not Qualifier.PLANNED}
    return [*_shares(known), *_averages(known)]


def _shares(known: Mapping[FigureCode, HasFigure]) -> Iterator[Ratio]:
    for part, whole, label in SHARES:
        if part not in known or whole not in known or known[part].unit != known[whole].unit:
            continue
        value = share(known[part].value, known[whole].value)
        if value is not None:
            yield Ratio(label, value, Either("%", "%"), _are_sure(known[part], known[whole]))


def _averages(known: Mapping[FigureCode, HasFigure]) -> Iterator[Ratio]:
    for count, of, label in AVERAGES:
        if count not in known or of not in known:
            continue
        value = per(known[count].value, known[of].value)
        if value is not None:
            yield Ratio(label, value, _each(known[count].unit, known[of].unit), _are_sure(known[count], known[of]))


def _each(count: Unit | None, of: Unit | None) -> Either:
    first, second = (WORDS[unit] if unit else None for unit in (count, of))
    zh = f"{first.zh if first else ''}/{second.zh if second else ''}"
    en = f" {first.plural if first else ''} / {second.singular if second else ''}"
    return Either(zh, en)


def _are_sure(*figures: HasFigure) -> bool:
    return all(one.qualifier in SURE and not getattr(one, "needs_check", False) for one in figures)

"""How figures are said on cards, tiles and the wall: the number, its unit, the sign of how it is meant. 指标显示。"""

from dataclasses import dataclass
from decimal import Decimal

from ...core.figures.kinds import DIVISIBLE, WORDS, Number, Qualifier, Unit, grouped, neat
from ...core.figures.showing import DASH, in_powers, show_figure
from ...core.web.language import language
from ..metrics.base import Figure
from ..overview.cards import Change


@dataclass(frozen=True)
class Spoken:
    """A number with its sign, its unit, and a word on how it is meant where the sign does not tell."""

    number: str
    unit: str = ""
    note: str = ""

    def __str__(self) -> str:
        """In one piece."""
        gap = "" if language() == "zh" or self.unit == "%" else " "
        return f"{self.number}{gap if self.unit else ''}{self.unit}{self.note}"


def spoken(figure: Figure | None) -> Spoken:
    """10万余 人次, 63.2 %, a dash where nobody reported anything."""
    if figure is None or figure.value is None:
        return Spoken(DASH)
    tongue = "zh" if language() == "zh" else "en"
    number, note = _number(figure.value, figure.qualifier, figure.unit, tongue)
    return Spoken(f"{number}+" if figure.capped else number, _unit(figure.unit, figure.value, tongue), note)


def _number(value: Number, qualifier: Qualifier, unit: Unit | None, tongue: str) -> tuple[str, str]:
    if unit is Unit.PERCENT:
        value = neat(round(Decimal(value), 1))
    if qualifier is Qualifier.AT_LEAST and unit not in DIVISIBLE and value >= 10 and value % 10 == 0:
        return (f"{in_powers(value) or grouped(value)}余" if tongue == "zh" else f"{grouped(value)}+"), ""
    shown = show_figure(value, None, qualifier, tongue)
    number, opened, rest = shown.partition("（" if tongue == "zh" else " (")
    return number, opened + rest


def _unit(unit: Unit | None, value: Number, tongue: str) -> str:
    if unit is None:
        return ""
    words = WORDS[unit]
    return words.zh if tongue == "zh" else words.singular if value == 1 else words.plural


def moved(change: Change) -> str:
    """+12 (+10 %), −4.1 percentage points are said by the template: here the signed number."""
    sign = {"up": "+", "down": "−"}.get(change.direction, "±")
    return sign + grouped(round(abs(Decimal(change.by)), 1))

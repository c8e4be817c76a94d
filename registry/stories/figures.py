"""Facts as figures of activities, with the source's own text beside the value. 数字。"""

from ..activities.figure_codes import FigureCode
from ..activities.inputs import FigureLine
from ..core.figures.kinds import WORDS, Qualifier, Unit, neat
from ..core.figures.reading import BadFigure, ReadFigure, read_figure
from ..core.i18n import Message, msg
from .reading import FactLine, Kept


def figure_lines(facts: list[FactLine]) -> tuple[FigureLine, ...]:
    """Those that are kept as figures."""
    return tuple(_line(one) for one in facts if one.kept is Kept.FIGURE)


def _line(fact: FactLine) -> FigureLine:
    code = FigureCode(fact.code)
    return FigureLine(
        code,
        read=_read(fact, unit_of(fact, code)),
        label_zh=fact.label_zh if fact.label_en else "",
        label_en=fact.label_en,
        note=fact.remark,
        source=fact.source,
    )


def unit_of(fact: FactLine, code: FigureCode) -> Unit:
    """What its word counts: a unit of the code, where several units share a word."""
    fitting = [unit for unit, words in WORDS.items() if words.zh == fact.unit]
    return next((unit for unit in code.units if unit in fitting), fitting[0])


def _read(fact: FactLine, unit: Unit) -> ReadFigure:
    if fact.amount is None:
        raise ValueError(f"fact {fact.number} has no number")
    value = neat(fact.amount)
    return ReadFigure(value, Qualifier(fact.qualifier), unit, fact.as_reported, _doubts(fact))


def _doubts(fact: FactLine) -> tuple[Message, ...]:
    """A source's text that does not say the number by itself is for a person to confirm."""
    if not fact.as_reported:
        return ()
    try:
        said = read_figure(fact.as_reported).value
    except BadFigure:
        said = None
    if said is not None and said == fact.amount:
        return ()
    return (msg("Read as %(reading)s; confirm with the source", reading=fact.value),)

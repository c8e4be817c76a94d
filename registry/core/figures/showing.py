"""Prints a figure with the sign of how it is meant. 数字显示.

Arabic digits with separators; 万 and 亿 for what was rounded to them (GB/T 15835-2011 allows 6.24万个). What is printed
here reads back as the same number and qualifier (reading.read_figure).
"""

from typing import Any

from flask_babel import get_locale

from .kinds import MONEY, WORDS, HasFigure, Number, Qualifier, Unit, grouped
from .marks import INCLUSIVE

DASH = "—"
TO_CHECK = {"zh": "（待核）", "en": " (to be confirmed)"}
SIGNS_ZH = {
    Qualifier.AT_LEAST: "不少于{}",
    Qualifier.AT_MOST: "至多{}",
    Qualifier.APPROX: "约{}",
    Qualifier.NEARLY: "近{}",
    Qualifier.ROUNDED: "{}（取整）",
    Qualifier.PLANNED: "{}（计划）",
    Qualifier.DERIVED: "{}（推算）",
}
SIGNS_EN = {
    Qualifier.AT_LEAST: "at least {}",
    Qualifier.AT_MOST: "at most {}",
    Qualifier.APPROX: "about {}",
    Qualifier.NEARLY: "nearly {}",
    Qualifier.ROUNDED: "{} (rounded)",
    Qualifier.PLANNED: "{} (planned)",
    Qualifier.DERIVED: "{} (derived)",
}
# Rounded to 万 or 亿 with at most two decimals: (from, step, power, sign).
POWERS = ((10**8, 10**6, "亿"), (10**4, 10**2, "万"))


def show_figure(
    value: Number | None, unit: Unit | None, qualifier: Qualifier, language: str, *, as_reported: str = ""
) -> str:
    """近100项, nearly 100 intentions, 100,000余人次, 15,000场（计划）; a dash where no value is known.

    余 (more than) stands after round numbers, unless `as_reported` said 不少于 or the like, which includes the number.
    """
    if value is None:
        return DASH
    if language == "zh":
        return _chinese(value, unit, qualifier, as_reported)
    return _english(value, unit, qualifier, as_reported)


def figure_text(figure: HasFigure | None, language: str) -> str:
    """A row or a reading in words; as it was reported where no number is known, and 待核 where it is to be checked."""
    if figure is None:
        return DASH
    reported = str(getattr(figure, "as_reported", ""))
    shown = show_figure(figure.value, figure.unit, figure.qualifier, language, as_reported=reported)
    if figure.value is None and reported:
        shown = f"“{reported}”"
    return shown + TO_CHECK[language] if getattr(figure, "needs_check", False) else shown


def figure(value: Any) -> str:
    """Template filter: figure_text in the language of the page or paper."""
    english = str(get_locale() or "zh").startswith("en")
    return figure_text(value, "en" if english else "zh")


def _chinese(value: Number, unit: Unit | None, qualifier: Qualifier, reported: str) -> str:
    word = WORDS[unit].zh if unit else ""
    if qualifier == Qualifier.AT_LEAST and _is_more_than(value, unit, reported):
        return f"{grouped(value)}余{word}"
    if qualifier == Qualifier.ROUNDED and unit not in MONEY and (short := in_powers(value)):
        return short + word
    return SIGNS_ZH.get(qualifier, "{}").format(grouped(value) + word)


def _english(value: Number, unit: Unit | None, qualifier: Qualifier, reported: str) -> str:
    sign = SIGNS_EN.get(qualifier, "{}")
    if qualifier == Qualifier.AT_LEAST and _is_more_than(value, unit, reported):
        sign = "more than {}"
    if not unit:
        return sign.format(grouped(value))
    word = WORDS[unit].singular if value == 1 else WORDS[unit].plural
    return sign.format(f"{grouped(value)}{'' if unit == Unit.PERCENT else ' '}{word}")


def _is_more_than(value: Number, unit: Unit | None, reported: str) -> bool:
    return value >= 10 and value % 10 == 0 and unit != Unit.PERCENT and not INCLUSIVE.search(reported)


def in_powers(value: Number) -> str:
    """6.24万 for 62,400; empty where that would need more than two decimals or there is nothing to shorten."""
    for least, step, power in POWERS:
        if value >= least and value % step == 0:
            return f"{value // step // 100:,}" + f".{value // step % 100:02}".rstrip("0").rstrip(".") + power
    return ""

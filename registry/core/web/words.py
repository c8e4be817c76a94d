"""How pages say stored texts and legal dates in the reader's language. 双语显示."""

from datetime import date

from flask import Flask
from markupsafe import Markup

from ..dates import Precision, prose_date
from .language import language

CHINESE = Markup('<span lang="zh-CN">{}</span>')
COARSE = {Precision.DAY: "%Y-%m-%d", Precision.MONTH: "%Y-%m", Precision.YEAR: "%Y"}


def install(app: Flask) -> None:
    """Give both to templates."""
    app.jinja_env.globals |= {"in_words": in_words, "legal_date": legal_date}


def in_words(zh: str, en: str) -> Markup | str:
    """The reader's language where there is a text in it; Chinese on an English page says that it is Chinese."""
    if language() == "zh":
        return zh
    return en or CHINESE.format(zh)


def legal_date(day: date | None, precision: Precision = Precision.DAY) -> str:
    """As exactly as it is known: 2023-03-18, 2023年3月 (English 2023-03), 2023年 (2023), or a dash."""
    if day is None or precision is Precision.UNKNOWN:
        return "—"
    if language() == "zh" and precision is not Precision.DAY:
        return prose_date(day, precision)
    return day.strftime(COARSE[precision])

"""Units of promises as an English page says them: texts are signed in Chinese, 场 and 次 say nothing there. 单位."""

from decimal import Decimal

from ..agreements.texts.rendering import UNITS_EN
from ..core.figures.kinds import Number

USUAL = UNITS_EN | {
    "名": "people", "位": "people", "元": "yuan", "亿元": "100 million yuan", "天": "days", "期": "issues",
    "门": "courses", "篇": "pieces", "条": "items", "件": "items", "场次": "events", "％": "per cent",
}  # fmt: skip
ONE = {
    "enterprises": "enterprise", "enterprise visits": "enterprise visit", "items": "item", "people": "person",
    "person-times": "person-time", "events": "event", "copies": "copy", "times": "time", "batches": "batch",
    "days": "day", "issues": "issue", "courses": "course", "pieces": "piece",
}  # fmt: skip


def english(unit: str, value: Number | None = None) -> str:
    """The usual units in English, of one thing or of several; empty for those that nobody foresaw."""
    several = USUAL.get(unit.strip(), "")
    return ONE.get(several, several) if value is not None and Decimal(value) == 1 else several

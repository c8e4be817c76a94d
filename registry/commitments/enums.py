"""Codes of commitments."""

from enum import StrEnum


class Measure(StrEnum):
    """What kind of figure a promise is counted by (计量方式)."""

    BOOLEAN = "boolean"
    COUNT = "count"
    PERCENT = "percent"
    AMOUNT = "amount"


class Comparator(StrEnum):
    """How the figure has to stand to the target (比较方式)."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    EXACTLY = "exactly"


class Curve(StrEnum):
    """How much of the target is expected as the period goes by (预期进度曲线)."""

    LINEAR = "linear"
    SEASONAL = "seasonal"
    CUSTOM = "custom"


class PeriodState(StrEnum):
    """How far one period of a promise is."""

    SCHEDULED = "scheduled"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    MET = "met"
    PARTIALLY_MET = "partially_met"
    NOT_MET = "not_met"
    WAIVED = "waived"
    DISPUTED = "disputed"

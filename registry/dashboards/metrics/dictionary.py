"""The metric dictionary: each metric once; the order is that of the page that explains them. 指标字典."""

from collections.abc import Mapping

from . import activities, agreements, docking, partners, promises, visits
from .base import Metric
from .codes import MetricCode

# Headings of the page; each subject adds its line.
SUBJECTS: Mapping[str, tuple[Metric, ...]] = {
    "agreements": agreements.METRICS,
    "promises": promises.METRICS,
    "activities": activities.METRICS,
    "visits": visits.METRICS,
    "workstations": partners.STATIONS_METRICS,
    "mechanisms": partners.MECHANISMS_METRICS,
    "docking": docking.METRICS,
    "bases": partners.BASES_METRICS,
}
METRICS: Mapping[MetricCode, Metric] = {one.code: one for metrics in SUBJECTS.values() for one in metrics}

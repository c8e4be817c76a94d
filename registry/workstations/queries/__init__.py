"""Stations that the reader sees, and what is known of them. 人才工作站查询."""

from .figures import (
    Counted,
    Sign,
    activities_of,
    activity_of,
    assessments_of,
    done_in,
    figures_of,
    grades_in,
    last_sign,
    signs_of,
    standing,
    targets_in,
    years_of,
)
from .links import (
    agreements_to_choose,
    contacts_of,
    heads_of,
    heard_station,
    named_agreement,
    sees_agreement,
    signed_days,
    stations_of,
)
from .listing import LISTING, Filter, conditions, count_marks, is_marked, sides_of
from .withdrawal import two_bad_years

__all__ = [
    "LISTING", "Counted", "Filter", "Sign", "activities_of", "activity_of", "agreements_to_choose", "assessments_of",
    "conditions", "contacts_of", "count_marks", "done_in", "figures_of", "grades_in", "heads_of", "heard_station",
    "is_marked", "last_sign", "named_agreement", "sees_agreement", "sides_of", "signed_days", "signs_of", "standing",
    "stations_of", "targets_in", "two_bad_years", "years_of",
]  # fmt: skip

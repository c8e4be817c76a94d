"""Snapshots and briefings when organisations are merged: what was kept and issued was theirs, and stays. 单位合并."""

from sqlalchemy import Select, func, select
from sqlalchemy.orm import InstrumentedAttribute

from ..core.i18n import Message, msg
from ..organisations.models import Organisation
from ..organisations.repoint import stays
from .models import Briefing, BriefingTemplate, Snapshot


def _stays(name: str, label: Message, number: InstrumentedAttribute[int], whose: InstrumentedAttribute[int]) -> None:
    def count(duplicate: Organisation) -> Select[int]:
        return select(func.count(number)).where(whose == duplicate.id)

    stays(name, label, count, whose)


_stays("briefings.snapshots", msg("Figures kept at the end of months"), Snapshot.id, Snapshot.organisation_id)
_stays("briefings.briefings", msg("Briefings"), Briefing.id, Briefing.organisation_id)
_stays("briefings.templates", msg("Word templates of briefings"), BriefingTemplate.id, BriefingTemplate.organisation_id)

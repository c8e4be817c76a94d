"""Reminders when organisations are merged: what was told was told, and settings are their people's own. 单位合并."""

from sqlalchemy import Select, func, select

from ..core.i18n import msg
from ..organisations.models import Organisation
from ..organisations.repoint import derived, stays
from .models import Reminder, ReminderSetting


def _count_settings(duplicate: Organisation) -> Select[int]:
    return select(func.count(ReminderSetting.id)).where(ReminderSetting.organisation_id == duplicate.id)


stays("reminder.settings", msg("Settings of reminders"), _count_settings, ReminderSetting.organisation_id)
derived(Reminder.organisation_id)

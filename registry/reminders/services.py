"""Saying how a rule reminds at a place, or going back to what is inherited there. 提醒设置."""

from collections.abc import Mapping
from typing import Any

from ..accounts.models import User
from ..audit.services import record
from ..core.access.actions import Action
from ..core.access.roles import Role
from ..core.db import db
from ..core.errors import Conflict, Invalid
from ..core.i18n import Message, msg
from . import policy, queries
from .inputs import Level, Place
from .models import ReminderSetting
from .rules import FARTHEST, MOST_REMINDERS, SPECS, Rule, Setting

ACTIONS = {
    Level.SYSTEM: Action.REMINDER_SET_SYSTEM,
    Level.ORGANISATION: Action.REMINDER_SET,
    Level.AGREEMENT: Action.REMINDER_SET_AGREEMENT,
}


def set_rule(place: Place, rule: Rule, setting: Setting, version: int, actor: User) -> None:
    """Let a rule remind otherwise here. `version` is the own row's that the page showed, 0 where there was none.

    Raises Forbidden, Invalid for what no rule can do, or Conflict where somebody else was faster.
    """
    row = _begin(place, rule, version, actor)
    check(rule, setting)
    (line,) = queries.lines(place, (rule,))
    if row is None:
        organisation_id, agreement_id = place.key
        row = ReminderSetting(rule=rule, organisation_id=organisation_id, agreement_id=agreement_id)
        db.session.add(row)
    row.take(setting)
    db.session.flush()
    _tell(place, rule, line.setting, setting, actor)


def reset_rule(place: Place, rule: Rule, version: int, actor: User) -> None:
    """Forget what was set here, so that what is inherited holds again.

    Raises Forbidden, or Conflict where nothing is set or somebody else was faster.
    """
    row = _begin(place, rule, version, actor)
    if row is None:
        raise Conflict(msg("Nothing was set here"))
    (line,) = queries.lines(place, (rule,))
    db.session.delete(row)
    db.session.flush()
    _tell(place, rule, line.setting, line.inherited, actor)


def check(rule: Rule, setting: Setting) -> None:
    """Raises Invalid by field for a setting that the rule cannot have, or that would remind nobody though it is on."""
    spec = SPECS[rule]
    wrong: dict[str, list[Message | str]] = {}
    if setting.roles - spec.choices:
        wrong["roles"] = [msg("Choose one of the listed values")]
    if not spec.looks_ahead and (setting.before or setting.on_day):
        wrong["before"] = [msg("Of this nothing is known beforehand")]
    for name, days in (("before", setting.before), ("after", setting.after)):
        if any(not 1 <= day <= FARTHEST for day in days):
            wrong[name] = [msg("Days lie between %(least)s and %(most)s", least=1, most=FARTHEST)]
    if bool(setting.every) != bool(setting.times):
        wrong["every"] = [msg("Give both: every how many days, and how many times")]
    if setting.is_on:
        wrong |= _unheard(setting)
    if wrong:
        raise Invalid(wrong)


def _unheard(setting: Setting) -> dict[str, list[Message | str]]:
    wrong: dict[str, list[Message | str]] = {}
    if not setting.roles:
        wrong["roles"] = [msg("Choose who is told, or switch the rule off")]
    if not setting.offsets:
        wrong["after"] = [msg("Name at least one day, or switch the rule off")]
    if len(setting.offsets) > MOST_REMINDERS:
        wrong["times"] = [msg("At most %(most)s reminders about one date", most=MOST_REMINDERS)]
    return wrong


def _begin(place: Place, rule: Rule, version: int, actor: User) -> ReminderSetting | None:
    policy.may_set(actor, place).enforce()
    row = queries.own_row(place, rule)
    if (row.row_version if row else 0) != version:
        raise Conflict(msg("Somebody else saved this record first"))
    return row


def _tell(place: Place, rule: Rule, before: Setting, after: Setting, actor: User) -> None:
    """Rule and what changed of it, at the record that it concerns."""
    old, new = _words(before), _words(after)
    changed = {name: (old[name], new[name]) for name in new if old[name] != new[name]}
    record(actor, ACTIONS[place.level], place.agreement or place.organisation, {"rule": (None, rule)} | changed)


def _words(setting: Setting) -> Mapping[str, Any]:
    return {
        "is_on": setting.is_on,
        "days_before": ", ".join(map(str, setting.before)),
        "on_day": setting.on_day,
        "days_after": ", ".join(map(str, setting.after)),
        "repeat": f"{setting.every} × {setting.times}" if setting.every else "",
        "told": ", ".join(str(role) for role in Role if role in setting.roles),
    }

"""Settings and reminders as they are. 提醒查询."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, or_, select
from sqlalchemy.orm import aliased

from ..accounts.delegations import Delegation
from ..accounts.models import User, UserRole, UserStatus
from ..agreements.models import Agreement
from ..core.access.roles import Role
from ..core.db import db
from ..organisations.models import Organisation, OrganisationStatus
from .cascade import Cascade, Key
from .inputs import Line, Place
from .models import Reminder, ReminderRun, ReminderSetting
from .rules import Rule, Setting

LISTED = 50


@dataclass(frozen=True)
class Person:
    """Somebody who may be reminded: active, with roles of their own and those of colleagues whom they stand in for."""

    id: int
    organisation_id: int
    roles: frozenset[Role]
    handed: frozenset[Role] = frozenset()


def cascades() -> Mapping[Rule, Cascade]:
    """Every setting of every rule, in one query; most places have none."""
    found: dict[Rule, dict[Key, Setting]] = {rule: {} for rule in Rule}
    for row in db.session.scalars(select(ReminderSetting)):
        found[row.rule][row.organisation_id, row.agreement_id] = row.setting
    return {rule: Cascade(rule, settings) for rule, settings in found.items()}


def lines(place: Place, rules: Collection[Rule] = tuple(Rule)) -> list[Line]:
    """What holds at a place for each of the rules, in one query."""
    rows = _rows_above(place)
    return [_line(rule, place, [row for row in rows if row.rule is rule]) for rule in Rule if rule in rules]


def own_row(place: Place, rule: Rule) -> ReminderSetting | None:
    """The setting that was made at this very place, locked."""
    organisation_id, agreement_id = place.key
    statement = select(ReminderSetting).where(
        ReminderSetting.rule == rule,
        ReminderSetting.organisation_id.is_not_distinct_from(organisation_id),
        ReminderSetting.agreement_id.is_not_distinct_from(agreement_id),
    )
    return db.session.scalars(statement.with_for_update()).one_or_none()


def _rows_above(place: Place) -> Sequence[ReminderSetting]:
    organisation_id, agreement_id = place.key
    row = ReminderSetting
    here = or_(row.agreement_id.is_(None), row.agreement_id == agreement_id)
    theirs = or_(row.organisation_id.is_(None), (row.organisation_id == organisation_id) & here)
    return db.session.scalars(select(row).where(theirs)).all()


def _line(rule: Rule, place: Place, rows: Sequence[ReminderSetting]) -> Line:
    found = Cascade(rule, {(row.organisation_id, row.agreement_id): row.setting for row in rows})
    own = [row.row_version for row in rows if (row.organisation_id, row.agreement_id) == place.key]
    return Line(rule, *found.at(place.key), *found.above(place.key), own[0] if own else 0)


def ran_through() -> Mapping[Rule, date]:
    """Through which day each rule has been gone through."""
    return {run.rule: run.through for run in db.session.scalars(select(ReminderRun))}


def people_of(organisation_ids: Collection[int], day: date) -> Mapping[int, Sequence[Person]]:
    """Active people of organisations that exist, by organisation; two statements, however many there are."""
    own, handed = _gathered(_own_roles(organisation_ids)), _gathered(_handed_over(organisation_ids, day))
    found: dict[int, list[Person]] = {}
    for user_id, organisation_id in sorted(own):
        key = (user_id, organisation_id)
        found.setdefault(organisation_id, []).append(Person(*key, frozenset(own[key]), frozenset(handed.get(key, ()))))
    return found


def _gathered(rows: Sequence[Row[int, int, Role]]) -> Mapping[tuple[int, int], set[Role]]:
    roles: dict[tuple[int, int], set[Role]] = {}
    for user_id, organisation_id, role in rows:
        roles.setdefault((user_id, organisation_id), set()).add(role)
    return roles


def _own_roles(organisation_ids: Collection[int]) -> Sequence[Row[int, int, Role]]:
    statement = (
        select(User.id, User.organisation_id, UserRole.role)
        .join(UserRole, UserRole.user_id == User.id)
        .join(Organisation, Organisation.id == User.organisation_id)
        .where(
            User.organisation_id.in_(organisation_ids),
            User.status == UserStatus.ACTIVE,
            Organisation.status == OrganisationStatus.ACTIVE,
        )
    )
    return db.session.execute(statement).all()


def _handed_over(organisation_ids: Collection[int], day: date) -> Sequence[Row[int, int, Role]]:
    """Roles of colleagues for whom somebody stands in on the day (as `Delegation.counts_on`)."""
    giver, receiver = aliased(User), aliased(User)
    statement = (
        select(receiver.id, receiver.organisation_id, Delegation.role)
        .join(receiver, receiver.id == Delegation.receiver_id)
        .join(giver, giver.id == Delegation.giver_id)
        .join(UserRole, (UserRole.user_id == giver.id) & (UserRole.role == Delegation.role))
        .where(
            Delegation.organisation_id.in_(organisation_ids),
            Delegation.revoked_at.is_(None),
            Delegation.from_on <= day,
            Delegation.until_on >= day,
            giver.status == UserStatus.ACTIVE,
            receiver.status == UserStatus.ACTIVE,
            giver.organisation_id == Delegation.organisation_id,
            receiver.organisation_id == Delegation.organisation_id,
        )
    )
    return db.session.execute(statement).all()


def told_of(agreement: Agreement, organisation_id: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """The last reminders about an agreement that went to people of one organisation, the newest first."""
    statement = (
        select(Reminder.reminded_on, Reminder.rule, Reminder.due_on, User.name)
        .join(User, User.id == Reminder.user_id)
        .where(
            Reminder.subject_kind == "agreement",
            Reminder.subject_public_id == agreement.public_id,
            Reminder.organisation_id == organisation_id,
        )
    )
    return db.session.execute(statement.order_by(Reminder.id.desc()).limit(LISTED)).all()

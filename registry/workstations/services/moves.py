"""The states of a station: founders decide; the reason is kept with the state. 状态流转。"""

from datetime import date

from ...accounts.models import User
from ...core.access.actions import Action
from ...core.access.decision import decide
from ...core.dates import today
from ...core.errors import Invalid
from ...core.i18n import msg
from ...records.services import moved, require_reason, settle
from .. import policy
from ..enums import WorkstationState
from ..models import Workstation
from . import reminders

S = WorkstationState


def start(station: Workstation, day: date | None, actor: User) -> None:
    """preparing → operating, since the unveiling or a day that is given. Raises Forbidden, Conflict, Invalid."""
    decide(actor, Action.WORKSTATION_START, station).enforce()
    begun = day or station.unveiled_on
    if begun is None:
        raise Invalid({"started_on": [msg("Enter the day of the unveiling first, or say since when it operates")]})
    if begun > today():
        raise Invalid({"started_on": [msg("This date lies in the future")]})
    station.started_on = begun
    if station.unveiled_on is None:
        station.sort_on = begun
    _move(station, S.OPERATING, begun, Action.WORKSTATION_START, "", actor)


def rectify(station: Workstation, reason: str, actor: User) -> None:
    """operating → rectifying, with what has to be put right. Raises Forbidden, Conflict, Invalid without a reason."""
    _decided(station, S.RECTIFYING, Action.WORKSTATION_RECTIFY, reason, actor)


def resume(station: Workstation, reason: str, actor: User) -> None:
    """rectifying or suspended → operating, with what was put right. Raises Forbidden, Conflict, Invalid."""
    _decided(station, S.OPERATING, Action.WORKSTATION_RESUME, reason, actor)


def suspend(station: Workstation, reason: str, actor: User) -> None:
    """operating or rectifying → suspended. Raises Forbidden, Conflict, Invalid without a reason."""
    _decided(station, S.SUSPENDED, Action.WORKSTATION_SUSPEND, reason, actor)


def withdraw(station: Workstation, reason: str, actor: User) -> None:
    """→ withdrawn, for good. Raises Forbidden, Conflict (see `policy.may_withdraw`), Invalid without a reason."""
    policy.may_withdraw(actor, station).enforce()
    require_reason(reason)
    if station.proposed_after is not None:
        reminders.answered(station, "已决定撤销。")
    _move(station, S.WITHDRAWN, today(), Action.WORKSTATION_WITHDRAW, reason, actor)


def keep(station: Workstation, reason: str, actor: User) -> None:
    """Answer a proposed withdrawal: it stays. Those two years are not proposed again.

    Raises Forbidden, Conflict, Invalid without a reason.
    """
    policy.may_keep(actor, station).enforce()
    require_reason(reason)
    last, station.kept_after = station.proposed_after, station.proposed_after
    reminders.answered(station, "已决定保留。")
    settle(station, actor, Action.WORKSTATION_KEEP, {"proposed_after": (last, None)}, reason)


def _decided(station: Workstation, to: WorkstationState, action: Action, reason: str, actor: User) -> None:
    decide(actor, action, station).enforce()
    require_reason(reason)
    _move(station, to, today(), action, reason, actor)


def _move(station: Workstation, to: WorkstationState, day: date, action: Action, reason: str, actor: User) -> None:
    before = station.state
    station.move(to, day, reason)
    reminders.refresh(station)
    settle(station, actor, action, moved(before, to), reason)

"""Silence and withdrawal: what the registry notices by itself, and what it asks people to do. 静默提醒与拟撤销。"""

from collections.abc import Iterable
from datetime import date, timedelta

from sqlalchemy import or_, select

from ...core.dates import today
from ...core.db import db, transaction
from ...core.i18n import msg
from ...jobs.daily import daily
from ...organisations.models import Organisation, OrganisationStatus
from ...records.services import settle
from ...tasks.enums import TaskSource
from ...tasks.inputs import NewTask
from ...tasks.services import assign, settle_key
from .. import queries
from ..marks import SILENT_DAYS, is_silent
from ..models import Workstation
from . import KIND

REMINDED = "workstation:reminded"
PROPOSED = "workstation:withdrawal_proposed"
LIFTED = "workstation:withdrawal_lifted"
WORKING_DAYS = 10  # to do something about it
LONGEST_TITLE = 120


def silence_key(station: Workstation, organisation: Organisation) -> str:
    """One open reminder for each side of a station."""
    return f"workstation-silent:{station.public_id}:{organisation.public_id}"


def withdrawal_key(station: Workstation) -> str:
    """One open question for each station."""
    return f"workstation-withdrawal:{station.public_id}"


@daily("workstations-silent", msg("Reminders: silent workstations"))
def remind_silent(day: date) -> None:
    """Remind both sides, once for each silence, of stations without a sign of life for more than 90 days."""
    station = Workstation
    wanted = select(station.id).where(
        station.quiet_since < day - timedelta(days=SILENT_DAYS),
        or_(station.reminded_since.is_(None), station.reminded_since != station.quiet_since),
    )
    for station_id in db.session.scalars(wanted.order_by(station.id)).all():
        with transaction():
            found = _locked(station_id)
            if is_silent(found.quiet_since, day) and found.reminded_since != found.quiet_since:
                remind(found, day)


@daily("workstations-withdrawal", msg("Reminders: withdrawals to propose"))
def propose_withdrawals(day: date) -> None:
    """Propose to withdraw stations whose last two years were idle or failed; a person decides."""
    last = day.year - 1
    for station_id in queries.two_bad_years(last, day.year):
        with transaction():
            found = _locked(station_id)
            if found.proposed_after is None:
                propose(found, last)


def remind(station: Workstation, day: date) -> None:
    """A task for each founder and for the host."""
    station.reminded_since = station.quiet_since
    silent = (day - (station.quiet_since or day)).days
    for organisation in _working_sides(station):
        assign(
            NewTask(
                title_zh=f"工作站已{silent}天没有活动：{station.title_zh[:LONGEST_TITLE]}",
                title_en=f"{silent} days without activity: {station.title_en or station.title_zh}"[:LONGEST_TITLE],
                source=TaskSource.REMINDER,
                lead=organisation.public_id,
                days=WORKING_DAYS,
                goal="请站点联络员与对方商定并登记下一次活动；登记已开展的活动后，本提醒自动办结。",
                subject_kind=KIND,
                subject_public_id=station.public_id,
                key=silence_key(station, organisation),
            ),
            None,
            is_demo=station.is_demo,
        )
    settle(station, None, REMINDED, {"last_active_on": (None, station.last_active_on)})


def refresh(station: Workstation) -> None:
    """Settle the reminders of a silence that is over, or of a station that does not run any more."""
    if station.reminded_since is None or is_silent(station.quiet_since, today()):
        return
    station.reminded_since = None
    forget_sides(station, _sides(station))


def forget_sides(station: Workstation, sides: Iterable[Organisation]) -> None:
    """Settle what these sides were reminded of."""
    if station.public_id:
        for organisation in sides:
            settle_key(silence_key(station, organisation), "工作站已有新的活动，或不再需要提醒。")


def propose(station: Workstation, last: int) -> None:
    """Mark it, and ask its founders to decide."""
    station.proposed_after = last
    _ask(station, last, sorted(_founders(station), key=lambda one: one.id != station.owner_id))
    settle(station, None, PROPOSED, {"proposed_after": (None, last)})


def _ask(station: Workstation, last: int, founders: list[Organisation]) -> None:
    """The first leads; where no founder is left, the mark alone tells those above."""
    if not founders:
        return
    keeper, *others = founders
    assign(
        NewTask(
            title_zh=f"连续两年未开展活动或考核不合格，请决定是否撤销：{station.title_zh[:LONGEST_TITLE]}",
            title_en=f"Two idle or failing years, decide on withdrawal: {station.title_en or station.title_zh}"[:200],
            source=TaskSource.REMINDER,
            lead=keeper.public_id,
            supporting=tuple(one.public_id for one in others),
            days=WORKING_DAYS,
            goal=f"{last - 1}年和{last}年。由设立单位分管领导决定撤销或保留，并说明理由。",
            subject_kind=KIND,
            subject_public_id=station.public_id,
            key=withdrawal_key(station),
        ),
        None,
        is_demo=station.is_demo,
    )


def review(station: Workstation) -> None:
    """After a grade was decided: propose a withdrawal that the last years now call for, or take it back."""
    db.session.flush()
    this_year = today().year
    if station.proposed_after is None:
        for last in (this_year, this_year - 1):
            if queries.two_bad_years(last, this_year, station.id):
                propose(station, last)
                return
    else:
        reconsider(station)


def reconsider(station: Workstation) -> None:
    """After a grade was decided or an activity entered late: take back a proposal that the years do not call for."""
    last = station.proposed_after
    if last is not None and not queries.two_bad_years(last, today().year, station.id):
        answered(station, "活动或考核结果已变更，不再建议撤销。")
        settle(station, None, LIFTED, {"proposed_after": (last, None)})


def answered(station: Workstation, words: str) -> None:
    """Somebody decided, or the years do not call for it any more."""
    station.proposed_after = None
    settle_key(withdrawal_key(station), words)


def _founders(station: Workstation) -> list[Organisation]:
    """Those that still exist: nothing is asked of one that was merged or dissolved."""
    found = [founder.organisation for founder in station.founders]
    return [one for one in found if one.status is OrganisationStatus.ACTIVE]


def _working_sides(station: Workstation) -> list[Organisation]:
    return [*_founders(station), *([station.host] if station.host.status is OrganisationStatus.ACTIVE else [])]


def _sides(station: Workstation) -> list[Organisation]:
    """Closed ones too: what they were reminded of before is settled."""
    return [*(founder.organisation for founder in station.founders), station.host]


def _locked(station_id: int) -> Workstation:
    return db.session.get_one(Workstation, station_id, with_for_update=True)

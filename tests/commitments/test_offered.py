"""Every act that is offered would succeed, and none that is not: tried in every state, by either side and by others."""

from collections.abc import Callable

import pytest

from registry.accounts.models import User
from registry.commitments.models import CommitmentPeriod
from registry.commitments.schemas import Words
from registry.commitments.services import reporting, verifying, waiving
from registry.commitments.views.doing import ACTS, Act, offered
from registry.core.db import db, transaction
from registry.core.errors import Conflict, Forbidden
from tests.commitments.scene import Promised, promised
from tests.states import Begin

pytestmark = pytest.mark.usefixtures("app")


def scheduled(one: Promised, period: CommitmentPeriod) -> None:
    """Nothing happened yet."""


def reported(one: Promised, period: CommitmentPeriod) -> None:
    reporting.report(period, 1, "照片", [], one.scene.university.handler)


def so_far(one: Promised, period: CommitmentPeriod) -> None:
    reported(one, period)
    verifying.verify(period, 1, "", one.scene.bureau.handler)


def requested(one: Promised, period: CommitmentPeriod) -> None:
    reported(one, period)
    reporting.request_close(period, "照片", one.scene.university.handler)


def returned(one: Promised, period: CommitmentPeriod) -> None:
    reported(one, period)
    verifying.send_back(period, "照片不清", one.scene.bureau.handler)


def disputed(one: Promised, period: CommitmentPeriod) -> None:
    reported(one, period)
    verifying.dispute(period, 0, "没有举办", one.scene.bureau.handler)


def asked(one: Promised, period: CommitmentPeriod) -> None:
    waiving.ask_waiver(period, "疫情", one.scene.university.leader)


def waived(one: Promised, period: CommitmentPeriod) -> None:
    asked(one, period)
    waiving.consent_waiver(period, "", one.scene.bureau.leader)


def met(one: Promised, period: CommitmentPeriod) -> None:
    requested(one, period)
    verifying.close(period, "", one.scene.bureau.handler)


def late(one: Promised, period: CommitmentPeriod) -> None:
    one.late()


STATES = (scheduled, reported, so_far, requested, returned, disputed, asked, waived, met, late)
WORDS = {"dispute": Words(figure=2, reason="另有一场")}


@pytest.mark.parametrize("state", STATES, ids=lambda one: str(one.__name__))
def test_what_is_offered_succeeds_and_nothing_else_does(
    begin_with: Begin, state: Callable[[Promised, CommitmentPeriod], None]
) -> None:
    one = begin_with(promised)
    period = one.period()
    with transaction():
        state(one, period)
    sides = (one.scene.university, one.scene.bureau)
    for who in [
        *(getattr(side, role) for side in sides for role in ("handler", "leader", "seal_keeper")),
        one.overseer,
    ]:
        named = {act.name for act in offered(who, period)}
        done = {act.name for act in ACTS if act.fits(period) and succeeds(act, period, who)}
        assert named == done, (who.roles, period.state)


class Undone(Exception):
    """It would have succeeded."""


def succeeds(act: Act, period: CommitmentPeriod, who: User) -> bool:
    """Tries it and takes it back; what is typed fits every act."""
    words = WORDS.get(act.name, Words(figure=1, note="属实", reason="有理由"))
    try:
        with transaction():
            act.do(period, words, who)
            db.session.flush()
            raise Undone
    except Undone:
        return True
    except (Forbidden, Conflict):
        return False

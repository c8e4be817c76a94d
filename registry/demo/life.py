"""What comes after signing: an amended agreement, one whose termination is discussed, one whose end is near."""

from datetime import timedelta

from ..accounts.models import User
from ..agreements.inputs import ChangeDetails, Term
from ..agreements.models import Agreement, RevisionKind
from ..agreements.services import clearance, entry, revising
from ..core.dates import today
from ..core.db import transaction
from .states import Cast, framework

AMENDED, ENDING, NEAR_ITS_END = "演示协议：已变更", "演示协议：拟终止", "演示协议：即将到期"
LONGER = Term(months=60)
SOON = timedelta(days=100)


def enter_life(people: dict[str, User]) -> list[Agreement]:
    """All three; each step is taken by the person whose step it is."""
    cast = Cast(people)
    return [_amended(cast), _ending(cast), cast.in_force(NEAR_ITS_END, Term(expires_on=today() + SOON))]


def _amended(cast: Cast) -> Agreement:
    """Its term was made longer by an amendment that both signed."""
    agreement = cast.in_force(AMENDED)
    _begin(cast, agreement, RevisionKind.AMENDMENT, ChangeDetails("演示：双方商定延长合作期限"))
    with transaction():
        entry.edit(agreement, framework(AMENDED, LONGER), cast("anshan.handler"))
    _submit(cast, agreement)
    cast.approve_and_start(agreement)
    cast.sign_on_paper(agreement)
    return agreement


def _ending(cast: Cast) -> Agreement:
    """The university has the draft of its termination before it."""
    agreement = cast.in_force(ENDING)
    about = ChangeDetails("演示：合作事项已提前办结", today() + SOON, arrangements="演示：已安排的招聘活动照常举办。")
    _begin(cast, agreement, RevisionKind.TERMINATION, about)
    _submit(cast, agreement)
    return agreement


def _begin(cast: Cast, agreement: Agreement, kind: RevisionKind, about: ChangeDetails) -> None:
    with transaction():
        revising.begin(agreement, kind, about, cast("anshan.handler"))


def _submit(cast: Cast, agreement: Agreement) -> None:
    with transaction():
        clearance.submit(agreement, cast("anshan.handler"))
    cast.pass_review(agreement)

"""Reminders: one rule set by an organisation, one for an agreement, and what falls due today told. 提醒."""

from ..accounts.models import User
from ..agreements.models import Agreement
from ..core.access.roles import Role
from ..core.dates import today
from ..core.db import transaction
from ..reminders import delivery, digest, services
from ..reminders.inputs import Place
from ..reminders.rules import Rule, Setting

EARLIER = Setting(before=(365, 180, 90, 30), roles=frozenset({Role.HANDLER, Role.SECTION_HEAD, Role.LEADER}))
SELDOM = Setting(after=(1,), every=60, times=2, roles=frozenset({Role.HANDLER}))


def enter_reminders(people: dict[str, User], agreement: Agreement) -> int:
    """The bureau hears earlier of one agreement's end, and seldom of silence; how many reminders are given today."""
    head = people["anshan.section_head"]
    with transaction():
        services.set_rule(Place(head.organisation), Rule.SILENCE, SELDOM, 0, head)
        services.set_rule(Place(head.organisation, agreement), Rule.EXPIRY, EARLIER, 0, head)
    given = delivery.remind(today())
    digest.put_together(today())
    return given

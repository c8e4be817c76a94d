"""Settling what an agreement promises, at once and without asking anybody."""

from registry.agreements.models import Agreement
from registry.commitments.services import making, standing
from registry.commitments.services.following import open_periods
from registry.core.access.scope import without_scope
from registry.core.dates import today
from registry.core.db import db


def waive_all(agreement: Agreement) -> None:
    """Every open period of its commitments is waived."""
    with without_scope():
        periods = open_periods(making.running_of(agreement))
    for period in periods:
        period.ask_waiver(agreement.owner_id, agreement.handler_id, "双方同意不再要求")
        period.waive(today())
    db.session.flush()
    standing.refresh(periods)

"""A demonstration signatory signs digitally, as on the page, but for the password and the one-time code."""

from ..accounts.models import User
from ..agreements import queries
from ..agreements.inputs import DigitalDetails
from ..agreements.models import Agreement
from ..agreements.services import digital
from ..core.db import transaction
from ..documents import store


def sign_digitally(agreement: Agreement, signatory: User, title: str) -> None:
    """Sign the present file for the signatory's party, with its development certificate."""
    revision = agreement.revisions[-1]
    document = queries.file_to_sign(revision)
    if document is None:
        raise RuntimeError("the signing copy was not made")
    own = signatory.organisation_id
    row = next(one for one in queries.awaited_of(revision) if one.party.organisation_id == own)
    details = DigitalDetails(row.name or signatory.name, document.file.sha256, title)
    planned, pdf = digital.plan(agreement, row, details, signatory)
    kept = store.put(digital.make(planned, pdf), "application/pdf")
    with transaction():
        digital.sign(agreement, row, planned, kept, signatory)

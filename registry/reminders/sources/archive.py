"""Signed papers that have to be filed, for their owner. 待归档."""

from ...agreements.models import Agreement, ArchiveEntry
from ..rules import Rule
from .agreements import KIND, SEEN, columns
from .base import Source

_theirs = (SEEN.agreement_id == Agreement.id) & (SEEN.organisation_id == ArchiveEntry.owner_id)

SOURCE = Source(
    rule=Rule.ARCHIVE,
    kind=KIND,
    statement=columns()
    .join(ArchiveEntry, ArchiveEntry.agreement_id == Agreement.id)
    .join(SEEN, _theirs)
    .where(ArchiveEntry.archived_at.is_(None)),
    anchor=ArchiveEntry.due_on,
    number=ArchiveEntry.id,
    organisation_id=ArchiveEntry.owner_id,
    public_id=Agreement.public_id,
)

"""Taking back what a ledger's import has just entered, while nothing else touched it. 撤回导入的补录。

Historic records that nobody has confirmed were never more than what a file said: the import keeps its rows, and the
audit says what was taken back.
"""

from collections.abc import Collection

from sqlalchemy import delete, select

from ...core.dates import today
from ...core.db import db
from ...core.errors import Conflict
from ...core.i18n import msg
from ...records.happenings import Happening, Told, tell
from ..models import Agreement, AgreementParty, AgreementStatus, AgreementVisibility

CHUNK = 500


def take_back(public_ids: Collection[str]) -> None:
    """Remove these records. Raises Conflict where one was confirmed meanwhile; the database refuses what is in use."""
    wanted = list(public_ids)
    for start in range(0, len(wanted), CHUNK):
        found = db.session.scalars(
            select(Agreement).where(Agreement.public_id.in_(wanted[start : start + CHUNK]))
        ).all()
        if any(one.status is not AgreementStatus.RECORDED_PENDING for one in found):
            raise Conflict(msg("A record of this import was confirmed or changed since"))
        _remove(found)


def _remove(agreements: Collection[Agreement]) -> None:
    ids = [one.id for one in agreements]
    gone = [(one, frozenset(p.organisation_id for p in one.parties if p.organisation_id)) for one in agreements]
    for one, _sides in gone:
        db.session.expunge(one)
    for table in (AgreementVisibility, AgreementParty):
        db.session.execute(delete(table).where(table.agreement_id.in_(ids)))
    db.session.execute(delete(Agreement).where(Agreement.id.in_(ids)))
    for one, sides in gone:
        tell(Happening.RECORD_SETTLED, Told(one, today(), "agreement", one.public_id, sides))

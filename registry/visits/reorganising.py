"""By which key an employer is counted when two records of it are merged, and when they part again. 走访随单位合并."""

from collections.abc import Sequence

from sqlalchemy import select, update

from ..core.db import db
from ..organisations.models import Organisation
from ..organisations.repoint import Merging, Moved, after_merging, after_parting, remembers
from .models import Visit
from .queries.employers import key_of

KEY = "visit.employers"


@remembers(KEY)
def remember(merging: Merging, _moved: Moved) -> Sequence[int]:
    """Visits to the duplicate, those that only named it as well."""
    named = select(Visit.id).where(Visit.employer_key == key_of(merging.duplicate.public_id))
    return db.session.scalars(named.order_by(Visit.id)).all()


@after_merging(KEY)
def fold(merging: Merging, _moved: Moved) -> None:
    """One employer: counted once, and no first contact any more where either was visited."""
    _count(merging.remembered.get(KEY, ()), merging.survivor)


@after_parting(KEY)
def unfold(merging: Merging, _moved: Moved) -> None:
    """Two employers again."""
    _count(merging.remembered.get(KEY, ()), merging.duplicate)


def _count(visit_ids: Sequence[int], employer: Organisation) -> None:
    counted = update(Visit).where(Visit.id.in_(visit_ids)).values(employer_key=key_of(employer.public_id))
    db.session.execute(counted.execution_options(synchronize_session="fetch"))

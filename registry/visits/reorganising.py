"""By which key an employer is counted when two records of it are merged, and when they part again. 走访随单位合并."""

from collections.abc import Sequence

from sqlalchemy import select, update

from ..core.access.scope import without_scope
from ..core.db import db
from ..organisations.models import Organisation
from ..organisations.repoint import Merging, Moved, after_merging, after_parting, remembers
from ..records.services import tell_of
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
    _count(merging, merging.survivor)


@after_parting(KEY)
def unfold(merging: Merging, _moved: Moved) -> None:
    """Two employers again."""
    _count(merging, merging.duplicate)


def _count(merging: Merging, employer: Organisation) -> None:
    """Whoever counts employers hears of all visits to either: which is the first of a year may have changed."""
    visit_ids = merging.remembered.get(KEY, ())
    counted = update(Visit).where(Visit.id.in_(visit_ids)).values(employer_key=key_of(employer.public_id))
    db.session.execute(counted.execution_options(synchronize_session="fetch"))
    keys = [key_of(one.public_id) for one in (merging.survivor, merging.duplicate)]
    with without_scope():
        visits = db.session.scalars(select(Visit).where(Visit.employer_key.in_(keys)).order_by(Visit.id)).all()
    for visit in visits if visit_ids else ():
        tell_of(visit)

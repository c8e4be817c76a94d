"""What was added to a registered paper, by the signatures before and after. 增补判断.

Whoever holds a good certificate can append what he likes, a whole other file included: the bytes before it prove
nothing. The paper's own signatures do, when the reader finds them all again, in their order, and the last of them says
what came after it.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import Enum, auto

from ..documents.verdicts import FileVerdict, SignatureVerdict, State
from .known_signatures import misplaced

KEPT = frozenset({"nothing", "maintenance"})
SIGNED = KEPT | {"signatures"}


class Growth(Enum):
    """Data for archiving; good signatures that the registry does not know; or anything else."""

    ARCHIVE = auto()
    SIGNATURES = auto()
    FOREIGN = auto()


def of(paper: FileVerdict, grown: FileVerdict) -> Growth:
    """What was added to the paper to make the file; never harmless where no signature protects the paper."""
    more = added(paper, grown)
    if not paper.signed or grown.state is State.INVALID or misplaced(grown) or not _is_kept(paper, grown):
        return Growth.FOREIGN
    later = grown.signed[len(paper.signed) - 1].later
    if not more:
        return Growth.ARCHIVE if later in KEPT else Growth.FOREIGN
    # The registry closes and registers in one: nobody else signs in that field.
    is_plain = later in SIGNED and all(one.state is State.VALID and not one.is_closing for one in more)
    return Growth.SIGNATURES if is_plain else Growth.FOREIGN


def added(paper: FileVerdict, grown: FileVerdict) -> list[SignatureVerdict]:
    """Signatures that are not the paper's, and time stamps where a signature should stand."""
    known = _marks(paper)
    return [one for one in grown.signed if _mark(one) not in known] + misplaced(grown)


def _is_kept(paper: FileVerdict, grown: FileVerdict) -> bool:
    return _marks(grown)[: len(paper.signed)] == _marks(paper)


def _marks(verdict: FileVerdict) -> Sequence[tuple[str, str, datetime | None]]:
    return [_mark(one) for one in verdict.signed]


def _mark(one: SignatureVerdict) -> tuple[str, str, datetime | None]:
    return one.field, one.certificate.sha256 if one.certificate else "", one.moment

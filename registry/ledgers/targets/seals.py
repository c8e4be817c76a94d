"""The register of seals: what signing recorded, to be printed, and a file of it to be compared with. 用印登记簿.

A use of the seal is made by recording the signature that it stands for, with its paper. A row that could be typed in
would make the register worth less than the book on the shelf: a file is compared, and never entered.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from ...accounts.models import User
from ...agreements.models.enums import ClearanceStep, SealKind
from ...agreements.queries.seals import approvals_of, digests_of, seal_uses
from ...core.access.actions import Action
from ...core.access.decision import Actor
from ...core.errors import Conflict, Invalid
from ...core.i18n import msg
from ...organisations.names import fold
from .base import Existing, Key, Row, Target
from .plain import anything, iso, shown, words

CODE = "seal"
KINDS = {
    SealKind.OFFICIAL: ("公章", "单位公章"),
    SealKind.CONTRACT: ("合同专用章", "合同章"),
    SealKind.NAME: ("法定代表人名章", "名章", "法人章"),
    SealKind.CROSS_PAGE: ("骑缝章",),
}
NEVER = msg(
    "The registry knows no such use of the seal. The register is what signing records: record the signature on the "
    "page of the agreement; uses of before the registry stay in the book"
)
Beside = tuple[Mapping[tuple[int, ClearanceStep], str], Mapping[int, str]]


def read(row: Row, _prepared: Any, _actor: User) -> Row:
    """Nothing is made of a row."""
    return row


def make(_given: Row, _actor: User) -> Any:
    """Raises Invalid: what signing did not record is not typed in."""
    raise Invalid({"": [NEVER]})


def keys(row: Row, _actor: User) -> list[Key]:
    """The agreement by number or title, the seal, the day."""
    kind, day = row.text("seal_kind"), row.text("sealed_on")
    named = [row.text("doc_no"), fold(row.text("title"))]
    return [(CODE, name, kind, day) for name in named if name]


def existing(rows: Sequence[Row], actor: User) -> dict[Key, Existing]:
    """Uses of one's own seals on agreements of these numbers and titles."""
    uses = seal_uses(actor, {row.text("doc_no") for row in rows} - {""}, {row.text("title") for row in rows})
    beside = read_beside(uses, actor)
    found: dict[Key, Existing] = {}
    for one in uses:
        for name in (one.number or "", fold(one.title_zh)):
            known = Existing(one.public_id, facts(one, beside))
            found.setdefault((CODE, name, str(one.seal), iso(one.sealed_on)), known)
    return found


def read_beside(uses: Sequence[Any], actor: Actor) -> Beside:
    """Who approved, and the digests of the papers, in two queries."""
    revisions = {one.revision_id for one in uses}
    return approvals_of(revisions, actor), digests_of(revisions)


def facts(use: Any, beside: Beside) -> dict[str, str]:
    """What the register says of one use."""
    approvals, digests = beside
    return {
        "sealed_on": iso(use.sealed_on),
        "title": use.title_zh,
        "doc_no": use.number or "",
        "seal_kind": str(use.seal),
        "copies": str(use.copies),
        "applicant": use.applicant or "",
        "section_head": approvals.get((use.revision_id, ClearanceStep.SECTION), ""),
        "approver": approvals.get((use.revision_id, ClearanceStep.LEADER), ""),
        "keeper": use.keeper,
        "digest": digests.get(use.revision_id, ""),
    }


def _enter(_given: Sequence[Any], _actor: User) -> list[str]:
    raise Conflict(NEVER)


def _take_back(_public_ids: Collection[str]) -> None:
    raise Conflict(NEVER)


TARGET = Target(
    CODE, "agreement", "agreement", Action.LEDGER_IMPORT, "agreements.show",
    needs=frozenset({"sealed_on", "seal_kind"}),
    kept=frozenset({"sealed_on", "title", "doc_no", "seal_kind", "copies", "applicant", "section_head", "approver",
                    "keeper", "digest", "eseal_serial", "remark"}),
    read=read, keys=keys, existing=existing, make=make, enter=_enter, take_back=_take_back,
    words={"seal_kind": words(KINDS)}, shown={"seal_kind": shown(KINDS)},
    same={"eseal_serial": anything, "remark": anything}, is_compared_only=True,
)  # fmt: skip

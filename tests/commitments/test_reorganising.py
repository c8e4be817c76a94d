"""Whoever was entered twice keeps its promises under one name, and apart again under two."""

from dataclasses import dataclass

from sqlalchemy import func, select

from registry.accounts.models import User
from registry.commitments.models import CommitmentTotal, PeriodStanding
from registry.commitments.services import checking, reporting
from registry.core.access.roles import Role
from registry.core.db import db, transaction
from registry.organisations.inputs import MergeOrder
from registry.organisations.models import Organisation, OrganisationKind
from registry.organisations.services import merging
from registry.organisations.services.oversight import rebuild_oversight
from tests.factories import make_organisation, make_user
from tests.states import Begin

from .promised import Promised, framework


@dataclass
class Twice:
    """The university stands in the directory under two names; somebody is above both."""

    promised: Promised
    other: Organisation
    head: User

    @property
    def university(self) -> Organisation:
        """The duplicate."""
        return self.promised.university.organisation


def twice() -> Twice:
    promised = framework()
    with transaction():
        other = make_organisation("西北工业大学（另录）", OrganisationKind.UNIVERSITY)
        above = make_organisation("主管部门", OrganisationKind.OTHER)
        for one in (promised.university.organisation, other):
            one.superior_id = above.id
        head = make_user(Role.SECTION_HEAD, organisation=above)
        rebuild_oversight()
        reporting.report(promised.first("T9"), 1, "见记录", (), promised.university.handler)
    return Twice(promised, other, head)


def rows(organisation: Organisation) -> tuple[int, int]:
    """How many rows of the ledger are an organisation's, and of how many sums it is part."""
    standing = select(func.count()).where(PeriodStanding.organisation_id == organisation.id)
    sums = select(func.count()).where(CommitmentTotal.organisation_id == organisation.id, CommitmentTotal.periods > 0)
    return db.session.scalar(standing) or 0, db.session.scalar(sums) or 0


def test_the_ledger_follows_a_merge_and_goes_back(begin_with: Begin) -> None:
    case = begin_with(twice)
    before = rows(case.university)
    assert before[0] == 3 * 3 + 3 * 2 * 2
    preview = merging.look(case.head, case.university, case.other.public_id)
    order = MergeOrder(case.other.public_id, "重复录入", {}, preview.digest)
    with transaction():
        merging.merge(case.head, case.university, order, case.university.row_version)
    assert (rows(case.university), rows(case.other)) == ((0, 0), before)
    assert case.promised.first("T9").reporter_id == case.other.id
    assert list(checking.compare()) == []
    with transaction():
        merging.part(case.head, case.university, "并非重复", case.university.row_version)
    assert (rows(case.university), rows(case.other)) == (before, (0, 0))
    assert list(checking.compare()) == []

"""Two people of an office hand in a Word template at the same moment: both are kept, the later one's is used."""

from flask import Flask
from sqlalchemy import select

from registry.accounts.models import User
from registry.core.access.roles import Role
from registry.core.db import db, transaction
from registry.dashboards.models import BriefingTemplate
from registry.dashboards.services import templates
from registry.documents import store
from registry.documents.inspection.kinds import DOCX
from registry.organisations.models import OrganisationKind
from tests.agreements.scene import make_side
from tests.commitments.test_concurrency import side_by_side


def test_the_later_one_is_used_whether_there_was_one_before_or_not(app: Flask) -> None:
    with transaction():
        bureau = make_side(
            "鞍山市人力资源和社会保障局", OrganisationKind.HR_BUREAU, roles=(Role.HANDLER, Role.SECTION_HEAD)
        )
    people = [bureau.handler.id, bureau.section_head.id]
    files = [store.put(f"模板{number}".encode(), DOCX) for number in range(4)]
    db.session.remove()

    def hand_in(number: int) -> object:
        by = db.session.get_one(User, people[number % 2])
        return templates.hand_in(files[number], f"模板{number}.docx", "zh", by).filename

    for first in (0, 2):
        names = [f"模板{number}.docx" for number in (first, first + 1)]
        assert side_by_side(app, lambda: hand_in(first), lambda: hand_in(first + 1)) == names  # noqa: B023 - run at once
        db.session.rollback()
        kept = db.session.execute(
            select(BriefingTemplate.filename, BriefingTemplate.retired_at).order_by(BriefingTemplate.id)
        ).all()
        assert [name for name, retired in kept if retired is None] == [names[1]]
        assert len(kept) == first + 2

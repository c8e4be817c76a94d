"""The form of a visit whose subject its writer has lost sight of."""

import re

from registry.core.dates import today
from registry.core.db import transaction
from registry.organisations.models import OrganisationKind
from registry.visits.enums import VisitKind
from registry.visits.inputs import VisitDetails
from registry.visits.services import entry
from tests.agreements.scene import make_scene, make_side
from tests.conftest import Client


def test_the_subject_stays_without_its_title(client: Client) -> None:
    with transaction():
        scene = make_scene()
        draft = scene.draft()
        other = make_side("测试外校", OrganisationKind.UNIVERSITY)
        details = VisitDetails(VisitKind.RECIPROCAL, today(), visited=other.organisation.public_id)
        visit = entry.enter(details, scene.university.handler)
        visit.subject_kind, visit.subject_public_id, visit.subject_title = "agreement", draft.public_id, draft.title_zh
    page = client.sign_in(scene.university.handler).get(f"/visits/{visit.public_id}/edit").text
    assert re.search(f'<option value="agreement:{draft.public_id}" selected[^>]*>不在您查看范围内的记录<', page)
    assert draft.title_zh not in page
    assert draft.public_id not in client.get(f"/visits/new?subject=agreement:{draft.public_id}").text.replace(
        f"subject=agreement:{draft.public_id}", ""
    )

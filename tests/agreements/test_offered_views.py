"""The page of an agreement offers exactly what would succeed for this person: neither less nor more."""

from html.parser import HTMLParser

import pytest
from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter

from registry.accounts.models import User
from registry.agreements.models import Agreement
from registry.core.access.actions import Action
from registry.core.access.roles import Role
from registry.core.access.scope import set_viewer
from registry.core.db import db, transaction
from registry.organisations.models import OrganisationKind, Oversight
from tests.agreements import attempts
from tests.agreements.scene import Scene, make_scene
from tests.agreements.states import CHANGES, FIRST, ODD
from tests.conftest import Client
from tests.factories import make_organisation, make_user
from tests.guards.access import action_of

STATES = {**FIRST, **CHANGES, **ODD}
LINKS = ("agreements.edit", "agreements.review_and_sign")
Offer = tuple[str, str]


class Addresses(HTMLParser):
    """Where a page's forms and links lead."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: set[tuple[str, str]] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Forms that change something, and links."""
        given = dict(attrs)
        if tag == "form" and (given.get("method") or "").lower() == "post":
            self.found.add(("POST", given.get("action") or ""))
        if tag == "a" and given.get("href"):
            self.found.add(("GET", given["href"] or ""))


@pytest.fixture
def scene(client: Client) -> Scene:
    with transaction():
        return make_scene()


@pytest.fixture
def readers(scene: Scene) -> dict[str, User]:
    """Everybody of both sides, and somebody of the province that oversees the owner."""
    with transaction():
        province = make_organisation("辽宁省人力资源和社会保障厅", OrganisationKind.HR_DEPARTMENT)
        db.session.add(Oversight(overseer_id=province.id, organisation_id=scene.bureau.organisation.id))
        found = {"overseer": make_user(Role.OVERSEER, organisation=province)}
    for name, side in (("bureau", scene.bureau), ("university", scene.university)):
        found |= {f"{name} {role}": person for role, person in side.people.items()}
    return found


@pytest.mark.parametrize("state", STATES)
def test_what_is_offered_is_what_would_succeed(
    app: Flask, client: Client, scene: Scene, readers: dict[str, User], state: str
) -> None:
    with transaction():
        agreement = STATES[state](scene)
        address = f"/agreements/{agreement.public_id}"
    wrong = {}
    for name, person in readers.items():
        answer = client.sign_in(person).get(address)
        set_viewer(None)
        offered = offers(app, answer.text, agreement) if answer.status_code == 200 else set()
        possible = successes(app, scene, agreement, person) if answer.status_code == 200 else set()
        if offered != possible:
            wrong[name] = {"only offered": offered - possible, "only possible": possible - offered}
    assert not wrong


def pages_of(app: Flask, action: Action) -> set[str]:
    """Endpoints that are installed for an action; what has none yet is offered nowhere."""
    return {endpoint for endpoint in app.view_functions if action_of(app, endpoint) is action}


def offers(app: Flask, html: str, agreement: Agreement) -> set[Offer]:
    """Endpoints with the row that they are about; what only attempts by action know is told by its action."""
    routes = app.url_map.bind("localhost")
    found = set()
    for method, address in Addresses(html).found:
        endpoint, row = _target(routes, method, address, agreement)
        action = action_of(app, endpoint) if endpoint in app.view_functions else None
        if action in LATER:
            found.add((str(action), ""))
        elif endpoint.startswith("agreements.") and (method == "POST" or endpoint in LINKS):
            found.add((endpoint.removeprefix("agreements."), row))
    return found


def _target(routes: MapAdapter, method: str, address: str, agreement: Agreement) -> Offer:
    try:
        endpoint, values = routes.match(address.partition("?")[0], method)
    except HTTPException:
        return "", ""
    if values.get("public_id") != agreement.public_id:
        return "", ""
    return endpoint, str(next((value for name, value in values.items() if name != "public_id"), ""))


def successes(app: Flask, scene: Scene, agreement: Agreement, person: User) -> set[Offer]:
    """What the services would do for this person now."""
    tried: list[tuple[Offer, attempts.Do]] = []
    tried += [((name, ""), do) for name, do in attempts.plain(scene, agreement, person).items()]
    tried += [((one.endpoint, one.row), one.do) for one in attempts.of_rows(agreement, person)]
    later = attempts.later(agreement, person)
    tried += [((str(action), ""), do) for action, do in later if pages_of(app, action)]
    return attempts.successes(tried)


LATER = frozenset(
    {
        Action.AGREEMENT_REVISE, Action.AGREEMENT_ABANDON, Action.AGREEMENT_MERGE, Action.AGREEMENT_DECIDE_RENEWAL,
        Action.AGREEMENT_RENEW, Action.AGREEMENT_GIVE_NOTICE, Action.AGREEMENT_TERMINATE, Action.AGREEMENT_COMPLETE,
    }
)  # fmt: skip

"""Pages of the suggested plan and of the board: taking suggestions over, what is refused, who may not."""

import re
from datetime import timedelta

import pytest

from registry.agreements.models import Agreement
from registry.core.access.scope import without_scope
from registry.core.dates import today
from registry.core.db import db, transaction
from registry.organisations.workdays import calendar
from registry.visits.models import Visit
from tests.agreements.scene import Scene, make_scene
from tests.conftest import Client

from .pages import ENGLISH


@pytest.fixture
def scene(client: Client) -> Scene:
    with transaction():
        return make_scene()


@pytest.fixture
def agreement(scene: Scene) -> Agreement:
    """In force for two years, by its day; nobody visited."""
    with transaction():
        made = scene.in_force()
        made.effective_on = today() - timedelta(days=731)
    return made


def visits() -> list[Visit]:
    db.session.rollback()
    with without_scope():
        return db.session.query(Visit).all()


def line(agreement: Agreement, day: object) -> dict[str, str]:
    return {"pick": agreement.public_id, f"day-{agreement.public_id}": str(day)}


def test_what_is_suggested_is_taken_over(scene: Scene, agreement: Agreement, client: Client) -> None:
    client.sign_in(scene.bureau.handler)
    page = client.get("/visits/plan?span=5&most=1", headers=ENGLISH).text
    assert "1 agreement to visit for" in page
    assert agreement.title_zh in page
    suggested = re.search(rf'name="day-{agreement.public_id}"[^>]*value="([-0-9]+)"', page)
    assert suggested is not None
    answer = client.post("/visits/plan", data=line(agreement, suggested[1]))
    assert (answer.status_code, answer.location) == (303, "/visits?kind=follow_up&state=planned")
    (visit,) = visits()
    assert (str(visit.planned_on), visit.subject_public_id) == (suggested[1], agreement.public_id)
    assert "No agreement waits for a visit" in client.get("/visits/plan", headers=ENGLISH).text


@pytest.mark.parametrize("day", ["", "soon", "2020-01-02"])
def test_a_wrong_day_is_told_and_kept(scene: Scene, agreement: Agreement, client: Client, day: str) -> None:
    client.sign_in(scene.bureau.handler)
    answer = client.post("/visits/plan", data=line(agreement, day))
    assert answer.status_code == 422
    assert f"day-{agreement.public_id}-wrong" in answer.text
    assert f'value="{day}"' in answer.text
    assert visits() == []


def test_nothing_chosen_is_told(scene: Scene, agreement: Agreement, client: Client) -> None:
    client.sign_in(scene.bureau.handler)
    assert client.post("/visits/plan", data={}).status_code == 422


def test_somebody_elses_agreement_is_not_planned(scene: Scene, agreement: Agreement, client: Client) -> None:
    client.sign_in(scene.university.handler)
    assert agreement.title_zh not in client.get("/visits/plan").text
    client.post("/visits/plan", data=line(agreement, calendar().add(today(), 3).day))
    assert visits() == []


@pytest.mark.parametrize("given", ["span=0&most=99", "span=x&first=soon", "span=9999999999"])
def test_nonsense_in_the_address_is_passed_over(scene: Scene, agreement: Agreement, client: Client, given: str) -> None:
    client.sign_in(scene.bureau.handler)
    assert agreement.title_zh in client.get(f"/visits/plan?{given}").text


def test_leaders_read_and_do_not_plan(scene: Scene, client: Client) -> None:
    client.sign_in(scene.bureau.leader)
    assert client.get("/visits/plan").status_code == 403
    assert client.post("/visits/plan", data={}).status_code == 403
    assert "/visits/plan" not in client.get("/visits").text


@pytest.mark.parametrize("year", ["", "0", "99999", "x", "2022&university=01ARZ3NDEKTSV4RRFFQ69G5FAV"])
def test_the_board_of_any_year(scene: Scene, client: Client, year: str) -> None:
    client.sign_in(scene.university.leader)
    assert client.get(f"/visits/board?year={year}").status_code == 200


@pytest.mark.parametrize("asked", ["", "/new", "/board", "/plan", "/01ARZ3NDEKTSV4RRFFQ69G5FAV"])
def test_signed_out(client: Client, asked: str) -> None:
    assert client.get(f"/visits{asked}").location.startswith("/sign-in")

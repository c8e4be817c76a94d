"""An old record shows its parties as they were called on its day."""

from datetime import date

import pytest
from flask import Flask

from registry.agreements.models import Agreement
from registry.core.db import transaction
from tests.agreements.archived import historic
from tests.agreements.scene import Scene, make_scene
from tests.conftest import Client

FORMERLY = "鞍山市人事局"


@pytest.fixture
def scene(app: Flask) -> Scene:
    """The bureau got its present name in 2010."""
    with transaction():
        scene = make_scene()
        bureau = scene.bureau.organisation
        present = bureau.name_zh
        bureau.name_zh = FORMERLY
        bureau.rename(present, "", date(2010, 1, 1))
        return scene


def signed_on(scene: Scene, day: date | None) -> Agreement:
    with transaction():
        agreement = historic(scene)
        agreement.signed_on = day
    return agreement


@pytest.mark.parametrize(("day", "shown"), [(date(2009, 12, 31), True), (date(2010, 1, 1), False), (None, False)])
def test_the_name_of_the_day(scene: Scene, client: Client, day: date | None, shown: bool) -> None:
    agreement = signed_on(scene, day)
    client.sign_in(scene.bureau.handler)
    page = client.get(f"/agreements/{agreement.public_id}").text
    assert (FORMERLY in page) is shown
    assert scene.bureau.organisation.name_zh in page


def test_a_text_that_was_signed_here_keeps_its_own_names(scene: Scene, client: Client) -> None:
    with transaction():
        agreement = scene.in_force()
        agreement.signed_on = date(2009, 1, 1)
    client.sign_in(scene.bureau.handler)
    assert FORMERLY not in client.get(f"/agreements/{agreement.public_id}").text

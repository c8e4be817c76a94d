"""Numbers without gaps and without doubles, whoever is fast."""

from concurrent.futures import ThreadPoolExecutor

from flask import Flask

from registry.agreements.models import Agreement, NumberPrefix, NumberScheme
from registry.agreements.services import numbering
from registry.core.dates import today
from registry.core.db import db, transaction
from tests.agreements.scene import Scene, make_scene


def test_many_at_once_get_one_each(app: Flask) -> None:
    with transaction():
        scene = make_scene()
        ids = [scene.draft(title_zh=f"协议{number}").id for number in range(12)]
    db.session.remove()

    def number(agreement_id: int) -> int:
        with app.app_context(), transaction():
            agreement = db.session.get_one(Agreement, agreement_id)
            numbering.allocate(agreement)
            return agreement.number_sequence or 0

    with ThreadPoolExecutor(4) as pool:
        given = list(pool.map(number, ids))
    assert sorted(given) == list(range(1, 13))


def test_a_number_given_back_by_a_rollback_is_given_again(app: Flask) -> None:
    with transaction():
        scene: Scene = make_scene()
        first, second = scene.draft(), scene.draft()
    try:
        with transaction():
            numbering.allocate(first)
            raise RuntimeError
    except RuntimeError:
        pass
    with transaction():
        numbering.allocate(second)
    assert (first.number, second.number_sequence) == (None, 1)


def test_one_that_has_a_number_keeps_it(app: Flask) -> None:
    with transaction():
        agreement = make_scene().draft()
        numbering.allocate(agreement)
        number = agreement.number
        numbering.allocate(agreement)
    assert agreement.number == number


def test_an_organisation_may_have_its_own_word(app: Flask) -> None:
    with transaction():
        scene = make_scene()
        db.session.add(NumberPrefix(prefix="鞍人社协", organisation_id=scene.bureau.organisation.id))
        db.session.flush()
        db.session.add(NumberScheme(organisation_id=scene.bureau.organisation.id, prefix="鞍人社协"))
        agreement = scene.draft()
        numbering.allocate(agreement)
    assert agreement.number == f"鞍人社协〔{today().year}〕1号"

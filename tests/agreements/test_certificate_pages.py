"""The certificate page of each text tells that text's title and days, whatever the agreement says by then."""

from collections.abc import Mapping
from datetime import timedelta

import pytest
from flask import Flask

from registry.agreements import papers, queries
from registry.agreements.inputs import Term
from registry.agreements.models import Agreement, AgreementRevision, RevisionKind
from registry.core.dates import add_months, prose_date, today
from registry.core.db import transaction
from registry.core.i18n import speaking
from registry.documents.data import RegistryCopy
from tests.agreements.scene import Scene, make_scene, tomorrow

TITLE = "鞍山市与西北工业大学校地合作框架协议"


@pytest.fixture
def scene(app: Flask) -> Scene:
    with transaction():
        return make_scene()


@pytest.fixture
def agreement(scene: Scene) -> Agreement:
    """Three years from today."""
    with transaction():
        return scene.in_force()


def page_of(agreement: Agreement, revision: AgreementRevision) -> RegistryCopy:
    """The certificate page as the worker makes it now."""
    with speaking("zh"):
        return papers.registry_copy(agreement, revision, queries.signatories_of(revision), [], "https://r.example", "")


def days_of(page: RegistryCopy) -> Mapping[str, str]:
    """Its days by their Chinese names."""
    return {name: day for name, _english, day in page.dates}


def days(signed: str, effective: str, last: str) -> Mapping[str, str]:
    return {"签约日期": signed, "生效日期": effective, "到期日期": last}


def test_the_first_text_has_the_title_and_days_of_the_agreement(agreement: Agreement) -> None:
    page, now = page_of(agreement, agreement.revisions[0]), prose_date(today())
    assert (page.title_zh, page.title_en) == (agreement.title_zh, agreement.title_en)
    assert days_of(page) == days(now, now, prose_date(add_months(today(), 36)))


def test_an_amendment_that_waits_has_its_own(scene: Scene, agreement: Agreement) -> None:
    with transaction():
        second = scene.amended(agreement, term=Term(months=60), effective_from=tomorrow())
    page = page_of(agreement, second)
    assert page.title_zh == f"关于{TITLE}的变更协议"
    assert page.title_en == ""
    expected = days(prose_date(today()), prose_date(tomorrow()), prose_date(add_months(today(), 60)))
    assert days_of(page) == expected


def test_the_first_text_keeps_its_own_when_its_copy_is_made_late(scene: Scene, agreement: Agreement) -> None:
    first = agreement.revisions[0]
    before = page_of(agreement, first)
    with transaction():
        scene.amended(agreement, title_zh="另一标题", title_en="Other", term=Term(open_ended=True))
        agreement.signed_on = today() + timedelta(days=9)
    assert agreement.title_zh == "另一标题"
    after = page_of(agreement, first)
    assert (after.title_zh, after.title_en, after.dates) == (TITLE, "", before.dates)
    changed = page_of(agreement, agreement.revisions[-1])
    assert (changed.title_en, days_of(changed)["到期日期"]) == ("Amendment of Other", "无固定期限")


def test_a_termination_ends_on_the_day_of_its_effect(scene: Scene, agreement: Agreement) -> None:
    with transaction():
        last = scene.change(agreement, RevisionKind.TERMINATION, effective_from=tomorrow())
        scene.pass_review(agreement)
        scene.approve(agreement)
        scene.conclude(agreement)
    page = page_of(agreement, last)
    assert page.title_zh == f"关于{TITLE}的终止协议"
    assert days_of(page)["终止日期"] == prose_date(tomorrow())
    assert "到期日期" not in days_of(page)

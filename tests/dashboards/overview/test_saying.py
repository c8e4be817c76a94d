"""How figures are said on cards, in both languages."""

from decimal import Decimal

import pytest

from registry.core.figures.kinds import Qualifier, Unit
from registry.dashboards.metrics.base import Figure
from registry.dashboards.overview.cards import Change
from registry.dashboards.views import saying

SAID = [
    (Figure(None), "—", "—"),
    (Figure(0, Unit.COPIES), "0份", "0 copies"),
    (Figure(1, Unit.EVENTS), "1场", "1 event"),
    (Figure(1637, Unit.ENTERPRISE_TIMES), "1,637家次", "1,637 enterprise visits"),
    (Figure(62_400, Unit.POSITIONS, Qualifier.ROUNDED), "6.24万个", "62,400 positions (rounded)"),
    (Figure(100_000, Unit.PERSON_TIMES, Qualifier.AT_LEAST), "10万余人次", "100,000+ person-times"),
    (Figure(100, Unit.INTENTIONS, Qualifier.NEARLY), "近100项", "nearly 100 intentions"),
    (Figure(15_000, Unit.EVENTS, Qualifier.PLANNED), "15,000场（计划）", "15,000 events (planned)"),
    (Figure(Decimal("62.4567"), Unit.PERCENT), "62.5%", "62.5%"),
    (Figure(1000, Unit.COPIES, capped=True), "1,000+份", "1,000+ copies"),
]


@pytest.mark.parametrize(("figure", "zh", "en"), SAID)
def test_a_figure_in_one_piece(monkeypatch: pytest.MonkeyPatch, figure: Figure, zh: str, en: str) -> None:
    for tongue, said in (("zh", zh), ("en", en)):
        monkeypatch.setattr(saying, "language", lambda tongue=tongue: tongue)
        assert str(saying.spoken(figure)) == said


def test_a_change_has_its_sign() -> None:
    assert saying.moved(Change(12, "ok", False, 10)) == "+12"
    assert saying.moved(Change(Decimal("-4.13"), "bad", True, None)) == "−4.1"
    assert saying.moved(Change(0, "", False, None)) == "±0"

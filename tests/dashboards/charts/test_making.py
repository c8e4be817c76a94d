"""Rows → charts: what they say, where they lead, what the table shows. No picture is drawn here."""

import json
from decimal import Decimal

import pytest
from flask import Flask

from registry.dashboards.charts import Row, bars
from registry.dashboards.charts.chart import Cell, printed

from .samples import make_bars, make_funnel, make_lines, make_trend


def test_the_table_says_what_the_picture_shows() -> None:
    table = make_trend().table
    assert table.head == ("月份", "新签协议", "走访对接")
    assert table.rows[0] == (
        "23-01",
        (Cell("3", "/agreements?month=202301", 3), Cell("18", "/visits?month=202301", 18)),
    )


def test_what_nobody_reported_is_a_dash_and_what_is_nothing_is_0() -> None:
    rows = make_trend().table.rows
    assert [cells[0].text for _, cells in rows] == ["3", "0", "16"]
    assert rows[2][1][1].text == "—"
    assert _values(make_trend(), layer=1) == [18, 22, None]


@pytest.mark.parametrize(
    ("value", "shown"), [(1637, "1,637"), (0, "0"), (None, "—"), (Decimal("62400.50"), "62,400.5"), (0.25, "0.25")]
)
def test_how_numbers_are_printed(value: int | Decimal | None, shown: str) -> None:
    assert printed(value) == shown


def test_a_number_with_a_sign_keeps_it() -> None:
    chart = bars("参加人次", [Row("沈阳", (100_000,), texts=("10万余",))], series="人次", language="zh")
    assert chart.table.rows[0][1][0].text == "10万余"
    assert "highest 10万余 (沈阳)" in chart.summary or "10万余" in chart.summary
    assert "10万余" in json.dumps(chart.spec, ensure_ascii=False)


@pytest.mark.parametrize(
    "href",
    [
        "javascript:alert(1)", "JaVaScRiPt:alert(1)", "https://example.com/", "//example.com/", "/\\example.com",
        "data:text/html,x", "\x01/x", "/x\ny", " /x", "agreements",
    ],
)  # fmt: skip
def test_only_addresses_of_the_registry_become_links(href: str) -> None:
    chart = make_bars("沈阳", href=href)
    assert chart.links == {}
    assert chart.table.rows[0][1][0].href == ""


def test_links_are_named_for_whoever_does_not_see_the_mark() -> None:
    assert make_trend().links["r0s1"] == ("/visits?month=202301", "23-01，走访对接：18")
    assert make_trend("en").links["r0s1"][1] == "23-01, 走访对接: 18"


def test_no_address_reaches_the_library() -> None:
    assert "/agreements" not in json.dumps(make_trend().spec)


def test_rows_of_one_name_stay_two() -> None:
    chart = make_bars("鞍山", "鞍山")
    labels = [point["label"] for point in chart.spec["data"]["values"]]
    assert len(set(labels)) == 2
    assert [name for name, _ in chart.table.rows] == ["鞍山", "鞍山"]


def test_signs_that_no_picture_can_hold_are_taken_out() -> None:
    assert make_bars("沈\x0b阳\u202e\ud800").table.rows[0][0] == "沈阳\ufffd"


def test_a_stage_tells_its_part_of_the_one_above() -> None:
    said = [row["text"] for row in make_funnel(412, 268, None, 131, 140).spec["layer"][1]["data"]["values"]]
    assert said == ["412", "268 · 65%", "—", "131", "140"]


def test_too_many_lines_are_refused() -> None:
    with pytest.raises(ValueError, match="at most 5"):
        make_lines(6)


@pytest.mark.parametrize("make", [make_bars, make_funnel])
def test_no_rows_make_an_empty_chart(make: object) -> None:
    chart = make()  # type: ignore[operator]
    assert chart.table.rows == ()
    assert chart.links == {}


def test_the_digest_is_of_what_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    before = make_bars("沈阳").digest
    assert make_bars("沈阳").digest == before
    assert make_bars("大连").digest != before
    assert make_bars("沈阳", href="/other").digest != before
    monkeypatch.setattr("registry.dashboards.charts.chart.library", lambda: "2.0")
    assert make_bars("沈阳").digest != before


def test_the_summary_names_the_highest_in_the_language_of_the_chart(app: Flask) -> None:
    with app.test_request_context():
        assert make_trend("en").summary == "新签协议: highest 16 (23-03); 走访对接: highest 22 (23-02)"
        assert make_trend("zh").summary == "新签协议：最高16（23-03）；走访对接：最高22（23-02）"
        assert make_funnel().summary == "没有数据"


def _values(chart: object, layer: int) -> list[object]:
    return [point["value"] for point in chart.spec["layer"][layer]["data"]["values"]]  # type: ignore[attr-defined]

"""Charts as they are drawn, by the process that draws them."""

import io
import json
import os
import threading

import pytest
from lxml import etree
from PIL import Image

from registry.dashboards.charts import Chart, Row, bars_and_line, store
from registry.dashboards.charts.store import CannotDraw

from .samples import SERIES, make_bars, make_funnel, make_lines, make_trend

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = (
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "javascript:alert(1)", "'; DROP TABLE x; --",
    "${alert(1)}", "datum.x", "a.b[c]", "]]>", "&amp;", "很长的名称" * 60,
)  # fmt: skip
ALLOWED = {
    f"{SVG}{name}" for name in ("svg", "g", "desc", "a", "title", "rect", "path", "line", "circle", "text", "tspan")
}


@pytest.mark.parametrize("chart", [make_trend(), make_bars(*HOSTILE), make_funnel(3, 2, 1), make_lines(3)])
def test_every_kind_is_drawn_of_a_known_few_elements(chart: Chart) -> None:
    root = etree.fromstring(chart.svg.encode())
    assert {element.tag for element in root.iter()} <= ALLOWED
    names = {name for element in root.iter() for name in element.attrib}
    assert not {name for name in names if name.startswith("on") or name in ("style", "id")}
    assert len(root.findall(f".//{SVG}a")) == len(chart.links) - (chart.name == "trend")
    assert {link.get("href") for link in root.iter(f"{SVG}a")} <= {href for href, _ in chart.links.values()}


def test_hostile_names_are_shown_as_they_are() -> None:
    root = etree.fromstring(make_bars(*HOSTILE).svg.encode())
    shown = {text.text for text in root.iter(f"{SVG}text")}
    assert {HOSTILE[0], HOSTILE[2]} <= shown
    assert not any(len(text or "") > 40 for text in shown)


def test_a_month_without_a_report_is_a_gap_and_keeps_its_place() -> None:
    root = etree.fromstring(make_trend().svg.encode())
    labels = [text.text for text in root.iter(f"{SVG}text") if (text.text or "").startswith("23-")]
    assert labels == ["23-01", "23-02", "23-03"]
    assert "r2s1" in make_trend().links  # there is a list, though no point
    assert len(root.findall(f".//{SVG}a")) == 5


def test_nothing_at_all_lies_at_the_foot() -> None:
    rows = [Row("23-01", (0, 0)), Row("23-02", (0, None))]
    chart = bars_and_line("月度趋势", rows, series=SERIES, language="zh")
    root = etree.fromstring(chart.svg.encode())
    places = [text.get("transform", "") for text in root.iter(f"{SVG}text") if text.text == "0"]
    assert [float(place.rstrip(")").split(",")[-1]) > 150 for place in places] == [True, True]


def test_things_are_counted_in_whole_steps() -> None:
    rows = [Row("23-01", (2, 1)), Row("23-02", (0, 0))]
    chart = bars_and_line("月度趋势", rows, series=SERIES, language="zh")
    root = etree.fromstring(chart.svg.encode())
    assert sorted(text.text or "" for text in root.iter(f"{SVG}text"))[:5] == ["0", "0", "1", "1", "2"]


def test_the_png_is_the_same_picture_twice_as_large() -> None:
    chart = make_trend()
    root = etree.fromstring(chart.svg.encode())
    with Image.open(io.BytesIO(chart.png)) as image:
        assert image.size == (2 * int(root.get("width", 0)), 2 * int(root.get("height", 0)))


def test_what_goes_alone_has_its_title_and_no_links() -> None:
    chart = make_trend(note="数据截至2023-03-31")
    text = chart.poster_svg.decode()
    assert "月度趋势" in text
    assert "数据截至2023-03-31" in text
    assert "<a" not in text
    etree.fromstring(chart.poster_svg)
    assert chart.poster_png.startswith(b"\x89PNG")


def test_a_picture_is_drawn_once(monkeypatch: pytest.MonkeyPatch) -> None:
    chart = make_bars("沈阳")
    assert chart.kept is None
    drawn = chart.svg
    monkeypatch.setattr(store, "_ask", lambda *_: pytest.fail("drawn again"))
    assert make_bars("沈阳").svg == drawn == chart.kept


def test_those_who_ask_meanwhile_wait_for_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def slowly(*_: object) -> bytes:
        asked.append(1)
        threading.Event().wait(0.05)
        return b"<svg/>"

    monkeypatch.setattr(store, "_ask", slowly)
    threads = [threading.Thread(target=lambda: make_bars("沈阳").svg) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert asked == [1]


def test_nobody_waits_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """While nothing comes of drawing, no thread of the server waits for one after the other."""
    monkeypatch.setattr(store, "SECONDS", 0.05)
    chart = make_bars("沈阳")
    with store._alone(f"{chart.digest}.svg"), pytest.raises(CannotDraw):
        _ = chart.svg


def test_the_ones_not_looked_at_longest_make_room(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "MOST", 4)
    monkeypatch.setattr(store, "FEWER", 2)
    for number in range(4):
        store._keep(f"{number}.svg", b"x")
        os.utime(store._folder() / f"{number}.svg", (number, number))
    assert store.find("0.svg") == b"x"  # looked at now
    store._keep("4.svg", b"x")
    assert sorted(path.name for path in store._folder().iterdir()) == ["0.svg", "4.svg"]


def test_a_picture_that_cannot_be_drawn_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    chart = make_bars("沈阳")
    monkeypatch.setitem(chart.spec, "mark", {"type": "nonsense"})
    chart.spec.pop("layer")  # type: ignore[attr-defined]
    with pytest.raises(CannotDraw):
        _ = chart.svg
    assert chart.kept is None


def test_nothing_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    chart = make_bars("沈阳")
    monkeypatch.setitem(chart.spec, "data", {"url": "http://127.0.0.1:9/x.json"})
    with pytest.raises(CannotDraw) as caught:
        _ = chart.svg
    assert "not allowed" in json.dumps(caught.value.__cause__.detail)  # type: ignore[union-attr]


def test_a_forked_process_draws_by_itself() -> None:
    """As the server's workers are: the parent's drawing process is not theirs."""
    _ = make_bars("沈阳").svg
    pid = os.fork()
    if not pid:
        try:
            _ = make_bars("大连").svg
        finally:
            os._exit(0 if make_bars("大连").kept else 1)
    assert os.waitpid(pid, 0)[1] == 0

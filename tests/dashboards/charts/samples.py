"""Rows to make charts of."""

from registry.dashboards.charts import Chart, Row, bars, bars_and_line, funnel, lines

SERIES = ("新签协议", "走访对接")


def make_trend(language: str = "zh", **given: str) -> Chart:
    """Three months, the last of which nobody has reported visits for."""
    rows = [
        Row("23-01", (3, 18), ("/agreements?month=202301", "/visits?month=202301")),
        Row("23-02", (0, 22), ("/agreements?month=202302", "/visits?month=202302")),
        Row("23-03", (16, None), ("/agreements?month=202303", "/visits?month=202303")),
    ]
    return bars_and_line("月度趋势", rows, series=SERIES, language=language, name="trend", what="月份", **given)


def make_bars(*names: str, href: str = "/agreements?locality=1") -> Chart:
    """A bar for each name, each twice as long as the one before."""
    rows = [Row(name, (2**number,), (href,)) for number, name in enumerate(names)]
    return bars("各地协议", rows, series="有效协议", language="zh", name="localities")


def make_funnel(*values: int | None) -> Chart:
    """A stage for each value."""
    rows = [Row(f"阶段{number}", (value,), ("/docking",)) for number, value in enumerate(values, start=1)]
    return funnel("合作转化漏斗", rows, series="数量", language="zh", name="funnel")


def make_lines(count: int) -> Chart:
    """Three months of so many series."""
    rows = [Row(f"23-0{month}", tuple(range(month, month + count)), ("/a",) * count) for month in (1, 2, 3)]
    return lines("兑现率", rows, series=tuple(f"甲{number}" for number in range(count)), language="zh", name="lines")

"""What cells say: every rule of reading a ledger, pure."""

import pytest

from registry.core.figures.kinds import Qualifier
from registry.ledgers.definitions import Column, Sort, ledgers
from registry.ledgers.reading.cells import Grade, figure_of, read_cell, same_figure, words_of
from registry.ledgers.reading.grid import Cell
from registry.ledgers.reading.promises import promises_in


def column(sort: Sort, field: str = "x") -> Column:
    return Column(field, sort, "栏", "Column")


def read(sort: Sort, cell: Cell, field: str = "x") -> tuple[str, list[Grade]]:
    found = read_cell(column(sort, field), cell)
    return found.text, [note.grade for note in found.notes]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("2023.3.18", "2023-03-18"),
        ("2023/3/18", "2023-03-18"),
        ("2023年3月18日", "2023-03-18"),
        ("20230318", "2023-03-18"),
        (20230318.0, "2023-03-18"),
        ("２０２３．３．１８", "2023-03-18"),
        ("2023-03-18 00:00:00", "2023-03-18"),
        (45003.0, "2023-03-18"),
        (44693.0, "2022-05-12"),
        ("45003", "2023-03-18"),
        ("2023年3月", "2023年3月"),
        ("2023年", "2023年"),
        (2023.0, "2023年"),
        ("长期", "长期"),
        ("/", ""),
        (None, ""),
    ],
)
def test_days(cell: Cell, text: str) -> None:
    assert read(Sort.DATE, cell) == (text, [])


@pytest.mark.parametrize("cell", ["2023-13-01", "三月", 3.5, "1823-01-01", "2023.3.18-20"])
def test_what_is_no_day(cell: Cell) -> None:
    assert read(Sort.DATE, cell) == ("", [Grade.WRONG])


@pytest.mark.parametrize(
    ("cell", "value", "qualifier"),
    [
        ("6.24万", 62400, Qualifier.ROUNDED),
        ("1,637", 1637, Qualifier.EXACT),
        (1637.0, 1637, Qualifier.EXACT),
        ("10万余", 100000, Qualifier.AT_LEAST),
        ("近百", 100, Qualifier.NEARLY),
        ("约200", 200, Qualifier.APPROX),
        ("100+", 100, Qualifier.AT_LEAST),
        ("近２０", 20, Qualifier.NEARLY),
    ],
)
def test_figures(cell: Cell, value: int, qualifier: Qualifier) -> None:
    wanted = column(Sort.INT)
    figure = figure_of(wanted, read_cell(wanted, cell).text)
    assert figure is not None
    assert (figure.value, figure.qualifier) == (value, qualifier)


def test_the_same_figure_in_other_words() -> None:
    wanted = column(Sort.INT)
    assert same_figure(wanted, "1,637", "1637")
    assert not same_figure(wanted, "约200", "200")
    assert read(Sort.INT, "若干人才") == ("", [Grade.WRONG])


@pytest.mark.parametrize(
    ("sort", "cell", "text", "grades"),
    [
        (Sort.CODE10, 4121010146.0, "4121010146", []),
        (Sort.CODE10, "４１２１０１０１４６", "4121010146", []),
        (Sort.CODE10, "4.12E+09", "", [Grade.WRONG]),
        (Sort.CODE10, 412101014.0, "", [Grade.WRONG]),
        (Sort.USCC, "91210100mb0t0637x0", "91210100MB0T0637X0", []),
        (Sort.USCC, "91210100MB0T0637X1", "91210100MB0T0637X1", [Grade.WARNING]),
        (Sort.USCC, 9.121010012345678e17, "", [Grade.WRONG]),
        (Sort.PHONE, "１３９００１３９０００", "13900139000", []),
        (Sort.PHONE, 13800138000.0, "13800138000", []),
        (Sort.PHONE, "139****9000", "", []),
        (Sort.PHONE, "四二〇", "", [Grade.WARNING]),
        (Sort.BOOL, "√", "yes", []),
        (Sort.BOOL, True, "yes", []),
        (Sort.BOOL, "否", "no", []),
        (Sort.BOOL, "也许", "", [Grade.WRONG]),
        (Sort.MULTI, "人才引进、校园招聘;实习实训，其他", "人才引进、校园招聘、实习实训、其他", []),
        (Sort.MULTI, "订单班/科研合作\n订单班", "订单班、科研合作", []),
        (Sort.ORG_MULTI, "甲局；乙局,丙局", "甲局；乙局；丙局", []),
        (Sort.TEXT, "  ＡＢ１２ \n 丙 ", "AB12 丙", []),
        (Sort.TEXT, 3.0, "3", []),
        (Sort.TEXT, "绝密★", "", [Grade.WRONG]),
    ],
)
def test_codes_words_and_texts(sort: Sort, cell: Cell, text: str, grades: list[Grade]) -> None:
    assert read(sort, cell) == (text, grades)


@pytest.mark.parametrize(
    "text", ["鞍校地协〔2023〕1号", "鞍校地协[2023]1号", "鞍校地协（2023）1号", "鞍校地协【２０２３】 1号"]
)
def test_numbers_of_agreements_have_one_form(text: str) -> None:
    assert read(Sort.TEXT, text, "doc_no") == ("鞍校地协〔2023〕1号", [])


def test_words_have_synonyms() -> None:
    words = words_of(("实地", "go_out"), ("实地走访", "go_out"), ("走出去（实地）", "go_out"))
    wanted = Column("mode", Sort.ENUM, "走访形式", "Form", values=("实地走访",))
    for text in ("实地", " 实地走访", "走出去(实地)"):
        assert read_cell(wanted, text, words).text == "go_out"
    assert read_cell(wanted, "云上", words).notes[0].grade is Grade.WRONG


def test_goals_item_by_item() -> None:
    found = list(promises_in("每年组织招聘会2场，推送岗位约500个，加强交流；接收实习1,200人以上"))
    assert [(one.what, one.figure.value, one.figure.qualifier) for one in found] == [
        ("招聘会", 2, "exact"),
        ("岗位", 500, "approx"),
        ("实习", 1200, "at_least"),
    ]


def test_ten_ledgers_are_defined() -> None:
    assert len(ledgers()) == 10
    assert sum(len(ledger.columns) for ledger in ledgers().values()) == 221


@pytest.mark.parametrize("cell", ["#REF!", "#N/A", " #value! ", "#DIV/0!"])
def test_a_formula_that_failed_is_told(cell: str) -> None:
    assert read(Sort.TEXT, cell) == ("", [Grade.WRONG])
    assert read(Sort.DATE, cell) == ("", [Grade.WRONG])
    assert read(Sort.CALC, cell) == ("", [Grade.WARNING])
    assert read(Sort.INT, cell, "seq") == ("", [])
    (note,) = read_cell(column(Sort.INT), cell).notes
    assert cell.strip() in note.message.english
    assert read(Sort.TEXT, "#1 仓库") == ("#1 仓库", [])

"""GB/T 9704-2012 measured on the page: 22 lines of 28 characters, straight right edge, numbers at the outer edge."""

import os
import re
import subprocess
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO
from itertools import pairwise
from typing import Any

import pdfplumber
import pikepdf
import pytest
from flask import Flask

from registry.documents.data import Annex, Article, Language, SigningCopy, Table
from registry.documents.produce import render_reading_copy, render_registry_copy, render_signing_copy
from registry.documents.titles import chinese_lines, english_lines
from script.sample_agreements import agreement_of, certificate, edition

from .samples import GOALS, VERIFICATION, make_parties, make_signing_copy
from .test_rendering import failures

MM = 72 / 25.4
LEFT_MM, RIGHT_MM, TOP_MM, BOTTOM_MM = 28, 184, 37, 262
LONG_NAME = "内蒙古自治区呼伦贝尔市鄂温克族自治旗人力资源和社会保障局毕业生就业指导服务中心一二"
LONG_NAME_EN = "Graduate Employment Guidance and Service Centre of the Evenk Autonomous Banner"
PLAIN = "校地合作登记制度服务毕业生高质量充分就业推动产业发展"


def pages_of(pdf: bytes) -> list[Any]:
    """The pages, with their characters read."""
    with pdfplumber.open(BytesIO(pdf)) as opened:
        return [replace_page(page) for page in opened.pages]


def replace_page(page: Any) -> Any:
    """Read everything before the file closes."""
    _ = page.chars, page.rects, page.images
    return page


def body_lines(page: Any) -> list[list[Any]]:
    """The lines inside the type area, each with its characters from left to right."""
    rows: dict[int, list[Any]] = defaultdict(list)
    for char in page.chars:
        middle = (char["top"] + char["bottom"]) / 2 / MM
        if TOP_MM < middle < BOTTOM_MM and char["text"].strip():
            rows[round((middle - TOP_MM) / 10.2272 - 0.5)].append(char)
    return [sorted(row, key=lambda char: char["x0"]) for _, row in sorted(rows.items())]


def right_edge(line: list[Any]) -> float:
    """In millimetres from the paper's left edge."""
    return float(line[-1]["x1"]) / MM


@pytest.fixture(scope="module")
def plain(house: Flask) -> list[Any]:
    """Pages of nothing but Chinese characters."""
    data = make_signing_copy(preamble=(PLAIN * 90,), articles=(), annexes=())
    with house.app_context():
        return pages_of(render_signing_copy(data))


@pytest.fixture(scope="module")
def usual(signing_copy: bytes) -> list[Any]:
    """Pages of the usual agreement."""
    return pages_of(signing_copy)


def test_a_page_has_22_lines_of_28_characters(plain: list[Any]) -> None:
    lines = body_lines(plain[1])
    assert len(lines) == 22
    assert {len(line) for line in lines} == {28}


def test_lines_fill_the_type_area(plain: list[Any]) -> None:
    for line in body_lines(plain[1]):
        assert line[0]["x0"] / MM == pytest.approx(LEFT_MM, abs=0.2)
        assert right_edge(line) == pytest.approx(RIGHT_MM, abs=0.2)


def test_lines_stand_on_the_grid(plain: list[Any]) -> None:
    tops = [line[0]["top"] for line in body_lines(plain[1])]
    steps = [later - earlier for earlier, later in pairwise(tops)]
    assert all(step == pytest.approx(10.2272 * MM, abs=0.1) for step in steps)


def test_the_paper_is_a4(usual: list[Any]) -> None:
    assert {(round(page.width / MM), round(page.height / MM)) for page in usual} == {(210, 297)}


def test_full_lines_end_straight_despite_punctuation_and_digits(house: Flask) -> None:
    data = make_signing_copy(preamble=(GOALS * 4,) * 6, articles=(), annexes=())
    with house.app_context():
        pages = pages_of(render_signing_copy(data))
    lines = [line for page in pages[1:3] for line in body_lines(page)]
    full = [line for line in lines if right_edge(line) > 150]
    assert len(full) > 30
    assert all(right_edge(line) == pytest.approx(RIGHT_MM, abs=0.2) for line in full)


def test_paragraphs_begin_two_characters_in(usual: list[Any]) -> None:
    starts = {round(line[0]["x0"] / MM - LEFT_MM, 1) for line in body_lines(usual[1])}
    assert starts <= {0.0, 11.1, 11.2}
    assert len(starts) > 1


def lines_of_text(page: Any) -> list[list[Any]]:
    """Lines of 16 points, each with its characters from left to right."""
    rows: dict[int, list[Any]] = defaultdict(list)
    for char in page.chars:
        if round(char["size"], 1) == 16.0 and char["text"].strip():
            rows[round(char["bottom"])].append(char)
    return [sorted(row, key=lambda char: char["x0"]) for _, row in sorted(rows.items())]


@pytest.mark.parametrize(("code", "parties"), [("framework", 2), ("workstation", 3), ("docking", 2), ("strategic", 4)])
def test_model_texts_have_straight_edges_without_exception(house: Flask, code: str, parties: int) -> None:
    """A line that falls short is the last of its paragraph: what follows begins two characters in, or the page ends."""
    data = edition(agreement_of(code, parties), "zh", signing=True)
    with house.app_context():
        pages = pages_of(render_signing_copy(data))
    short = []
    for page in pages:
        for line, following in pairwise(lines_of_text(page)):
            goes_on = following[0]["x0"] / MM < LEFT_MM + 1 and "Hei" not in following[0]["fontname"]
            if goes_on and abs(right_edge(line) - RIGHT_MM) > 0.2:
                short.append("".join(char["text"] for char in line))
    assert short == []


def test_page_numbers_stand_at_the_outer_edge(usual: list[Any]) -> None:
    for number, page in enumerate(usual, 1):
        bottom = [char for char in page.chars if char["top"] / MM > BOTTOM_MM]
        assert "".join(char["text"] for char in bottom).strip() == f"— {number} —"
        is_right = bottom[0]["x0"] / MM > 105
        assert is_right == bool(number % 2)


def test_faces_are_those_of_the_standard(usual: list[Any]) -> None:
    faces = {char["fontname"].split("+")[1] for page in usual for char in page.chars}
    assert {"Registry-FangSong", "Registry-Kai", "Registry-Hei-Bold"} <= {
        face.removesuffix("-Regular") for face in faces
    }
    heading = [char for char in usual[1].chars if char["text"] == "第"]
    assert heading
    assert all("Hei" in char["fontname"] for char in heading)
    assert {round(char["size"], 1) for char in heading} == {16.0}


def test_the_title_has_22_points(usual: list[Any]) -> None:
    assert round(usual[0].chars[0]["size"], 1) == 22.0


def test_annex_begins_a_page_with_its_label(usual: list[Any]) -> None:
    first = body_lines(usual[-1])[0]
    assert "".join(char["text"] for char in first) == "附件"
    assert first[0]["x0"] / MM == pytest.approx(LEFT_MM, abs=0.2)


def test_running_head_names_the_agreement_after_the_first_page(usual: list[Any]) -> None:
    heads = [[char["text"] for char in page.chars if char["bottom"] / MM < TOP_MM] for page in usual]
    assert heads[0] == []
    assert all("".join(head).startswith("协议编号：鞍校地协〔2023〕1号") for head in heads[1:])


def texts_of(pdf: bytes) -> list[str]:
    """The text of each page as poppler reads it."""
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return done.stdout.decode().split("\f")[:-1]


def company_of_signatures(house: Flask, data: SigningCopy) -> list[str]:
    """The lines that stand above the signature cells on their page, which must hold every cell."""
    with house.app_context():
        texts = texts_of(render_signing_copy(data))
    cell, place = ("盖章处", "签订地点") if data.has_chinese else ("Seal here", "Place of signing")
    (text,) = [text for text in texts if cell in text]
    assert text.count(cell) == len(data.parties), "the block is cut"
    above = text.split(place)[0].split("附件：")[0].split("Annex: ")[0]
    return [line for line in above.splitlines() if line.strip() and "校地合作协议登记系统" not in line]


def ending_anywhere(length: int) -> tuple[Article, ...]:
    """One article whose end moves down the page, and whose last paragraph has one to four lines."""
    return (Article("第一条　合作宗旨", (*(PLAIN,) * length, PLAIN * (1 + length % 4))),)


def lengths(every: Sequence[int], step: int) -> Sequence[int]:
    """Some of them, or every one with LAYOUT_LENGTHS=all, as script/gates wants it."""
    return every if os.environ.get("LAYOUT_LENGTHS") == "all" else every[::step]


@pytest.mark.parametrize("parties", [2, 4])
@pytest.mark.parametrize("length", lengths(range(2, 27), 5))
def test_signatures_take_two_lines_along_wherever_the_text_ends(house: Flask, parties: int, length: int) -> None:
    data = make_signing_copy(parties=make_parties(parties), articles=ending_anywhere(length), annexes=())
    company = company_of_signatures(house, data)
    assert len(company) >= 2
    assert PLAIN[-5:] in company[-1]


@pytest.mark.parametrize("language", ["zh", "en", "both"])
@pytest.mark.parametrize("parties", range(2, 9))
def test_signatures_of_long_names_stay_together(house: Flask, parties: int, language: str) -> None:
    named = tuple(replace(party, name=LONG_NAME, name_en=LONG_NAME_EN) for party in make_parties(parties))
    english = (Article("Article 1 Purpose", ("Employment of graduates comes first in all that the Parties do. " * 3,)),)
    for length in lengths((4, 13) if parties % 2 else (13, 4), 2):
        data = make_signing_copy(
            parties=named, articles=ending_anywhere(length), articles_en=english, language=language
        )
        assert len(company_of_signatures(house, data)) >= 2


@pytest.mark.parametrize(
    "last",
    [
        Article("第二条　附则", ("只有一行。",)),
        Article("第二条　附则", ("（一）第一项。", "（二）第二项。")),
        Article("第二条　附则", ("见下表。",), Table(("编号", "任务"), (("T1", "任务"),) * 9)),
        Article("", ("没有标题。", "又一行。")),
    ],
    ids=["line", "items", "table", "untitled"],
)
def test_signatures_take_two_lines_of_any_ending(house: Flask, last: Article) -> None:
    for length in lengths(range(3, 23, 4), 3):
        articles = (Article("第一条　合作宗旨", (PLAIN,) * length), last)
        data = make_signing_copy(parties=make_parties(4), articles=articles, annexes=())
        assert len(company_of_signatures(house, data)) >= 2


def test_a_place_that_is_not_known_leaves_no_empty_label(house: Flask) -> None:
    with house.app_context():
        text = "".join(page.extract_text() for page in pages_of(render_signing_copy(make_signing_copy(place=""))))
    assert "签订地点" not in text


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("鞍山市与西北工业大学校地合作框架协议", ["鞍山市与西北工业大学校地合作框架协议"]),
        (
            "辽宁省鞍山市人力资源和社会保障局与西北工业大学校地合作框架协议",
            ["辽宁省鞍山市人力资源和社会保障局与", "西北工业大学校地合作框架协议"],
        ),
        ("", [""]),
    ],
)
def test_long_titles_break_where_one_would_pause(title: str, lines: list[str]) -> None:
    assert chinese_lines(title) == lines


def test_no_title_loses_a_sign_or_breaks_a_word() -> None:
    for length in range(1, 200, 7):
        title = ("甲" * length + "Cooperation（合作）" + "、乙" * length)[: length * 2]
        assert "".join(chinese_lines(title)) == title
    lines = english_lines("Strategic Cooperation Agreement of Three Provinces and One Region on Graduate Employment")
    assert [len(line) <= 42 for line in lines] == [True] * len(lines)
    assert max(map(len, lines)) - min(map(len, lines)) < 15


def test_long_words_stay_inside_the_table(house: Flask) -> None:
    words = ("W" * 150, "一" * 60, "x")
    data = make_signing_copy(annexes=(Annex("清单", table=Table(("编号", "任务", "单位"), (words, words))),))
    with house.app_context():
        page = pages_of(render_signing_copy(data))[-1]
    assert max(char["x1"] for char in page.chars) / MM < RIGHT_MM + 0.5


def test_seals_are_never_drawn(usual: list[Any]) -> None:
    """Boxes are dashed and grey; nothing on any page is red."""
    for page in usual:
        for shape in [*page.rects, *page.lines, *page.curves]:
            for colour in (shape["stroking_color"], shape["non_stroking_color"]):
                parts = colour if isinstance(colour, tuple | list) else (colour,)
                assert len(set(parts)) == 1


def test_both_languages_say_which_prevails(house: Flask) -> None:
    data = make_signing_copy(language="both", articles_en=(Article("Article 1 Purpose", ("Employment comes first.",)),))
    with house.app_context():
        texts = [page.extract_text() for page in pages_of(render_signing_copy(data))]
    assert "以中文文本为准" in texts[0]
    assert "The Chinese text prevails" in texts[0]
    text = "".join(texts)
    assert text.index("第一条") < text.index("Article 1 Purpose") < text.index("第二条"), "English stands beneath"


def test_english_edition(house: Flask) -> None:
    data = make_signing_copy(language="en", articles_en=(Article("Article 1", ("Employment — “first”.",)),))
    with house.app_context():
        text = "\n".join(page.extract_text() for page in pages_of(render_signing_copy(data)))
    assert "Party B (seal)" in text
    assert all(words in text for words in ("Unified social", "credit code"))  # on two lines
    assert "Place of signing" in text
    assert "Commitments" in text
    for chinese in (
        "第一条",
        "单位名称",
        "信用代码",
        "负责人",
        "住所",
        "附件",
        "签字",
        "盖章",
        "登记编号",
        "核验",
        "哈希",
    ):
        assert chinese not in text


@pytest.mark.parametrize("language", ["zh", "en", "both"])
def test_a_copy_to_read_says_so_on_every_page(house: Flask, language: str) -> None:
    mark = ("阅读件，不供签署", "Reading copy, not for signing")
    parties = tuple(replace(party, field="") for party in make_parties(2))
    verification = replace(VERIFICATION, url="")
    data = make_signing_copy(language=language, mark=mark, parties=parties, verification=verification)
    with house.app_context():
        pdf = render_reading_copy(data)
    for page in pages_of(pdf):
        assert mark[1] in page.extract_text()
        assert page.images == []
        assert [rect for rect in page.rects if rect["top"] / MM > BOTTOM_MM] == [], "no code at the foot"
    assert b"/AcroForm" not in pdf


@pytest.mark.parametrize("language", ["zh", "en", "both"])
def test_every_edition_can_be_archived(house: Flask, language: Language) -> None:
    with house.app_context():
        assert failures(render_reading_copy(edition(agreement_of("strategic", 4), language))) == []


def test_a_certificate_page_with_everything_can_be_archived(house: Flask) -> None:
    with house.app_context():
        data = certificate()
        pdf = render_registry_copy(replace(data, scans=()), ())
    assert failures(pdf) == []
    text = "".join(re.sub(r"\s", "", page) for page in texts_of(pdf))
    for row in data.signatories:
        assert all(re.sub(r"\s", "", proof) in text for _label, proof in row.proof)
    assert "作废与拒签记录" in text
    assert all(row.reason[:4] in text for row in data.set_aside)  # the cell has two lines


@pytest.mark.parametrize("language", ["zh", "en", "both"])
def test_every_edition_offers_each_party_its_box(house: Flask, language: str) -> None:
    with house.app_context():
        pdf = render_signing_copy(make_signing_copy(language=language, parties=make_parties(3)))
    with pikepdf.open(BytesIO(pdf)) as opened:
        names = {str(field.T) for field in opened.Root.AcroForm.Fields}
    assert {"Party-1", "Party-2", "Party-3"} <= names


def test_demonstrations_say_so_on_every_page(house: Flask) -> None:
    with house.app_context():
        pages = pages_of(render_signing_copy(make_signing_copy(watermark="演示")))
    for page in pages:
        assert {"演", "示"} <= {char["text"] for char in page.chars if char["size"] > 100}


def test_data_tell_their_languages() -> None:
    data: SigningCopy = make_signing_copy()
    assert (data.has_chinese, data.has_english) == (True, False)
    assert replace(data, language="both").has_english
    assert not replace(data, language="en").has_chinese

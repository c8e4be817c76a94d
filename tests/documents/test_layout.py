"""GB/T 9704-2012 measured on the page: 22 lines of 28 characters, straight right edge, numbers at the outer edge."""

from collections import defaultdict
from dataclasses import replace
from io import BytesIO
from itertools import pairwise
from typing import Any

import pdfplumber
import pytest
from flask import Flask

from registry.documents.data import Annex, Article, SigningCopy, Table
from registry.documents.produce import render_signing_copy

from .samples import GOALS, make_articles, make_parties, make_signing_copy

MM = 72 / 25.4
LEFT_MM, RIGHT_MM, TOP_MM, BOTTOM_MM = 28, 184, 37, 262
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


@pytest.mark.parametrize("parties", [2, 3, 4, 8])
@pytest.mark.parametrize("articles", [1, 5, 7, 40])
def test_the_signature_block_is_whole_and_not_alone(house: Flask, parties: int, articles: int) -> None:
    data = make_signing_copy(parties=make_parties(parties), articles=make_articles(articles), annexes=())
    with house.app_context():
        pages = pages_of(render_signing_copy(data))
    texts = ["".join(char["text"] for char in page.chars) for page in pages]
    signing = [number for number, text in enumerate(texts) if "（盖章）" in text]
    assert len(signing) == 1, "the block is cut"
    text = texts[signing[0]]
    assert text.count("盖章处") == parties
    assert "签订地点" in text
    assert text.split("签订地点")[0], "the block stands alone"


@pytest.mark.parametrize("longest", range(1, 9))
def test_the_block_takes_company_along_wherever_the_text_ends(house: Flask, longest: int) -> None:
    """The last article ends anywhere on the page, line by line."""
    article = Article("第一条　合作宗旨", (PLAIN,) * (8 + longest))
    data = make_signing_copy(articles=(article,), annexes=())
    with house.app_context():
        pages = pages_of(render_signing_copy(data))
    texts = ["".join(char["text"] for char in page.chars) for page in pages]
    (text,) = [text for text in texts if "（盖章）" in text]
    assert PLAIN[-5:] in text.split("签订地点")[0]


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
    assert "the Chinese text prevails" in texts[-1]
    assert "Article 1 Purpose" in texts[-1]


def test_english_edition(house: Flask) -> None:
    data = make_signing_copy(language="en", articles_en=(Article("Article 1", ("Employment — “first”.",)),))
    with house.app_context():
        text = "\n".join(page.extract_text() for page in pages_of(render_signing_copy(data)))
    assert "Party B (seal)" in text
    assert "第一条" not in text


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

"""The walk: every number of activities, visits, stations, mechanisms and docking cases is what its list says.

For every kind of reader and cuts of every sort; the list is asked as its page asks it, the page itself for one reader.
"""

import html
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from registry.accounts.models import User
from registry.core.dates import today
from registry.core.figures.showing import figure_text
from registry.dashboards.cut import Cut
from registry.dashboards.facts.base import Source
from registry.dashboards.facts.catalogue import SOURCES
from registry.dashboards.metrics.asking import BEGINNING
from registry.dashboards.metrics.base import Figure
from registry.dashboards.metrics.codes import MetricCode as M
from registry.dashboards.metrics.dictionary import METRICS, SUBJECTS
from registry.dashboards.queries.figures import by_locality, by_university, figures
from registry.dashboards.services import checking
from tests.agreements.test_speed import counted
from tests.conftest import Client
from tests.states import Begin

from .listed import CODES, PAIRS, SUMS, Lists
from .plenty import READERS, SPRING, with_plenty

OURS = [
    metric.code
    for subject in ("activities", "visits", "workstations", "mechanisms", "docking", "bases")
    for metric in SUBJECTS[subject]
]
WHO = ("liaoning.viewer", "anshan.handler", "nwpu.handler", *READERS)
ALIKE = ("liaoning.overseer", "liaoning.leader", "admin.audit")  # of the same organisation: the same numbers
NOW = Cut.of_month(today())
ALWAYS = Cut(BEGINNING, NOW.last)
SOURCES_HERE = [one for one in SOURCES if one.kind not in ("agreement", "commitment")]
APART = 9  # the province is asked every cut, each of the others every ninth


@pytest.fixture
def people(begin_with: Begin) -> dict[str, User]:
    return begin_with(with_plenty)


def cuts(people: dict[str, User]) -> list[Cut]:
    """Periods, with a locality, a university, a programme, and several of them."""
    school, nwpu = people["school"].organisation_id, people["nwpu.handler"].organisation_id
    year = (202601, 202612)
    return [
        ALWAYS,
        NOW,
        Cut(202604, 202604),
        Cut(*year),
        Cut(202501, 202603),
        *(Cut(*year, locality=code) for code in ("210300", "210100", "210700", "21Z001")),
        Cut(BEGINNING, 202606, locality="210300"),
        Cut(*year, university_id=school),
        Cut(*year, university_id=nwpu),
        Cut(*year, locality="210100", university_id=school),
        Cut(202606, 202606, locality="210300", university_id=school),
        Cut(*year, programme=SPRING),
        Cut(BEGINNING, 202612, programme="百校千企"),
        Cut(202604, 202606, programme=SPRING, locality="210300"),
        Cut(*year, programme=SPRING, university_id=school, locality="210300"),
    ]


def shown(code: M, figure: Figure) -> Any:
    """What is compared with the list: the number, the number and what it is set against, or sums by unit."""
    every = [figure, *figure.beside]
    if code in CODES:
        return {(one.unit, one.value, one.qualifier, one.doubtful) for one in every if one.value}
    if code in PAIRS:
        return {(one.numerator, one.denominator) for one in every if one.denominator}
    if code in SUMS:
        return (figure.numerator, figure.denominator) if METRICS[code].is_share else (figure.value,)
    return figure.numerator if METRICS[code].is_share else figure.value


def told(code: M, found: Any) -> Any:
    """The sums of nothing are none on one side and zero on the other where records are counted."""
    if METRICS[code].is_share and code in SUMS:
        return tuple(one or 0 for one in found)
    return found


def test_every_number_is_what_its_list_says(app: Flask, people: dict[str, User]) -> None:
    wrong, seen, every, lists = [], set(), cuts(people), Lists(app)
    for turn, who in enumerate(WHO):
        for cut in every[turn::APART] if turn else every:
            found = figures(people[who], cut, OURS)
            for code in OURS:
                if not METRICS[code].divides(cut):
                    assert found[code].value is None
                    continue
                number, of_list = shown(code, found[code]), told(code, lists.say(people[who], code, cut))
                seen.add(code) if number else None
                if number != of_list:
                    wrong.append((who, cut, code, number, of_list))
    assert not wrong
    assert all(figures(people[who], ALWAYS, OURS) == figures(people[WHO[0]], ALWAYS, OURS) for who in ALIKE)
    assert seen == set(OURS)  # none is right only because nothing is there


def test_the_pages_show_the_same(client: Client, people: dict[str, User]) -> None:
    reader, lists = people["anshan.handler"], Lists(client.application)
    client.sign_in(reader)
    found = figures(reader, ALWAYS, OURS)
    for code in OURS:
        page = client.get(lists.address(code, ALWAYS), headers={"Accept-Language": "zh-CN"}).text
        for words in on_the_page(code, found[code]):
            assert re.search(words, page), (code, words)


def on_the_page(code: M, figure: Figure) -> list[str]:
    """How the list's page writes the number: with its unit among totals, alone among facts, or as its length."""
    every = [figure, *figure.beside]
    if code in CODES:
        return [f">{re.escape(figure_text(one, 'zh'))}<" for one in every if one.value]
    if code in PAIRS:
        return [f">约?{number:,}[个人]" for one in every for number in (one.numerator, one.denominator) if number]
    numbers = [figure.numerator, figure.denominator] if METRICS[code].is_share else [figure.value]
    return [f"<dd[^>]*>{number:,}<" for number in numbers] if code in SUMS else [f"共 {numbers[0]:,} 条"]


def test_each_number_says_how_it_is_counted(client: Client, people: dict[str, User]) -> None:
    client.sign_in(people["anshan.handler"])
    zh, en = (html.unescape(client.get("/metrics", headers={"Accept-Language": one}).text) for one in ("zh-CN", "en"))
    for metric in (METRICS[code] for code in OURS):
        for words in (metric.label, metric.definition, metric.scope):
            assert words.key in en
            assert f">{words.key}<" not in zh
        assert f'id="{metric.code}"' in zh


def test_recounting_finds_nothing_else(people: dict[str, User]) -> None:
    assert list(checking.differences()) == []


@pytest.mark.parametrize("source", SOURCES_HERE, ids=lambda one: one.kind)
def test_reading_records_costs_the_same_however_many(people: dict[str, User], source: Source) -> None:
    (numbers,) = source.batches()

    def cost(batch: Sequence[int]) -> int:
        with counted() as statements:
            source.read(batch)
        return len(statements)

    assert cost(numbers) == cost(numbers[-2:]) <= 7
    assert len(numbers) > 2 or source.kind in ("follow_up", "mechanism")  # two of them


def test_places_apart_are_the_same_as_asked_for_one_by_one(people: dict[str, User]) -> None:
    reader, cut = people["liaoning.viewer"], Cut(202601, 202612)
    there = by_locality(reader, cut, OURS)
    for code in ("210100", "210300", "21Z001"):
        assert there[code] == figures(reader, replace(cut, locality=code), OURS)
    them = by_university(reader, cut, OURS)
    for school in (people[who].organisation_id for who in ("school", "nwpu.handler")):
        assert them[school] == figures(reader, replace(cut, university_id=school), OURS)

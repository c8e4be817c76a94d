"""How an organisation numbers: its words, what is counted together, where a year begins, and what is refused."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from registry.agreements import queries
from registry.agreements.inputs import HistoricRecord, NumberRules, PartyLine
from registry.agreements.models import (
    Agreement,
    AgreementKind,
    GapReason,
    NumberPrefix,
    NumberSkip,
    SkipReason,
)
from registry.agreements.queries import Book, Gap
from registry.agreements.services import entry, lifecycle, number_rules, numbering
from registry.audit.queries import history_of
from registry.core.dates import today
from registry.core.db import db, transaction
from registry.core.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from registry.organisations.models import OrganisationKind, OrganisationStatus
from tests.agreements.scene import Scene, Side, make_scene, make_side

YEAR = today().year
STRATEGIC, MEMO = AgreementKind.STRATEGIC, AgreementKind.DOCKING_MEMORANDUM


@pytest.fixture
def scene(app: Flask) -> Scene:
    with transaction():
        return make_scene()


def version(side: Side) -> int:
    return queries.rules_of(side.organisation).version


def set_rules(side: Side, prefix: str, in_common: bool = False, **kinds: str) -> None:
    given = NumberRules(prefix, {AgreementKind(kind): word for kind, word in kinds.items()}, in_common)
    with transaction():
        number_rules.set_rules(side.organisation, given, version(side), side.section_head)


def start(side: Side, series: str, first: int) -> None:
    with transaction():
        number_rules.set_start(side.organisation, series, first, version(side), side.section_head)


def number(scene: Scene, kind: AgreementKind = AgreementKind.FRAMEWORK) -> str:
    """The number that a new agreement of the bureau gets."""
    with transaction():
        agreement = scene.draft()
        agreement.kind = kind
        numbering.allocate(agreement)
    return agreement.number or ""


def historic(scene: Scene, text: str) -> Agreement:
    lines = (
        PartyLine(scene.bureau.organisation.public_id),
        PartyLine(scene.university.organisation.public_id),
    )
    given = HistoricRecord(AgreementKind.FRAMEWORK, "旧协议", parties=lines, source="档案", number=text)
    with transaction():
        return entry.record(given, scene.bureau.handler)


def book(scene: Scene, prefix: str = "鞍校地协", year: int = YEAR) -> list[object]:
    """The register as it reads: numbers, and gaps."""
    lines = queries.page_of_numbers(Book(scene.bureau.organisation, year, prefix), scene.bureau.handler, 0, 50)
    return [line if isinstance(line, Gap) else line.number for line in lines]


# Words


def test_without_rules_the_place_gives_the_word(scene: Scene) -> None:
    assert queries.rules_of(scene.bureau.organisation).prefix == "鞍校地协"
    assert number(scene) == f"鞍校地协〔{YEAR}〕1号"


def test_two_organisations_of_a_place_number_differently(scene: Scene) -> None:
    """The second one takes the next word that its place gives: a printed number names one paper."""
    with transaction():
        school = make_side("鞍山某学院", OrganisationKind.UNIVERSITY)
        region = school.organisation.region
        region.short_zh = "鞍山"
        first, second = scene.draft(), scene.draft()
        second.owner = school.organisation
        numbering.allocate(first)
        assert queries.rules_of(school.organisation).prefix == "鞍山校地协"
        numbering.allocate(second)
    assert (first.number, second.number) == (f"鞍校地协〔{YEAR}〕1号", f"鞍山校地协〔{YEAR}〕1号")


def test_a_kind_has_a_word_and_a_sequence_of_its_own(scene: Scene) -> None:
    set_rules(scene.bureau, "鞍校地协", strategic="辽省际协")
    found = [number(scene), number(scene, STRATEGIC), number(scene), number(scene, STRATEGIC), number(scene, MEMO)]
    assert found == [
        f"鞍校地协〔{YEAR}〕1号", f"辽省际协〔{YEAR}〕1号", f"鞍校地协〔{YEAR}〕2号", f"辽省际协〔{YEAR}〕2号",
        f"鞍校地协〔{YEAR}〕3号",
    ]  # fmt: skip


def test_words_share_a_sequence_where_that_is_wanted(scene: Scene) -> None:
    set_rules(scene.bureau, "鞍校地协", in_common=True, strategic="辽省际协")
    found = [number(scene), number(scene, STRATEGIC), number(scene)]
    assert found == [f"鞍校地协〔{YEAR}〕1号", f"辽省际协〔{YEAR}〕2号", f"鞍校地协〔{YEAR}〕3号"]
    assert book(scene, "") == found


def test_a_changed_word_leaves_numbers_as_they_are(scene: Scene) -> None:
    first = number(scene)
    set_rules(scene.bureau, "鞍人协")
    assert number(scene) == f"鞍人协〔{YEAR}〕1号"
    assert db.session.scalars(select(Agreement.number).order_by(Agreement.id)).first() == first
    set_rules(scene.bureau, "鞍校地协")
    assert number(scene) == f"鞍校地协〔{YEAR}〕2号"


def test_another_way_of_counting_begins_with_the_next_year(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    set_rules(scene.bureau, "鞍校地协", strategic="辽省际协")
    number(scene)
    set_rules(scene.bureau, "鞍校地协", in_common=True, strategic="辽省际协")
    assert number(scene, STRATEGIC) == f"辽省际协〔{YEAR}〕1号"
    monkeypatch.setattr(numbering, "today", lambda: date(YEAR + 1, 1, 1))
    found = [number(scene), number(scene, STRATEGIC)]
    assert found == [f"鞍校地协〔{YEAR + 1}〕1号", f"辽省际协〔{YEAR + 1}〕2号"]


@pytest.mark.parametrize(
    "word", ["", "鞍校地协〔", "鞍(校)", "鞍 校", "鞍-校", "鞍校地协第", "鞍" * 21, "鞍校号。", "Ａ协", "鞍𠮷"]
)
def test_what_is_no_word(scene: Scene, word: str) -> None:
    with pytest.raises(Invalid) as caught:
        set_rules(scene.bureau, word)
    assert set(caught.value.fields) == {"prefix"}
    with pytest.raises(Invalid) as caught:
        set_rules(scene.bureau, "鞍校地协", strategic=word or "〔〕")
    assert set(caught.value.fields) == {"kinds-strategic"}


@pytest.mark.parametrize("word", ["鞍", "鞍" * 20, "AS2协", "〇协"])
def test_what_is_a_word(scene: Scene, word: str) -> None:
    set_rules(scene.bureau, word)
    assert number(scene) == f"{word}〔{YEAR}〕1号"


def test_a_word_of_another_organisation_is_refused(scene: Scene) -> None:
    set_rules(scene.bureau, "鞍校地协", strategic="辽省际协")
    for word in ("鞍校地协", "辽省际协"):
        with pytest.raises(Invalid) as caught:
            set_rules(scene.university, word)
        assert "Another organisation" in caught.value.fields["prefix"][0].key  # type: ignore[union-attr]  # a message
    assert queries.holder_of("鞍校地协") == scene.bureau.organisation.id


def test_a_word_nothing_was_numbered_with_is_free_again(scene: Scene) -> None:
    set_rules(scene.bureau, "甲协")
    start(scene.bureau, "甲协", 5)
    set_rules(scene.bureau, "乙协")
    assert queries.holder_of("甲协") is None
    set_rules(scene.university, "甲协")
    number(scene)
    set_rules(scene.bureau, "丙协")
    with pytest.raises(Invalid):
        set_rules(scene.university, "乙协")


def test_only_the_section_head_of_the_organisation(scene: Scene) -> None:
    rules = NumberRules("鞍人协")
    people = [person for role, person in scene.bureau.people.items() if role != "section_head"]
    for person in (*people, scene.university.section_head):
        with pytest.raises(Forbidden), transaction():
            number_rules.set_rules(scene.bureau.organisation, rules, 1, person)
        with pytest.raises(Forbidden), transaction():
            number_rules.set_start(scene.bureau.organisation, "鞍校地协", 5, 1, person)


def test_an_organisation_that_has_ended_numbers_nothing(scene: Scene) -> None:
    with transaction():
        scene.bureau.organisation.status = OrganisationStatus.CLOSED
    with pytest.raises(Conflict):
        set_rules(scene.bureau, "鞍人协")


def test_who_comes_second_is_told(scene: Scene) -> None:
    old = version(scene.bureau)
    set_rules(scene.bureau, "鞍校地协", strategic="辽省际协")
    with pytest.raises(Stale) as caught, transaction():
        number_rules.set_rules(scene.bureau.organisation, NumberRules("鞍人协"), old, scene.bureau.section_head)
    assert caught.value.changes
    with pytest.raises(Stale), transaction():
        number_rules.set_start(scene.bureau.organisation, "鞍校地协", 5, old, scene.bureau.section_head)


def test_changes_are_in_the_audit(scene: Scene) -> None:
    set_rules(scene.bureau, "鞍校地协", in_common=True, strategic="辽省际协")
    start(scene.bureau, "", 4)
    second, first = history_of("organisation", scene.bureau.organisation.public_id)
    assert first.action == "agreement:set_numbering"
    assert first.changes == {
        "number_prefixes": ["鞍校地协", "鞍校地协, strategic: 辽省际协"],
        "numbers_in_common": [False, True],
    }
    assert second.changes == {"number_start": [f"鞍校地协〔{YEAR}〕1号", f"鞍校地协〔{YEAR}〕4号"]}


# Where a year begins


def test_a_year_begins_where_paper_ended(scene: Scene) -> None:
    start(scene.bureau, "鞍校地协", 15)
    assert number(scene) == f"鞍校地协〔{YEAR}〕15号"
    assert book(scene) == [Gap(1, 14, GapReason.STARTED_HIGHER), f"鞍校地协〔{YEAR}〕15号"]


def test_the_beginning_may_be_corrected_before_the_first_number(scene: Scene) -> None:
    start(scene.bureau, "鞍校地协", 15)
    start(scene.bureau, "鞍校地协", 3)
    assert number(scene) == f"鞍校地协〔{YEAR}〕3号"
    with pytest.raises(Conflict):
        start(scene.bureau, "鞍校地协", 20)


def test_a_beginning_is_above_what_is_in_use(scene: Scene) -> None:
    historic(scene, f"鞍校地协〔{YEAR}〕7号")
    for first in (1, 7):
        with pytest.raises(Invalid) as caught:
            start(scene.bureau, "鞍校地协", first)
        assert set(caught.value.fields) == {"start"}
    start(scene.bureau, "鞍校地协", 8)
    assert number(scene) == f"鞍校地协〔{YEAR}〕8号"


def test_only_a_series_that_is_counted(scene: Scene) -> None:
    for series in ("", "别的协"):
        with pytest.raises(NotFound):
            start(scene.bureau, series, 5)


def test_a_beginning_is_forgotten_with_its_way_of_counting(scene: Scene) -> None:
    start(scene.bureau, "鞍校地协", 15)
    set_rules(scene.bureau, "鞍校地协", in_common=True)
    assert number(scene) == f"鞍校地协〔{YEAR}〕1号"


# Numbers from papers


def test_the_first_number_comes_after_those_of_papers(scene: Scene) -> None:
    taken = historic(scene, f"鞍校地协〔{YEAR}〕3号")
    assert (taken.number_prefix, taken.number_sequence, taken.number_series) == ("鞍校地协", 3, None)
    assert number(scene) == f"鞍校地协〔{YEAR}〕4号"
    assert book(scene)[0] == Gap(1, 2, GapReason.TAKEN_OVER)


def test_a_paper_from_above_raises_the_count(scene: Scene) -> None:
    number(scene)
    historic(scene, f"鞍校地协〔{YEAR}〕5号")
    assert number(scene) == f"鞍校地协〔{YEAR}〕6号"
    numbers = [f"鞍校地协〔{YEAR}〕{sequence}号" for sequence in (1, 5, 6)]
    assert book(scene) == [numbers[0], Gap(2, 4, GapReason.TAKEN_OVER), *numbers[1:]]


def test_a_paper_that_loses_its_number_leaves_an_explained_gap(scene: Scene) -> None:
    number(scene)
    paper = historic(scene, f"鞍校地协〔{YEAR}〕5号")
    with transaction():
        numbering.take_over(paper, "")
    assert book(scene)[1:] == [Gap(2, 5, GapReason.TAKEN_OVER)]


def test_a_year_that_was_numbered_on_paper(scene: Scene) -> None:
    historic(scene, "鞍校地协〔2021〕2号")
    historic(scene, "鞍校地协〔2021〕4号")
    assert book(scene, year=2021) == [
        Gap(1, 1, GapReason.ON_PAPER), "鞍校地协〔2021〕2号", Gap(3, 3, GapReason.ON_PAPER), "鞍校地协〔2021〕4号",
    ]  # fmt: skip
    assert number(scene) == f"鞍校地协〔{YEAR}〕1号"


def test_papers_with_a_word_count_as_soon_as_the_word_is_taken(scene: Scene) -> None:
    """Otherwise the registry would print their numbers a second time."""
    paper = historic(scene, f"鞍人协〔{YEAR}〕2号")
    assert paper.issuer_id is None
    set_rules(scene.bureau, "鞍人协")
    db.session.expire_all()
    adopted = db.session.scalars(select(Agreement).where(Agreement.issuer_id == scene.bureau.organisation.id)).one()
    assert (adopted, adopted.number_sequence) == (paper, 2)
    assert number(scene) == f"鞍人协〔{YEAR}〕3号"


def test_a_number_of_another_organisation_is_only_kept(scene: Scene) -> None:
    set_rules(scene.university, "西工协")
    assert historic(scene, f"西工协〔{YEAR}〕1号").issuer_id is None


def test_a_gap_without_a_reason_is_told_as_such(scene: Scene) -> None:
    """Nobody can make one here; a hand in the database can."""
    number(scene), number(scene)
    with transaction():
        first = db.session.scalars(select(Agreement).order_by(Agreement.id)).first()
        assert first
        numbering.take_over(first, "")
    assert book(scene)[0] == Gap(1, 1, GapReason.UNKNOWN)


def test_gaps_are_cut_where_the_reason_changes() -> None:
    skips = [
        NumberSkip(first=1, last=4, reason=SkipReason.STARTED_HIGHER),
        NumberSkip(first=7, last=9, reason=SkipReason.TAKEN_OVER),
    ]
    found = list(queries.register.explain(2, 8, skips, is_counted=True))
    assert found == [
        Gap(2, 4, GapReason.STARTED_HIGHER), Gap(5, 6, GapReason.UNKNOWN), Gap(7, 8, GapReason.TAKEN_OVER),
    ]  # fmt: skip
    assert list(queries.register.explain(5, 4, skips, is_counted=True)) == []


def test_void_numbers_stay(scene: Scene) -> None:
    with transaction():
        agreement = scene.negotiation()
        lifecycle.void(agreement, "不再需要", scene.bureau.leader)
    assert book(scene) == [f"鞍校地协〔{YEAR}〕1号"]
    assert number(scene) == f"鞍校地协〔{YEAR}〕2号"


def test_pages_of_the_register_join(scene: Scene) -> None:
    start(scene.bureau, "鞍校地协", 3)
    numbers = [number(scene) for _ in range(5)]
    of_year = Book(scene.bureau.organisation, YEAR, "鞍校地协")
    pages = [queries.page_of_numbers(of_year, scene.bureau.handler, offset, 2) for offset in (0, 2, 4)]
    lines = [line if isinstance(line, Gap) else line.number for page in pages for line in page]
    assert lines == [Gap(1, 2, GapReason.STARTED_HIGHER), *numbers]
    assert queries.count_numbers(of_year, 3) == 4


# The database


@pytest.mark.parametrize(
    "values",
    [
        {"number_prefix": "鞍校地协", "number_series": None},
        {"number_prefix": "别的协", "number_series": "鞍校地协"},
    ],
)
def test_a_double_is_impossible_in_the_database(scene: Scene, values: dict[str, str | None]) -> None:
    """The same printed number, and the same place in a series under another word."""
    number(scene)
    with transaction():
        db.session.add(NumberPrefix(prefix="别的协", organisation_id=scene.bureau.organisation.id))
        other = scene.draft()
    same = {"issuer_id": scene.bureau.organisation.id, "number_year": YEAR, "number_sequence": 1}
    with pytest.raises(IntegrityError), transaction():
        db.session.execute(update(Agreement).where(Agreement.id == other.id).values(**same, **values))

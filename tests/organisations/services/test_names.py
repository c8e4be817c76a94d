"""Former names, entered and corrected afterwards, and short forms."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from registry.audit.models import AuditEvent
from registry.core.dates import Precision, today
from registry.core.db import db, transaction
from registry.core.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from registry.organisations.former import Span
from registry.organisations.inputs import FormerName
from registry.organisations.models import OrganisationName
from registry.organisations.queries.lookup import HowFound, find_by_name
from registry.organisations.queries.names import names_on
from registry.organisations.services import names as services
from tests.organisations.conftest import World

DAY, YEAR, UNKNOWN = Precision.DAY, Precision.YEAR, Precision.UNKNOWN
COLLEGE = Span(date(1958, 1, 1), YEAR, date(1993, 5, 31), DAY)


def former(name: str = "鞍山师范专科学校", span: Span = COLLEGE, source: str = "") -> FormerName:
    return FormerName(name, "", span, source)


def add(world: World, given: FormerName) -> OrganisationName:
    with transaction():
        return services.add_former(world.school_handler, world.school, given, world.school.row_version)


def last_event() -> AuditEvent:
    return db.session.scalars(select(AuditEvent).order_by(AuditEvent.seq.desc()).limit(1)).one()


class TestFormerNames:
    def test_it_is_entered_found_and_shown_for_its_days(self, world: World) -> None:
        version = world.school.row_version
        add(world, former(source="教计〔1993〕1号"))
        assert last_event().changes == {"former_name": [None, "鞍山师范专科学校 (1958–1993-05-31) 教计〔1993〕1号"]}
        assert world.school.row_version == version + 1
        match = find_by_name("鞍山师范专科学校")
        assert (match.how, match.certain and match.certain.organisation_id) == (HowFound.FORMER, world.school.id)
        ids = [world.school.id, world.partner.id]
        assert {number: one.zh for number, one in names_on(ids, date(1990, 1, 1)).items()} == {
            world.school.id: "鞍山师范专科学校"
        }
        assert names_on(ids, date(1993, 6, 1)) == {}
        assert names_on([], date(1990, 1, 1)) == {}

    def test_no_two_names_on_one_day(self, world: World) -> None:
        add(world, former())
        with pytest.raises(Invalid) as error:
            add(world, former("鞍山师范大专", Span(date(1990, 1, 1), DAY, date(1995, 1, 1), DAY)))
        assert set(error.value.fields) == {"valid_from"}
        add(world, former("鞍山师范学校", Span(None, UNKNOWN, date(1957, 12, 31), DAY)))

    @pytest.mark.parametrize(
        ("span", "field"),
        [
            (Span(date(1993, 1, 1), DAY, date(1992, 1, 1), DAY), "valid_to"),
            (Span(today() + timedelta(days=1), DAY, None, UNKNOWN), "valid_from"),
            (Span(None, UNKNOWN, today() + timedelta(days=1), DAY), "valid_to"),
        ],
    )
    def test_days_that_cannot_be(self, world: World, span: Span, field: str) -> None:
        with pytest.raises(Invalid) as error:
            add(world, former(span=span))
        assert set(error.value.fields) == {field}

    def test_the_present_name_without_an_end_is_no_former_one(self, world: World) -> None:
        with pytest.raises(Invalid):
            add(world, former("鞍山师范学院", Span()))
        add(world, former("鞍山师范学院", Span(date(1950, 1, 1), DAY, date(1951, 1, 1), DAY)))  # it may come back

    def test_it_is_corrected_and_taken_out(self, world: World) -> None:
        row = add(world, former())
        with transaction():
            given = former("鞍山师专", Span(date(1958, 9, 1), DAY, date(1993, 5, 31), DAY), "校史")
            services.correct_former(world.school_handler, world.school, row, given, world.school.row_version)
        assert last_event().changes["former_name"] == [
            "鞍山师范专科学校 (1958–1993-05-31)",
            "鞍山师专 (1958-09-01–1993-05-31) 校史",
        ]
        with pytest.raises(Invalid), transaction():
            services.remove_former(world.school_handler, world.school, row, "", world.school.row_version)
        with transaction():
            services.remove_former(world.school_handler, world.school, row, "录错单位", world.school.row_version)
        assert (last_event().reason, last_event().changes["former_name"][1]) == ("录错单位", None)
        assert world.school.former_names == []

    def test_nothing_corrected_leaves_no_event(self, world: World) -> None:
        row, version = add(world, former()), world.school.row_version
        before = last_event().seq
        with transaction():
            services.correct_former(world.school_handler, world.school, row, former(), version)
        assert (last_event().seq, world.school.row_version) == (before, version)

    def test_a_name_of_another_is_not_here(self, world: World) -> None:
        row = add(world, former())
        with pytest.raises(NotFound):
            services.former_of(world.partner, row.public_id)

    def test_a_stranger_and_a_stale_form(self, world: World) -> None:
        with pytest.raises(Forbidden), transaction():
            services.add_former(world.handler, world.school, former(), world.school.row_version)
        with pytest.raises(Stale), transaction():
            services.add_former(world.school_handler, world.school, former(), world.school.row_version - 1)

    def test_renaming_goes_on_from_what_was_entered(self, world: World) -> None:
        add(world, former())
        with transaction():
            world.school.rename("鞍山师范大学", "", date(2026, 1, 1))
        assert [(row.name_zh, row.valid_from, row.valid_to) for row in world.school.former_names][-1] == (
            "鞍山师范学院",
            date(1993, 6, 1),
            date(2025, 12, 31),
        )


class TestAliases:
    def test_two_organisations_may_share_one(self, world: World) -> None:
        with transaction():
            services.add_alias(world.province_handler, world.school, "鞍师")
            services.add_alias(world.province_handler, world.anshan, "鞍师")
        assert last_event().changes == {"alias": [None, "鞍师"]}
        assert find_by_name("鞍师").certain is None

    @pytest.mark.parametrize("alias", ["鞍师", "鞍山师范学院", "ＡＮＳＨＩ"])
    def test_a_name_that_it_has(self, world: World, alias: str) -> None:
        with transaction():
            services.add_alias(world.school_handler, world.school, "鞍师")
            services.add_alias(world.school_handler, world.school, "anshi")
        with pytest.raises(Invalid), transaction():
            services.add_alias(world.school_handler, world.school, alias)

    def test_it_is_taken_out_and_finds_nothing_any_more(self, world: World) -> None:
        with transaction():
            services.add_alias(world.school_handler, world.school, "鞍师")
        version = world.school.row_version
        with transaction():
            services.remove_alias(world.school_handler, world.school, "鞍师", version)
        assert last_event().changes == {"alias": ["鞍师", None]}
        assert find_by_name("鞍师").candidates == ()
        with pytest.raises(Stale), transaction():
            services.remove_alias(world.school_handler, world.school, "鞍师", version)
        with pytest.raises(Conflict), transaction():
            services.remove_alias(world.school_handler, world.school, "鞍师", world.school.row_version)

    def test_not_for_a_stranger(self, world: World) -> None:
        with pytest.raises(Forbidden), transaction():
            services.add_alias(world.handler, world.school, "鞍师")
        with pytest.raises(Forbidden), transaction():
            services.remove_alias(world.handler, world.school, "鞍师", world.school.row_version)

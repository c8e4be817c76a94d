"""The stories loaded once for all tests that only look; what the product's queries and pages then say."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pytest
from flask import Flask

from registry.accounts.models import User
from registry.activities.enums import Part
from registry.activities.models import Activity, ActivityFigure
from registry.activities.queries.beside import parts_of
from registry.activities.queries.listing import LISTING, Filter, conditions
from registry.activities.ratios import ratios
from registry.core.access.scope import set_viewer
from registry.core.db import db
from registry.core.figures.kinds import WORDS, Number
from registry.core.figures.showing import figure_text
from registry.core.i18n import speaking
from registry.stories.load import load_stories
from tests.conftest import Client
from tests.databases import Database
from tests.demo.conftest import reference_and_people
from tests.states import Begin

TAGS = re.compile(r"<[^>]+>")


@dataclass(frozen=True)
class Figure:
    """A figure as the registry has it; `shown` is how it is printed in Chinese."""

    code: str
    label: str
    value: Number | None
    unit: str
    qualifier: str
    as_reported: str
    source: str
    needs_check: bool
    is_planned: bool
    shown: str


@dataclass(frozen=True)
class Told:
    """An activity as the registry has it, and the text of its page."""

    figures: tuple[Figure, ...]
    ratios: tuple[str, ...]
    held_on: date | None
    notes: str
    programme: str
    state: str
    source: str
    parts: int
    host: str
    outcomes: tuple[str, ...]
    page: str


@pytest.fixture(scope="module")
def told(migrated_app: Flask, database: Database) -> Iterator[dict[str, Told]]:
    """All activities by name, as a leader of the province reads them after the load."""
    database.reset()
    with migrated_app.app_context():
        people = reference_and_people()
        load_stories(people["liaoning.handler"], people["liaoning.section_head"])
        migrated_app.test_client_class = Client
        client = migrated_app.test_client()
        assert isinstance(client, Client)
        client.sign_in(people["liaoning.viewer"])
        with speaking("zh"):
            yield {one.title_zh: _told(one, people["liaoning.viewer"], client) for one in _all(people)}
        set_viewer(None)
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def people(begin_with: Begin) -> dict[str, User]:
    """Reference data and the demonstration's people."""
    return begin_with(reference_and_people)


def _all(people: dict[str, User]) -> list[Activity]:
    reader = people["liaoning.viewer"]
    rows = LISTING.page(reader, conditions(Filter()), 0, 100)
    return [LISTING.get(row.public_id, reader) for row in rows]


def _told(one: Activity, reader: User, client: Client) -> Told:
    page = client.get(f"/activities/{one.public_id}", headers={"Accept-Language": "zh-CN"}).text
    actual = {row.code: row for row in one.current_figures if not row.is_planned}
    return Told(
        figures=tuple(_figure(row) for row in one.current_figures),
        ratios=tuple(str(ratio.text) for ratio in ratios(actual)),
        held_on=one.held_on,
        notes=one.notes,
        programme=one.programme,
        state=str(one.state),
        source=one.source,
        parts=len(parts_of(one, reader)),
        host="".join(p.organisation.name_zh for p in one.parties if p.part is Part.HOST and p.organisation),
        outcomes=tuple(sorted(row.subject_kind for row in one.outcomes)),
        page=html.unescape(TAGS.sub(" ", page)),
    )


def _figure(row: ActivityFigure) -> Figure:
    return Figure(
        code=str(row.code),
        label=row.label_zh or str(row.code.label),
        value=row.value,
        unit=WORDS[row.unit].zh if row.unit else "",
        qualifier=str(row.qualifier),
        as_reported=row.as_reported,
        source=row.source,
        needs_check=row.needs_check,
        is_planned=row.is_planned,
        shown=figure_text(row, "zh"),
    )

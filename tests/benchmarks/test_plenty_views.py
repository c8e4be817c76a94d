"""The generator of benchmarks and the measuring, in miniature: the rows are what services would have written."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event, select

from bench import pages, scale
from bench.plenty import fill
from bench.results import Figure, Results
from bench.rows.writing import BATCH, every, sizes
from registry.activities.models import Activity
from registry.agreements.models import Agreement
from registry.agreements.services import periods, projection
from registry.commitments.models import Commitment
from registry.commitments.services import checking as totals
from registry.commitments.services.spreading import spread
from registry.core.access.scope import without_scope
from registry.core.db import db
from registry.dashboards.services import checking as figures
from registry.docking.models import DockingCase
from registry.mechanisms.models import DockingMechanism
from registry.records.models import Shared
from registry.records.services import share_all
from registry.relationships.models import Relationship
from registry.search.services import rebuilding
from registry.tasks.models import Task
from registry.visits.models import Visit
from registry.workstations.models import Workstation

AGREEMENTS = 20
READER = "province"  # sees nearly everything
PASSING = re.compile(r"SCAN (CONSTANT ROW|\(subquery-\d+\)|anon_\d+)$")  # made by the statement itself
READ_WHOLE = {  # reference data of a few rows; the index that a search asks; one that is walked until enough is found
    "SCAN industry_section USING INDEX sqlite_autoindex_industry_section_1",
    "SCAN region",
    "SCAN workday_override LEFT-JOIN",
    "SCAN workday_year USING COVERING INDEX sqlite_autoindex_workday_year_2",
    "SCAN search_index VIRTUAL TABLE INDEX 0:M1",
    "SCAN candidates_",  # hits that a search has taken, as many as it ranks
    "SCAN some_",
    "SCAN numbered",
    "SCAN commitment_period USING INDEX ix_commitment_period_open",
}
SHARED: tuple[type[Shared], ...] = (
    Activity,
    Commitment,
    DockingCase,
    DockingMechanism,
    Relationship,
    Task,
    Visit,
    Workstation,
)


@pytest.mark.usefixtures("client")  # whose kind of browser forgets what an earlier request cached
def test_what_is_generated_is_in_step_and_every_page_answers(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scale, "WARM", 0)
    monkeypatch.setattr(scale, "READERS", (READER,))
    cast = fill(AGREEMENTS)
    assert list(rebuilding.differences()) == []
    assert list(totals.compare()) == []
    assert list(figures.differences()) == []
    assert _written_by_services() == []
    db.session.rollback()  # what it saw is older than the sessions that come next
    readers = scale.readers_of(app, {READER: cast.readers[READER]})
    found = list(scale.measure(readers, 1))
    assert {one.page for one in found} == set(pages.PAGES)
    assert all(one.ratio > 0 for one in found)
    read = {one for address in pages.PAGES.values() for one in _read_whole(readers[READER], address)}
    assert read <= READ_WHOLE


def _read_whole(reader: scale.Reader, address: str) -> Iterator[str]:
    """Tables that a page reads from end to end, as SQLite plans it, which knows nothing of how many rows they have."""
    asked: list[tuple[str, tuple[object, ...]]] = []

    def note(_connection: object, _cursor: object, statement: str, values: tuple[object, ...], *_rest: object) -> None:
        if statement.startswith(("SELECT", "WITH", "(")):
            asked.append((statement, values))

    event.listen(db.engine, "before_cursor_execute", note)
    assert reader.client.get(address.format_map(reader.examples)).status_code == 200
    event.remove(db.engine, "before_cursor_execute", note)
    with db.engine.connect() as connection:
        for statement, values in asked:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).scalars("detail")
            yield from (one for one in plan if one.startswith("SCAN") and not PASSING.match(one))


def _written_by_services() -> list[str]:
    """What services write when they bring in step what is derived: nothing, where all is as they would have it."""
    written: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("SELECT", "BEGIN", "SAVEPOINT", "RELEASE")):
            written.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    with without_scope():
        for agreement in db.session.scalars(select(Agreement)):
            projection.refresh(agreement)
            periods.note(agreement)
        for kind in SHARED:
            share_all(db.session.scalars(select(kind)).all())
        for case in db.session.scalars(select(DockingCase)):
            case.wait()
        for commitment in db.session.scalars(select(Commitment)):
            spread(commitment, commitment.agreement)
        db.session.flush()
    event.remove(db.engine, "before_cursor_execute", note)
    return written


def test_batches_add_up() -> None:
    assert list(sizes(2 * BATCH + 1)) == [BATCH, BATCH, 1]


def test_every_so_many_agreements_have_one() -> None:
    assert [list(every(5, first, 4)) for first in (1, 5, 9)] == [[1], [2], [3]]
    assert list(every(50, 1, 30)) == [1]


def test_what_grows_is_told(tmp_path: Path) -> None:
    file = tmp_path / "figures.json"
    for size, ratio in ((10, 2.0), (20, 5.0)):
        results = Results()
        results.add("sqlite", size, [Figure("list", "school", ratio, ratio * 2), Figure("search", "school", 3.0)])
        results.remember(file)
    assert results.grown(2.0) == ["list, school, sqlite: 2.50"]
    assert "| list | school | 2.0 (4) | 5.0 (10) | 2.50 |" in results.table()
    assert "10 and 20 agreements" in results.page()


def test_what_was_not_measured_has_no_figure() -> None:
    results = Results()
    results.add("sqlite", 10, [Figure("list", "school", 2.0), Figure("overview", "school", 2.0)])
    results.add("sqlite", 20, [Figure("list", "school", 2.0)])
    assert "| overview | school | 2.0 (0) |  |  |" in results.table()

"""What the second form told of agreements arrives in the third (stages, minutes, periods), and goes back."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from registry.core.db import db
from tests.guards.rows import go, reflected, row_for

SIGNED, EFFECTIVE, LAST = date(2026, 3, 2), date(2026, 3, 16), date(2026, 9, 15)
ENTERED, CLOSED = date(2026, 11, 1), date(2026, 9, 16)
AT = datetime(2026, 11, 1, tzinfo=UTC)
DAYS: dict[str, Any] = {"signed_on": SIGNED, "effective_on": EFFECTIVE, "expires_on": LAST, "sort_on": SIGNED}
NO_DAYS: dict[str, Any] = {"signed_on": None, "effective_on": None, "expires_on": None, "sort_on": ENTERED}
ENDED = {"status": "closed", "outcome": "expired"}
# name → the agreement's columns, and for each revision: effective, closed, digest.
ROWS: dict[str, tuple[dict[str, Any], list[tuple[bool, bool, str]]]] = {
    "draft": (NO_DAYS | {"status": "draft"}, [(False, False, "")]),
    "draft again": (NO_DAYS | {"status": "draft"}, [(False, True, "d1"), (False, False, "")]),
    "review": (NO_DAYS | {"status": "review"}, [(False, False, "")]),
    "negotiation": (NO_DAYS | {"status": "negotiation"}, [(False, False, "d1")]),
    "signing": (NO_DAYS | {"status": "signing"}, [(False, True, "d1"), (False, False, "d2")]),
    "signed": (DAYS | {"status": "signed"}, [(True, False, "d1")]),
    "in force": (DAYS | {"status": "in_force"}, [(False, True, "d1"), (True, False, "d2")]),
    "suspended": (DAYS | {"status": "suspended"}, [(True, False, "d1")]),
    "expired": (DAYS | ENDED, [(True, False, "d1")]),
    "void draft": (NO_DAYS | {"status": "void"}, [(False, False, "")]),
    "void text": (NO_DAYS | {"status": "void"}, [(False, False, "d1")]),
    "record": (NO_DAYS | {"status": "recorded_pending"}, []),
    "bare record": (NO_DAYS | {"status": "in_force"}, []),
    "old record": (NO_DAYS | ENDED | {"expires_on": LAST}, []),
}
STAGES = {
    "draft": ["draft"],
    "draft again": ["set_aside", "draft"],
    "review": ["review"],
    "negotiation": ["negotiation"],
    "signing": ["set_aside", "signing"],
    "signed": ["effective"],
    "in force": ["set_aside", "effective"],
    "suspended": ["effective"],
    "expired": ["effective"],
    "void draft": ["set_aside"],
    "void text": ["set_aside"],
    "record": [],
    "bare record": [],
    "old record": [],
}
PERIODS: dict[str, list[tuple[date, date | None, str]]] = {
    "signed": [(SIGNED, None, "signed")],
    "in force": [(EFFECTIVE, None, "in_force")],
    "suspended": [(EFFECTIVE, None, "suspended")],
    "expired": [(EFFECTIVE, CLOSED, "in_force"), (CLOSED, None, "closed")],
    "bare record": [(ENTERED, None, "in_force")],
    "old record": [(CLOSED, None, "closed")],
}


def _fill() -> None:
    """An agreement for each name, under that title; its revisions; one row in whatever those point at."""
    tables = reflected()
    agreement, revision = tables.tables["agreement"], tables.tables["agreement_revision"]
    with db.engine.begin() as connection:
        for table in tables.sorted_tables:
            if table.name in ("region", "organisation", "user_account"):
                connection.execute(table.insert(), row_for(table, connection))
        for number, (name, (values, revisions)) in enumerate(ROWS.items(), start=1):
            own = {"id": number, "public_id": f"A{number}", "title_zh": name, "verification_code": None}
            about = {
                "minutes_number": f"纪要{number}号",
                "minutes_on": ENTERED,
                "void_reason": "不再推进",
                "updated_at": AT,
            }
            connection.execute(
                agreement.insert(), row_for(agreement, connection) | own | about | _numbered(number) | values
            )
            for no, (effective, closed, digest) in enumerate(revisions, start=1):
                row = row_for(revision, connection) | {
                    "id": number * 10 + no, "public_id": f"R{number}-{no}", "agreement_id": number, "no": no,
                    "effective": effective, "content_sha256": digest,
                    "closed_at": AT if closed else None, "closed_reason": "再议" if closed else "",
                }  # fmt: skip
                connection.execute(revision.insert(), row)


def _numbered(number: int) -> dict[str, Any]:
    return {"number": f"{number}号", "number_sequence": number, "parent_id": None}


def _rows(table: str, order: str = "id") -> dict[str, list[Any]]:
    """The rows by the title of their agreement."""
    tables = reflected().tables
    with db.engine.connect() as connection:
        titles = {row.id: row.title_zh for row in connection.execute(select(tables["agreement"]))}
        found: dict[str, list[Any]] = {title: [] for title in titles.values()}
        for row in connection.execute(select(tables[table]).order_by(tables[table].c[order])):
            found[titles[row.id if table == "agreement" else row.agreement_id]].append(row)
    return found


@pytest.fixture
def migrated(bare_app: Flask) -> Flask:
    """From the second form to the third."""
    go("0002")
    _fill()
    go("0003")
    return bare_app


@pytest.mark.usefixtures("migrated")
class TestGoingForward:
    def test_every_revision_has_its_stage_and_the_minutes(self) -> None:
        found = _rows("agreement_revision")
        assert {name: [row.stage for row in rows] for name, rows in found.items()} == STAGES
        minutes = {(row.minutes_number, row.minutes_on) for row in found["in force"]}
        assert minutes == {(f"纪要{list(ROWS).index('in force') + 1}号", ENTERED)}

    def test_what_holds_has_its_days(self) -> None:
        (first, second) = _rows("agreement_revision")["in force"]
        assert (first.signed_on, first.effective_on) == (None, None)
        assert (second.signed_on, second.effective_on, second.superseded_on) == (SIGNED, EFFECTIVE, None)

    def test_nobody_works_on_what_is_void(self) -> None:
        for name in ("void draft", "void text"):
            (row,) = _rows("agreement_revision")[name]
            assert row.closed_at.replace(tzinfo=UTC) == AT
            assert row.closed_reason == "不再推进"

    def test_what_is_closed_says_since_when(self) -> None:
        closed = {name: rows[0].closed_on for name, rows in _rows("agreement").items() if rows[0].closed_on}
        assert closed == {"expired": CLOSED, "old record": CLOSED}

    def test_what_is_signed_has_its_periods(self) -> None:
        found = _rows("agreement_period", "from_on")
        told = {name: [(row.from_on, row.until_on, row.status) for row in rows] for name, rows in found.items() if rows}
        assert told == PERIODS
        assert [row.outcome for row in found["expired"]] == [None, "expired"]
        effective = _rows("agreement_revision")["in force"][1].id
        assert [row.revision_id for row in found["in force"]] == [effective]
        assert [row.revision_id for row in found["bare record"]] == [None]

    def test_everybody_is_bound_and_no_renewal_is_known(self) -> None:
        (row,) = _rows("agreement")["in force"]
        assert (row.renews_id, row.renewal_decision, row.closing_reason, row.renewal_reason) == (None, None, "", "")


@pytest.mark.usefixtures("migrated")
class TestGoingBack:
    def test_keeps_which_text_holds_and_the_minutes(self) -> None:
        go("0002", down=True)
        assert [row.effective for row in _rows("agreement_revision")["in force"]] == [False, True]
        for number, (name, (_values, revisions)) in enumerate(ROWS.items(), start=1):
            (row,) = _rows("agreement")[name]
            expected = (f"纪要{number}号", ENTERED) if revisions else ("", None)
            assert (row.minutes_number, row.minutes_on) == expected

    def test_leaves_nothing_open_beside_the_text_that_holds(self) -> None:
        """A superseded text and a drafted change are closed: that form would take them for texts to work on."""
        revision = reflected().tables["agreement_revision"]
        first, second = _rows("agreement_revision")["in force"]
        with db.engine.begin() as connection:
            superseded = {"stage": "superseded", "closed_at": None, "closed_reason": "", "minutes_number": "旧"}
            connection.execute(revision.update().where(revision.c.id == first.id).values(**superseded))
            drafted = {"stage": "draft", "base_id": second.id, "id": 9999, "public_id": "R9999", "no": 3}
            connection.execute(revision.insert(), dict(second._mapping) | drafted | {"minutes_number": "新"})
        go("0002", down=True)
        rows = _rows("agreement_revision")["in force"]
        assert [(row.effective, row.closed_at is not None, row.closed_reason) for row in rows] == [
            (False, True, "superseded"), (True, False, ""), (False, True, "draft"),
        ]  # fmt: skip
        assert _rows("agreement")["in force"][0].minutes_number == second.minutes_number
        go("0003")
        assert [row.stage for row in _rows("agreement_revision")["in force"]] == ["set_aside", "effective", "set_aside"]

    def test_and_forward_again_arrives_at_the_same(self) -> None:
        go("0002", down=True)
        go("0003")
        found = _rows("agreement_revision")
        assert {name: [row.stage for row in rows] for name, rows in found.items()} == STAGES
        periods = _rows("agreement_period", "from_on")
        told = {
            name: [(row.from_on, row.until_on, row.status) for row in rows] for name, rows in periods.items() if rows
        }
        assert told == PERIODS

"""What is in force before commitments are kept gets them by a job; where nothing is, there is no job."""

import pytest
from flask import Flask
from sqlalchemy import text

from registry.commitments.upkeep import BEGIN_JOB
from registry.core.db import db
from registry.jobs.registry import kinds
from tests.guards.rows import go, reflected, row_for


def _fill(status: str) -> None:
    """One agreement in a state, and what it points at."""
    tables = reflected()
    with db.engine.begin() as connection:
        for table in tables.sorted_tables:
            if table.name in ("region", "organisation", "user_account", "agreement"):
                row = row_for(table, connection)
                if table.name == "agreement":
                    row |= {"status": status, "number_prefix": None, "issuer_id": None, "signing_event_id": None}
                connection.execute(table.insert(), row)


def _jobs() -> list[tuple[str, str, str]]:
    with db.engine.connect() as connection:
        statement = text("SELECT kind, key, status FROM job WHERE kind = :kind")
        return [(one[0], one[1], one[2]) for one in connection.execute(statement, {"kind": BEGIN_JOB})]


@pytest.mark.parametrize(("status", "jobs"), [("in_force", 1), ("suspended", 1), ("draft", 0)])
def test_agreements_in_force_are_worked_off_later(bare_app: Flask, status: str, jobs: int) -> None:
    go("0018")
    _fill(status)
    go("0019")
    assert _jobs() == [(BEGIN_JOB, "0019", "queued")] * jobs
    go("0018", down=True)
    assert _jobs() == []
    go("0019")
    assert BEGIN_JOB in kinds()

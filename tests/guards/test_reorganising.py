"""Whatever names an organisation has been thought of: a merge takes it along, leaves it, or works it out anew."""

from flask import Flask
from sqlalchemy import Column, ForeignKey, Integer, String, Table

from registry.core.db import Base
from registry.organisations.merges import MovedRow
from registry.organisations.repoint import pointers, untreated


def test_every_column_that_names_an_organisation_is_treated(app: Flask) -> None:
    """Records and their lists are found by themselves; else say `follows`, `stays` or `derived` in the package."""
    assert untreated(Base.registry.metadata) == set()


def test_records_are_found_by_themselves(app: Flask) -> None:
    assert {"docking_mechanism.owner_id", "mechanism_party.organisation_id", "task.lead_id"} <= pointers.keys()
    assert [column.key for column in pointers["task_unit.organisation_id"].beside] == ["task_id"]
    assert pointers["mechanism_meeting.organisation_id"].beside == ()  # two meetings are two


def test_every_key_fits_where_it_is_written_down(app: Flask) -> None:
    """PostgreSQL refuses a longer one, in the middle of a merge."""
    kind = MovedRow.__table__.c.key.type
    assert isinstance(kind, String)
    assert kind.length
    assert [key for key in pointers if len(key) > kind.length] == []


def test_a_new_table_is_found(app: Flask) -> None:
    metadata = Base.registry.metadata
    stray = Table("stray", metadata, Column("whose_id", Integer, ForeignKey("organisation.id")))
    try:
        assert untreated(metadata) == {"stray.whose_id"}
    finally:
        metadata.remove(stray)

"""Rows as named tuples say what the rows said."""

from flask import Flask
from sqlalchemy import literal, select

from registry.core.db import db
from registry.core.rows import named


def test_rows_are_read_by_name(app: Flask) -> None:
    statement = select(literal(1).label("id"), literal("甲").label("title_zh"), literal(None).label("state"))
    rows = named(db.session.execute(statement.union_all(statement)).all())
    assert [(one.id, one.title_zh, one.state) for one in rows] == [(1, "甲", None)] * 2
    assert named([]) == []

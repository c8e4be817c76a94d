"""What falls due: each thing appears for those concerned, stops when it is done, waits while it is suspended."""

from datetime import date

import pytest
from flask import Flask

from registry.reminders.rules import Rule
from registry.reminders.sources.catalogue import SOURCES


@pytest.mark.parametrize("rule", SOURCES)
def test_nothing_is_due_in_an_empty_registry(app: Flask, rule: Rule) -> None:
    for source in SOURCES[rule]:
        assert source.due_between(date(2000, 1, 1), date(2100, 1, 1)) == []
        assert source.of_organisation(1, date(2000, 1, 1), date(2100, 1, 1)) == []
        assert source.still(["x"]) == []

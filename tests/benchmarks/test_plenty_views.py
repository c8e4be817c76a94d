"""The generator of benchmarks and the measuring, in miniature: the rows are what services would have written."""

import pytest
from flask import Flask

from bench import scale
from bench.plenty import BATCH, fill, sizes
from bench.results import Figure, Results
from registry.core.db import db
from registry.search.services.rebuilding import differences

AGREEMENTS = 60


@pytest.mark.usefixtures("client")  # whose kind of browser forgets what an earlier request cached
def test_what_is_generated_is_in_step_and_every_page_answers(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scale, "WARM", 0)
    cast = fill(AGREEMENTS)
    assert list(differences()) == []
    db.session.rollback()  # what it saw is older than the sessions that come next
    figures = list(scale.measure(app, scale.clients_of(app, cast.readers), 2))
    assert {(one.page, one.reader) for one in figures} == {(page, one) for page in scale.PAGES for one in scale.READERS}
    assert all(one.ratio > 0 for one in figures)


def test_batches_add_up() -> None:
    assert list(sizes(2 * BATCH + 1)) == [BATCH, BATCH, 1]


def test_what_grows_is_told() -> None:
    results = Results([10, 20], ["sqlite"])
    for size, ratio in ((10, 2.0), (20, 5.0)):
        results.add("sqlite", size, [Figure("list", "school", ratio), Figure("search", "school", 3.0)], 1.0)
    assert results.grown(2.0) == ["list, school, sqlite: 2.50"]
    assert "| list | school | 2.0 | 5.0 | 2.50 |" in results.table()
    assert "10 and 20 agreements" in results.page()

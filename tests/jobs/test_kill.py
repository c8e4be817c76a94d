"""The server is killed while clients write: a short round of bench.kill, whose full length is a gate."""

from pathlib import Path

from flask import Flask

from bench import kill
from bench.server import Server
from tests.conftest import EVERYWHERE
from tests.databases import Database, PostgreSQLDatabase

# A start of the server costs more than all the writing: the bounded profile kills it once.
KILLS, ACTS = 2 if EVERYWHERE else 1, 10


def test_nothing_acknowledged_is_lost(app: Flask, database: Database, tmp_path: Path) -> None:
    if isinstance(database, PostgreSQLDatabase):
        url = PostgreSQLDatabase(database.address).url
    else:
        url = f"sqlite:///{tmp_path / 'registry.db'}"
    server = Server(tmp_path, url)
    try:
        report = kill.run(server, kills=KILLS, clients=4, acts=ACTS)
    finally:
        server.kill()
    assert report.is_good, report
    assert report.acknowledged >= ACTS * (KILLS + 1)

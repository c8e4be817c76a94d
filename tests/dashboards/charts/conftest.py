"""Charts are drawn without an application: no database is touched."""

from pathlib import Path

import pytest

from registry.dashboards.charts import store


@pytest.fixture(autouse=True)
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Pictures of each test by themselves, in the system's fonts."""
    monkeypatch.setattr(store, "_folder", lambda: tmp_path)
    monkeypatch.setattr(store, "_fonts", lambda: "")
    return tmp_path

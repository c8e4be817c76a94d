"""What the tests of the audit share."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from registry.audit import services
from registry.core.db import transaction


@dataclass(frozen=True)
class Thing:
    """A record that events are about."""

    public_id: str = "01J00000000000000000000001"
    audit_label: str = "校地合作框架协议"


def happen(action: str = "agreement:edit", times: int = 1) -> None:
    """Some events, each in a transaction of its own."""
    for number in range(times):
        with transaction():
            services.record(None, action, Thing(), {"title": ("旧名", f"新名{number}")}, reason="因故")


@pytest.fixture
def instance(own_instance: Path) -> Path:
    """An instance folder of the test's own."""
    return own_instance

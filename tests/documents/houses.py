"""Applications of their own, whose database is never opened."""

from pathlib import Path

from flask import Flask

from registry.app import create_app
from registry.core.config import DEMO_SECRET, Settings


def make_house(instance: Path, **changes: object) -> Flask:
    """An application of its own in this folder."""
    settings = {
        "secret_key": DEMO_SECRET,
        "database_url": f"sqlite:///{instance / 'never.db'}",
        "instance": instance,
        "demo": True,
        "testing": True,
    }
    return create_app(Settings(**{**settings, **changes}))  # type: ignore[arg-type]  # fields by name
